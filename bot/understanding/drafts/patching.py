"""A value put into a text for the old one: 周三下午两点 + 周四 → 周四下午两点.

Only what is said changes: a new day keeps the hour, a new hour the day. What cannot be
told for certain is asked back (Refusal), and the text stays as it was.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.calendar.say import (
    say_date,
    say_day,
    say_hour,
    say_short_day,
    say_weekday,
)
from bot.errors import Refusal
from bot.understanding.slots.place import find_places
from bot.understanding.when import When, find_when, read_when
from bot.understanding.when.instead import HOUR, half_of, keep_every, only_hour

HALVES = "凌晨|清晨|早晨|早上|上午|中午|下午|傍晚|晚上|夜里|晚|早"
HOUR_PART = re.compile(
    rf"(?P<half>{HALVES})?(?<![周期拜])(?P<hour>{HOUR})|(?P<only>(?:{HALVES})(?!\S*{HOUR}))"
)
WEEK = "一二三四五六日天"
SHORT = {"今": "今天", "明": "明天", "后": "后天", "当": "当天"}
BY_DAY = ("上午", "中午", "下午", "晚上")
WHOLE_HALF = {"晚": "晚上", "早": "早上"}
WEEKDAY = re.compile(r"(?P<week>周|星期|礼拜)(?P<day>[一二三四五六日天])")
BARE_WEEKDAY = re.compile(
    rf"(?<![上下这本每隔单双各])(?<![上下这本]个)(?<![{WEEK}][到至])"
    rf"(?P<week>周|星期|礼拜)(?P<day>[{WEEK}])(?![到至])"
)
"""A weekday of no week by itself; one of a row (周一到周五) is left to its row."""
DATE = re.compile(r"\d{1,2}\s*[月./-]\s*\d{1,2}|[一二三四五六七八九十]{1,3}月")
TAIL = re.compile(r"(?<=[一二三四五六日天末号日])(?:开始|起|之前|以前|前)$")
"""What stays of a written day when it is another: 周三开始."""
RELATIVE = re.compile("[今明后昨](?:天|晚|早|日|晨|儿)|当晚|待会|一会儿?|马上|现在")
NO_TIME = (
    "里面没有写时间，没有改。要写上，说“加一句 时间：{value}”；"
    "要定几时发出，说“{value}发”。"
)
NO_TIME_TO_SHIFT = "里面没有写时间，没有改。"
WHEN_NOT_CLEAR = "“{said}”不是一个确定的时间，没有改。请直接说改成什么时候。"
WHICH_TIME = "里面有 {n} 个时间：{found}。改哪一个？例：{first}改成{value}"
NO_CLAUSE = "“{words}”不在一句话里，没有改。请用“修改 …”把整段再说一遍。"
ALL_OF_IT = "去掉“{words}”就没有内容了，没有改。请用“修改 …”把整段再说一遍。"
CLAUSE = re.compile(r"[^，,；;。！!\n]+[，,；;。！!\n]*")
COMMAS = "，,；; "
NO_PLACE = "里面没有写地点，没有改。要写上，说“加一句 地点：{value}”。"
WHICH_PLACE = "里面有 {n} 个地点：{found}。改哪一个？请用“修改 …”把整段再说一遍。"


@dataclass(frozen=True)
class Patched:
    """text: as it is now; old, new: what took the place of what."""

    text: str
    old: str
    new: str

    @property
    def mark(self) -> str:
        return f"{self.old}→{self.new}"


@dataclass(frozen=True)
class _Parts:
    """A time as it is written: 下周三 · 下午 · 两点."""

    day: str
    half: str
    hour: str

    def __str__(self) -> str:
        return f"{self.day}{self.half}{self.hour}"


def patch_time(
    text: str, value: str, now: datetime, old: str = "", *, limits: bool = False
) -> Patched:
    """Put a new day or hour, or both, in the place of the one in a text.

    old: which of several is meant. limits: whether one by which something is to be done
    is one of them, where there is no other. Raises Refusal where it is not certain.
    """
    when = _choose(text, value, now, old, limits=limits)
    first, last = when.span
    written = text[first:last]
    kept = written[: len(written.rstrip())]
    start = first + len(kept) - len(kept.lstrip())
    before = text[start : first + len(kept)]
    if when.next and DATE.search(before):
        value = in_week_of(value, when.next[0], now)
    new = _put_in(before, value.strip(" 吧了"), when, now)
    return Patched(f"{text[:start]}{new}{text[start + len(before) :]}", before, new)


def shift_time(text: str, by: timedelta, now: datetime) -> Patched:
    """Move the one time in a text by so much. Raises Refusal for none, or several."""
    found = times_in(text, now)
    if not found:
        raise Refusal(NO_TIME_TO_SHIFT)
    first = found[0].next
    when = _choose(text, say_hour(first[0] + by) if first else "…", now, "")
    if when.unclear or not when.next or when.recurring:
        raise Refusal(WHEN_NOT_CLEAR.format(said=_written(text, when)))
    written = _written(text, when)
    value = _say_moved(written, when.next[0], when.next[0] + by)
    return patch_time(text, value, now, written)


def _say_moved(written: str, old: datetime, moved: datetime) -> str:
    """Write another day or hour, in the way in which the old one is written."""
    day = hour = ""
    if moved.date() != old.date():
        bare = WEEKDAY.search(written) and not DATE.search(written)
        near = moved.isocalendar()[:2] == old.isocalendar()[:2]
        weekday = say_weekday(moved.weekday())
        day = weekday if bare and near else say_day(moved.date())
    if moved.time() != old.time():
        clock = HOUR_PART.search(written)
        in_figures = clock and clock["hour"] and ":" in clock["hour"].replace("：", ":")
        hour = f"{moved:%H:%M}" if in_figures else say_hour(moved)
    return f"{day}{hour}"


def move_moment(moment: datetime, words: str, now: datetime) -> datetime:
    """Give a moment a new day or hour, or both. Raises Refusal where unclear."""
    written = f"{say_date(moment)}{moment:%H:%M}"
    when = read_when(patch_time(written, words, now).text, now)
    if when.unclear or not when.next:
        raise Refusal(when.unclear or "几点？请说哪天、几点。")
    return when.next[0]


def times_in(text: str, now: datetime) -> list[When]:
    """List the times of which a text tells, without those by which to answer."""
    return [each for each in find_when(text, now) if not each.deadline]


def _choose(
    text: str, value: str, now: datetime, old: str, *, limits: bool = False
) -> When:
    found = times_in(text, now) or (find_when(text, now) if limits else [])
    if old:
        found = [each for each in found if _is_called(_written(text, each), old, now)]
    if not found:
        raise Refusal(NO_TIME.format(value=value))
    days = {each.next[0].date() if each.next else None for each in found}
    if len(found) > 1 and len(days) == 1 and None not in days:
        wanted = DATE if DATE.search(value) else WEEKDAY
        alike = [each for each in found if wanted.search(_written(text, each))]
        return (alike or found)[0]
    if len(found) > 1 and only_hour(value):
        timed = [each for each in found if _part(_written(text, each)).hour]
        found = timed if len(timed) == 1 else found
    if len(found) > 1:
        words = [_written(text, each) for each in found]
        told = "、".join(f"“{each}”" for each in words)
        asked = WHICH_TIME.format(n=len(found), found=told, first=words[0], value=value)
        raise Refusal(asked)
    return found[0]


def _written(text: str, when: When) -> str:
    words = text[slice(*when.span)].strip()
    return f"{words}）" if "（" in words and "）" not in words else words


def _is_called(written: str, old: str, now: datetime) -> bool:
    """Whether a time in a text is what somebody calls 周三 or 八点."""
    said, there = _part(old.strip(" 的")), _part(written)
    if old.strip(" 的") in written:
        return True
    one, other = find_when(written, now), find_when(old, now)
    if not (one and other and one[0].next and other[0].next):
        return bool(said.hour) and said.hour == there.hour
    same_day = one[0].next[0].date() == other[0].next[0].date()
    same_hour = not said.hour or one[0].next[0].time() == other[0].next[0].time()
    return same_hour and (same_day or not said.day)


def _part(written: str) -> _Parts:
    found = HOUR_PART.search(written)
    if found is None:
        return _Parts(written, "", "")
    day, half = written[: found.start()], found["half"] or found["only"] or ""
    if day[-1:] in SHORT and half in WHOLE_HALF:
        day, half = day[:-1] + SHORT[day[-1:]], WHOLE_HALF[half]
    hour = "" if found["only"] else written[found.start("hour") :]
    return _Parts(day, half, hour)


def _put_in(before: str, value: str, when: When, now: datetime) -> str:
    old, new = _part(before), _part(value)
    found = HOUR_PART.search(before)
    if found and found["hour"] and new.hour and not (new.day or new.half):
        tried = f"{before[: found.start('hour')]}{new.hour}"
        if found["half"] and not read_when(tried, now).unclear:
            return tried
    if str(old) == old.hour and str(new) == new.hour:
        return new.hour  # as bare as the one that it is put for
    day = _same_week(old.day, new.day) if new.day else old.day
    day = keep_every(old.day, day)
    if (tail := TAIL.search(old.day)) and not TAIL.search(day):
        day += tail[0]
    if not (new.hour or new.half):
        return (
            f"{day}{before[len(old.day) :]}"
            if before.startswith(old.day)
            else str(_Parts(day, old.half, old.hour))
        )
    for half in (new.half,) if new.half else _likely_halves(old, new, when):
        hour = new.hour or (old.hour if half == old.half else "")
        tried = str(_Parts(day, half, hour))
        read = read_when(tried, now)
        if not read.unclear:
            return tried
    raise Refusal(read.unclear or "")


def _likely_halves(old: _Parts, new: _Parts, when: When) -> Sequence[str]:
    """List the halves of the day that a new hour may be of: first the old one's.

    An hour in figures (16:00) may stand alone; one in words never joins the day before
    it, as 周五 and 十点 would.
    """
    alone = ("",) if ":" in new.hour or "：" in new.hour else ()
    return (old.half or _half_of(when), *alone, *BY_DAY)


def _half_of(when: When) -> str:
    """Name the half of the day that a time written in 24 hours lies in."""
    return half_of(when.next[0]) if when.next else ""


def _same_week(old: str, new: str) -> str:
    """Leave a bare weekday in the week of the old one: 下周三 + 周四 → 下周四."""
    bare, there = WEEKDAY.fullmatch(new.strip()), WEEKDAY.search(old)
    if bare is None or there is None or there.end() != len(old.rstrip()):
        return new
    return f"{old[: there.start('day')]}{bare['day']}"


def in_week_of(words: str, moment: datetime | None, now: datetime) -> str:
    """Give each bare weekday the week of what is planned, by its date.

    周三 said of the 8th, a Tuesday of next week, is the 9th, though another Wednesday
    comes before. A day of that week that is over stays as it was said.
    """
    if moment is None:
        return words

    def dated(found: re.Match[str]) -> str:
        at = min(WEEK.index(found["day"]), 6)
        day = moment + timedelta(days=at - moment.weekday())
        if day.date() < now.date():
            return found[0]
        same_year = day.year == now.year
        return say_short_day(day) if same_year else say_date(day)

    return BARE_WEEKDAY.sub(dated, words)


def patch_place(text: str, value: str) -> Patched:
    """Put a new place in that of the one in a text. Raises Refusal for none, or two."""
    spans = find_places(text)
    names = {text[slice(*span)] for span in spans}
    if not spans:
        raise Refusal(NO_PLACE.format(value=value))
    if len(names) > 1:
        told = "、".join(f"“{each}”" for each in sorted(names))
        raise Refusal(WHICH_PLACE.format(n=len(names), found=told))
    old = names.pop()
    for start, end in reversed(spans):
        text = f"{text[:start]}{value}{text[end:]}"
    return Patched(text, old, value)


def patch_words(text: str, value: str, old: str) -> Patched:
    """Put words in the place of others, wherever these stand in a text."""
    return Patched(text.replace(old, value), old, value)


def cut_clause(text: str, words: str) -> Patched:
    """Leave out the one clause of a text in which words stand. Raises Refusal."""
    pieces = CLAUSE.findall(text)
    held = [each for each in pieces if words in each]
    if len(held) != 1 or len(pieces) == 1:
        raise Refusal((NO_CLAUSE if len(held) != 1 else ALL_OF_IT).format(words=words))
    at = pieces.index(held[0])
    left = "".join(pieces[:at] + pieces[at + 1 :])
    if at == len(pieces) - 1:
        left = left.rstrip(COMMAS)
    return Patched(left, held[0].strip(f"{COMMAS}。"), "（去掉）")


def find_clashes(text: str, now: datetime) -> Sequence[str]:
    """Say where the days in a text contradict each other: 周三 and 12月3日."""
    found = times_in(text, now)
    unclear = [_written(text, each) for each in found if each.unclear]
    told = [f"“{each}”里的日子对不上" for each in unclear if _has_both(each)]
    placed = [each for each in found if each.next and not each.recurring]
    words = [(_written(text, each), each.next[0].date()) for each in placed]
    dates = [each for each in words if DATE.search(each[0])]
    days = [each for each in words if WEEKDAY.search(each[0]) and each not in dates]
    if len(dates) == len(days) == 1 and dates[0][1] != days[0][1]:
        weekday, other = days[0]
        told.append(f"“{weekday}”是{say_day(other)}，和“{dates[0][0]}”不是一天")
    return told


def _has_both(written: str) -> bool:
    return bool(WEEKDAY.search(written) and DATE.search(written))


def relative_days(text: str) -> Sequence[str]:
    """List the words in a text that mean another day when it is read later: 今晚."""
    return list(dict.fromkeys(RELATIVE.findall(text)))
