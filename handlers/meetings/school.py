"""校历: 寒暑假 and 考试周 as the secretary says them; the year's plan keeps clear."""

from datetime import date, timedelta

from bot.branch.meetings import school
from bot.branch.people.members import Role
from bot.calendar.recurrence.stretches import add_months
from bot.calendar.say import say_date
from bot.command import Ask, command
from bot.errors import Refusal
from bot.message import Reply
from bot.understanding.when import find_period
from handlers.meetings import which

AHEAD = timedelta(days=500)
EXAMPLE = "校历 寒假 1月18日到2月21日"


@command(
    "plan_event.school",
    help="记寒暑假、考试周，拟计划时避开，例：校历 寒假 1月18日到2月21日",
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def keep_school(ask: Ask) -> Reply | str:
    """Set, take out or list the spans in which the branch would rather not meet."""
    branch = ask.standing.branch
    if name := ask.slots.get("drop", ""):
        gone = school.drop(ask.session, branch, name.strip(), ask.now)
        if not gone:
            raise Refusal(f"校历里没有“{name}”。说“校历”看有哪些。")
        return Reply(f"去掉了校历里的{name}。", changed=True)
    if "first" not in ask.slots:
        return _list(ask)
    first = _day(ask, which.slot(ask, "first"))
    last = _day(ask, which.slot(ask, "last"))
    if last < first:  # 12月28日到1月15日
        last = add_months(last, 12)
    name = which.slot(ask, "name").strip()
    before = [
        _say(each)
        for each in school.same_as(ask.session, branch, name, first, last)
        if (each.first, each.last) != (first, last)
    ]
    span = school.put(ask.session, branch, name, first, last, ask.member, ask.now)
    instead = f"原来记的{'、'.join(before)}换掉了。" if before else ""
    return Reply(
        f"记下了：{_say(span)}。{instead}拟年度计划时避开这些日子。"
        f"记错了再说一遍，不要了说“删校历 {name}”。",
        changed=True,
    )


def _day(ask: Ask, words: str) -> date:
    found = find_period(words, ask.now, "future")
    if found is None or (found.end - found.start).days != 1:
        raise Refusal(f"请说清哪天到哪天，例：{EXAMPLE}")
    return found.start.date()


def _list(ask: Ask) -> str:
    today = ask.now.date()
    found = school.within(ask.session, ask.standing.branch, today, today + AHEAD)
    if not found:
        return f"校历还没有记。例：{EXAMPLE}"
    return "\n".join(["【校历】", *map(_say, found), f"要加或改：{EXAMPLE}"])


def _say(span: school.SchoolSpan) -> str:
    return f"{span.name} {say_date(span.first)}至{say_date(span.last)}"
