"""年度计划: proposed from the rules and the school's calendar, changed line by line."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from bot.branch.meetings import proposing, year_plan
from bot.branch.meetings.kinds import TITLES, Kind, find_kind
from bot.branch.meetings.proposing import Proposal, Usual
from bot.branch.meetings.year_plan import Line, PlanItem
from bot.branch.people.members import Role
from bot.branch.people.send_file import make_book, send_book
from bot.calendar.say import say_short_day, say_weekday
from bot.calendar.workdays import is_provisional
from bot.command import Answer, Ask, Drafting, Kept, NotMeant, command
from bot.errors import Refusal
from bot.message import Reply
from bot.rulebook.citing import cite
from bot.understanding.sentences.forms import Forms
from bot.understanding.when import find_period
from handlers.meetings import which
from handlers.meetings.clauses import EDGES, part_clauses

FORMS = Forms(Path(__file__), "usual", "weekday", "without", "with")
WEEKDAYS = "一二三四五"
NTH = "一二三四"
USUAL = "meetings.usual"
WEDNESDAY = 2
NEXT_YEARS = 11
"""From this month on, the plan that is drawn up is next year's."""
ONE_MONTH = 31  # days; a line of the plan is of one month
HOW = "回“确认”写进计划。也可以说：放在周四、去掉党小组会、取消"
ADDING = "例：年度计划加 5月 党课 廉洁教育，王芳主讲"
MONTH_AND_KIND = "哪个月的什么会？例：{example}"


@command(
    "plan_event.year",
    help="看一年的会议计划和完成情况",
    role=Role.SECRETARY,
    shown=False,
)
def show_year(ask: Ask) -> str:
    """List a year's plan by month, with what became of each item."""
    year, branch = which.year_of(ask), ask.standing.branch
    found = year_plan.items(ask.session, branch, year)
    if not found:
        return f"{year} 年还没有计划。说“拟年度计划”，我按规定和校历拟一份。"
    became = year_plan.judge(ask.session, branch, year, ask.now)
    lines = [f"【{year} 年度计划】{branch.name}，{len(found)} 项"]
    for month in dict.fromkeys(each.month for each in found):
        mine = [each for each in found if each.month == month]
        said = [_say_item(each, became[each.id]) for each in mine]
        lines.append(f"{month}月：{'；'.join(said)}")
    return "\n".join([*lines, f"要加，{ADDING}。“导出年度计划”给您表格。"])


def _say_item(item: PlanItem, became: str) -> str:
    day = f" {say_short_day(item.day)}" if item.day and not became else ""
    beside = "，".join(filter(None, (item.leads, item.place, became)))
    return f"{item.title}{day}" + (f"（{beside}）" if beside else "")


@command(
    "plan_event.propose",
    help="按规定和校历拟一年的会议计划，例：拟明年的年度计划",
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def propose(ask: Ask) -> str:
    """Preview what the rules want of a year and its plan lacks."""
    period = find_period(
        ask.text.removesuffix(ask.slots.get("on", "")), ask.now, "future"
    )
    year = ask.now.year + (ask.now.month >= NEXT_YEARS)
    on = ask.slots.get("on", "")
    said = _usual(on)
    weekday = WEDNESDAY if said else _weekday(on)
    year = period.start.year if period else year
    return _show(ask, year, weekday, (), dict([said]) if said else {})


def _weekday(words: str) -> int:
    """Read a weekday, 0 for Monday; Wednesday where none is said."""
    found = FORMS.find(words)
    if found is None or found.template.intent != "weekday":
        return WEDNESDAY
    return WEEKDAYS.index(found.slots["day"][-1])


def _usual(words: str) -> tuple[Kind, Usual] | None:
    """Read on which day of a month one kind is to be: 支委会每月第一个周三."""
    found = FORMS.find(words)
    if found is None or found.template.intent != "usual":
        return None
    return _read_usual(found.slots)


def _read_usual(slots: Mapping[str, str]) -> tuple[Kind, Usual] | None:
    named = find_kind(slots["kind"])
    if named is None:
        return None
    weekday, nth = WEEKDAYS.index(slots["day"][-1]), slots.get("nth", "")
    week = next((at for at, each in enumerate(NTH) if each in nth), 0)
    if "最后" in nth:
        week = -1
    elif not nth:
        week = proposing.WEEK.get(named[0], 0)
    return named[0], Usual(weekday, week)


def _show(
    ask: Ask,
    year: int,
    weekday: int,
    without: Sequence[Kind],
    usual: Mapping[Kind, Usual],
) -> str:
    branch = ask.standing.branch
    made = proposing.propose(
        ask.session, branch, year, weekday, without, ask.now, usual
    )
    if not made.lines:
        return f"{year} 年的计划里，规定要开的都有了，没有要补的。"
    asked = f"把这 {len(made.lines)} 项写进 {year} 年度计划？"
    ask.put_draft(
        "meetings.year",
        asked,
        year=year,
        weekday=weekday,
        without=list(without),
        usual={kind: [each.weekday, each.week] for kind, each in usual.items()},
    )
    own = "".join(f"，{TITLES[kind]}{each.say()}" for kind, each in usual.items())
    return "\n".join(_describe(made, year, f"{say_weekday(weekday)}{own}"))


def _describe(made: Proposal, year: int, days: str) -> list[str]:
    head = f"【预览】{year} 年度计划，按规定拟 {len(made.lines)} 项"
    lines = [f"{head}（{days}）"]
    for month in dict.fromkeys(each.month for each in made.lines):
        said = [_say_line(each) for each in made.lines if each.month == month]
        lines.append(f"{month}月：{'、'.join(said)}")
    for each in made.left_out:
        lines.append(f"{each.title}不适用：{each.why}")
    lines.append(f"党课没有全国统一的次数，没有替支部定；要排说“{ADDING[2:]}”。")
    if is_provisional(year):
        lines.append(f"{year} 年的放假安排还没有公布，日子到时再核一遍。")
    if any(each.day is None for each in made.lines):
        lines.append("没有日子的，整月在校历的假期、考试周里，请自己定。")
    return [*lines, *cite(made.rules), HOW]


def _say_line(each: Line) -> str:
    day = f" {say_short_day(each.day)}" if each.day else "（日子没定）"
    return f"{TITLES[each.kind]}{day}"


def _of(kept: Kept) -> tuple[int, int, list[Kind], dict[Kind, Usual]]:
    usual = {Kind(kind): Usual(*each) for kind, each in kept.get("usual", {}).items()}
    without = [Kind(each) for each in kept["without"]]
    return kept["year"], kept["weekday"], without, usual


def show_again(ask: Ask, kept: Kept) -> Answer:
    return _show(ask, *_of(kept))


def change(ask: Ask, kept: Kept) -> Answer | None:
    """Hear another weekday, of all or of one kind, or a kind to leave out or in."""
    year, weekday, without, usual = _of(kept)
    found = FORMS.find(ask.text)
    if found is None:
        return None
    if found.template.intent == "weekday":
        return _show(ask, year, _weekday(ask.text), without, usual)
    if found.template.intent == "usual":
        said = _read_usual(found.slots)
        if said is None:
            return None
        return _show(ask, year, weekday, without, {**usual, said[0]: said[1]})
    named = find_kind(found.slots["kind"])
    if named is None:
        return None
    left = [each for each in without if each != named[0]]
    if found.template.intent == "without":
        left.append(named[0])
    return _show(ask, year, weekday, left, usual)


def confirm(ask: Ask, kept: Kept) -> Answer:
    ask.close_question()
    year, weekday, without, usual = _of(kept)
    branch = ask.standing.branch
    made = proposing.propose(
        ask.session, branch, year, weekday, without, ask.now, usual
    )
    new = year_plan.add(ask.session, branch, year, made.lines, ask.member, ask.now)
    return Reply(
        f"写进 {year} 年度计划了，{new} 项。“年度计划”随时看完成到哪了。", changed=True
    )


YEAR = Drafting(
    "meetings.year",
    show=show_again,
    confirm=confirm,
    change=change,
    verbs=("写进计划", "就这样定", "定了"),
    dropped="好的，没有写进计划。",
)


@command(
    "plan_event.usual",
    help="年度计划里一种会固定在每月哪天，例：支委会每月第一个周三",
    role=Role.SECRETARY,
    shown=False,
)
def set_usual(ask: Ask) -> str:
    """Show what would move; who only tells how it is loses nothing by that."""
    said = _read_usual(ask.slots) if "kind" in ask.slots else None
    if said is None and "kind" in ask.slots:
        raise NotMeant
    if said is None:
        return "哪种会、每月哪一天？例：支委会每月第一个周三。"
    kind, usual = said
    kept = {"of": kind, "usual": [usual.weekday, usual.week], "year": ask.now.year}
    return _show_usual(ask, kept)


def _moved(ask: Ask, kept: Kept) -> list[tuple[PlanItem, date]]:
    """List what stands in the plan ahead of that kind, and on which day it would be."""
    usual, branch, today = Usual(*kept["usual"]), ask.standing.branch, ask.now.date()
    year = kept["year"]
    became = year_plan.judge(ask.session, branch, year, ask.now)
    found = []
    for item in year_plan.items(ask.session, branch, year):
        over = item.month < today.month or became[item.id]
        if item.kind != kept["of"] or over:
            continue
        day = proposing.choose_day(ask.session, branch, year, item.month, usual, today)
        if day and day != item.day:
            found.append((item, day))
    return found


def _show_usual(ask: Ask, kept: Kept) -> str:
    title, usual = TITLES[Kind(kept["of"])], Usual(*kept["usual"])
    moved = _moved(ask, kept)
    if not moved:
        return (
            f"{kept['year']} 年度计划里没有要改的{title}。"
            f"还没有计划就说“拟年度计划，{title}{usual.say()}”。"
        )
    asked = f"把年度计划里的{title}改到{usual.say()}？"
    ask.put_draft(USUAL, asked, **kept)
    days = "、".join(say_short_day(day) for _, day in moved)
    return (
        f"【预览】{kept['year']} 年度计划里的{title} {len(moved)} 项改到"
        f"{usual.say()}：{days}。别的会不动；已经发了通知的会不跟着改。\n"
        "遇上放假、假期、考试周，顺到同月能开的那天。回“确认”改好；不改回“取消”。"
    )


def _set_usual(ask: Ask, kept: Kept) -> Reply:
    ask.close_question()
    moved = _moved(ask, kept)
    for item, day in moved:
        year_plan.set_day(ask.session, item, day)
    title = TITLES[Kind(kept["of"])]
    return Reply(f"改好了：{title} {len(moved)} 项，别的会没有动。", changed=True)


USUAL_DAY = Drafting(
    USUAL,
    show=_show_usual,
    confirm=_set_usual,
    verbs=("改", "改好"),
    dropped="好的，计划没有动。",
)


@command(
    "plan_event.add",
    help="往年度计划里加一项",
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def add(ask: Ask) -> Reply:
    said = which.slot(ask, "said")
    year, line = _read_line(ask, said)
    branch = ask.standing.branch
    if not year_plan.add(ask.session, branch, year, [line], ask.member, ask.now):
        raise Refusal(f"{year} 年 {line.month}月的计划里已经有这一项了。")
    beside = "，".join(filter(None, (line.topic, line.leads, line.place)))
    called = line.topic if line.kind == Kind.OTHER else TITLES[line.kind]
    head = "" if line.kind == Kind.OTHER else f"{called}："
    return Reply(
        f"加上了：{year} 年 {line.month}月 {head}{beside}。"
        f"不要了说“年度计划去掉 {line.month}月{called}”。",
        changed=True,
    )


def _read_line(ask: Ask, said: str) -> tuple[int, Line]:
    """Read a line of the plan: month or day, kind, topic, who leads, where."""
    year, month, rest = _take_month(ask, said, ADDING)
    rest, clauses = part_clauses(rest, lambda words: False)
    named = find_kind(rest)
    kind = named[0] if named else Kind.OTHER
    topic = f"{rest[: named[1][0]]} {rest[named[1][1] :]}" if named else rest
    line = Line(month, kind, " ".join(topic.strip(EDGES).split()).strip(EDGES))
    for each in clauses:
        match each.of:
            case "place":
                line = replace(line, place=each.words)
            case "lecturer" | "host":
                line = replace(line, leads=each.words)
            case "agenda":
                line = replace(line, topic=each.words)
    if kind == Kind.OTHER and not line.topic:
        raise Refusal(MONTH_AND_KIND.format(example=ADDING[2:]))
    period = find_period(said, ask.now, "future")
    one_day = period is not None and (period.end - period.start).days == 1
    return year, replace(line, day=period.start.date() if period and one_day else None)


def _take_month(ask: Ask, said: str, example: str) -> tuple[int, int, str]:
    """Part the month from the rest. Raises Refusal where none is said."""
    period = find_period(said, ask.now, "future")
    if period is None or (period.end - period.start).days > ONE_MONTH:
        raise Refusal(MONTH_AND_KIND.format(example=example.removeprefix("例：")))
    rest = f"{said[: period.span[0]]} {said[period.span[1] :]}"
    return period.start.year, period.start.month, rest


def _find_item(ask: Ask, said: str, example: str) -> PlanItem:
    """Find the one item that a month and a kind or topic mean. Raises Refusal."""
    year, month, rest = _take_month(ask, said, example)
    branch, words = ask.standing.branch, rest.strip(EDGES).removeprefix("的")
    for each in (year, year - 1):  # 3月 said in May means the year that is on
        every = year_plan.items(ask.session, branch, each)
        meant = _meant([item for item in every if item.month == month], words)
        if len(meant) > 1:
            listed = "、".join(item.title for item in meant)
            raise Refusal(f"{month}月有 {len(meant)} 项：{listed}。请带上主题。")
        if meant:
            return meant[0]
    raise Refusal(f"计划里没有 {month}月的“{words}”。说“年度计划”看有哪些。")


def _meant(found: Sequence[PlanItem], words: str) -> Sequence[PlanItem]:
    """Keep what words name, by its topic or else by its kind."""
    named = find_kind(words)
    by_topic = [each for each in found if each.topic and each.topic in words]
    return by_topic or [each for each in found if named and each.kind == named[0]]


@command(
    "plan_event.drop",
    help="从年度计划里去掉一项",
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def drop(ask: Ask) -> Reply:
    item = _find_item(ask, which.slot(ask, "said"), "年度计划去掉 5月党课")
    year_plan.drop(ask.session, item, ask.now)
    back = f"年度计划加 {item.month}月 {item.title.replace('：', ' ')}"
    return Reply(
        f"去掉了：{item.year} 年 {item.month}月 {item.title}。要加回来说“{back}”。",
        changed=True,
    )


@command(
    "plan_event.shift",
    help="把年度计划里的一项挪到别的月份",
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def shift(ask: Ask) -> Reply:
    example = "年度计划 5月党课改到6月"
    item = _find_item(ask, which.slot(ask, "said"), example)
    _, month, _ = _take_month(ask, which.slot(ask, "to"), example)
    year_plan.move(ask.session, item, month)
    return Reply(
        f"改好了：{item.year} 年的{item.title}放到 {month}月，日子没定。", changed=True
    )


def send_year(ask: Ask) -> Reply:
    """Send the year's plan as a sheet."""
    year, branch = which.year_of(ask), ask.standing.branch
    if not year_plan.items(ask.session, branch, year):
        raise Refusal(f"{year} 年还没有计划。说“拟年度计划”，我按规定和校历拟一份。")
    sheet = year_plan.write_sheet(ask.session, branch, year, ask.now)
    name = f"年度计划-{year}.xlsx"
    book = make_book([sheet], ask.made)
    send_book(ask.session, name, book, ask.member, ask.now)
    return Reply(f"发到您手机上了：{name}，{len(list(sheet.rows))} 项。", changed=True)
