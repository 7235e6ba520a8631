"""Who is reminded of studying today: whoever was not yet, whatever was yesterday."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.branch.birthdays.greetings import Greeting
from bot.branch.people.members import Member
from bot.branch.study import checkins, leave, plans, reminder
from bot.branch.study.checkins import CheckIn
from bot.outbox import Letter, Recipient
from bot.understanding.slots.amounts import read_study
from tests.bot.branch.records.test_search import branch_of
from tests.conftest import ZONE
from tests.people import BRANCH, find_member

DUE = datetime(2026, 3, 3, 8, tzinfo=ZONE)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
ALL = {"赵敏", "陈静", "刘洋", "王芳", "李伟", "何雪", "孙丽"}


def told(session: Session, due: datetime) -> set[str]:
    """Remind on a day, and name to whom it went."""
    last = session.scalars(select(Letter.id).order_by(Letter.id.desc())).first() or 0
    reminder.remind(session, due, due)
    rows = select(Member.name).join(Recipient, Recipient.member_id == Member.id)
    names = session.scalars(rows.where(Recipient.letter_id > last)).all()
    assert len(names) == len(set(names))
    return set(names)


def greet(session: Session, name: str, at: datetime) -> None:
    number = find_member(session, name).id
    session.add(Greeting(member_id=number, year=at.year, at=at))
    session.flush()


def test_yesterday_is_no_reason_and_today_is(session: Session) -> None:
    assert told(session, DUE - DAY) == ALL
    midnight = DUE.replace(hour=0)
    greet(session, "陈静", midnight - SECOND)
    greet(session, "刘洋", midnight)
    leave.begin(session, find_member(session, "王芳"), DUE.date() - DAY, DUE - DAY)
    leave.begin(session, find_member(session, "李伟"), DUE.date(), DUE - DAY)
    assert told(session, DUE) == ALL - {"刘洋", "李伟"}
    assert told(session, DUE) == set()


def test_a_check_in_of_today_that_stands_is_a_reason(session: Session) -> None:
    for name, ago in (("王芳", DAY), ("李伟", timedelta(0)), ("何雪", timedelta(0))):
        study = read_study("学党章")
        checkins.check_in(session, find_member(session, name), study, DUE - ago)
    undone = select(CheckIn).where(CheckIn.member_id == find_member(session, "何雪").id)
    session.scalars(undone).one().undone_at = DUE
    session.flush()
    assert told(session, DUE) == ALL - {"李伟"}


@pytest.mark.parametrize(
    ("late", "reached"),
    [(timedelta(hours=4) - SECOND, True), (timedelta(hours=4), False)],
)
def test_a_morning_lasts_four_hours(
    session: Session, late: timedelta, *, reached: bool
) -> None:
    assert bool(reminder.remind(session, DUE, DUE + late)) is reached
    ends = session.scalars(select(Letter.not_after)).all()
    assert ends == ([DUE + timedelta(hours=4)] if reached else [])
    assert session.scalars(select(Letter.leaves)).all() == ([2] if reached else [])


def test_what_is_planned_is_good_until_the_evening(session: Session) -> None:
    """The branch's own members, once; a branch that plans its week only then."""
    branch, author = branch_of(session, BRANCH), find_member(session, "赵敏")
    words = "党章第三章" * 30
    plans.write(session, author, branch, {DUE.date(): words[:120]}, DUE - DAY)
    assert told(session, DUE) == ALL
    ends = set(session.scalars(select(Letter.not_after)))
    assert ends == {DUE + timedelta(hours=12), DUE + timedelta(hours=4)}
    assert told(session, DUE + DAY) == {"孙丽"}
    assert told(session, DUE + 6 * DAY) == ALL, "the next week is another"
    card = reminder.write(words, branch, plain=False)
    assert card.buttons[0].key == f"checkin:{words[:80]}"  # type: ignore[union-attr]
    text = reminder.write(words, branch, plain=True)
    assert f"回“打卡 {words[:20]}”" in text.text  # type: ignore[union-attr]
