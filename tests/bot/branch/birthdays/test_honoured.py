"""光荣在党50年: who reaches it this year, who had it, and of whom nobody can tell."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.branch.birthdays import honoured
from bot.branch.people.members import Category, add_member, set_joined
from bot.branch.people.tree import find_branch
from tests.people import BRANCH, GROUP, OTHER_BRANCH

NOW = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


def enrol(
    session: Session,
    name: str,
    joined: date,
    full: date | None,
    of: str = BRANCH,
    **more: str,
) -> None:
    branch = find_branch(session, of)
    assert branch
    member = add_member(session, name, branch, NOW)
    set_joined(member, joined)
    member.category, member.full_member_since = Category.FULL, full
    for column, value in more.items():
        setattr(member, column, value)
    session.flush()


def test_it_counts_from_becoming_a_full_member(session: Session) -> None:
    enrol(session, "满今年", date(1960, 7, 1), date(1976, 7, 1))
    enrol(session, "早就满", date(1964, 5, 1), date(1965, 5, 1))
    enrol(session, "无预备", date(1976, 6, 30), None)
    enrol(session, "差一天", date(1976, 7, 2), date(1976, 7, 2))
    enrol(session, "没登记，也差一天", date(1976, 7, 2), None)
    enrol(session, "没登记", date(1964, 5, 1), None)
    enrol(session, "小组的", date(1965, 5, 1), date(1966, 5, 1), of=GROUP)
    enrol(session, "外支部", date(1964, 5, 1), date(1965, 5, 1), of=OTHER_BRANCH)
    enrol(session, "走了的", date(1964, 5, 1), date(1965, 5, 1), state="left")
    enrol(session, "预备的", date(1964, 5, 1), None, category=Category.PROBATIONARY)
    enrol(session, "正满那天", date(1976, 7, 1), None)
    branch = find_branch(session, BRANCH)
    assert branch
    assert honoured.of_year(session, branch, 2026) == honoured.Honoured(
        new=("满今年", "无预备", "正满那天"),
        before=("早就满", "小组的"),
        uncertain=("没登记",),
    )
    assert "差一天" in honoured.of_year(session, branch, 2027).new
