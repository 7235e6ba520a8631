"""节点: the country's and the branch's days: how far off, how many years."""

from datetime import date, timedelta
from operator import itemgetter

from bot.branch.duties import observances
from bot.branch.people.members import Role
from bot.calendar.recurrence.festivals import festival_dates, is_solar
from bot.calendar.say import say_day, say_days, say_whole_day
from bot.calendar.workdays import days_off, is_provisional, made_up_days
from bot.calendar.yearly_days import YearlyDay
from bot.command import Ask, NotMeant, command
from bot.next_steps import send_on
from bot.understanding.when import find_period
from handlers.days.named_days import days_of, festival_in, is_meant

FURTHER, MOST = 3, 15
OFF_FOR_ALL = ("元旦", "春节", "除夕", "清明节", "劳动节", "端午节", "中秋节", "国庆节")
NEAR = timedelta(days=14)
HOW_TO_ADD = "要加就说：加节点 12月9日 支部成立纪念日"
ONLY_SECRETARY = "支部的节点由书记来加，您有想加的，跟书记说一声"


@command(
    "observances",
    public=True,
    help="重要节点是哪天，还有几天",
)
def show_observances(ask: Ask) -> str:
    """Tell of a day that is named, else of a stretch, else of what comes next."""
    if told := _say_named(ask, ask.text):
        return told
    today, days = ask.now.date(), days_of(ask)
    period = find_period(ask.text, ask.now, "future")
    if period is None:
        return _upcoming(days, today)
    first, last = period.start.date(), period.end.date() - timedelta(days=1)
    found = (
        sorted(
            ((on, each) for each in days if (on := each.between(first, last))),
            key=itemgetter(0),
        )
        if first <= last
        else []
    )
    when = _say_stretch(first, last)
    if not found:
        return f"{when}没有记着的节点。\n{_upcoming(days, today)}"
    lines = [_line(each, on, today) for on, each in found[:MOST]]
    return "\n".join([f"{when}的节点：", *lines])


@command("observances.day", help="某个日子是哪天，还有几天", shown=False)
def show_day(ask: Ask) -> str:
    """Tell of the one day that is asked about, or that nobody knows it."""
    if told := _say_named(ask, ask.text):
        return told
    return f"这个日子我没有记着。{_upcoming(days_of(ask), ask.now.date())}"


@command("observances.time_off", help="节日放几天假，怎么调休", shown=False)
def show_time_off(ask: Ask) -> str:
    today = ask.now.date()
    festival = festival_in(ask.slots.get("what", ""), today)
    if festival is None:
        raise NotMeant
    return _say_time_off(*festival, ask.text, today)


@command("observances.own", help="支部自己的节点有哪些", shown=False)
def list_own(ask: Ask) -> str:
    kept = [each for each in days_of(ask) if each.own]
    hint = send_on(ask, "", HOW_TO_ADD)
    if not kept:
        return f"本支部还没有自己的节点。{hint}"
    lines = [f"· {observances.say(each)} {each.name}" for each in kept]
    return "\n".join(["本支部自己的节点：", *lines, *([hint] if hint else [])])


@command("observances.how", help="支部的节点怎么加", shown=False)
def tell_how_to_add(ask: Ask) -> str:
    return send_on(ask, ONLY_SECRETARY, HOW_TO_ADD)


def _say_named(ask: Ask, text: str) -> str:
    """Tell of the days that a text names; "" where it names none."""
    today = ask.now.date()
    if named := [each for each in days_of(ask) if is_meant(each, text)]:
        return "\n".join(_describe(each, today, text) for each in named)
    festival = festival_in(text, today)
    return _say_festival(ask, *festival) if festival else ""


def _say_festival(ask: Ask, name: str, coming: date) -> str:
    """Tell of a day that is on nobody's list."""
    told = f"{name}：{say_whole_day(coming)}，{_left(coming, ask.now.date())}。"
    solar = is_solar(name)
    how = f"要提前提醒可以说“加节点 {coming.month}月{coming.day}日 {name}”。"
    secretary = ask.standing.role >= Role.SECRETARY and solar
    return f"{told}它不在节点里。{how if secretary else ''}"


def _say_time_off(name: str, coming: date, text: str, today: date) -> str:
    """Tell which days are off around a festival, and which weekends are worked."""
    if name not in OFF_FOR_ALL:
        return f"{name}不是全体放假的节日。"
    if "今年" in text and coming.year != today.year:
        coming = next(iter(festival_dates(name, today.year)), coming)
    year = coming.year
    if is_provisional(year):
        return f"我手上还没有{year}年的放假调休安排，说不准{name}怎么放。"
    off = days_off(coming)
    if not off:
        return f"{year}年{name}（{say_day(coming)}）不放假。"
    made_up = made_up_days(off[0] - NEAR, off[-1] + NEAR)
    worked = "、".join(map(say_day, made_up))
    told = f"{year}年{name}放假：{say_day(off[0])}"
    told += f"至{say_day(off[-1])}，共 {len(off)} 天" if len(off) > 1 else "，1 天"
    more = f"前后调休上班：{worked}。" if made_up else "前后没有调休上班的周末。"
    return f"{told}。{more}\n依据：国务院办公厅{year}年节假日安排通知"


def _say_stretch(first: date, last: date) -> str:
    if first == last:
        return say_day(first)
    whole_month = first.day == 1 and (last + timedelta(days=1)).day == 1
    if whole_month and (first.year, first.month) == (last.year, last.month):
        return f"{first.year}年{first.month}月"
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return f"{first.year}年"
    return say_days(first, last)


def _describe(day: YearlyDay, today: date, text: str) -> str:
    asked = day.in_year(today.year) if "今年" in text or "年了" in text else None
    coming = day.next_from(today)
    lines = []
    if asked and asked < today:
        years = day.years(asked)
        told = f"今年是 {years} 周年，" if years else "今年的"
        lines.append(f"{day.name}：{told}{say_day(asked)}已经过了。")
    if coming is None:
        lines.append(f"{day.name}：{observances.say(day)}，已经过了。")
    else:
        lines.append(_sentence(day, coming, today))
    return "\n".join(lines)


def _sentence(day: YearlyDay, coming: date, today: date) -> str:
    years = day.years(coming)
    counted = f"，{years} 周年（从 {day.since} 年算）" if years else ""
    date_said = say_whole_day(coming)
    return f"{day.name}：{date_said}，{_left(coming, today)}{counted}。"


def _left(coming: date, today: date) -> str:
    left = (coming - today).days
    return "就是今天" if left == 0 else f"还有 {left} 天"


def _line(day: YearlyDay, on: date, today: date) -> str:
    left = "" if on < today else f"，{_left(on, today)}"
    return f"· {say_day(on)} {day.title(on)}{left}"


def _upcoming(days: list[YearlyDay], today: date) -> str:
    coming = sorted(
        ((on, each) for each in days if (on := each.next_from(today))),
        key=itemgetter(0),
    )
    lines = [_line(each, on, today) for on, each in coming[:FURTHER]]
    return "\n".join([f"今天{say_day(today)}，接下来的节点：", *lines])
