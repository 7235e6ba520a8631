"""Who leaves takes the data along; the ledgers keep their sums, without a name."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import outbox
from bot.branch.meetings import leaves
from bot.branch.notices import receipts
from bot.branch.notices.receipts import Receipt
from bot.branch.people.members import Grant, Member
from bot.branch.personal_data import departures
from bot.branch.personal_data.departures import FATES, GONE
from bot.branch.study import leave as study_leave
from bot.maintenance import schema
from bot.message import Picture, Text
from bot.outbox import Letter, Outcome, Plan, Window, attachments
from bot.outbox.attachments import Attachment
from bot.outbox.letters import Recipient
from bot.storage.database import Storage
from tests.bot.branch.meetings.test_doors import NOW, call
from tests.conftest import LONG_AGO
from tests.fakes.clock import FakeClock
from tests.people import LEFT, find_member
from tests.stage import Stage

OTHERS_CARD = "政治生日-李伟-2026.png"
HALF_A_YEAR = timedelta(days=180)


def of_a_member(name: str) -> bool:
    table = schema.METADATA.tables[name]
    return name != "member" and any(
        column.name == "member_id"
        or any(key.target_fullname == "member.id" for key in column.foreign_keys)
        for column in table.columns
    )


def test_every_table_of_a_member_says_what_becomes_of_it() -> None:
    told = {name for name in schema.METADATA.tables if of_a_member(name)}
    assert told <= FATES.keys(), "a new table: does it go with who leaves, or stay?"
    for name in goes():
        assert "member_id" in schema.METADATA.tables[name].columns


def goes() -> set[str]:
    return {name for name, fate in FATES.items() if fate == "goes"}


def of(session: Session, name: str, member_id: int) -> int:
    table = schema.METADATA.tables[name]
    mine = select(func.count()).where(table.c.member_id == member_id)
    return session.scalar(mine) or 0


def leave(storage: Storage, name: str, state: str = "left") -> None:
    with storage.write() as session:
        find_member(session, name).state = state


def test_nothing_goes_before_its_time(stage: Stage, storage: Storage) -> None:
    stage.say("李伟", "打卡 学习强国 42分")
    leave(storage, "李伟")
    stage.move_to("2026-03-03 04:00")
    stage.move_to("2026-08-29 04:00")
    with storage.read() as session:
        assert find_member(session, "李伟").account == "liwei"
        noted = set(session.scalars(select(departures.Departure.member_id)))
        assert noted == {find_member(session, each).id for each in ("李伟", LEFT)}
    leave(storage, "李伟", "active")
    stage.move_to("2026-09-10 04:00")
    with storage.read() as session:
        assert find_member(session, "李伟").account == "liwei"
        assert session.get(departures.Departure, find_member(session, "李伟").id) is (
            None
        )


def tell_the_secretary_of_her(stage: Stage, storage: Storage) -> None:
    stage.say("王芳", "问书记 独一无二的话能不能借")
    stage.say("王芳", "好")
    told = Text("王芳同志还有 5 天到期")
    plan = Plan("d", "deadline", told, Window(LONG_AGO, LONG_AGO))
    with storage.write() as session:
        zhao = find_member(session, "赵敏")
        outbox.put_to(session, plan, None, zhao.id, now=LONG_AGO)


def test_half_a_year_later_all_is_gone_but_the_sums(
    stage: Stage, storage: Storage
) -> None:
    stage.say("王芳", "打卡 学习强国 独一无二的话")
    stage.say("王芳", "提醒我 八点零二分 独一无二的话")
    tell_the_secretary_of_her(stage, storage)
    stage.move_to("2026-03-02 08:05")  # her political birthday: a letter and a card
    for order in (
        "发通知 周三下午三点开会",
        "通知王芳：带上材料",
        "提醒王芳 九点 交材料",
    ):
        stage.say("赵敏", order)
        stage.say("赵敏", "确认")
    stage.move_to("2026-03-02 09:05")
    stage.arrived()
    with storage.read() as session:
        wang = find_member(session, "王芳").id
        before = sums(session)
        assert session.scalar(select(func.count(Attachment.id)))
    leave(storage, "王芳")
    stage.move_to("2026-03-03 04:00")
    stage.move_to("2026-08-30 04:00")
    with storage.read() as session:
        gone = session.get_one(Member, wang)
        assert (gone.name, gone.account, gone.joined) == (GONE, None, None)
        assert sums(session) == before
        assert outbox.unbalanced(session) == []
        assert [name for name in goes() if of(session, name, wang)] == []
        assert session.scalar(select(func.count(Grant.id)))
        assert session.scalars(select(Attachment.name)).all() == [OTHERS_CARD]
    for said in ("独一无二的话", "wangfang", "王芳"):
        assert said not in everything(storage)
    assert f"{GONE}同志还有 5 天到期" in everything(storage), "hers to read, unnamed"


def everything(storage: Storage) -> str:
    with storage.read() as session:
        tables = schema.METADATA.sorted_tables
        return repr([session.execute(select(table)).all() for table in tables])


def sums(session: Session) -> dict[int, outbox.Tally]:
    notices = select(Letter.id).where(Letter.topic.like("notice:%"))
    return {key: outbox.tally(session, key) for key in session.scalars(notices)}


def send(session: Session, clock: FakeClock, key: str, picture: int | None) -> None:
    now = clock.now()
    content = Text("生日快乐") if picture is None else Picture(picture)
    plan = Plan(
        key, "birthday", content, Window(now, now + timedelta(days=1)), topic=key
    )
    outbox.put_to(session, plan, "liwei", find_member(session, "李伟").id, now=now)
    claim = outbox.claim_batch(session, "wecom", "o", now)
    assert claim
    outbox.settle_batch(session, claim, Outcome(), now)


def test_personal_letters_go_with_their_pictures(
    storage: Storage, clock: FakeClock
) -> None:
    with storage.write() as session:
        one, two = (
            attachments.keep(session, f"{name}.png", "image/png", b"x", clock.now())
            for name in "ab"
        )
        send(session, clock, "text", None)
        send(session, clock, "one", one)
        send(session, clock, "two", two)
        early = clock.now() + timedelta(seconds=1)
        clock.wait(days=1)
        send(session, clock, "two again", two)
        unsent = Plan("k", "x", Text("还没发"), Window(clock.now(), clock.now()))
        outbox.put_to(session, unsent, "liwei", None, now=early - timedelta(hours=1))
        assert departures.forget_letters(session, early)
        assert not departures.forget_letters(session, early)
        kept = session.scalars(select(Letter.key).order_by(Letter.key)).all()
        assert kept == ["k", "two again"]
        assert session.scalars(select(Attachment.id)).all() == [two]
        assert session.scalar(select(func.count(Recipient.id))) == 2


def test_what_another_said_stays_when_one_is_erased(session: Session) -> None:
    """Each table that is cleared of hers holds a row of somebody else too."""
    meeting = call(session)
    wang, li = find_member(session, "王芳"), find_member(session, "李伟")
    for who in (wang, li):
        leaves.ask(session, meeting.id, who.id, "发烧", NOW)
        told = {"notice_id": meeting.notice_id, "member_id": who.id}
        receipt = Receipt(**told, at=NOW, how="text", choice="请假", note="发烧")
        receipts.record(session, receipt)
        study_leave.begin(session, who, NOW.date(), NOW)
    wang.state = "left"
    session.flush()
    departures.notice_departures(session, NOW)
    assert departures.erase_due(session, NOW + HALF_A_YEAR, HALF_A_YEAR) == 2
    session.expire_all()
    why = {
        each.member_id: (each.why, each.sort)
        for each in session.scalars(select(leaves.Leave))
    }
    assert why == {wang.id: (None, ""), li.id: ("发烧", leaves.SICK)}
    notes = select(Receipt.member_id, Receipt.note)
    assert dict(session.execute(notes).all()) == {wang.id: None, li.id: "发烧"}
    away = select(study_leave.StudyLeave.member_id)
    assert session.scalars(away).all() == [li.id]
    assert (li.name, li.account) == ("李伟", "liwei")
    mine = select(Recipient.user).where(Recipient.member_id == li.id)
    assert session.scalars(mine).all() == ["liwei"]
    assert list(departures.nothing_left.find(session)) == []


def test_not_a_moment_before_the_time_is_over(session: Session) -> None:
    wang = find_member(session, "王芳")
    wang.state = "left"
    session.flush()
    departures.notice_departures(session, NOW)
    almost = NOW + HALF_A_YEAR - timedelta(seconds=1)
    assert departures.erase_due(session, almost, HALF_A_YEAR) == 0
    find_member(session, LEFT).state = "active"
    session.flush()
    departures.notice_departures(session, NOW + timedelta(days=1))
    assert departures.erase_due(session, NOW + HALF_A_YEAR, HALF_A_YEAR) == 1
    assert wang.name == GONE
    assert departures.erase_due(session, NOW + HALF_A_YEAR, HALF_A_YEAR) == 0
    wang.state = "active"
    session.flush()
    departures.notice_departures(session, NOW)
    kept = select(departures.Departure.member_id)
    assert session.scalars(kept).all() == [wang.id], "it is done, and remembered"
