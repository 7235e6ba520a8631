"""How long somebody wants quiet: 到周五, 三天, 两小时, 今晚, 明天下午, 今晚八点以后."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.calendar.recurrence.stretches import add_months
from bot.errors import Refusal
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.when import When, find_period, find_when
from bot.understanding.when.numbers import read_number
from bot.understanding.words.masks import mask

HERE = Path(__file__)
LASTING = Lexicon(HERE, "lasting")
AND_A_HALF = Lexicon(HERE, "and_a_half")
MOST = 100_000
ABOUT = Lexicon(HERE, "about")
MINUTES = {"分钟": 1, "小时": 60, "钟头": 60}
DAYS = {"天": 1, "周": 7, "星期": 7, "礼拜": 7}
NUMERIC = re.compile(
    r"(?P<until>[到至])(?P<month>1[0-2]|0?[1-9])[-－—.](?P<day>3[01]|[12]\d|0?[1-9])[日号]?(?![\d.:点])"
)
"""12-3 is a day where something lasts until it; elsewhere it may be a range."""
UNTIL = Lexicon(HERE, "until")
OF_A_DAY = Lexicon(HERE, "of_a_day")
PARTS = {
    "早": (0, 12), "早上": (0, 12), "上午": (0, 12), "中午": (11, 14),
    "下午": (12, 18), "傍晚": (17, 24), "晚": (18, 24), "晚上": (18, 24),
    "夜里": (18, 24),
}  # fmt: skip
NOON = 12  # where 到中午 ends
AFTER = Lexicon(HERE, "after")
BEFORE = Lexicon(HERE, "before")
WEEKEND = Lexicon(HERE, "weekend")
TO = ("到", "至", "-", "—", "~")
CLOCK = frozenset("点时:：")
PASSED = "这段时间已经过去了。要安静到哪天为止？现在还没有设。"
UNREAD = "没听准到什么时候为止。请说到哪天或几点，例：到周五。现在还没有设。"
SEVERAL = "您说了不止一段，一次只能设一段。到哪天为止？例：到周五。现在还没有设。"
LONGEST_ANSWER = 24
A_WEEK, A_YEAR = timedelta(days=7), timedelta(days=366)
TIMES = Lexicon(HERE, "times")
EVERY = Lexicon(HERE, "every")
VAGUE = Lexicon(HERE, "vague")
# Times of the year that no one can place to the day for certain.
SEASON = Lexicon(HERE, "season")
HOLIDAYS = Lexicon(HERE, "holidays")
# What may stand around the time in an answer to "until when?".
AROUND = Lexicon(HERE, "around")


class Unplaced(Refusal):
    """Quiet is wanted for a while, and its end is not certain."""


@dataclass(frozen=True)
class QuietSpan:
    since: datetime
    until: datetime


def names_span(text: str) -> bool:
    """Whether a text says a time or how long, be it ever so vaguely.

    Right after a verb 了 tells of what is done: 推迟了一小时.
    """
    if text.startswith("了"):
        return False
    patterns = (EVERY, VAGUE, SEASON, LASTING, AND_A_HALF)
    return (
        bool(TIMES.find(mask(text)))
        or UNTIL.find_at(text) is not None
        or any(each.find(text) for each in patterns)
    )


def read_quiet_span(text: str, now: datetime) -> QuietSpan | None:
    """Read from when and until when; None where no time is said.

    Raises Unplaced, which asks until when.
    """
    text = NUMERIC.sub(r"\g<until>\g<month>月\g<day>日", WEEKEND.cut(text, "周末"))
    if every := EVERY.find(text):
        raise Unplaced(
            f"按“{every[0]}”一次次重复的免打扰我还设不了，现在还没有设。"
            "每天固定的钟点可以说“晚上八点以后别给我发”；只停一段，说到哪天为止？"
        )
    if half := AND_A_HALF.find(text):
        return _and_a_half(half, now)
    if lasting := LASTING.find(text):
        return _within_a_year(_lasting(lasting, _begins(text, lasting, now)))
    if vague := VAGUE.find(text):
        raise Unplaced(f"“{vague[0]}”是到哪天为止？例：到周五。现在还没有设。")
    span = _by_hour(text, now) or _of_a_day(text, now) or _of_days(text, now)
    if span is None and (TIMES.find(mask(text)) or UNTIL.find(text)):
        raise Unplaced(UNREAD)
    return span


def _begins(text: str, lasting: re.Match[str], now: datetime) -> datetime:
    """Find from when on it lasts: 下周出差一周; now where no day is said."""
    rest = f"{text[: lasting.start()]}，{text[lasting.end() :]}"
    period = find_period(rest, now, "future")
    if period is None or period.start <= now:
        return now
    times = find_when(rest, now)
    at = times[0] if len(times) == 1 else When()
    if at.next and not (at.recurring or at.date_only or at.assumed):
        return at.next[0]
    if _leads_to(rest, period.span[0]) or lasting["unit"] in MINUTES:
        raise Unplaced(SEVERAL)
    return period.start


def _within_a_year(span: QuietSpan) -> QuietSpan:
    if span.until - span.since > A_YEAR:
        raise Unplaced("最长设一年。到哪天为止？例：到周五。现在还没有设。")
    return span


def _and_a_half(said: re.Match[str], now: datetime) -> QuietSpan:
    """Read 两个半小时; 一天半 ends in the middle of a day."""
    if said["hours"] is None:
        raise Unplaced(f"“{said[0]}”是到什么时候为止？例：到周五。现在还没有设。")
    hours = timedelta(hours=read_number(said["hours"]), minutes=30)
    return _within_a_year(QuietSpan(now, now + hours))


def read_quiet_end(answer: str, now: datetime) -> QuietSpan | None:
    """Read the answer to "until when?"; None where it says more than a time."""
    said = answer.strip().removeprefix("一直").removeprefix("到")
    if len(said) > LONGEST_ANSWER:
        return None
    try:
        span = read_quiet_span(f"到{said}", now)
    except Unplaced:
        return None
    lasting = AND_A_HALF.find(said) or LASTING.find(said)
    period = find_period(said, now, "future")
    if lasting is not None:
        first, last = lasting.span()
    else:
        first, last = period.span if period else (0, 0)
    rest = mask(f"{said[:first]}，{said[last:]}")
    return span if AROUND.fit(rest) else None


def _lasting(said: re.Match[str], now: datetime) -> QuietSpan:
    """Read 三天 with the day of now as their first, and 两小时 from now on."""
    unit = said["unit"] or said["months"]
    if said["count"] == "半":
        if unit in DAYS or unit == "月":
            raise Unplaced(f"“{said[0]}”是到什么时候为止？例：到周五。现在还没有设。")
        return QuietSpan(now, now + timedelta(minutes=MINUTES[unit] // 2))
    if ABOUT.fit(said["count"]):
        raise Unplaced(f"“{said[0]}”是到什么时候为止？例：到周五。现在还没有设。")
    count = min(read_number(said["count"]), MOST)
    if unit in MINUTES:
        return QuietSpan(now, now + timedelta(minutes=count * MINUTES[unit]))
    if unit in DAYS:
        return QuietSpan(now, _midnight(now, count * DAYS[unit]))
    last = add_months(now.date(), count)
    return QuietSpan(now, _midnight(now, (last - now.date()).days))


def _by_hour(text: str, now: datetime) -> QuietSpan | None:
    """Read 今晚八点以后, 下午三点前, 到明早九点, 明天下午两点到四点."""
    after = AFTER.find(text)
    times = _seen_whole(_without(text, after), now)
    if len(times) == 2 and text[times[0].span[1] : times[1].span[0]] in ("", *TO):
        return _from_to(times[0], times[1], now)
    when = times[0] if len(times) == 1 else When()
    if when.unclear and not CLOCK.isdisjoint(text[slice(*when.span)]):
        raise Unplaced(f"{when.unclear}现在还没有设。")
    if not when.next or when.recurring or when.date_only or when.assumed:
        return None
    at, (first, last) = when.next[0], when.span
    if when.end is not None:
        return QuietSpan(max(at, now), when.end)
    if when.deadline or _leads_to(text, first) or BEFORE.find_at(text, last):
        return QuietSpan(now, at)
    return QuietSpan(at, _midnight(at, 1)) if after else None


def _seen_whole(text: str, now: datetime) -> list[When]:
    """Find the times; of what has begun and is not over, also its beginning."""
    times = find_when(text, now)
    if not any(each.unclear for each in times):
        return times
    of_today = find_when(text, _midnight(now, 0))
    last = of_today[-1]
    ends = last.end or (last.next[0] if last.next else now)
    return of_today if ends > now else times


def _from_to(first: When, last: When, now: datetime) -> QuietSpan | None:
    """Read 今晚八点到明早七点, both at an hour of a day that is said."""
    if any(not at.next or at.recurring or at.date_only for at in (first, last)):
        return None
    since, until = max(first.next[0], now), last.next[0]
    if until <= since:
        raise Unplaced(UNREAD)
    return QuietSpan(since, until)


def _without(text: str, hit: re.Match[str] | None) -> str:
    return text[: hit.start()] + text[hit.end() :] if hit else text


def _of_a_day(text: str, now: datetime) -> QuietSpan | None:
    """Read 今晚, 明天上午."""
    said = OF_A_DAY.find(text)
    day = find_period(said[0], now, "future") if said else None
    if said is None or day is None:
        return None
    first, last = PARTS[said["part"]]
    since, until = (day.start + timedelta(hours=hour) for hour in (first, last))
    if until <= now:
        raise Unplaced(PASSED)
    if text[: said.start()].endswith(("到", "至")):
        noon = said["part"] == "中午" and day.start + timedelta(hours=NOON)
        return QuietSpan(now, noon or until)
    return QuietSpan(max(since, now), until)


def _of_days(text: str, now: datetime) -> QuietSpan | None:
    period = find_period(text, now, "future")
    season = SEASON.find(text)
    if season and (period is None or HOLIDAYS.find(text)):
        raise Unplaced(
            f"{season[0]}是从哪天到哪天？"
            "请说到哪天为止，例：免打扰到2月14日。现在还没有设。"
        )
    if period is None:
        return None
    first, last = period.span
    more = find_period(f"{text[:first]}，{text[last:]}", now, "future")
    if more is not None and (more.start, more.end) != (period.start, period.end):
        raise Unplaced(SEVERAL)
    if BEFORE.find(text) and period.start > now:
        return QuietSpan(now, period.start)
    if period.end <= now:
        raise Unplaced(PASSED)
    if not _leads_to(text, period.span[0]):
        return QuietSpan(max(period.start, now), period.end)
    if period.start > now and period.end - period.start >= A_WEEK:
        said = text[slice(*period.span)].strip("到至")
        raise Unplaced(f"到{said}的哪天为止？例：到周五。现在还没有设。")
    return QuietSpan(now, period.end)


def _leads_to(text: str, place: int) -> bool:
    """Whether what stands there is the end: 免打扰到周五."""
    return any(each in "到至" for each in text[max(place - 1, 0) : place + 1])


def _midnight(moment: datetime, days: int) -> datetime:
    """Return where the day so many days later begins."""
    day = moment.date() + timedelta(days=days)
    return datetime(day.year, day.month, day.day, tzinfo=moment.tzinfo)
