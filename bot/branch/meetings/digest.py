"""The year's meter in a letter to the secretary, once a month; never to members."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from bot import outbox
from bot.branch.meetings import frequency, meetings
from bot.branch.meetings.frequency import Line
from bot.branch.meetings.kinds import TITLES
from bot.branch.meetings.meetings import Meeting
from bot.branch.people import members
from bot.branch.people.members import Grant, Member, Role
from bot.branch.people.tree import Branch, BranchKind
from bot.calendar.recurrence.stretches import add_months
from bot.message import Text
from bot.outbox import Letter, Plan, Window
from bot.rulebook.citing import cite

GOOD_FOR = timedelta(days=3)
NINETY_DAYS = 3  # months, about
MOST = 8


def untold(session: Session, month: date) -> Sequence[int]:
    """List the secretaries who were not told yet how a month ended.

    Only those whose branch keeps its meetings here: an empty meter tells nobody
    anything.
    """
    key = func.concat(key_of(month), Member.id)
    told = select(Letter.id).where(Letter.key == key)
    kept = select(Meeting.id).where(Meeting.branch_id == Grant.branch_id)
    holders = (
        select(Member.id)
        .join(Grant, Grant.member_id == Member.id)
        .where(
            Grant.role == int(Role.SECRETARY),
            Member.state == "active",
            ~told.exists(),
            kept.exists(),
        )
    )
    return session.scalars(holders.distinct().order_by(Member.id)).all()


def key_of(month: date) -> str:
    """Begin the key of a letter that tells how a month ended."""
    return f"frequency_after:{month:%Y-%m}:"


def tell(
    session: Session, secretary: int, month: date, now: datetime, at: datetime
) -> None:
    """Tell a secretary of the year as it stood when a month was over, once."""
    to = session.get_one(Member, secretary)
    branch = members.standing(session, to).branch
    plan = Plan(
        key=f"{key_of(month)}{secretary}",
        kind="report",
        content=Text(describe(session, branch, month.year, now)),
        window=Window(at, at + GOOD_FOR),
    )
    outbox.put_to(session, plan, to.userid, to.id, now=now)


def describe(session: Session, branch: Branch, year: int, now: datetime) -> str:
    """Say the whole meter, what is ahead, and where it stands written."""
    lines = frequency.check_year(session, branch, year, now)
    so_far = "（到今天）" if year == now.year else ""
    said = [f"【三会一课体检】{branch.name} {year} 年{so_far}", *map(say_line, lines)]
    if advice := frequency.advise(lines):
        said.append(f"建议：{advice}")
    if year == now.year:
        said.append(say_ahead(session, branch, now))
    said += cite(each.rule for each in lines if each.missing)
    return "\n".join(said)


def describe_below(session: Session, above: Branch, year: int, now: datetime) -> str:
    """Say how many of the branches below lack what; the worst by name, and no people.

    "" where there is no branch below.
    """
    below = dict(session.execute(_branches_below(above)).all())
    read = frequency.check_years(session, list(below), year, now)
    lacking = {
        number: sum(len(each.lacking or each.missing) for each in lines)
        for number, lines in read.items()
    }
    if not below:
        return ""
    wanting = sorted(filter(lacking.get, below), key=lambda each: -lacking[each])
    said = [f"下面 {len(below)} 个党支部，{len(below) - len(wanting)} 个到上月没有缺。"]
    if wanting:
        worst = (f"{below[each]}（{lacking[each]} 次）" for each in wanting[:MOST])
        said.append(f"缺得多的：{'、'.join(worst)}。")
    for at, kind in enumerate(frequency.DUE):
        short = sum(bool(lines[at].missing) for lines in read.values())
        if short:
            said.append(f"{TITLES[kind]}：{short} 个支部有缺")
    return "\n".join(said)


def _branches_below(above: Branch) -> Select[int, str]:
    below = Branch.path.startswith(above.path), Branch.id != above.id
    listed = select(Branch.id, Branch.name).order_by(Branch.path)
    return listed.where(*below, Branch.kind == BranchKind.BRANCH)


def say_line(line: Line) -> str:
    if not line.applies:
        return f"{line.title}：不适用（{line.why}）"
    due = f"全年应 {line.due} 次，" if line.due else "次数没有全国统一规定，"
    said = f"{line.title}：{due}已开 {line.held} 次"
    if line.lacking:
        few = "、".join(f"{month}月{group}" for month, group in line.lacking[:MOST])
        more = f"等 {len(line.lacking)} 次" if len(line.lacking) > MOST else ""
        return f"{said}；缺 {few}{more}"
    return f"{said}；缺 {frequency.say_missing(line)}" if line.missing else said


def say_ahead(session: Session, branch: Branch, now: datetime) -> str:
    until = add_months(now.date(), NINETY_DAYS)
    last = now.replace(year=until.year, month=until.month, day=until.day)
    found = meetings.within(session, branch, now, last)
    if not found:
        return "往后三个月还没有定好的会。"
    listed = "；".join(meetings.say(each, now) for each in found[:MOST])
    return f"往后三个月已定：{listed}"
