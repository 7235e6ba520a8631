"""Role × action × branch: every cell is asserted, for every command there is.

A new command fails here until somebody decides who may use it. What nobody may do by
words may not be done by a button either, and whoever may, sees and reaches his own
part of the tree only.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from shutil import copyfile
from uuid import uuid4

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select

from bot.assistant.answering import Assistant
from bot.assistant.outcome import Outcome
from bot.branch.people import phones
from bot.branch.people.audit import Audit
from bot.branch.people.members import Member, Role, add_member, grant, link, set_joined
from bot.branch.people.tree import Branch, plant
from bot.config.load import make_config
from bot.maintenance import upgrade
from bot.message import Message
from bot.outbox import Letter
from bot.outbox.letters import Recipient
from bot.storage.database import Storage
from bot.storage.encrypted import Ring, give_ring
from server.setup.wiring import build_assistant, build_commands
from tests.conftest import ZONE
from tests.databases import Reused
from tests.fakes.clock import FakeClock

M, L, C, S = Role.MEMBER, Role.LEADER, Role.COMMITTEE, Role.SECRETARY
# Who may, by intent: decided here, not read from the code.
MEMBERS = """
ask ask.secretary ask.sources attendance.early attendance.make_up attendance.mark
attendance.again attendance.photos attendance.sheet attendance.year
attendance.observer attendance.quorum attendance.unmark bind bind.status bind.undo
birthdays birthdays.secretary
birthdays.together bulletin.back bulletin.edit bulletin.list bulletin.no_photo
bulletin.pack bulletin.state evidence
bulletin.photo bulletin.photos bulletin.review
bulletin.show cancel_reminder cancel_reminder.pause checkin checkin.late checklist
checklist.confirm checklist.lacking checklist.mark checklist.withdraw concern
concern.mine concern.rate concern.withdraw development.correct development.lacking
development.own development.when
development.papers development.term development.withdraw
development.year dues dues.behind dues.book dues.check dues.correct dues.paid
dues.receipt dues.remind dues.year dues_rate dues_rate.correct dues_rate.list
dues_rate.withdraw
dues.withdraw events events.held help help.command honours honours.check
honours.correct honours.list
honours.withdraw leave leave.back leave.how members.contact members.count
members.group
members.officers minutes
minutes.close minutes.drop minutes.lead minutes.life minutes.life_done
minutes.life_drop minutes.life_step minutes.note minutes.page minutes.paper
minutes.recount minutes.reopen
minutes.resolve minutes.send minutes.sign mute mute.greeting mute.hours
mute.no_greeting mute.resume mute.status my_birthday my_card my_checkins my_data
my_data.erasure my_data.export my_data.seen my_data.sight notices notices.again
notices.unread observances observances.day observances.how observances.own
observances.time_off checklist.remind pledge.remind pledge pledge.check
pledge.change pledge.several
pledge.correct pledge.list
pledge.withdraw posts posts.check posts.correct posts.plate posts.withdraw profile
ranking reads_in receipt receipt.away records.export remind remind.change remind.resume
reminders
resource
resource.correct resource.list resource.withdraw service service.check
service.correct service.list service.nobody service.page service.withdraw sign_in
sign_in.code
sign_in.here
sign_in.poster sign_in.sheet study study.plan_asked
study.hours study.leave study.materials
study.record study.return study.undo
submit_work submit_work.call.correct submit_work.call.list
submit_work.call.withdraw submit_work.consent submit_work.correct submit_work.drop
submit_work.hand_in
submit_work.judged submit_work.like submit_work.list submit_work.page
submit_work.recuse submit_work.results submit_work.score submit_work.withdraw
talk talk.agree talk.appointments talk.call_off talk.confirm
talk.correct talk.coverage talk.decline talk.deny talk.list talk.met talk.move
talk.pair talk.private talk.told talk.withdraw undo visit visit.arrived visit.correct
visit.list visit.withdraw vote
vote.appraise vote.best vote.own_grade vote.rules write_note write_note.withdraw
"""
SECRETARIES = """
ask.knowledge ask.learn attendance.answers attendance.made_up bind.other
bind.undo_other
ballot ballot.appraisal ballot.appraisal_close ballot.appraised ballot.close
ballot.feedback ballot.grading ballot.motion ballot.opinions ballot.paper ballot.report
ballot.status ballot.void ballot.voters
birthday_week birthdays.honoured broadcast broadcast.enclose broadcast.put_off
broadcast.same bulletin bulletin.adopt bulletin.send card_style card_style.seal
checklist.exempt checklist.set collect_notes
collective_birthday collective_birthday.cancel collective_birthday.present
concern.answer concern.ledger concern.take development development.complete
development.form development.paper
development.record
edit_greeting edit_greeting.preview edit_greeting.resume edit_greeting.stop
export frequency leave.decide members members.admit members.callers
members.depart members.restore members.turn_away minutes.hours notice_status
nudge nudge.group nudge.stop pack pack.claims pack.handover
observances.add observances.move observances.notice
observances.remind observances.remove phone plan_event plan_event.add
plan_event.cancel plan_event.drop plan_event.late plan_event.move plan_event.people
plan_event.propose plan_event.usual
plan_event.school plan_event.shift plan_event.upload plan_event.year pledge.lacking
recall_notice receipt.behalf
notice_template.keep notice_template.list notice_template.use notice_template.rename
notice_template.delete
see_notes see_notes.drop stats stats.ahead stats.burden study.material study.plan
pack.rules posts.holder
posts.set service.merge submit_work.announce submit_work.award submit_work.back
submit_work.call
submit_work.certificate submit_work.decide submit_work.expert submit_work.form
submit_work.judge submit_work.pass submit_work.reissue submit_work.sheet
submit_work.show submit_work.standings study.remove_material study.totals
study.training study.undo_training
visit.agree visit.contact visit.decline visit.page
"""
PEOPLE = """
宁岚 岳川 柏松 祝枫 卞荷 纪桐 霍岩 庞溪 路遥遥 阮竹 洛冰 屈平 宗岱 桑榆 褚霖 荀澈
"""
MAY = {
    **dict.fromkeys(MEMBERS.split(), M),
    **dict.fromkeys(SECRETARIES.split(), S),
    "approve": C,
    "console": C,
    "attendance": L,
}
BY_OFFICE = {"checklist.lacking": S, "talk.pair": S}
BY_OFFICE |= {
    "dues.year": S,
    "dues.remind": S,
    "pledge.remind": S,
    "checklist.remind": S,
}
"""What besides the secretary those of certain offices may, whom this tree lacks."""
NAMES_OFFICES = ("my_data.sight",)
"""Who may see her records is everybody's to know, up to the top of the tree."""
KEY = Fernet.generate_key().decode()
NOON = datetime(2026, 3, 2, 12, tzinfo=ZONE)
COMMANDS = build_commands()

ABOVE, HERE, GROUP, BESIDE = "机械系党总支", "第一党支部", "第一党小组", "第二党支部"
# What each branch's people hide from the others: a post and a number of their own.
POST = {ABOVE: "总支岗", HERE: "一支岗", GROUP: "小组岗", BESIDE: "二支岗"}
DIGIT = {ABOVE: "0", HERE: "1", GROUP: "2", BESIDE: "3"}
# Of whom a holder of an office in that branch may know.
SCOPE = {
    ABOVE: {ABOVE, HERE, GROUP, BESIDE},
    HERE: {HERE, GROUP},
    GROUP: {GROUP},
    BESIDE: {BESIDE},
}


@dataclass(frozen=True)
class Cell:
    role: Role
    branch: str

    @property
    def userid(self) -> str:
        return f"{self.role.name.lower()}.{DIGIT[self.branch]}"

    @property
    def scope(self) -> set[str]:
        """Whom an office reaches: its node of the tree and all below it."""
        return SCOPE[self.branch]

    @property
    def sees(self) -> set[str]:
        """Everybody knows of the party branch as a whole: its birthdays, say."""
        return SCOPE[HERE if self.branch == GROUP else self.branch]


CELLS = [Cell(role, branch) for role in Role for branch in POST]
NAMES = dict(zip(CELLS, PEOPLE.split(), strict=True))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("matrix") / "tree.db"
    storage = open_tree(path)
    upgrade.upgrade(storage)
    with storage.write() as session:
        root = plant(session, ABOVE)
        here = plant(session, HERE, root)
        nodes = {ABOVE: root, HERE: here, BESIDE: plant(session, BESIDE, root)}
        nodes[GROUP] = plant(session, GROUP, here)
        for number, cell in enumerate(CELLS):
            member = add_member(session, NAMES[cell], nodes[cell.branch], NOON)
            link(member, cell.userid)
            member.position = POST[cell.branch]
            set_joined(member, date(2011, 3, number + 1))
            phone = f"1380000{DIGIT[cell.branch]}{number:03d}"
            phones.keep(session, member, phone, NOON)
            if cell.role > M:
                grant(session, member, cell.role, nodes[cell.branch])
    storage.close()
    return path


@pytest.fixture
def storage(filled: Path, reused: Reused) -> Iterator[Storage]:
    copyfile(filled, reused.path)
    give_ring(reused.storage.engine, Ring([KEY]))
    yield reused.storage
    reused.clear()


@pytest.fixture(scope="module")
def wired(filled: Path) -> Iterator[Assistant]:
    """An assistant that has learnt the commands; the tests give it their database."""
    storage = open_tree(filled)
    config = make_config({"branch": {"name": ABOVE}})
    yield build_assistant(config, storage=storage, clock=FakeClock(NOON))
    storage.close()


@pytest.fixture
def assistant(wired: Assistant, storage: Storage) -> Assistant:
    return replace(wired, storage=storage)


def open_tree(path: Path) -> Storage:
    storage = Storage(f"sqlite:///{path}")
    give_ring(storage.engine, Ring([KEY]))
    return storage


def say(assistant: Assistant, cell: Cell, text: str, thread: str = "") -> Outcome:
    thread = thread or uuid4().hex
    message = Message("wecom", cell.userid, uuid4().hex, text=text, conversation=thread)
    return assistant.answer(message)


def press(assistant: Assistant, cell: Cell, key: str) -> Outcome:
    words = {"kind": "event", "event": "click", "key": key}
    message = Message("wecom", cell.userid, uuid4().hex, **words)  # type: ignore[arg-type]
    return assistant.answer(message)


def check_sees_only(cell: Cell, heard: Outcome) -> None:
    text = heard.reply.text if heard.reply else ""
    if heard.intent in NAMES_OFFICES:
        return
    for branch in POST.keys() - cell.sees:
        assert POST[branch] not in text
        assert f"1380000{DIGIT[branch]}" not in text
        for other, name in NAMES.items():
            if other.branch == branch and other != cell:
                assert name not in text, (cell, heard.intent)
    assert "编号" not in text, text


def check_reaches_only(storage: Storage, cell: Cell) -> None:
    """Letters went to nobody outside the part of the tree that the role is held in."""
    with storage.read() as session:
        reached = session.execute(
            select(Branch.name, Member.account)
            .join(Member, Member.branch_id == Branch.id)
            .join(Recipient, Recipient.member_id == Member.id)
            .join(Letter, Letter.id == Recipient.letter_id)
        ).all()
    for branch, account in reached:
        assert branch in cell.scope or account == cell.userid, (cell, branch, account)


def test_every_command_has_its_row() -> None:
    known = {intent: each.role for intent, each in COMMANDS.by_intent.items()}
    assert known == MAY, "a new command: say in MAY who may use it"


@pytest.mark.thorough
@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.userid)
def test_every_cell(cell: Cell, assistant: Assistant, storage: Storage) -> None:
    for intent, least in MAY.items():
        command = COMMANDS.by_intent[intent]
        allowed = cell.role >= BY_OFFICE.get(intent, least)
        for name in command.names[:1]:
            heard = say(assistant, cell, name)
            told = (cell, name, heard.intent)
            if allowed:
                assert heard.intent == intent, told
            else:
                assert heard.intent == "denied", told
                assert heard.reply is not None
                assert not heard.reply.changed
            check_sees_only(cell, heard)
        for key in (intent, f"{intent}:1"):
            heard = press(assistant, cell, key)
            assert (heard.intent == "denied") is not allowed, (cell, key, heard.intent)
            check_sees_only(cell, heard)
    check_reaches_only(storage, cell)


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.userid)
def test_whom_a_notice_reaches(
    cell: Cell, assistant: Assistant, storage: Storage
) -> None:
    thread = uuid4().hex
    preview = say(assistant, cell, "发通知 周三下午三点开会", thread)
    assert (preview.intent == "denied") is (cell.role < S)
    check_sees_only(cell, preview)
    sent = say(assistant, cell, "确认", thread)
    check_sees_only(cell, sent)
    check_reaches_only(storage, cell)
    with storage.read() as session:
        reached = set(session.scalars(select(Recipient.member_id)))
    assert bool(reached) is (cell.role == S)


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.userid)
def test_whose_number_is_shown(cell: Cell, assistant: Assistant) -> None:
    for number, about in enumerate(CELLS):
        heard = say(assistant, cell, f"查电话 {NAMES[about]}")
        text = heard.reply.text if heard.reply else ""
        shown = f"1380000{DIGIT[about.branch]}{number:03d}" in text
        assert shown is (cell.role == S and about.branch in cell.scope), (cell, about)


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.userid)
def test_a_notice_of_another_branch(
    cell: Cell, assistant: Assistant, storage: Storage
) -> None:
    """Its number is no secret; what stands behind it is."""
    author, thread = Cell(S, HERE), uuid4().hex
    for text in ("发通知 周三下午三点开会讨论支部的秘密", "确认"):
        say(assistant, author, text, thread)
    commands = ("receipt:1", "notice_status:1", "nudge:1", "recall_notice:1")
    for key in (*commands, "export:1", "approve:1"):
        heard = press(assistant, cell, key)
        text = heard.reply.text if heard.reply else ""
        check_sees_only(cell, heard)
        if HERE not in cell.sees:
            assert "秘密" not in text, (cell, key)
            assert not (heard.reply and heard.reply.changed), (cell, key)
    for text in ("我的通知", "谁没回复", "导出通知台账", "撤回通知", "催一下"):
        heard = say(assistant, cell, text)
        check_sees_only(cell, heard)
        if HERE not in cell.sees:
            assert heard.reply is not None
            assert "秘密" not in heard.reply.text, (cell, text)


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("查电话 {name}", "phone.view"),
        ("看寄语 {name}", "notes.view"),
        ("发展进度 {name}", "development.view"),
        ("查党员 {name}", "members.view"),
        ("党员名单", "members.list"),
        ("谁没回复", "notices.view"),
        ("导出通知台账", "notices.export"),
    ],
)
def test_who_looked_is_written_down(
    assistant: Assistant, storage: Storage, text: str, action: str
) -> None:
    secretary, seen = Cell(S, HERE), Cell(M, HERE)
    thread = uuid4().hex
    for said in ("发通知 周三下午三点开会", "确认"):
        say(assistant, secretary, said, thread)
    say(assistant, secretary, text.format(name=NAMES[seen]))
    with storage.read() as session:
        ids = dict(session.execute(select(Member.name, Member.id)).all())
        rows = session.execute(select(Audit.actor, Audit.action, Audit.subject_id))
        assert (str(ids[NAMES[secretary]]), action, ids[NAMES[seen]]) in set(rows.all())


def test_a_stranger_is_nobody_everywhere(assistant: Assistant) -> None:
    for intent in MAY:
        heard = press(assistant, Cell(M, ABOVE), intent)
        message = Message("wecom", "nobody", uuid4().hex, text=intent)
        heard = assistant.answer(message)
        assert heard.intent == "none"
        assert heard.reply is not None
        assert not heard.reply.changed
