"""What a first order for a notice says besides the notice's own words.

For whom not, when it goes, by when to answer, what to choose from: before, after or
amid the words, parted by a comma, a blank or nothing. What is said as a natural part of
the words (请周四前回复) counts and stays in them; what only looks so is told of.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from bot.errors import Refusal
from bot.understanding.slots.audience import Take
from bot.understanding.slots.choice import asks_whether_one_comes
from bot.understanding.slots.exceptions import (
    END,
    PEOPLE,
    START,
    are_people,
    cut,
    take_exceptions,
)
from bot.understanding.slots.moment import is_only_time
from bot.understanding.when import When, find_when
from bot.understanding.words.people import NAME
from handlers.notices.edits import NOW, SEND, find_deadline, read_choices, read_deadline

MARKS = " ：:，,；;、\n\t"
MOST = 3  # places that are looked at
ITEM = r"(?:(?!截止)[^，,。；;！!\s/／|、“”\"]){1,10}"
CHOICES = re.compile(
    r"[，,；;\s]*(?:加上|加|设置|设|用|带)?(?:回执|回复)?选项\s*[:：是为]?\s*"
    rf"(?P<words>{ITEM}(?:\s*[/／|、]\s*{ITEM})+|{ITEM}(?:或者?|和){ITEM})(?:{END}|(?=截止))"
)
SPACED = re.compile(
    rf"[，,；;\s]*(?:回执|回复)?选项\s*[:：是为]?\s*(?P<words>{ITEM}(?:[ 　]+{ITEM})+)$"
)
"""What is to be chosen from, parted by blanks alone, last of all: 选项 我去 去不了."""
ANSWERS = re.compile(
    r"[，,；;\s]*(?:请大家|请|大家|务必|给我|跟我)*(?:回复|回)"
    r"(?:一下|一声|个话|个信儿?)?(?:我|给我)?(?:一下|一声)?[:： “\"]?"
    rf"(?P<words>{ITEM}(?:[/／|、]|或者?|还是){ITEM})[”\"]?{END}"
)
"""What is asked in words: 请回复能参加或请假; only whether one comes is a choice so."""
PICKED = re.compile(
    r"[，,；;\s]*(?:让|请|叫|要)(?:大家|他们|她们|各位|同志们|每个?人|每位)?(?:自己|都)?"
    r"(?:选择?|从|回复?)(?:一个|一下|个)?[:： “\"]?"
    rf"(?P<words>{ITEM}(?:[/／|、]|或者?|还是){ITEM})(?:里选一个|中选一个)?[”\"]?{END}"
)
"""What others are to pick from, told to us: 让大家选已交或者晚点交."""
LAST_CLAUSE = re.compile(
    r"(?:^|(?<=[，,。；;！!\s]))(?:请大家|请|大家|务必)*(?P<by>[^，,。；;！!\s]{2,14}前)$"
)
"""By when answers are asked for, right before them: 周五中午前回复能来还是来不了."""
PICKS = r"(?:选|回复|回|点|按|发)(?:一个|个)?[:： “\"]?"
EACH_PICKS = re.compile(
    rf"(?:^|[，,；;。、\s])[^，,；;。、\s]{{1,8}}?的(?:都|就|请)?{PICKS}(?P<one>{ITEM})[”\"]?"
    rf"[，,；;。、\s]+[^，,；;。、\s]{{1,8}}?的(?:都|就|请)?{PICKS}(?P<other>{ITEM})[”\"]?{END}"
)
"""What each is asked to answer: 能来的选参加，来不了的选请假."""
CLOSING = r"(?:请)?(?:回复|报名|回执|反馈)?截止(?:时间|日期)?\s*[是到为于:：]?\s*"
DEADLINE = re.compile(rf"(?:{START})?{CLOSING}")
CLOSES = re.compile(rf"(?P<lead>{START})(?P<words>[^，,。；;\s]{{2,14}}?)截止{END}")
ONLY = re.compile(
    rf"(?P<lead>{START})(?:只)?(?:发给|对象[是:：]?|收件人[是:：]?)\s*{PEOPLE}{END}"
)
SENT = re.compile(rf"(?:就|再|统一)?{SEND}[。！!]?{END}")
SENT_NOW = re.compile(rf"(?P<lead>{START}){NOW}(?:就|给大家)?{SEND}[吧。！!]*{END}")
SENDING_TIME = re.compile(r"(?:发送时间|定时发送|定时)\s*[:：是]?\s*$")
LOOKS_SO = re.compile(
    rf"(?:除了?|不含|不包括){NAME}|{NAME}(?:不用|不必)(?:通知|来)|(?<![可任])选项.{{0,12}}"
    rf"|截止.{{0,8}}|[^，,。；;\s]{{0,8}}[点时分早晚午天](?:再|统一)?{SEND}(?=[。！!]?$)"
)


@dataclass(frozen=True)
class Particulars:
    """text: the notice's words; without, only: words for people, "" if unsaid.

    urgent: it waits for no morning. kept: what looks like a particular, was not taken
    as one, and stays in the text.
    """

    text: str
    without: str = ""
    only: str = ""
    goes_at: datetime | None = None
    deadline: datetime | None = None
    choices: tuple[str, ...] = ()
    urgent: bool = False
    kept: tuple[str, ...] = ()


def read_particulars(text: str, now: datetime, take: Take) -> Particulars:
    """Take the particulars out of a notice's words. Raises Refusal for unclear ones."""
    found = Particulars(text)
    for read in (_choices, _deadline, _at_once, _sending, _without, _only, _spaced):
        found = read(found, now, take)
    deadline = found.deadline or find_deadline(found.text, now)
    told = _looks_so(found, deadline)
    return replace(found, text=found.text.strip(MARKS), deadline=deadline, kept=told)


def read_ahead(ahead: str, now: datetime, take: Take) -> Particulars:
    """Read what stands before the order: 明早九点, 除了孙丽, 周五前回复."""
    said = ahead.strip(MARKS)
    found = _without(Particulars(f" {said}"), now, take)
    if not (rest := found.text.strip(MARKS)):
        return replace(found, text="")
    if deadline := find_deadline(rest, now):
        return replace(found, text="", deadline=deadline)
    whens = find_when(rest, now)
    if len(whens) != 1:
        raise Refusal(f"“{rest}”没看明白，请把时间和要求放在内容后面再说一次。")
    return replace(found, text="", goes_at=_moment(whens[0], rest))


def _choices(found: Particulars, now: datetime, take: Take) -> Particulars:
    if hit := EACH_PICKS.search(found.text):
        answers = read_choices(f"{hit['one']}/{hit['other']}")
        return replace(found, choices=answers)
    forms = (CHOICES, PICKED, ANSWERS)
    hit = next(filter(None, (each.search(found.text) for each in forms)), None)
    if hit is None:
        return found
    choices = read_choices(re.sub(r"或者?|和|还是", "/", hit["words"]))
    if hit.re is ANSWERS and not asks_whether_one_comes(choices):
        return found
    at, deadline = hit.start(), None
    by = LAST_CLAUSE.search(found.text[:at])
    if by and is_only_time(by["by"].removesuffix("前"), now):
        at, deadline = by.start(), read_deadline(by["by"], now)
    text = cut(found.text, at, hit.end())
    return replace(found, text=text, choices=choices, deadline=deadline)


def _spaced(found: Particulars, now: datetime, take: Take) -> Particulars:
    hit = None if found.choices else SPACED.search(found.text.rstrip(MARKS))
    if hit is None:
        return found
    choices = read_choices(hit["words"])
    return replace(found, text=found.text[: hit.start()], choices=choices)


def _deadline(found: Particulars, now: datetime, take: Take) -> Particulars:
    """Read 截止周五中午 and 周五中午截止; cut where it says no more than that."""
    for hit in islice(DEADLINE.finditer(found.text), MOST):
        rest = found.text[hit.end() :]
        whens = find_when(rest, now)
        if not whens or rest[: whens[0].span[0]].strip():
            continue
        deadline = read_deadline(rest[slice(*whens[0].span)], now)
        at, end = hit.start(), hit.end() + whens[0].span[1]
        ended = re.match(END, found.text[end:])
        text = cut(found.text, at, end) if ended else found.text
        return replace(found, text=text, deadline=deadline)
    for hit in islice(CLOSES.finditer(found.text), MOST):
        if find_when(hit["words"], now):
            deadline = read_deadline(hit["words"], now)
            return replace(found, text=cut(found.text, *hit.span()), deadline=deadline)
    return found


def _at_once(found: Particulars, now: datetime, take: Take) -> Particulars:
    """Read 立即发, a clause of its own at the end of all."""
    hit = SENT_NOW.search(found.text)
    if hit is None or found.text[hit.end() :].strip(MARKS):
        return found
    return replace(found, text=cut(found.text, *hit.span()), urgent=True)


def _sending(found: Particulars, now: datetime, take: Take) -> Particulars:
    """Read 明早八点发, as a clause of its own or at the end of all."""
    whens = find_when(found.text, now)
    for when in whens:
        first, last = when.span
        sent = SENT.match(found.text, last)
        before = found.text[:first]
        named = SENDING_TIME.search(before)
        if sent is None and named is None:
            continue
        end = sent.end() if sent else last
        begins = not before.strip(MARKS) or before[-1:] in " ，,。；;！!\n"
        last_of_all = when is not whens[0] and not found.text[end:].strip(MARKS)
        if not (begins or named or last_of_all) or when.recurring or when.deadline:
            continue
        if when.unclear:
            raise _not_clear(found.text[first:last], when)
        start = named.start() if named else first
        return replace(found, text=cut(found.text, start, end), goes_at=when.next[0])
    return found


def _without(found: Particulars, now: datetime, take: Take) -> Particulars:
    text, gone = take_exceptions(found.text, take)
    return replace(found, text=text, without=gone)


def _only(found: Particulars, now: datetime, take: Take) -> Particulars:
    hit = ONLY.search(found.text)
    if hit is None or not are_people(hit["who"], take, parted=True):
        return found
    return replace(found, text=cut(found.text, *hit.span()), only=hit["who"])


def _not_clear(words: str, when: When) -> Refusal:
    """Ask for the whole order again: there is no draft yet that a time could go to."""
    question, asks, _ = (when.unclear or "").partition("？")
    asked = f"{question}？" if asks else f"“{words.strip()}”是什么时候？"
    return Refusal(
        f"{asked}还没有发。把时间说准，整句再说一遍，例：今天下午三点通知大家交表"
    )


def _moment(when: When, words: str) -> datetime:
    if when.unclear:
        raise _not_clear(words, when)
    if when.recurring or when.deadline:
        raise Refusal(f"“{words}”是什么时候发？要一个确定的时间，例：明早九点发。")
    return when.next[0]


def _looks_so(found: Particulars, deadline: datetime | None) -> tuple[str, ...]:
    hits = (hit[0].strip(MARKS) for hit in LOOKS_SO.finditer(found.text))
    return tuple(each for each in hits if not (deadline and each.startswith("截止")))
