"""By which way letters reach people, and what comes of a way that fails."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot import outbox
from bot.branch.people import members
from bot.channels import Envelope
from bot.delivery.deliver import Delivery
from bot.errors import DeliveryError
from bot.maintenance.verify import proofs
from bot.message import Text
from bot.outbox import Importance, Outcome, Plan, Recipient, Window
from bot.storage.database import Storage
from tests.fakes.clock import FakeClock
from tests.people import ELSEWHERE, find_member

CLOSED = "48 小时没有说话"


@dataclass
class Channel:
    """Remembers what went to whom. shut: whom it does not reach, and why."""

    sent: list[tuple[str, str]] = field(default_factory=list)
    shut: dict[str, str] = field(default_factory=dict)
    lost: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    broken: DeliveryError | None = None

    def send(self, envelope: Envelope) -> Outcome:
        if self.broken:
            raise self.broken
        users = envelope.users
        failed = self.shut | self.lost | self.refused
        assert isinstance(envelope.content, Text)
        self.sent += [
            (each, envelope.content.text) for each in users if each not in failed
        ]
        return Outcome(
            refused={
                each: self.refused[each] for each in users if each in self.refused
            },
            unreached={
                each: failed[each]
                for each in users
                if each in self.shut or each in self.lost
            },
            lost=[each for each in users if each in self.lost],
        )


@dataclass
class Office:
    storage: Storage
    clock: FakeClock
    wecom: Channel = field(default_factory=Channel)
    official: Channel = field(default_factory=Channel)
    count: int = 0

    def bind(self, name: str, address: str, channel: str = "official") -> bool:
        with self.storage.write() as session:
            number = find_member(session, name).id
            return outbox.bind(session, number, channel, address, self.clock.now())

    def prefer(self, name: str, channel: str) -> None:
        with self.storage.write() as session:
            assert outbox.prefer(session, find_member(session, name).id, channel)

    def put(self, text: str, *names: str) -> int:
        """Queue a letter to these people."""
        now = self.clock.now()
        self.count += 1
        plan = Plan(
            f"k{self.count}",
            "notice",
            Text(text),
            Window(now, now + timedelta(days=3)),
            Importance.NOTICE,
        )
        with self.storage.write() as session:
            ids = [find_member(session, each).id for each in names]
            people = select(members.Member.id, members.Member.userid).where(
                members.Member.id.in_(ids)
            )
            letter = outbox.put(session, plan, people, now=now)
            assert letter is not None
            return letter.id

    def deliver(self, *, wecom: bool = True) -> None:
        senders = {"wecom": self.wecom} if wecom else {}
        delivery = Delivery(
            self.storage, self.clock, {**senders, "official": self.official}
        )
        delivery.deliver_all()
        with self.storage.read() as session:
            assert [told for each in proofs() for told in each.find(session)] == []

    def fates(self, letter: int) -> dict[str, tuple[str, str | None, str | None]]:
        with self.storage.read() as session:
            rows = session.execute(
                select(
                    members.Member.name,
                    Recipient.state,
                    Recipient.reason,
                    Recipient.detour,
                )
                .join(members.Member, members.Member.id == Recipient.member_id)
                .where(Recipient.letter_id == letter)
            )
            return {name: (state, why, round) for name, state, why, round in rows}

    def hear(self, name: str, channel: str = "official") -> int:
        now = self.clock.now()
        with self.storage.write() as session:
            number = find_member(session, name).id
            return outbox.tell_awaited(session, number, channel, now)

    def sum(self, letter: int) -> outbox.Tally:
        with self.storage.read() as session:
            return outbox.tally(session, letter)


@pytest.fixture
def office(storage: Storage, clock: FakeClock) -> Office:
    return Office(storage, clock)


def test_each_gets_it_once_by_the_preferred_way(office: Office) -> None:
    office.bind("王芳", "oWang")
    office.bind("李伟", "oLi")
    office.bind(ELSEWHERE, "oWu")  # has no WeCom account
    office.prefer("王芳", "official")
    number = office.put("开会", "王芳", "李伟", "刘洋", ELSEWHERE)
    office.deliver()
    assert office.wecom.sent == [("liuyang", "开会"), ("liwei", "开会")]
    assert office.official.sent == [("oWang", "开会"), ("oWu", "开会")]
    assert office.sum(number) == outbox.Tally(4, 4, 0, 0)


def test_nobody_is_planned_without_any_way(office: Office) -> None:
    number = office.put("开会", ELSEWHERE)
    assert office.sum(number) == outbox.Tally(1, 0, 1, 0)


def test_whom_one_way_refuses_the_next_reaches(office: Office) -> None:
    office.bind("王芳", "oWang")
    office.wecom.refused = {"wangfang": "不在可见范围", "liwei": "不在可见范围"}
    number = office.put("开会", "王芳", "李伟", "刘洋")
    office.deliver()
    assert office.official.sent == [("oWang", "开会")]
    assert office.fates(number) == {
        "王芳": ("delivered", None, "企业微信：不在可见范围"),
        "李伟": ("refused", "不在可见范围", None),
        "刘洋": ("delivered", None, None),
    }


def test_each_is_tried_again_under_the_own_address(office: Office) -> None:
    """Whoever goes by another way leaves the others theirs."""
    office.bind("王芳", "oWang")
    office.prefer("王芳", "official")
    office.put("开会", "刘洋", "王芳", "李伟")
    now, busy = office.clock.now(), DeliveryError("busy")
    with office.storage.write() as session:
        routes = outbox.find_routes(session, "wecom", ("wecom", "official"), now)
        first, second = (
            outbox.claim_new(session, "wecom", "me", now, routes=routes) for _ in "12"
        )
        assert first
        assert second
        for each in (first, second):
            outbox.postpone_batch(session, each, busy, now)
        later = now + timedelta(minutes=1)
        again = [
            outbox.claim_retry(session, each.channel, "me", later)
            for each in (first, second)
        ]
        assert [each and each.users for each in again] == [
            ("liuyang", "liwei"),
            ("oWang",),
        ]


def test_who_is_sent_on_is_of_that_batch_and_not_settled(office: Office) -> None:
    """Not what else flies to the same person, nor who was settled meanwhile."""
    for name, address in (("王芳", "oWang"), ("陈静", "oChen")):
        office.bind(name, address)
    flies, refused = office.put("先说", "王芳"), office.put("开会", "王芳", "陈静")
    now, senders = office.clock.now(), ("wecom", "official")
    with office.storage.write() as session:
        other, mine = (outbox.claim_new(session, "wecom", "me", now) for _ in "12")
        assert other
        assert mine
        assert (other.letter_id, mine.letter_id) == (flies, refused)
        chen = find_member(session, "陈静").id
        hers = (Recipient.letter_id == refused, Recipient.member_id == chen)
        settled = {"state": "refused", "reason": "撤回", "settled_at": now}
        session.execute(update(Recipient).where(*hers).values(settled))
        outbox.refuse_batch(session, mine, "停用了", now, senders)
        rows = select(Recipient.letter_id, Recipient.member_id, Recipient.tried)
        tried = {(row[0], row[1]): row[2] for row in session.execute(rows)}
        wang = find_member(session, "王芳").id
        assert tried == {
            (flies, wang): None,
            (refused, wang): "wecom",
            (refused, chen): None,
        }
        left = select(outbox.Letter.unclaimed).order_by(outbox.Letter.id)
        assert session.scalars(left).all() == [0, 1]


def test_what_is_uncertain_goes_by_no_other_way(office: Office) -> None:
    office.bind("王芳", "oWang")
    office.prefer("王芳", "official")
    office.official.broken = DeliveryError("断了", uncertain=True)
    number = office.put("开会", "王芳")
    office.deliver()
    office.clock.wait(minutes=10)
    office.official.broken = None
    office.deliver()
    assert office.wecom.sent == office.official.sent == []
    assert office.sum(number) == outbox.Tally(1, 0, 1, 0)


def test_a_way_that_takes_nothing_holds_up_nobody_who_has_another(
    office: Office,
) -> None:
    office.bind("王芳", "oWang")
    office.bind(ELSEWHERE, "oWu")
    office.prefer("王芳", "official")
    error = DeliveryError("公众号的 secret 不对", wait=timedelta(minutes=10))
    error.everywhere = True
    office.official.broken = error
    number = office.put("开会", "王芳", ELSEWHERE)
    office.deliver()
    assert office.wecom.sent == [("wangfang", "开会")]
    assert office.sum(number) == outbox.Tally(2, 1, 0, 1)
    office.put("再开", "王芳", ELSEWHERE)
    office.deliver()
    assert office.wecom.sent == [("wangfang", "开会"), ("wangfang", "再开")]
    office.official.broken = None
    office.clock.wait(minutes=11)
    office.deliver()
    assert sorted(office.official.sent) == [("oWu", "再开"), ("oWu", "开会")]


def test_whoever_cannot_be_reached_gets_it_with_the_next_word(office: Office) -> None:
    office.bind(ELSEWHERE, "oWu")
    office.official.shut = {"oWu": CLOSED}
    number = office.put("开会", ELSEWHERE)
    office.deliver()
    assert office.fates(number)[ELSEWHERE] == ("pending", f"公众号：{CLOSED}", None)
    office.clock.wait(hours=5)
    office.deliver()
    office.official.shut = {}
    assert office.hear(ELSEWHERE) == 1
    office.deliver()
    assert office.official.sent == [("oWu", "开会")]
    assert office.sum(number) == outbox.Tally(1, 1, 0, 0)


def test_much_that_waited_comes_in_one_message(office: Office) -> None:
    office.bind(ELSEWHERE, "oWu")
    office.official.shut = {"oWu": CLOSED}
    numbers = [office.put(f"第{each}件事", ELSEWHERE) for each in range(6)]
    office.deliver()
    office.official.shut = {}
    office.hear(ELSEWHERE)
    office.deliver()
    ((_, text),) = office.official.sent
    assert all(f"第{each}件事" in text for each in range(6))
    with office.storage.write() as session:
        outbox.settle_merged(session, office.clock.now())
    assert {office.sum(each).delivered for each in numbers} == {1}
    office.deliver()
    assert len(office.official.sent) == 1


def test_whoever_says_nothing_is_refused_at_the_end_with_the_reason(
    office: Office,
) -> None:
    office.bind(ELSEWHERE, "oWu")
    office.official.shut = {"oWu": CLOSED}
    number = office.put("开会", ELSEWHERE)
    office.deliver()
    office.clock.wait(days=4)
    with office.storage.write() as session:
        assert outbox.drop_held(session, office.clock.now()) == 1
    assert office.fates(number)[ELSEWHERE] == ("refused", f"公众号：{CLOSED}", None)
    assert office.hear(ELSEWHERE) == 0


def test_a_lost_way_is_not_tried_until_its_owner_is_back(office: Office) -> None:
    office.bind("王芳", "oWang")
    office.prefer("王芳", "official")
    office.official.lost = {"oWang": "已取消关注"}
    office.put("开会", "王芳")
    office.deliver()
    office.put("再开", "王芳")
    office.deliver()
    assert office.wecom.sent == [("wangfang", "开会"), ("wangfang", "再开")]
    office.official.lost = {}
    with office.storage.write() as session:
        outbox.come_back(session, "official", "oWang")
    office.put("第三次", "王芳")
    office.deliver()
    assert office.official.sent == [("oWang", "第三次")]


def test_without_wecom_letters_go_by_what_there_is(office: Office) -> None:
    office.bind("王芳", "oWang")
    number = office.put("开会", "王芳", "李伟")
    office.deliver(wecom=False)
    assert office.official.sent == [("oWang", "开会")]
    assert office.sum(number) == outbox.Tally(2, 1, 0, 1)


def test_of_two_who_bind_at_once_one_wins(office: Office) -> None:
    names = ["王芳", "李伟", "刘洋", "陈静"]
    with ThreadPoolExecutor(4) as together:
        won = list(together.map(lambda each: office.bind(each, "oOne"), names))
    assert won.count(True) == 1
    winner = names[won.index(True)]
    assert not office.bind(winner, "oTwo")
    assert office.bind(winner, "oOne")
    with office.storage.write() as session:
        number = find_member(session, winner).id
        assert outbox.unbind(session, number, "official") == "oOne"
    assert office.bind(winner, "oTwo")


def test_an_answer_goes_where_it_was_asked_for(office: Office) -> None:
    office.bind("王芳", "oWang")
    now = office.clock.now()
    window = Window(now, now + timedelta(hours=1))
    plan = Plan("answer", "export", Text("文件"), window, Importance.ANSWER)
    with office.storage.write() as session:
        wang = find_member(session, "王芳")
        session.info[outbox.ASKED_FROM] = wang.id, "official"
        outbox.put_to(session, plan, wang.userid, wang.id, now=now)
    office.deliver()
    assert office.official.sent == [("oWang", "文件")]


@pytest.mark.thorough
def test_a_thousand_by_a_way_that_takes_one_at_a_time(office: Office) -> None:
    with office.storage.write() as session:
        branch = find_member(session, "王芳").branch_id
        for each in range(200):
            member = members.Member(
                name=f"人{each}", branch_id=branch, added_at=office.clock.now()
            )
            session.add(member)
            session.flush()
            outbox.bind(session, member.id, "official", f"o{each}", office.clock.now())
    with office.storage.read() as session:
        names = session.scalars(
            select(members.Member.name).where(members.Member.name.startswith("人"))
        ).all()
    number = office.put("开会", *names)
    office.deliver()
    assert len(set(office.official.sent)) == len(office.official.sent) == 200
    assert office.sum(number) == outbox.Tally(200, 200, 0, 0)
