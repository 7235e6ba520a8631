"""Other words to choose from, where those said leave a time open; an hour alone."""

import re
from datetime import datetime, time, timedelta

from bot.calendar.say import say_date
from bot.understanding.when.read import read_when
from bot.understanding.when.when import When

NUMERAL = r"(?:\d{1,2}|[零一二两三四五六七八九十]{1,3})"
HOUR = rf"{NUMERAL}(?:[点時时](?:钟|整|半|[一三]刻|{NUMERAL}分?)?|[:：]\d\d)"
PARTS = ("凌晨", "早上", "上午", "中午", "下午", "傍晚", "晚上")
PART = "凌晨|清晨|早晨|早上|上午|中午|下午|傍晚|晚上|今晚|夜里"
BARE_HOUR = re.compile(rf"(?<![午上晨晚间早里周期拜])(?<!\d)(?<!:)({HOUR})")
ONLY_HOUR = re.compile(rf"(?:是|那就|就)?((?:{PART})?{HOUR}|{PART})(?:吧|提醒)?")
ONLY_PART = re.compile(PART)
OF_A_DAY = re.compile(rf"(?P<day>.*?)的?(?P<part>{PART})?{HOUR}")
OF_DAY = re.compile(rf"(?:{PART})?{HOUR}|{PART}")
COUNTED_FROM = re.compile(r"^[从按以](?=.)|(?:起|开始)?(?:往[前后])?算[起的]?$")
OF_A_LIMIT = re.compile(r"(?P<day>[^点时:：]+?)(?:之|以)?前")
OF_A_WEEK = re.compile("((?:下|下下|这|本)个?)(?:周|星期|礼拜)")
OF_ANY_WEEK = re.compile("(?:周|星期|礼拜)[一二三四五六日天]")
EVERY = re.compile("每个?[月年](?=.*[日号])")
NUMBERED = re.compile("[0-9一二三四五六七八九十]{1,3}[号日]")
MOST = 3
NOON, EVENING = 12, 18
SPANS = {
    **dict.fromkeys(("凌晨",), (0, 6)),
    **dict.fromkeys(("清晨", "早晨", "早上"), (5, 10)),
    "上午": (6, NOON),
    "中午": (11, 14),
    "下午": (NOON, EVENING),
    "傍晚": (17, 20),
    **dict.fromkeys(("晚上", "今晚", "夜里"), (EVENING, 24)),
}
"""From which hour up to, not including, which one a part of the day lasts."""
INSTEAD = (
    (r"([二三五六七八九]月(?:[二三五六七九]|十五))(?![日号])", (r"农历\1", r"\1日")),
    (r"每个?月的?(?:29|30|31|二十九|三十一?)[号日]", ("每月最后一天", "每月28号")),
    (r"每年的?(?:2|二)月(?:29|二十九)[号日]", ("每年2月最后一天", "每年3月1日")),
    (r"(?<![每])(?:周|星期|礼拜)末|双休日?", ("周六", "周日")),
    (r"每个?(?:周|星期|礼拜)末", ("每周六", "每周日", "每周六和周日")),
    (r"月初", ("月1号", "月5号")),
    (r"今天", ("明天", "后天")),
    (rf"^(?=(?:{PART})?{HOUR})", ("明天", "后天")),
)


def keep_every(old: str, new: str) -> str:
    """Leave a bare number in the month or year of a day that recurs: 每月10号 + 8号."""
    every = EVERY.match(old)
    return f"{every[0]}{new}" if every and NUMBERED.fullmatch(new.strip()) else new


def alternatives(said: str, when: When, now: datetime) -> list[str]:
    """Write out what the words may mean; [] where nothing near is certain."""
    if when.deadline:
        return _ahead_of(said, when, now)
    tried = [*_by_part(said), *_by_words(said)]
    found: dict[datetime, str] = {}
    for words in tried:
        read = read_when(words, now)
        if not read.unclear and not read.deadline:
            found.setdefault(read.next[0], words)
    return list(found.values())[:MOST]


def join_answer(answer: str, said: str, now: datetime) -> str:
    """Put the answer to "when?" together with what was said before it.

    An hour alone belongs to the day said before, be that one by which it must be done;
    a day of the week to the week: 下周, then 周三; a day alone keeps what was said of
    it: 前一天晚上八点, then 3月20日.
    """
    if (week := OF_A_WEEK.fullmatch(said.strip())) and OF_ANY_WEEK.match(answer):
        return f"{week[1]}{answer}"
    hour = only_hour(answer)
    if hour and (bare := BARE_HOUR.search(said)):
        day = said[: bare.start()]
        if ONLY_PART.fullmatch(hour):
            hour += bare[1]
        return f"{day}{hour}"
    if hour and (limit := OF_A_LIMIT.fullmatch(said.strip())):
        return f"{limit['day']}{hour}"
    return _on_day(answer, said, now) or answer


def _on_day(answer: str, said: str, now: datetime) -> str:
    """Put a day in the place of the one that was in doubt; "" where it is no day."""
    day = COUNTED_FROM.sub("", answer)
    when = read_when(day, now)
    if when.unclear or when.recurring or when.deadline or not when.date_only:
        return ""
    hour = OF_DAY.search(said)
    tried = [f"{day}{said}", f"{day}{hour[0]}"] if hour else [f"{day}{said}"]
    return next((each for each in tried if not read_when(each, now).unclear), "")


def read_same_day(words: str, first: str, now: datetime) -> When:
    """Read a time beside another; an hour alone is of the other's day and part."""
    hour = only_hour(words)
    if not hour or ONLY_PART.fullmatch(hour):
        return read_when(words, now)
    said = OF_A_DAY.fullmatch(first.strip())
    if said is None:
        return read_when(words, now)
    part = "" if ONLY_PART.match(hour) else said["part"] or ""
    return read_when(f"{said['day']}{part}{hour}", now)


def only_hour(words: str) -> str:
    """Give the hour where nothing else is said: 改到下午三点; "" if more is."""
    found = ONLY_HOUR.fullmatch(words.strip(" 。！!，,"))
    return found[1] if found else ""


def keeps_hour(words: str, at: time) -> bool:
    """Tell whether words name the part of a day that an hour is in, and no hour.

    后天下午, of what is at four in the afternoon: it stays at four.
    """
    part = ONLY_PART.search(words)
    if part is None or re.search(HOUR, words):
        return False
    first, last = SPANS[part[0]]
    return first <= at.hour < last


def half_of(moment: datetime) -> str:
    """Name the part of the day that a moment lies in, as one says it with an hour."""
    if moment.hour < NOON:
        return "上午"
    return "下午" if moment.hour < EVENING else "晚上"


def _by_part(said: str) -> list[str]:
    bare = BARE_HOUR.search(said)
    if bare is None:
        return []
    return [f"{said[: bare.start()]}{part}{said[bare.start() :]}" for part in PARTS]


def _by_words(said: str) -> list[str]:
    return [
        re.sub(form, words, said, count=1)
        for form, offered in INSTEAD
        if re.search(form, said)
        for words in offered
    ]


def _ahead_of(said: str, when: When, now: datetime) -> list[str]:
    """Offer to remind on the day before a limit, and on its day."""
    if when.unclear or when.recurring:
        return []
    limit = when.next[0]
    before = datetime.combine(limit.date() - timedelta(days=1), time(9), now.tzinfo)
    morning = datetime.combine(limit.date(), time(8), now.tzinfo)
    return [
        f"{say_date(moment.date())}{moment:%H:%M}"
        for moment in (before, morning)
        if now < moment < limit
    ]
