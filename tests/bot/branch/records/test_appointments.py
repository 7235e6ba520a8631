"""What a play cannot show of appointments: who leaves, and what stays sealed."""

from datetime import date, datetime, time, timedelta

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session

from bot.branch.people.tree import Branch, find_branch
from bot.branch.personal_data import departures
from bot.branch.records import appointments, papers
from bot.branch.records.appointments import Appointment, Slot
from bot.branch.records.declared import find_kind
from bot.branch.records.search import Query
from bot.branch.records.tables import Record, RecordPrivate
from bot.branch.records.values import values_of
from bot.errors import Refusal
from bot.outbox import Letter, Recipient
from bot.storage.database import Storage
from bot.storage.encrypted import Ring, give_ring
from tests.bot.branch.records.steps import steps
from tests.conftest import ZONE
from tests.people import BRANCH, find_member

NOON = datetime(2026, 3, 2, 12, tzinfo=ZONE)
AT = Slot(date(2026, 3, 5), time(15))


def test_what_it_is_about_is_sealed(storage: Storage) -> None:
    give_ring(storage.engine, Ring([Fernet.generate_key().decode()]))
    with storage.write() as session:
        branch = find_branch(session, BRANCH)
        assert branch
        asker, host = (find_member(session, name) for name in ("王芳", "赵敏"))
        row = appointments.ask_for(session, asker, host, AT, "夹具", branch, NOON)
        (found,) = appointments.of_member(session, branch, host)
        assert appointments.topic_of(session, found) == "夹具"
        kept = session.scalars(select(cast(RecordPrivate.value, String))).all()
        assert "夹具" not in str([kept, values_of(session, row), row.title])


def test_who_leaves_has_nothing_open(storage: Storage) -> None:
    with storage.write() as session:
        branch = find_branch(session, BRANCH)
        assert branch
        asker, host = (find_member(session, name) for name in ("王芳", "赵敏"))
        row = appointments.ask_for(session, asker, host, AT, "", branch, NOON)
        asker.state = "left"
        session.flush()
        departures.notice_departures(session, NOON)
        departures.notice_departures(session, NOON)
        assert session.get_one(Record, row.id).state == "off"
        words = session.scalars(select(Letter.body["text"].as_string())).all()
        told = [each for each in words if each and "已经不在支部" in each]
        assert len(told) == 1


def test_a_time_is_given_away_once(storage: Storage) -> None:
    with storage.write() as session:
        branch = find_branch(session, BRANCH)
        assert branch
        host = find_member(session, "赵敏")
        for name, minutes in (("王芳", 0), ("李伟", 59), ("何雪", 60)):
            slot = Slot(AT.day, time(15 + minutes // 60, minutes % 60))
            asker = find_member(session, name)
            appointments.ask_for(session, asker, host, slot, "", branch, NOON)
            found = appointments.of_member(session, branch, asker)[0]
            if name == "李伟":
                with pytest.raises(Refusal, match="已经约了别的谈话"):
                    appointments.agree(session, found, host, NOON)
            else:
                appointments.agree(session, found, host, NOON)


def test_the_ledger_tells_when_it_was_asked_by_the_clock_on_the_wall(
    storage: Storage,
) -> None:
    with storage.write() as session:
        branch = find_branch(session, BRANCH)
        assert branch
        asker, host = (find_member(session, name) for name in ("王芳", "赵敏"))
        for hour in (0, 23):
            now = NOON.replace(hour=hour, minute=30)
            slot = Slot(AT.day, time(hour // 2 + 9))
            appointments.ask_for(session, asker, host, slot, "", branch, now)
    with storage.read() as session:
        branch = find_branch(session, BRANCH)
        assert branch
        query = Query(find_kind("appointment"), branch)
        ledger, _ = papers.sheets(session, query, NOON)
        at = list(ledger.heads).index("记录时间")
        assert [row[at] for row in ledger.rows] == [NOON.date()] * 2


def ask(session: Session, asker: str, host: str, slot: Slot) -> Appointment:
    branch = branch_of(session)
    one, other = find_member(session, asker), find_member(session, host)
    row = appointments.ask_for(session, one, other, slot, "", branch, NOON)
    return latest(session, asker, row.id)


def latest(session: Session, name: str, number: int) -> Appointment:
    states = [each.name for each in find_kind("appointment").states]
    member = find_member(session, name)
    found = appointments.of_member(session, branch_of(session), member, states)
    return next(each for each in found if each.row.id == number)


def told(session: Session, name: str) -> int:
    mine = select(func.count()).where(
        Recipient.member_id == find_member(session, name).id
    )
    return session.scalar(mine) or 0


def branch_of(session: Session) -> Branch:
    branch = find_branch(session, BRANCH)
    assert branch
    return branch


def test_whose_word_is_waited_for_goes_to_and_fro(session: Session) -> None:
    wang, zhao = find_member(session, "王芳"), find_member(session, "赵敏")
    asked = ask(session, "王芳", "赵敏", AT)
    assert (asked.waits_for, told(session, "赵敏"), told(session, "王芳")) == (
        zhao.id,
        1,
        0,
    )
    with pytest.raises(Refusal, match="不是等您答应"):
        appointments.agree(session, asked, wang, NOON)
    later = Slot(AT.day, time(17))
    appointments.propose(session, asked, zhao, later, NOON)
    moved = latest(session, "王芳", asked.row.id)
    assert (moved.slot, moved.waits_for, told(session, "王芳")) == (later, wang.id, 1)
    appointments.propose(session, moved, wang, AT, NOON)
    back = latest(session, "王芳", asked.row.id)
    assert (back.slot, back.waits_for, told(session, "赵敏")) == (AT, zhao.id, 2)
    appointments.agree(session, back, zhao, NOON)
    agreed = latest(session, "王芳", asked.row.id)
    assert (agreed.waits_for, told(session, "王芳")) == (None, 2)
    appointments.end(session, agreed, wang, "off", NOON)
    assert steps(session, agreed.row) == [
        "王芳 record",
        *("赵敏 correct", "赵敏 move", "王芳 correct", "王芳 move"),
        *("赵敏 move", "王芳 move"),
    ]


@pytest.mark.parametrize(
    ("slot", "why"),
    [
        (Slot(AT.day), "还没定几点"),
        (Slot(NOON.date(), time(11, 59)), "已经过了"),
        (Slot(NOON.date(), time(12)), ""),
    ],
)
def test_a_time_that_can_be_agreed_to(session: Session, slot: Slot, why: str) -> None:
    asked, zhao = ask(session, "王芳", "赵敏", slot), find_member(session, "赵敏")
    if not why:
        appointments.agree(session, asked, zhao, NOON)
        assert asked.row.state == "agreed"
        return
    with pytest.raises(Refusal, match=why):
        appointments.agree(session, asked, zhao, NOON)


@pytest.mark.parametrize(
    ("minutes", "who", "clash"),
    [(0, "赵敏", True), (59, "赵敏", True), (-59, "赵敏", True), (60, "赵敏", False),
     (-60, "赵敏", False), (0, "陈静", False)],
)  # fmt: skip
def test_a_talk_lasts_an_hour_for_those_who_agreed_to_it(
    session: Session, minutes: int, who: str, *, clash: bool
) -> None:
    zhao = find_member(session, "赵敏")
    first = ask(session, "王芳", "赵敏", AT)
    appointments.agree(session, first, zhao, NOON)
    appointments.propose(session, first, zhao, AT, NOON)  # not with itself
    appointments.agree(
        session,
        latest(session, "王芳", first.row.id),
        find_member(session, "王芳"),
        NOON,
    )
    at = datetime.combine(AT.day or NOON.date(), AT.at or time()) + timedelta(
        minutes=minutes
    )
    slot = Slot(at.date(), at.time())
    if clash:
        with pytest.raises(Refusal, match="赵敏那个时间"):
            ask(session, who, "李伟", slot)
    else:
        assert ask(session, who, "李伟", slot).row.state == "asked"
    ask(session, who, "李伟", Slot(AT.day and AT.day + timedelta(days=1), AT.at))
    ask(session, who, "李伟", Slot(AT.day))


@pytest.mark.parametrize(
    ("state", "days", "fits"),
    [("done", 0, True), ("done", -1, False), ("off", -1, True)],
)
def test_over_is_a_talk_on_its_day(
    session: Session, state: str, days: int, *, fits: bool
) -> None:
    zhao = find_member(session, "赵敏")
    found = ask(session, "王芳", "赵敏", AT)
    appointments.agree(session, found, zhao, NOON)
    now = datetime.combine(AT.day or NOON.date(), time(9), ZONE) + timedelta(days=days)
    if not fits:
        with pytest.raises(Refusal, match="还没到"):
            appointments.end(session, found, zhao, state, now)
        return
    appointments.end(session, found, zhao, state, now)
    assert (found.row.state, told(session, "王芳")) == (state, 2)


def test_with_who_has_left_it_can_only_be_called_off(session: Session) -> None:
    found, wang = ask(session, "王芳", "赵敏", AT), find_member(session, "王芳")
    find_member(session, "赵敏").state = "left"
    session.flush()
    with pytest.raises(Refusal, match="只能取消"):
        appointments.propose(session, found, wang, AT, NOON)
    appointments.end(session, found, wang, "off", NOON)
    assert told(session, "赵敏") == 1, "only of the first asking"
