"""What is to be changed in something shown: 改成周四, 地点换成302, 陈静不用来.

A value says by its own kind which part it changes; words that are none are a text.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Literal, TypeAlias

from bot.text.phrases import Line
from bot.understanding.drafts.cues import goes_back, without_slip
from bot.understanding.sentences.forms import Forms
from bot.understanding.sentences.templates import Sentence
from bot.understanding.slots.amounts import AMOUNT
from bot.understanding.slots.moment import is_only_time
from bot.understanding.slots.place import is_place
from bot.understanding.speech import asks_of_us
from bot.understanding.text import normalise
from bot.understanding.when import find_when
from bot.understanding.when.numbers import find_number
from bot.understanding.words.masks import TIME

What: TypeAlias = Literal[
    "time", "place", "words", "without", "with", "to", "amount", "item", "more",
    "beside", "seat", "shift", "text", "cut",
]  # fmt: skip
FORMS = Forms(Path(__file__))
DRAFTS_ONLY = ("beside", "seat")
MARKS = " ：:，,"
QUOTES = f"{MARKS}的“”\"'‘’「」"
PARTS = re.compile(
    r"[，,；;。！!\n]+"
    r"|(?<=[^酒网贴，,；;。！!\s]吧)(?=[^\s，,；;。！!吧的台嗒][^吧])"
)
"""Marks, and 吧 where somebody goes on without one: 换成302吧301被占了."""
SIGH = (
    "忘了说|忘记说了?|忘说了|漏说了|补充一下|补充一句|不过"
    "|算了|等等|等一下|等下|慢着|对了|不好意思|抱歉|哎呀|啊呀|哎哟|呀|唉|哎|哦|啊|嗯"
)
NO = "不对|不是|不|[说写打记发弄搞报填]?错了"
SIGHS = re.compile(rf"^(?:(?:{SIGH}|(?:{NO})(?=[，,:：\s]))[，,:：\s]*)*")
ONLY_SIGHS = re.compile(rf"^(?:(?:{SIGH})[，,:：\s]*)+")
LEADS = re.compile(
    rf"^(?:(?:{SIGH}|{NO}|刚才|刚刚|要不然?|不如|干脆|那|就|还是|是|应该是|一共|改成|改为|改到|换成|改|换|时间|时长|学时)"
    r"[，,:：\s]*)*"
)
PART = re.compile(
    r".{0,4}(?:时间|日期|日子|钟点|地点|地方|会场|场地|名单|内容|人|.{0,2}个|那条|通知)"
)
"""What names a part of something, and no words that stand in it."""
SAME = re.compile("同一|同样|老时间|原来?的?时间|不变|照旧")
"""What keeps the hour, as the sentences know."""
HELD_AT = re.compile(r"(?:在|到|去|于)(?P<place>.{2,20})")
THAT_DAY = re.compile("[那这当]天|到时|那时")
HALF = 0.5
COUNTED = ("数", "数量")
MINUTES = {"分钟": 1, "刻钟": 15, "小时": 60, "钟头": 60, "天": 1440}
MINUTES |= dict.fromkeys(("周", "星期", "礼拜"), 7 * MINUTES["天"])
WRONG_BY = tuple("写打说发记报填弄搞")
"""How something went wrong: no word that stands in it."""
EARLIER = ("提", "早", "往前")
LEADS_TO = re.compile(
    r"^(?:又|再|还是|就|也|要|呢|加[一上]句?|写上|(?:调整|[改换调挪搬移变])(?:[成为到在回了]|一下|一换)?"
    r"|在|到|去|[:：\s])+"
)
ENDS = re.compile(r"[吧了啊呢。！!，,\s]*$")
MEETS = re.compile(r"(?<=..)(?:集合|碰头|上车|会合)$")
"""What is done there, and is no part of its name."""
NAMED_PLACE = re.compile(
    r"(?:地点|地方|会场|会议室|场地)(?:还是|就|先|再|也|都|要)*"
    r"(?:[:：\s]|[改换调挪搬移变定放]|在|到|去|是|成)"
    r"|[在去到](?=.*(?:开|举行|进行|上|集合|碰头))"
)


@dataclass(frozen=True)
class Change:
    """what: the kind of part that it is of. old: what it is put for, if said.

    cut: `old` is to be left out, with the clause it stands in.
    beside: what those who are told should do besides. seat: who sits in on a meeting.
    shift: how much later than now planned, `by`; less than nothing is earlier. text:
    all that is to be said instead. of: what it is said of, where it names that: 合影
    in 合影改到五点.
    """

    what: What
    words: str
    old: str = ""
    by: timedelta = timedelta()
    of: str = ""


Named: TypeAlias = Callable[[str], bool]
"""Whether words name what may be changed: 合影, of the notice that speaks of it."""


def without_sighs(said: str) -> str:
    """Take off what is only sighed before something is said: 哎呀，记错了."""
    return ONLY_SIGHS.sub("", said)


def names_nothing(_words: str) -> bool:
    return False


def read_changes(
    said: str, now: datetime, named: Named = names_nothing
) -> Sequence[Change]:
    """Read all changes that a text is made of; none where any part is no change.

    First the whole: what is added word for word may have commas. named: what it may be
    said of by name; without it, a change that names something is none.
    """
    if change := _read_all_words(said):
        return (change,)
    if changes := _read(said, now, named):
        return changes
    found: list[Change] = []
    for part in filter(None, map(str.strip, PARTS.split(said))):
        changes = _read(part, now, named)
        if not (changes or _only_leads(part)):
            return ()
        found += changes
    return found


def pass_reasons(said: str, now: datetime, *, olds: bool = True) -> tuple[str, bool]:
    """Give only what may change something: 周四冲突了，放到周五 → 改到周五.

    What is said of why is passed over, and sighs. With it goes whether all that is
    left surely is changes; of what is not, only whoever has the draft can tell.
    olds: whether a new time keeps with it the one that it is put for.
    """
    kept: list[str] = []
    sure = True
    for part in filter(None, map(str.strip, PARTS.split(said))):
        plain = SIGHS.sub("", part).strip()
        changes = _read(part, now)
        if not changes and says_why(plain):
            continue
        alone = len(changes) == 1 and changes[0].what == "time"
        if alone:
            kept.append(_say_time(changes[0], part, olds=olds))
        else:
            kept.append(plain)
            sure = sure and bool(changes)
    return ("，".join(kept), sure) if kept else (said, False)


def _say_time(change: Change, part: str, *, olds: bool) -> str:
    """Put a new time plainly; olds: with the one of several that it is put for."""
    which = f"把{change.old}" if olds and change.old else ""
    verb = "改回" if goes_back(part) else "改到"
    return f"{which}{verb}{change.words}"


def says_why(part: str) -> bool:
    """Tell whether a part only says why, or that something else is meant: 周四有课."""
    if not part or (found := FORMS.find(part)) is None:
        return not part
    return found.template.intent in ("noise", "reason")


def told_changes(
    said: str, now: datetime, named: Named = names_nothing
) -> Sequence[Change]:
    """Read the changes that a text tells of by itself; a bare value is none.

    Nor is what others should do besides: only beside a draft does it tell of one.
    """
    read = read_changes(said, now, named)
    changes = [each for each in read if each.what not in DRAFTS_ONLY]
    bare = bool(changes) and said.strip(" 。！!吧") == changes[0].words
    return () if bare else changes


def _only_leads(part: str) -> bool:
    """Whether a part only leads to a change: 时间变了."""
    found = FORMS.find(without_sighs(part))
    return found is not None and found.template.intent == "noise"


def _read_all_words(said: str) -> Change | None:
    """Read what is to be said besides, or instead, to the end of the text."""
    found = FORMS.find(said)
    if found is None:
        return None
    value = found.slots.get("value", "").strip(MARKS)
    match found.template.intent:
        case "more":
            return Change("more", value)
        case "text" if not asks_of_us(normalise(value).text):
            return Change("text", value)
    return None


def _read(part: str, now: datetime, named: Named = names_nothing) -> Sequence[Change]:
    part = without_slip(part)
    bare = ENDS.sub("", LEADS.sub("", part))
    if bare and AMOUNT.fullmatch(bare):
        return [Change("amount", bare)]
    times = find_when(bare, now)
    whole = not (bare.endswith(("发", "送", "前")) or SAME.search(bare))
    if len(times) == 1 and whole:
        first, last = times[0].span
        if is_only_time(bare, now):
            return [Change("time", bare)]
        held = HELD_AT.fullmatch(bare[last:])
        if held and not bare[:first].strip() and is_place(held["place"]):
            when, where = bare[first:last].strip(), held["place"]
            return [Change("time", when), Change("place", where)]
    return list(islice(_sentences(part, now, named), 1))


def _sentences(part: str, now: datetime, named: Named) -> Iterator[Change]:
    """Yield what a part is as a sentence, the likeliest first."""
    passed: list[Line] = []
    part = SIGHS.sub("", part)
    while found := FORMS.find(part, passed):
        passed.append(found.template.line)
        of = found.slots.get("of", "").strip(QUOTES)
        change = _change(found, part, now)
        of_number = change and change.what == "place" and names_number(of)
        if change and not of_number and (not of or named(of)):
            yield replace(change, of=of)


def says_when(words: str, now: datetime) -> bool:
    """Tell whether words hold a day, by its name or as 那天."""
    return bool(find_when(words, now)) or THAT_DAY.search(words) is not None


def names_number(of: str) -> bool:
    """Tell whether words name a number by what is counted: 字数, 人数."""
    return of.endswith(COUNTED)


def _change(found: Sentence, part: str, now: datetime) -> Change | None:
    slots = {name: words.strip(MARKS) for name, words in found.slots.items()}
    what = found.template.intent
    if "who" in slots:
        return _of_people(what, slots["who"], now)
    if what in ("time", "shift", "place", "words"):
        return _of_moment_or_place(what, slots, part, now)
    match what:
        case "item" | "amount":
            return Change(what, f"{slots['value']}{slots.get('unit', '')}")
        case "cut":
            return Change("cut", "", slots["old"].strip(QUOTES))
        case "beside":
            return Change("beside", f"请{slots['do']}{slots['value']}")
    return None


def _of_moment_or_place(
    what: str, slots: Mapping[str, str], part: str, now: datetime
) -> Change | None:
    """Read when or where it is now, or what is put for words."""
    match what:
        case "time":
            return Change("time", slots["value"], slots.get("old", "").strip("的"))
        case "shift":
            return _shift(slots)
        case "place" if "old" not in slots:
            return _place(slots["value"], part, now)
        case "place" if is_only_time(slots["value"], now):
            return None
    return _words(slots["value"].strip(QUOTES), slots["old"].strip(QUOTES), now)


def _of_people(what: str, who: str, now: datetime) -> Change | None:
    """Read who is in or out, or on which day not: 周二不用; 陈静那天请假 says why."""
    match what:
        case "with" | "to" | "seat":
            return Change(what, who)
        case "without" if is_only_time(who, now) or not says_when(who, now):
            return Change("without", who)
    return None


def _shift(slots: Mapping[str, str]) -> Change | None:
    """Read by how much later or earlier: 推迟半个小时, 提前一天."""
    minutes = MINUTES[slots["unit"]]
    number = HALF if slots["n"] == "半" else find_number(slots["n"])
    if number is None or (number == HALF and minutes == MINUTES["天"]):
        return None
    by = timedelta(minutes=minutes) * (number + HALF * ("half" in slots))
    how = slots["how"]
    return Change("shift", how, by=-by if how.startswith(EARLIER) else by)


def _place(value: str, part: str, now: datetime) -> Change | None:
    where = MEETS.sub("", LEADS_TO.sub("", ENDS.sub("", value)))
    named = NAMED_PLACE.search(part)
    by_noun = named is not None and len(named[0]) > 1
    if PARTS.search(where):
        return None  # it goes on: 换成302吧301被占了
    if is_only_time(where, now) or (TIME.search(where) and not by_noun):
        return None  # a time, or a whole text that begins with one
    return Change("place", where) if named or is_place(where) else None


def _words(value: str, old: str, now: datetime) -> Change | None:
    """Take words for others; a time for another is a time."""
    if not (value and old) or PART.fullmatch(old) or old in WRONG_BY:
        return None
    if AMOUNT.fullmatch(value) and AMOUNT.fullmatch(old):
        return Change("amount", value, old)
    timely = is_only_time(value, now) and is_only_time(old, now)
    return Change("time" if timely else "words", value, old)
