"""The letter of the year's meter: to which secretaries, of what, and until when."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.branch.meetings import calls, digest
from bot.branch.meetings.kinds import Kind
from bot.branch.meetings.plans import Plan
from bot.branch.notices.notices import Desk
from bot.branch.people.members import Role, add_member, grant
from bot.branch.people.tree import Branch, find_branch, plant
from bot.outbox import Letter, Recipient
from tests.bot.branch.meetings.test_year import NOW, held, lines
from tests.conftest import LONG_AGO
from tests.people import BRANCH, OTHER_BRANCH, find_member

JUNE, JULY = date(2026, 6, 1), date(2026, 7, 1)
DAY = timedelta(days=1)


def place(session: Session, name: str = BRANCH) -> Branch:
    found = find_branch(session, name)
    assert found
    return found


def test_told_are_secretaries_whose_branch_keeps_its_meetings(session: Session) -> None:
    """Not a member of the committee, who has left, or whose branch keeps none."""
    zhao = find_member(session, "赵敏")
    assert digest.untold(session, JUNE) == []
    for name in ("孙丽", "何雪"):
        grant(session, find_member(session, name), Role.SECRETARY, place(session))
    grant(session, zhao, Role.SECRETARY, place(session, OTHER_BRANCH))
    grant(session, find_member(session, "邵棠"), Role.SECRETARY, place(session))
    held(session, Kind.GENERAL, 3, "赵敏")
    held(session, Kind.LECTURE, 4, "赵敏")
    others = [find_member(session, each).id for each in ("何雪", "孙丽")]
    assert digest.untold(session, JUNE) == [zhao.id, *others]
    later = NOW + timedelta(hours=2)
    digest.tell(session, zhao.id, JUNE, NOW, later)
    assert digest.untold(session, JUNE) == others
    assert digest.untold(session, JULY) == [zhao.id, *others]
    letter = session.scalars(select(Letter)).one()
    assert (letter.not_before, letter.not_after) == (later, later + 3 * DAY)
    assert "（到今天）" in str(letter.body)
    assert session.scalars(select(Recipient.member_id)).all() == [zhao.id]


def test_a_year_that_is_over_has_no_day_of_today_and_nothing_ahead(
    session: Session,
) -> None:
    now = digest.describe(session, place(session), 2026, NOW)
    past = digest.describe(session, place(session), 2025, NOW)
    for told in ("（到今天）", "往后三个月"):
        assert (told in now, told in past) == (True, False)
    assert "建议：" in now
    assert len([each for each in now.splitlines() if "已开" in each]) == len(
        lines(session)
    )


def test_what_is_ahead_is_of_three_months_and_eight_at_the_most(
    session: Session,
) -> None:
    branch, zhao = place(session), find_member(session, "赵敏")
    assert digest.say_ahead(session, branch, NOW) == "往后三个月还没有定好的会。"

    def plan(at: datetime, name: str) -> None:
        meant = Plan(Kind.OTHER, branch.id, at, name=name, host=zhao.id)
        calls.call(session, Desk(zhao, branch), meant, NOW)

    ends = NOW.replace(month=10)
    plan(ends, "太远的会")
    assert "还没有" in digest.say_ahead(session, branch, NOW)
    plan(ends - timedelta(minutes=1), "刚好的会")
    for number in range(7):
        plan(NOW + (number + 1) * DAY, f"第{number}个会")
    told = digest.say_ahead(session, branch, NOW)
    assert (told.count("；"), "刚好的会" in told) == (7, True)
    plan(NOW + 8 * DAY, "第七个会")
    told = digest.say_ahead(session, branch, NOW)
    assert (told.count("；"), "刚好的会" in told) == (7, False)


def test_below_are_party_branches_and_the_worst_stand_first(session: Session) -> None:
    """Neither groups nor the body itself, nor who is below another."""
    above = plant(session, "学院党总支")
    good, bad = plant(session, "好的党支部", above), plant(session, "差的党支部", above)
    plant(session, "差的党小组", bad)
    plant(session, "别的党总支", above)
    assert digest.describe_below(session, place(session, OTHER_BRANCH), 2026, NOW) == ""
    for branch, name in ((good, "甲"), (bad, "乙")):
        who = add_member(session, name, branch, LONG_AGO)
        grant(session, who, Role.SECRETARY, branch)
    for month in range(1, 7):
        held(session, Kind.GENERAL, month, of="好的党支部")
    told = digest.describe_below(session, above, 2026, NOW)
    assert "下面 2 个党支部" in told
    worst = told[told.index("缺得多的：") :]
    assert worst.index("差的党支部（") < worst.index("好的党支部（")
    assert "别的党总支" not in told
    assert "党小组会：1 个支部有缺" in told
    assert "支部党员大会：2 个支部有缺" in told


def test_eight_that_are_lacking_are_named_and_of_more_the_number(
    session: Session,
) -> None:
    line = lines(session)[Kind.GROUP]
    for many, ends in ((8, "8月一组"), (9, "8月一组等 9 次")):
        lacking = tuple((month + 1, "一组") for month in range(many))
        said = digest.say_line(replace(line, lacking=lacking))
        assert said.endswith(f"、{ends}")
    none = digest.say_line(replace(line, lacking=(), missing=()))
    assert none.endswith("全年应 12 次，已开 0 次")
    free = digest.say_line(replace(line, lacking=(), missing=(), due=0))
    assert free.endswith("次数没有全国统一规定，已开 0 次")
