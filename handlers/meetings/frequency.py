"""三会一课体检: what was due, what was held, which months are missing, what to do."""

import re

from bot.branch.meetings import frequency, meetings
from bot.branch.meetings.frequency import Line
from bot.branch.meetings.kinds import find_kind
from bot.branch.people.members import Role
from bot.command import Ask, command
from bot.rulebook.citing import cite
from bot.rulebook.deadlines import add_months

YEAR = re.compile(r"(20\d\d)\s*年?")
NINETY = 3  # months, about
MOST = 8


@command(
    "frequency",
    help="三会一课开全了没有，缺哪几个月",
    role=Role.SECRETARY,
)
def show_frequency(ask: Ask) -> str:
    year = _year(ask)
    branch = ask.standing.branch
    every = frequency.check_year(ask.session, branch, year, ask.now)
    kind = find_kind(ask.text.replace("三会一课", ""))
    lines = [each for each in every if not kind or each.kind == kind[0]]
    so_far = "（到今天）" if year == ask.now.year else ""
    said = [f"【三会一课体检】{branch.name} {year} 年{so_far}", *map(say_line, lines)]
    if advice := frequency.advise(lines):
        said.append(f"建议：{advice}")
    if year == ask.now.year and not kind:
        said += _ahead(ask)
    said += cite(each.rule for each in lines if each.missing or kind)
    return "\n".join(said)


def say_line(line: Line) -> str:
    if not line.applies:
        return f"{line.title}：不适用（{line.why}）"
    due = f"全年应 {line.due} 次，" if line.due else "次数没有全国统一规定，"
    said = f"{line.title}：{due}已开 {line.held} 次"
    if line.lacking:
        few = "、".join(f"{month}月{group}" for month, group in line.lacking[:MOST])
        more = f"等 {len(line.lacking)} 次" if len(line.lacking) > MOST else ""
        return f"{said}；缺 {few}{more}"
    if line.missing:
        return f"{said}；缺 {_say_missing(line)}"
    return said


def _say_missing(line: Line) -> str:
    """Say the months, or the quarters where one a quarter is due."""
    if line.due == len(frequency.QUARTER_ENDS):
        return "、".join(f"第{'一二三四'[end // 3 - 1]}季度" for end in line.missing)
    if line.due == 1:
        return "全年一次"
    return "、".join(f"{month}月" for month in line.missing)


def _ahead(ask: Ask) -> list[str]:
    until = add_months(ask.now.date(), NINETY)
    last = ask.now.replace(year=until.year, month=until.month, day=until.day)
    found = meetings.within(ask.session, ask.standing.branch, ask.now, last)
    if not found:
        return ["往后三个月还没有定好的会。"]
    listed = "；".join(meetings.say(each, ask.now) for each in found[:MOST])
    return [f"往后三个月已定：{listed}"]


def _year(ask: Ask) -> int:
    if hit := YEAR.search(ask.text):
        return int(hit[1])
    return ask.now.year - 1 if "去年" in ask.text else ask.now.year
