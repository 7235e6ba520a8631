"""减负自查: what a month's messages asked of the members, told to the secretary.

The rules it stands by (RULES) want no forced check-ins, rankings or demanded replies.
It shows figures, never who read or checked in.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from bot import outbox
from bot.branch.notices import pages
from bot.branch.people import members
from bot.branch.people.members import REACHABLE, Grant, Member, Role
from bot.branch.people.tree import Branch
from bot.calendar.recurrence.stretches import add_months
from bot.config.settings import Quiet
from bot.message import Text
from bot.outbox import Interruptions, Letter, Plan, Window, count_interruptions
from bot.outbox.kinds import NAMES
from bot.rulebook.citing import cite
from bot.rulebook.load import find_rule
from bot.storage import ticks
from bot.storage.ticks import Occasion

GOOD_FOR = timedelta(days=3)
RULES = ("burden.checkin", "burden.groups")
# What the advice takes for much, by this house's own measure: no rule gives numbers.
WEEKS = 4
GROWN = 1.5
MANY_NOTICES = 4
MANY_MUTED = 0.2


@dataclass(frozen=True)
class Month:
    """One month of a branch and all below it. first: its first day.

    people: who can be reached now, or was, and heard something; muted: of those who can
    be reached, who want quiet now. written: notices.
    """

    first: date
    heard: Interruptions
    people: int
    muted: int
    written: int

    @property
    def mean(self) -> float:
        return self.heard.automatic / self.people if self.people else 0

    @property
    def silent(self) -> bool:
        """Nothing was said to anybody, so there is nothing to check."""
        heard = self.heard
        told = heard.automatic + heard.office + heard.notices + heard.nudges
        return told + heard.merged + heard.spared == 0


def look_back(
    session: Session, branch: Branch, first: date, now: datetime, quiet: Quiet
) -> Month:
    """Gather the figures of the month that begins on a day, so far as it is over."""
    span = _span(first, now.tzinfo)
    theirs = _people(branch)
    here = and_(Member.state == "active", REACHABLE)
    heard = Member.id.in_(outbox.select_interrupted(theirs, span))
    reached, counted = theirs.where(here), theirs.where(or_(here, heard))
    return Month(
        first,
        count_interruptions(session, theirs, span, quiet),
        session.scalars(select(func.count()).select_from(counted.subquery())).one(),
        outbox.muted(session, reached, now),
        pages.count_sent(session, branch, *span, now),
    )


def untold(session: Session, first: date) -> Sequence[int]:
    """List the secretaries whose month from a day on has not been counted."""
    key = func.concat(_key(first), Member.id)
    told = select(Letter.id).where(Letter.key == key)
    silent = select(Occasion.job).where(Occasion.job == key)
    holders = select(Grant.member_id).where(Grant.role >= int(Role.SECRETARY))
    rows = select(Member.id).where(Member.state == "active", Member.id.in_(holders))
    rows = rows.where(~told.exists(), ~silent.exists())
    return session.scalars(rows.order_by(Member.id)).all()


def write(  # noqa: PLR0913  # of which month, for whom, when, and by whose measure
    session: Session,
    secretary: int,
    first: date,
    now: datetime,
    at: datetime,
    quiet: Quiet,
) -> Plan | None:
    """Write a month's figures; None where nobody was told anything.

    Goes through two months of letters: not for a transaction that others wait for.
    """
    branch = members.standing(session, session.get_one(Member, secretary)).branch
    month = look_back(session, branch, first, now, quiet)
    if month.silent:
        return None
    before = look_back(session, branch, add_months(first, -1), now, quiet)
    return Plan(
        key=f"{_key(first)}{secretary}",
        kind="report",
        content=Text(describe(branch, month, before, quiet, now.date())),
        window=Window(at, at + GOOD_FOR),
    )


def tell(session: Session, secretary: int, plan: Plan, now: datetime) -> None:
    """Send what was written, once."""
    to = session.get_one(Member, secretary)
    outbox.put_to(session, plan, to.userid, to.id, now=now)


def pass_over(
    session: Session, secretaries: Sequence[int], first: date, now: datetime
) -> None:
    """Note that there was nothing to tell these, so that it is not counted again."""
    due = datetime.combine(first, time(), now.tzinfo)
    for number in secretaries:
        seen = f"{_key(first)}{number}"
        ticks.take(session, seen, due, now)
        ticks.finish(session, seen, due, now)


def _key(first: date) -> str:
    return f"burden:{first:%Y-%m}:"


def describe(
    branch: Branch, month: Month, before: Month, quiet: Quiet, today: date
) -> str:
    """Say the figures, beside those of the month before, and one piece of advice."""
    so_far = "（到今天）" if add_months(month.first, 1) > today else ""
    title = f"{month.first.year}年{month.first.month}月{so_far}"
    if month.silent:
        return f"【减负自查】{branch.name} {title}没有给大家发过消息，不用查。"
    return "\n".join(
        (
            f"【减负自查】{branch.name} {title}",
            *_figures(month, None if before.silent else before),
            f"建议：{advise(month, before, quiet)}",
            *cite(find_rule(each, today) for each in RULES),
        )
    )


def advise(month: Month, before: Month, quiet: Quiet) -> str:
    """Give the one piece of advice that matters most."""
    heard, budget = month.heard, quiet.weekly_budget
    most = max(heard.kinds, key=heard.kinds.__getitem__, default="")
    if heard.at_night:
        return "夜里不该有消息，请告诉管理员看看安静时段的设置和那几晚的发送情况。"
    if heard.most >= max(budget, 1) * WEEKS:
        return f"有同志几乎每周都收满了，{_name(most)}最多，可以合并或者少设几个。"
    if month.people and month.muted >= max(2, month.people * MANY_MUTED):
        return f"设了免打扰的不少，说明消息偏多，先从最多的{_name(most)}减起。"
    if month.written >= max(MANY_NOTICES, before.written * GROWN) and before.written:
        return "通知比上月多了不少，能放在一条里说的，合起来发。"
    if heard.nudges > heard.notices > 0:
        return "催回复比通知还多，不必人人回复的通知，可以不设回执。"
    return "打扰不多，照这样就好。"


def _figures(month: Month, before: Month | None) -> Iterator[str]:
    heard = month.heard
    was = f"（上月人均 {before.mean:.1f}，最多 {before.heard.most}）" if before else ""
    yield (
        f"自动消息：{month.people} 人，人均 {month.mean:.1f} 条，"
        f"最多的一位 {heard.most} 条{was}"
    )
    if heard.kinds:
        kinds = (f"{_name(kind)} {number}" for kind, number in heard.kinds.items())
        yield f"其中：{'，'.join(kinds)}"
    yield f"安静时段里发的：{heard.at_night} 条"
    if heard.merged or heard.spared:
        yield (
            f"没去打扰的：并入汇总 {heard.merged} 条，"
            f"免打扰或一周已满没发 {heard.spared} 条"
        )
    yield f"现在设了免打扰的：{month.muted} 人"
    more = f"（上月 {before.written} 次）" if before else ""
    nudged = f"；催回复 {heard.nudges} 条" if heard.nudges else ""
    yield f"通知：{month.written} 次{more}，送到 {heard.notices} 条{nudged}"
    if heard.office:
        yield f"给书记等的工作提醒：{heard.office} 条（不占个人的份额）"
    yield "强制打卡、强制回复、排名：0"


def _name(kind: str) -> str:
    return NAMES.get(kind, "其他")


def _span(first: date, zone: tzinfo | None) -> tuple[datetime, datetime]:
    begin = datetime.combine(first, time(), zone)
    return begin, datetime.combine(add_months(first, 1), time(), zone)


def _people(branch: Branch) -> Select[int]:
    below = select(Branch.id).where(Branch.path.startswith(branch.path))
    return select(Member.id).where(Member.branch_id.in_(below))
