"""Several who act on one thing at the same moment: one does, the others hear so.

Each has connections of its own, as two processes have, on a file and on a server.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import func, select

from bot import outbox
from bot.assistant.answering import Assistant
from bot.branch.ballots import boxes, polls, results, voting
from bot.branch.ballots.boxes import Keys
from bot.branch.birthdays import greetings, notes, plans
from bot.branch.birthdays.collectives import CollectiveBirthday
from bot.branch.birthdays.greetings import Greeting
from bot.branch.duties import milestones
from bot.branch.duties.milestones import Fact, Milestone, Step
from bot.branch.enrolment import addressbook, enrolment
from bot.branch.enrolment.addressbook import Colleague
from bot.branch.knowledge import knowledge
from bot.branch.knowledge.knowledge import Entry, Source
from bot.branch.knowledge.questions import Asked
from bot.branch.meetings import calls, doors, leaves, meetings
from bot.branch.meetings.attendees import Attendee
from bot.branch.meetings.kinds import Kind
from bot.branch.meetings.plans import Plan
from bot.branch.notices import upload
from bot.branch.notices.notices import Desk, Notice, State
from bot.branch.people.audience import Audience
from bot.branch.people.members import (
    Grant,
    Member,
    Role,
    add_member,
    ensure_root,
    grant,
)
from bot.branch.people.tree import Branch
from bot.branch.reminders.reminders import Reminder
from bot.branch.study.trainings import Training
from bot.config.load import make_config
from bot.config.settings import Notices, Robot
from bot.errors import Refusal
from bot.files.documents.passages import Passage
from bot.files.roster.entry import Entry as Row
from bot.inbox.open_questions import Question
from bot.maintenance import upgrade
from bot.message import Message
from bot.outbox import Letter, Outcome, Recipient
from bot.storage.database import Base, Storage
from scheduler.job import Tick
from scheduler.meetings import close_ballots
from server.setup.wiring import build_assistant
from tests.conftest import LONG_AGO, make_clock
from tests.databases import Files, Server, reach_server
from tests.fakes.clock import FakeClock
from tests.people import BRANCH, USERID, enrol_everyone, find_member

pytestmark = pytest.mark.thorough

MANY = 4
NUMBERS = count(1)


@dataclass(frozen=True)
class House:
    """Several assistants of one branch, each with connections of its own."""

    assistants: list[Assistant]
    clock: FakeClock

    @property
    def storages(self) -> list[Storage]:
        return [each.storage for each in self.assistants]

    @property
    def keys(self) -> Keys:
        return boxes.keys_of(self.assistants[0].config)

    def hear(self, who: str, *said: str) -> None:
        for words in said:
            text = self.assistants[0].answer(message(who, words)).reply
            assert text

    def at_once(self, *said: tuple[str, str]) -> list[bool]:
        """Have all this said at one moment; return which of it changed anything."""
        given = [said[n % len(said)] for n in range(MANY)]

        def answer(number: int) -> bool:
            heard = self.assistants[number].answer(message(*given[number]))
            assert heard.reply
            assert "编号" not in heard.reply.text
            return heard.reply.changed

        return together(answer)

    def count(self, row: type[Base], *where: Any) -> int:
        with self.storages[0].read() as session:
            found = select(func.count()).select_from(row).where(*where)
            return session.scalar(found) or 0


def message(who: str, words: str) -> Message:
    number = f"m{next(NUMBERS)}"
    if ":" in words and words.isascii():
        return Message("wecom", USERID[who], number, "event", event="click", key=words)
    return Message("wecom", USERID[who], number, text=words)


def together(work: Callable[[int], Any]) -> list[Any]:
    """Do it several times, each beginning when all are ready."""
    ready = Barrier(MANY)

    def run(number: int) -> Any:
        ready.wait()
        return work(number)

    with ThreadPoolExecutor(MANY) as pool:
        return list(pool.map(run, range(MANY)))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Files | Server, str]]:
    """A database of each kind with everybody in it, to which nobody is connected."""
    places = Files() if request.param == "sqlite" else reach_server()
    address = places.address(tmp_path_factory.mktemp("filled"))
    if isinstance(places, Server):
        places.create(address)
    storage = Storage(address)
    upgrade.upgrade(storage)
    with storage.write() as session:
        enrol_everyone(session, LONG_AGO)
        second = find_member(session, "陈静")
        branch = session.get_one(Branch, second.branch_id)
        grant(session, second, Role.SECRETARY, branch)
        grant(session, find_member(session, "刘洋"), Role.COMMITTEE, branch)
    storage.close()
    yield places, address
    places.drop(address)


@pytest.fixture
def house(filled: tuple[Files | Server, str], tmp_path: Path) -> Iterator[House]:
    places, address = filled
    own = places.address(tmp_path)
    places.copy(address, own)
    settings = make_config(
        {
            "database": {"url": own},
            "branch": {"name": BRANCH, "secretaries": ["zhaomin"]},
            "security": {"key": Fernet.generate_key().decode()},
        }
    )
    settings = settings.model_copy(
        update={"robots": (Robot(name="支部群", url="http://127.0.0.1:9/hook?key=k"),)}
    )
    clock = make_clock()
    clock.wait(hours=2)
    storages = [Storage(own) for _ in range(MANY)]
    yield House(
        [build_assistant(settings, storage=each, clock=clock) for each in storages],
        clock,
    )
    for each in storages:
        each.close()
    places.drop(own)


# An open question is answered once

SEND = ("发通知 明天下午三点在会议室开会",)
OPEN = {
    "notice": ("赵敏", SEND, "确认", Notice, 1),
    "at_once": ("赵敏", (*SEND, "立即发"), "确认", Notice, 1),
    "of_branch": ("赵敏", ("每月5号上午9点提醒大家交党费",), "确认", Reminder, 1),
    "secretary": ("王芳", ("支部活动室的钥匙找谁领",), "好", Asked, 1),
    "step": ("赵敏", ("王磊确定为入党积极分子 2月1日",), "确认", Milestone, 1),
    "training": ("赵敏", ("登记培训 党史专题 昨天 4学时 全体",), "确认", Training, 1),
    "knowledge": ("赵敏", ("记住：活动室钥匙在一楼值班室",), "确认", Source, 1),
    "together": (
        "赵敏",
        ("办集体政治生日会", "下周五下午三点在活动室"),
        "确认",
        CollectiveBirthday,
        1,
    ),
    "recall": ("赵敏", (*SEND, "确认", "撤回通知"), "确认", Notice, 1),
}


@pytest.mark.parametrize("kind", OPEN)
def test_an_open_question_is_answered_once(house: House, kind: str) -> None:
    who, before, answer, book, rows = OPEN[kind]
    house.hear(who, *before)
    assert house.count(Question) == 1, "it was asked"
    assert sum(house.at_once((who, answer))) == 1
    assert house.count(book) == rows
    assert house.count(Question) == 0


def test_yes_beside_yes(house: House) -> None:
    """One does it; the others hear that it is done, and not that nothing was."""
    house.hear("赵敏", *SEND)

    def confirm(number: int) -> str:
        reply = house.assistants[number].answer(message("赵敏", "确认")).reply
        assert reply
        return reply.text

    others = [each for each in together(confirm) if "没有再办一次" not in each]
    assert len(others) == house.count(Notice) == 1


def test_yes_beside_no(house: House) -> None:
    """Either it went and cannot be stopped so, or it was stopped and did not go."""
    house.hear("赵敏", *SEND)
    done = house.at_once(("赵敏", "确认"), ("赵敏", "取消"))
    assert sum(done) == house.count(Notice) <= 1
    assert house.count(Question) == 0


def test_a_draft_is_confirmed_beside_its_page(house: House) -> None:
    """What the page adds is in the notice, or the page is told that it is closed."""
    house.hear("赵敏", *SEND, "加附件")
    with house.storages[0].read() as session:
        door = session.scalars(select(Question.details)).one()["draft"]["door"]

    def act(number: int) -> str:
        assistant = house.assistants[number]
        if number % 2:
            heard = assistant.answer(message("赵敏", "确认"))
            return "sent" if heard.reply and heard.reply.changed else "not"
        now = house.clock.now()
        try:
            with assistant.storage.write() as session:
                opened = upload.open_door(
                    session, door, "zhaomin", assistant.config, now, lock=True
                )
                upload.enclose(session, opened, f"{number}.txt", b"words")
        except Refusal:
            return "closed"
        return "added"

    done = Counter(together(act))
    assert done["sent"] == 1
    assert house.count(Question) == 0, "no draft is left to be sent again"
    carried = house.count(Letter, Letter.topic == "notice:1:picture")
    assert carried == done["added"]


def test_many_questions_are_put_at_once(house: House) -> None:
    """The first two of a conversation: both put one, neither fails."""
    house.at_once(("赵敏", SEND[0]), ("赵敏", "发通知 后天交材料"))
    assert house.count(Question) == 1


# So does a button, a second person, another program


def test_an_approval_beside_its_refusal(house: House) -> None:
    write_for_approval(house)
    done = house.at_once(("陈静", "approve:1:yes"), ("刘洋", "approve:1:no"))
    assert sum(done) == 1
    assert house.count(Letter, Letter.key == "approval:1:result") == 1
    with house.storages[0].read() as session:
        notice = session.get_one(Notice, 1)
        gone = notice.state == State.SENT
    assert gone == house.count(
        Letter, Letter.key == "notice:1:card", Letter.not_before <= house.clock.now()
    )


def test_two_chase_the_same_silent(house: House) -> None:
    send_and_deliver(house)
    done = house.at_once(("赵敏", "催一下"), ("陈静", "催一下"))
    assert sum(done) == 1
    nudges = house.count(Letter, Letter.topic == "notice:1:nudge")
    assert nudges == house.count(Letter, Letter.key.like("nudge:1:1:%")) > 0


def test_two_take_the_same_notice_back(house: House) -> None:
    send_and_deliver(house)
    for who in ("赵敏", "陈静"):
        house.hear(who, "撤回通知")
    assert sum(house.at_once(("赵敏", "确认"), ("陈静", "确认"))) == 1
    assert house.count(Letter, Letter.kind == "recall") == 1


def test_two_call_the_same_meeting(house: House) -> None:
    for who in ("赵敏", "陈静"):
        house.hear(who, *OPEN["together"][1])
    assert sum(house.at_once(("赵敏", "确认"), ("陈静", "确认"))) == 1
    assert house.count(CollectiveBirthday) == house.count(Notice) == 1


def test_two_note_the_same_new_name(house: House) -> None:
    for who in ("赵敏", "陈静"):
        house.hear(who, *OPEN["step"][1])
    assert sum(house.at_once(("赵敏", "确认"), ("陈静", "确认"))) == 1
    assert house.count(Member, Member.name == "王磊") == 1
    assert house.count(Milestone) == 1


def test_a_receipt_by_three_ways(house: House) -> None:
    send_and_deliver(house)
    done = house.at_once(("王芳", "receipt:1:0"), ("王芳", "收到"))
    assert sum(done) == 1


def test_a_roster_is_imported_by_several(house: House) -> None:
    """Without accounts nothing but the name tells who is known."""
    rows = [
        Row(row=number, name=f"新人{number}", branch="新支部", position="组织委员")
        for number in range(2, 12)
    ]

    def bring(number: int) -> tuple[int, int]:
        with house.storages[number].write() as session:
            root = ensure_root(session, BRANCH)
            done = enrolment.enrol(session, rows, root, house.clock.now())
            return len(done.added), len(done.branches)

    assert sorted(together(bring)) == [(0, 0)] * (MANY - 1) + [(10, 1)]
    assert house.count(Member, Member.name.like("新人%")) == 10
    assert house.count(Branch, Branch.name == "新支部") == 1


def test_an_address_book_is_read_by_several(house: House) -> None:
    people = [
        Colleague(f"new{number}", f"周{given}")
        for number, given in enumerate("甲乙丙丁戊己庚辛壬癸")
    ]

    def bring(number: int) -> int:
        with house.storages[number].write() as session:
            root = ensure_root(session, "另一个支部")
            now = house.clock.now()
            return len(addressbook.add_unknown(session, people, root, now))

    assert sorted(together(bring)) == [0] * (MANY - 1) + [10]
    assert house.count(Branch, Branch.name == "另一个支部") == 1


def test_a_role_is_granted_by_several(house: House) -> None:
    def give(number: int) -> bool:
        with house.storages[number].write() as session:
            member = find_member(session, "王芳")
            branch = session.get_one(Branch, member.branch_id)
            return grant(session, member, Role.LEADER, branch)

    assert sum(together(give)) == 1
    assert house.count(Grant, Grant.role == int(Role.LEADER)) == 2


def test_a_document_is_kept_by_several(house: House) -> None:
    entry = Entry("制度", [Passage("", "活动室周末不开放。")], is_file=True)

    def bring(number: int) -> bool:
        with house.storages[number].write() as session:
            branch = ensure_root(session, BRANCH)
            source = knowledge.add(session, branch, entry, None, house.clock.now())
            return source is not None

    assert sum(together(bring)) == 1
    assert house.count(Source) == 1


def test_a_fact_is_noted_by_several(house: House) -> None:
    """Of the branch, which is nobody: a NULL is like no other NULL to a unique key."""
    fact = Fact(Step.ELECTED, date(2024, 6, 20), years=3)

    def note(number: int) -> bool:
        with house.storages[number].write() as session:
            branch = ensure_root(session, BRANCH)
            return milestones.note(session, branch, fact, None, house.clock.now())

    assert sum(together(note)) == 1
    assert house.count(Milestone) == 1


def test_a_greeting_is_stopped_while_it_is_sent(house: House) -> None:
    """Either it was stopped and nothing goes, or it has gone and that is told."""
    now = house.clock.now()
    with house.storages[0].read() as session:
        (birthday,) = greetings.on(session, now.date())

    def act(number: int) -> str:
        with house.storages[number].write() as session:
            if number % 2:
                sent = greetings.greet(session, birthday, None, now)
                return "sent" if sent else "not sent"
            by = find_member(session, "赵敏")
            try:
                greetings.take_open(session, birthday)
            except Refusal:
                return "too late"
            plans.stop(session, birthday.to, by, now)
            return "stopped"

    done = Counter(together(act))
    assert done["sent"] + bool(done["stopped"]) == 1
    assert house.count(Greeting) == done["sent"]


@pytest.mark.parametrize("again", range(5))
def test_votes_beside_the_close_are_counted_or_refused(
    house: House, again: int
) -> None:
    """Who is told that a vote is cast is among the sums, and nobody else."""
    now, keys, number = house.clock.now(), house.keys, open_poll(house)

    def act(at: int) -> str:
        try:
            with house.storages[at].write() as session:
                poll = polls.find(session, number)
                if at == 0:
                    voting.close(session, poll, keys, now)
                    return "closed"
                who = find_member(session, f"丁{at}").id
                voting.cast(session, poll, who, ["乙"], keys, now)
                return "cast"
        except Refusal:
            return "too late"

    done = Counter(together(act))
    assert done["closed"] == 1
    with house.storages[0].read() as session:
        poll = polls.find(session, number)
        voted = results.turnout(session, poll).voted
        assert voted == 5 + done["cast"]
        assert results.results(poll) == {"甲": 5, "乙": done["cast"]}


@pytest.mark.parametrize("again", range(3))
def test_a_poll_is_closed_by_the_clock_and_by_hand(house: House, again: int) -> None:
    number, other = open_poll(house), open_poll(house)
    over = house.clock.now() + timedelta(days=1)

    def close(at: int) -> str:
        assistant = house.assistants[at]
        if at % 2:
            close_ballots.run(Tick(over, over, assistant))
            return "struck"
        try:
            with assistant.storage.write() as session:
                voting.close(session, polls.find(session, number), house.keys, over)
            return "closed"
        except Refusal:
            return "too late"

    assert Counter(together(close))["closed"] <= 1
    with house.storages[0].read() as session:
        for each in (number, other):
            told = results.results(polls.find(session, each))
            assert told == {"甲": 5, "乙": 0}, "closed, and once"


@pytest.mark.parametrize("again", range(3))
def test_a_leave_is_granted_and_refused_at_once(house: House, again: int) -> None:
    """Who comes second decides anew of what stands; nobody decides the same twice."""
    now = house.clock.now()
    with house.storages[0].write() as session:
        plan = Plan(Kind.GENERAL, ensure_root(session, BRANCH).id, now + timedelta(1))
        desk = Desk(find_member(session, "赵敏"), ensure_root(session, BRANCH))
        number = calls.call(session, desk, plan, now)[0].id
        who = find_member(session, "王芳").id
        leaves.ask(session, number, who, "有课", now)

    def decide(at: int) -> bool:
        with house.storages[at].write() as session:
            leave = leaves.find(session, number, who)
            assert leave
            by = find_member(session, "陈静")
            return leaves.decide(session, leave, by, now, granted=True)

    assert sum(together(decide)) == 1


@pytest.mark.parametrize("again", range(3))
def test_several_sign_in_who_joined_after_the_call(house: House, again: int) -> None:
    """Each finds that the list lacks people, and would write the same of them."""
    now = house.clock.now()
    with house.storages[0].write() as session:
        branch = ensure_root(session, BRANCH)
        plan = Plan(Kind.GENERAL, branch.id, now + timedelta(minutes=10))
        desk = Desk(find_member(session, "赵敏"), branch)
        number = calls.call(session, desk, plan, now)[0].id
        for each in range(MANY):
            add_member(session, f"丁{each}", branch, now)

    def sign_in(at: int) -> bool:
        with house.storages[at].write() as session:
            meeting = meetings.find(session, number)
            who = find_member(session, f"丁{at}")
            return doors.sign_in(session, meeting, who, "text", now)

    assert together(sign_in) == [True] * MANY
    assert house.count(Attendee, Attendee.meeting_id == number) == 6 + MANY


def test_a_note_that_came_while_the_card_was_drawn_is_not_lost(house: House) -> None:
    now = house.clock.now()
    with house.storages[0].read() as session:
        (before,) = greetings.on(session, now.date())
    with house.storages[1].write() as session:
        greetings.take_open(session, before)
        author = find_member(session, "李伟")
        notes.write(session, before.to, author, "永葆初心", now)
    with house.storages[0].write() as session:
        assert not greetings.greet(session, before, None, now)
        after = next(
            each for each in greetings.due(session, now) if each.to == before.to
        )
        assert greetings.greet(session, after, None, now)
        text = session.scalars(select(Letter.body)).one()["text"]
    assert "永葆初心" in text


def test_an_approval_beside_a_withdrawal(house: House) -> None:
    """Whichever was first: what was taken back stays so."""
    write_for_approval(house)
    house.hear("赵敏", "撤回通知")
    done = house.at_once(("赵敏", "确认"), ("陈静", "approve:1:yes"))
    assert 1 <= sum(done) <= 2
    assert house.count(Notice, Notice.state == State.WITHDRAWN) == 1
    assert house.count(Recipient, Recipient.state == "pending") == house.count(
        Recipient, Recipient.state == "pending", Recipient.letter_id.in_(APPROVALS)
    )


APPROVALS = select(Letter.id).where(Letter.kind.in_(("approval", "card_update")))


def open_poll(house: House) -> int:
    """Ask everybody and three more; five have voted. Return its number."""
    now = house.clock.now()
    with house.storages[0].write() as session:
        branch = ensure_root(session, BRANCH)
        for number in range(1, MANY):
            add_member(session, f"丁{number}", branch, now)
        until = now + timedelta(days=1)
        question = polls.Question("征求意见", "去哪", ("甲", "乙"), until)
        author, whom = find_member(session, "赵敏"), Audience(branch.id)
        poll = voting.open_poll(
            session, branch, author, question, whom, house.keys, now
        )
        for name in ("赵敏", "陈静", "刘洋", "王芳", "李伟"):
            who = find_member(session, name).id
            voting.cast(session, poll, who, ["甲"], house.keys, now)
        return poll.id


def write_for_approval(house: House) -> None:
    noticed = {"notices": Notices(approve_from=1)}
    config = house.assistants[0].config.model_copy(update=noticed)
    careful = replace(house.assistants[0], config=config)
    for words in (*SEND, "确认"):
        assert careful.answer(message("赵敏", words)).reply


def send_and_deliver(house: House) -> None:
    house.hear("赵敏", *SEND, "确认")
    now = house.clock.now()
    with house.storages[0].write() as session:
        while claim := outbox.claim_batch(session, "wecom", "one", now):
            outbox.settle_batch(session, claim, Outcome("receipt"), now)
    house.clock.wait(hours=3)
