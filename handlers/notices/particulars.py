"""What a first order for a notice says besides the notice's own words.

For whom not, when it goes, by when to answer, what to choose from: before, after or
amid the words, parted by a comma, a blank or nothing. What is said as a natural part of
the words (请周四前回复) counts and stays in them; what only looks so is told of.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path

from bot.errors import Refusal
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.slots.audience import Take
from bot.understanding.slots.choice import asks_whether_one_comes
from bot.understanding.slots.exceptions import are_people, cut, take_exceptions
from bot.understanding.slots.moment import is_only_time
from bot.understanding.when import When, find_when
from handlers.notices.edits import find_deadline, read_choices, read_deadline

MARKS = " ：:，,；;、\n\t"
MOST = 3  # places that are looked at
HERE = Path(__file__)
CHOICES = Lexicon(HERE, "offered")
SPACED = Lexicon(HERE, "spaced")
ANSWERS = Lexicon(HERE, "asked")
PICKED = Lexicon(HERE, "picked")
WHETHER, TELL_WHETHER = Lexicon(HERE, "whether"), Lexicon(HERE, "tell_whether")
CAN = Lexicon(HERE, "can")
LAST_CLAUSE = Lexicon(HERE, "last_clause")
EACH_PICKS = Lexicon(HERE, "each_picks")
LET_PICK, ONE_OR_OTHER, EITHER = (
    Lexicon(HERE, name) for name in ("let_pick", "one_or_other", "either_of")
)
DEADLINE = Lexicon(HERE, "due")
CLOSES = Lexicon(HERE, "closes")
ONLY = Lexicon(HERE, "for_only")
NOBODY_ELSE = Lexicon(HERE, "nobody_else")
SENT = Lexicon(HERE, "sent")
SENT_NOW = Lexicon(HERE, "sent_now")
SENDING_TIME = Lexicon(HERE, "sending_time")
LOOKS_SO = Lexicon(HERE, "looks_so")
PARTED = Lexicon(HERE, "parted")


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


def cut_nobody_else(text: str) -> str:
    """Leave out that it is for nobody besides: it is for whom it was said to be."""
    hit = NOBODY_ELSE.find(text)
    return cut(text, *hit.span()) if hit else text


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
    if (let := LET_PICK.find(found.text)) and (named := _either(found.text, let)):
        return replace(found, text=cut(found.text, *let.span()), choices=named)
    if hit := EACH_PICKS.find(found.text):
        answers = read_choices(f"{hit['one']}/{hit['other']}")
        return replace(found, choices=answers)
    offered = CHOICES.find(found.text)
    hit = offered or PICKED.find(found.text) or ANSWERS.find(found.text)
    if hit is None:
        return _whether(found, now)
    choices = read_choices(re.sub(r"或者?|和|还是", "/", hit["words"]))
    if not offered and not asks_whether_one_comes(choices):
        return found
    at, deadline = hit.start(), None
    by = LAST_CLAUSE.find(found.text[:at])
    if by and is_only_time(by["by"].removesuffix("前"), now):
        at, deadline = by.start(), read_deadline(by["by"], now)
    text = cut(found.text, at, hit.end())
    return replace(found, text=text, choices=choices, deadline=deadline)


def _either(text: str, let: re.Match[str]) -> tuple[str, ...]:
    """Find between what others are to choose: 昆山还是太仓, 要么周四要么周五."""
    for part in (text[: let.start()], text[let.end() :]):
        if hit := ONE_OR_OTHER.find(part):
            return read_choices(f"{hit['one']}/{hit['other']}")
        if hit := EITHER.find(part):
            one, other = hit["one"].strip(MARKS), hit["other"].strip(MARKS)
            return read_choices(f"{one[-len(other) :]}/{other}")
    return ()


def _whether(found: Particulars, now: datetime) -> Particulars:
    """Read 能不能去都回一下 as the answers that it has."""
    hit = WHETHER.find(found.text) or TELL_WHETHER.find(found.text)
    if hit is None:
        return found
    by = hit["by"]
    if by and not is_only_time(by.removesuffix("前"), now):
        return found
    deadline = read_deadline(by, now) if by else found.deadline
    text = cut(found.text, *hit.span())
    choices = _whether_choices(hit["words"])
    return replace(found, text=text, choices=choices, deadline=deadline)


def _whether_choices(words: str) -> tuple[str, str]:
    """Make the two answers to 能不能去, or to 参不参加."""
    does = CAN.cut_start(words)
    if does != words:
        return f"能{does}", f"不能{does}"
    does = words.partition("不")[2]
    return does, f"不{does}"


def _spaced(found: Particulars, now: datetime, take: Take) -> Particulars:
    hit = None if found.choices else SPACED.find(found.text.rstrip(MARKS))
    if hit is None:
        return found
    choices = read_choices(hit["words"])
    return replace(found, text=found.text[: hit.start()], choices=choices)


def _deadline(found: Particulars, now: datetime, take: Take) -> Particulars:
    """Read 截止周五中午 and 周五中午截止; cut where it says no more than that."""
    for hit in islice(DEADLINE.find_all(found.text), MOST):
        rest = found.text[hit.end() :]
        whens = find_when(rest, now)
        if not whens or rest[: whens[0].span[0]].strip():
            continue
        deadline = read_deadline(rest[slice(*whens[0].span)], now)
        at, end = hit.start(), hit.end() + whens[0].span[1]
        ended = PARTED.stands_first(found.text[end:])
        text = cut(found.text, at, end) if ended else found.text
        return replace(found, text=text, deadline=deadline)
    for hit in islice(CLOSES.find_all(found.text), MOST):
        if find_when(hit["words"], now):
            deadline = read_deadline(hit["words"], now)
            return replace(found, text=cut(found.text, *hit.span()), deadline=deadline)
    return found


def _at_once(found: Particulars, now: datetime, take: Take) -> Particulars:
    """Read 立即发, a clause of its own at the end of all."""
    hit = SENT_NOW.find(found.text)
    if hit is None or found.text[hit.end() :].strip(MARKS):
        return found
    return replace(found, text=cut(found.text, *hit.span()), urgent=True)


def _sending(found: Particulars, now: datetime, take: Take) -> Particulars:
    """Read 明早八点发, as a clause of its own or at the end of all."""
    whens = find_when(found.text, now)
    for when in whens:
        first, last = when.span
        sent = SENT.find_at(found.text, last)
        before = found.text[:first]
        named = SENDING_TIME.find(before)
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
    hit = ONLY.find(found.text)
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
    hits = (hit[0].strip(MARKS) for hit in LOOKS_SO.find_all(found.text))
    return tuple(each for each in hits if not (deadline and each.startswith("截止")))
