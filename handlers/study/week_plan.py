"""A week's study plan in free words → what is studied on which day."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from bot.calendar.say import say_day
from bot.errors import Refusal
from bot.understanding.sentences.lexicon import Lexicon

NUMBERS = {each: at for at, each in enumerate("一二三四五六日")}
NUMBERS |= {"天": 6} | {str(at + 1): at for at in range(7)}
WEEKDAY = r"(?:周|星期|礼拜)"
MARKER = re.compile(
    r"(?:^|(?<=[\s；;。，,、|:：]))"
    rf"(?:(?P<week>[这本]|下个?)?{WEEKDAY}(?P<from>[一二三四五六日天1-7])"
    rf"(?:[至到~—–-]+{WEEKDAY}?(?P<to>[一二三四五六日天1-7]))?"
    r"|(?:(?P<year>\d{4})[年/.-])?(?P<month>\d{1,2})"
    r"(?:月(?P<day>\d{1,2})[日号]?|[/.-](?P<bare>\d{1,2})(?=[\s：:（(，,]|$))(?!\d)"
    r"|(?P<near>今天|明天|后天))"
    r"(?![前后之起的])(?:\s*[（(][^）)]{0,6}[）)])?[\s:：，,、]*"
)
ENDS = " \t\r\n。!！~"
EDGES = " \t\r\n；;。，,、|:："
NOTHING: tuple[str, ...] = (
    "不",
    "不安排",
    "不排",
    "不上",
    "不要",
    "不用",
    "取消",
    "删掉",
    "删除",
    "删",
)
NOTHING += ("去掉", "休息", "暂停", "无", "没有", "空")
BEFORE_ANEW = ("还是", "就", "都", "给我")
ANEW = ("改成", "改为", "改到", "换成", "换为", "换到", "调成", "调整为", "变成")
QUESTION = Lexicon(Path(__file__), "question")
NEAR = {"今天": 0, "明天": 1, "后天": 2}
LONG_PAST = 180
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class WeekPlan:
    """By day what is studied, None for nothing. guessed: which week was not said."""

    days: dict[date, str | None]
    guessed: bool = False

    def moved(self, weeks: int) -> "WeekPlan":
        return WeekPlan({day + weeks * WEEK: said for day, said in self.days.items()})


@dataclass(frozen=True)
class _Part:
    """The days of one marker, as weekdays or as dates, and its words."""

    weekdays: tuple[int, ...]
    week: str
    dates: tuple[date, ...]
    words: str


def is_one_day(text: str) -> bool:
    """Tell whether words name a day of a plan, and nothing else."""
    mark = MARKER.fullmatch(text)
    return mark is not None and not mark["to"]


def read_week_plan(text: str, today: date) -> WeekPlan | None:
    """Read "一周安排: 周一 …; 周二 …"; None if no day is named with something to study.

    Raises Refusal with everything that is wrong with it.
    """
    marks = list(MARKER.finditer(text))
    if not any(_words(text, marks, at) for at in range(len(marks))):
        return None
    if text.rstrip().endswith(("?", "？")) or QUESTION.stands_last(text.rstrip(ENDS)):
        return None
    faults: list[str] = []
    parts = list(_in_weeks(_parts(text, marks, today, faults)))
    monday, guessed = _monday(text[: marks[0].start()], parts, today)
    days: dict[date, str | None] = {}
    for part in parts:
        said = None if part.words.rstrip("学习了吧啊！!") in NOTHING else part.words
        start = monday + WEEK if part.week == "下" else monday
        if part.week in ("这", "本"):
            start = _monday_of(today)
        for day in (*part.dates, *(start + timedelta(days=n) for n in part.weekdays)):
            if day in days:
                faults.append(f"{say_day(day)}写了两次")
            days[day] = said
    if faults:
        raise Refusal("学习安排没有存：" + "；".join(dict.fromkeys(faults)) + "。")
    return WeekPlan(dict(sorted(days.items())), guessed)


def _in_weeks(parts: Iterable[_Part]) -> Iterator[_Part]:
    """Take a bare 周五 after 这周三 or 下周三 as that of the same week."""
    week = ""
    for part in parts:
        week = part.week or week
        yield replace(part, week=week) if part.weekdays else part


def _parts(
    text: str, marks: list[re.Match[str]], today: date, faults: list[str]
) -> Iterator[_Part]:
    """Take each marker with its words; "周一、周三 …" share what follows."""
    waiting: list[_Part] = []
    for at, mark in enumerate(marks):
        words = _words(text, marks, at)
        waiting.append(_part(mark, today, faults))
        if words:
            yield from (
                _Part(each.weekdays, each.week, each.dates, words) for each in waiting
            )
            waiting = []
    faults += [f"{marks[-1][0].strip(EDGES)}没写学什么"] if waiting else []


def _words(text: str, marks: list[re.Match[str]], at: int) -> str:
    end = marks[at + 1].start() if at + 1 < len(marks) else len(text)
    words = " ".join(text[marks[at].end() : end].strip(EDGES).split())
    return _anew(words)


def _anew(words: str) -> str:
    """Take what is studied instead: 还是改成 看纪录片."""
    said = words
    while small := next(filter(said.startswith, BEFORE_ANEW), ""):
        said = said.removeprefix(small)
    if verb := next(filter(said.startswith, ANEW), ""):
        return said.removeprefix(verb).lstrip(" :：")
    bare = said.startswith(("改", "换")) and said[1:].startswith(tuple("学看读听"))
    return said[1:] if bare else words


def _part(mark: re.Match[str], today: date, faults: list[str]) -> _Part:
    week = (mark["week"] or "")[:1]
    if mark["near"]:
        return _Part((), "", (today + timedelta(days=NEAR[mark["near"]]),), "")
    if mark["from"]:
        first = NUMBERS[mark["from"]]
        last = NUMBERS[mark["to"]] if mark["to"] else first
        if last < first:
            faults.append(f"{mark[0].strip(EDGES)}前后颠倒了")
        return _Part(tuple(range(first, last + 1)), week, (), "")
    day = _date(mark, today)
    if day is None:
        faults.append(f"没有{mark[0].strip(EDGES)}这一天")
    return _Part((), "", (day,) if day else (), "")


def _date(mark: re.Match[str], today: date) -> date | None:
    year = int(mark["year"] or today.year)
    try:
        day = date(year, int(mark["month"]), int(mark["day"] or mark["bare"]))
    except ValueError:
        return None
    if not mark["year"] and (today - day).days > LONG_PAST:
        return day.replace(year=year + 1) if (day.month, day.day) != (2, 29) else None
    return day


def _monday(head: str, parts: list[_Part], today: date) -> tuple[date, bool]:
    """Tell which week is meant, and whether that had to be guessed.

    Unsaid, it is this week if none of its days has passed, else the next.
    """
    monday = _monday_of(today)
    if _names_week(head, "下"):
        return monday + WEEK, False
    bare = [n for part in parts if not part.week for n in part.weekdays]
    if _names_week(head, "这", "本") or not bare:
        return monday, False
    passed = monday + timedelta(days=min(bare)) < today
    return (monday + WEEK if passed else monday), True


def _names_week(head: str, *which: str) -> bool:
    units = ("周", "星期", "礼拜", "个周", "个星期", "个礼拜")
    return any(f"{each}{unit}" in head for each in which for unit in units)


def _monday_of(today: date) -> date:
    return today - timedelta(days=today.weekday())
