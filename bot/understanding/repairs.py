"""A slip of the tongue → the text as it is meant: 周四下午，哦不，周三 → 周三下午.

What is said after the slip takes the place of the last of its kind before it: a time,
an amount, a place, somebody's name. Where nothing of its kind stands there, or what
follows is no repetition, the text stays as it was said. The word for it in the study
of talk is self-repair.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from bot.errors import Refusal
from bot.understanding.drafts.changes import PARTS, says_why
from bot.understanding.drafts.patching import patch_time
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.slots.amounts import AMOUNT
from bot.understanding.slots.place import find_places, is_place
from bot.understanding.when import find_when
from bot.understanding.when.instead import only_hour

HERE = Path(__file__)
SLIP, LEADS = Lexicon(HERE, "slip"), Lexicon(HERE, "leads")
ENDS, GROUP = Lexicon(HERE, "ends"), Lexicon(HERE, "group")
FIGURE = Lexicon(HERE, "figure")
SIGNS = frozenset("不错误")
LONGEST = 200  # characters; what is longer was written, and is as it was meant
HEAD = re.compile(r"[^：:\n。！!]{1,80}(?=[：:\n])")
"""Before a colon or a new line: whom an order is for, and when."""
MOST_SLIPS = 3
MARKS = " ，,、。；;：:"
IN = "在"
IS_WRONG = "不对"
SAYS_LITTLE = tuple("不没别我你您他她也就都还")
"""What begins many things: it is no word that is said again."""
FEW = 6  # characters of what is said in the place of as few others
LONGEST_LEAD = 8  # characters that are said again before what is meant

Names = Callable[[], Collection[str]]


@dataclass(frozen=True)
class _Piece:
    """A value and where it stands: of what kind, from where to where."""

    kind: str
    start: int
    end: int


def repair(text: str, now: datetime, names: Names = tuple) -> str:
    """Give a text as it is meant in the end. names: of those who may be meant.

    Of a long text only the order that heads it is looked at: the rest was written.
    """
    if len(text) > LONGEST:
        head = HEAD.match(text)
        return f"{repair(head[0], now, names)}{text[head.end() :]}" if head else text
    if SIGNS.isdisjoint(text):
        return text
    for _ in range(MOST_SLIPS):
        tried = (
            _repair_at(text, slip.start(), slip.end(), now, names)
            for slip in islice(SLIP.find_all(text), MOST_SLIPS)
        )
        repaired = next(filter(None, tried), "")
        if not repaired:
            return text
        text = repaired
    return text


def _repair_at(text: str, start: int, end: int, now: datetime, names: Names) -> str:
    """Put what follows a slip in its place; "" where it has none."""
    before, meant = text[:start].rstrip(MARKS), LEADS.cut_start(text[end:])
    last = [each for each in PARTS.split(before) if each][-1:]
    if not (before and meant):
        return ""
    if begun_again := _begin_again(before, meant, now, names):
        return begun_again
    replaced = 0
    while meant:
        new = _first(meant, now, names)
        old = new and _last(before, new.kind, now, names)
        if not (new and old) or old.start < replaced:
            break
        value = meant[new.start : new.end].strip(MARKS)
        put = _put(before[old.start : old.end], value, new.kind, now)
        if not put:
            return ""
        replaced = old.start + len(put)
        before = f"{before[: old.start]}{put}{before[old.end :]}"
        meant = meant[new.end :]
    if not replaced or (text.startswith(IS_WRONG, start) and replaced == len(before)):
        return ""  # 201不对应该是205 tells of what is written elsewhere
    if last and says_why(last[0]) and not meant.strip(MARKS):
        return ""  # 周四不行，不，周五: the first was no slip
    return _join(before, replaced, meant)


def _begin_again(before: str, meant: str, now: datetime, names: Names) -> str:
    """Say it again from the words with which what is meant begins: 给王芳，不，给李伟.

    What follows these words is of one kind before and after, or short and at the end:
    交材料，不，交照片. "" where it begins with none that were said, or goes on alike.
    """
    for length in range(min(LONGEST_LEAD, len(meant) - 1), 0, -1):
        at = before.rfind(meant[:length])
        if at < 0:
            continue
        said, said_now = before[at + length :], meant[length:]
        new, old = _first(said_now, now, names), _first(said, now, names)
        if not (new or old or _first(meant, now, names)):
            short = max(len(said), len(said_now)) <= FEW
            alone = short and not PARTS.search(said + said_now)
            alone = alone and meant[:length] not in SAYS_LITTLE
            return f"{before[:at]}{meant}" if alone else ""
        if new and old and new.kind == old.kind:
            tail, more = said[old.end :].strip(MARKS), said_now[new.end :].strip(MARKS)
            if more and not more.startswith(tail):
                return ""
            return f"{before[:at]}{meant}{'' if more else said[old.end :]}"
    return ""


def _join(before: str, at: int, more: str) -> str:
    """Put together what was said before the slip, up to a place, and what follows.

    "" where both go on, and not alike: then it was no repetition.
    """
    tail, said = before[at:].strip(MARKS), more.strip(MARKS)
    tail_says = ENDS.cut_start(tail)
    if not said or ENDS.is_all_of(said):
        return before
    if said.startswith(tail_says):
        return f"{before[:at]}{more}"
    if tail_says.startswith(said) or tail_says.endswith(said):
        return before
    if more[:1] in MARKS:
        return f"{before}{more}"
    return ""


def _first(text: str, now: datetime, names: Names) -> _Piece | None:
    """Find the value with which a text begins."""
    begins = len(text) - len(text.lstrip(MARKS))
    if amounts := AMOUNT.match(text, begins):
        return _Piece("amount", begins, amounts.end())
    found = [*_times(text, now), *_places(text)]
    first = [each for each in found if text[: each.start].strip(MARKS) == ""]
    if first:
        return max(first, key=lambda each: each.end)
    if is_place(text[begins:].removeprefix(IN).strip(MARKS)):
        begins += len(IN) if text.startswith(IN, begins) else 0
        return _Piece("place", begins, len(text.rstrip(MARKS)))
    for kind, words in (("name", GROUP), ("figure", FIGURE)):
        if hit := words.find_at(text, begins):
            return _Piece(kind, begins, hit.end())
    called = [each for each in names() if text.startswith(each, begins)]
    if called:
        return _Piece("name", begins, begins + max(map(len, called)))
    return None


def _last(text: str, kind: str, now: datetime, names: Names) -> _Piece | None:
    """Find the last value of a kind in a text."""
    match kind:
        case "time":
            found = _times(text, now)
        case "amount":
            found = _amounts(text)
        case "place":
            found = _places(text)
        case "figure":
            found = [_Piece(kind, *hit.span()) for hit in FIGURE.find_all(text)]
        case _:
            found = _names(text, names)
    return max(found, key=lambda each: (each.end, -each.start), default=None)


def _times(text: str, now: datetime) -> list[_Piece]:
    spans = [each.span for each in find_when(text, now)]
    return [_without_lead("time", text, *span) for span in spans]


def _amounts(text: str) -> list[_Piece]:
    return [_Piece("amount", *hit.span()) for hit in AMOUNT.finditer(text)]


def _places(text: str) -> list[_Piece]:
    return [_without_lead("place", text, *span) for span in find_places(text)]


def _without_lead(kind: str, text: str, start: int, end: int) -> _Piece:
    return _Piece(kind, end - len(LEADS.cut_start(text[start:end])), end)


def _names(text: str, names: Names) -> list[_Piece]:
    called = [each for each in names() if each in text]
    found = [(text.rindex(each), text.rindex(each) + len(each)) for each in called]
    found += [hit.span() for hit in GROUP.find_all(text)]
    return [_Piece("name", *span) for span in found]


def _put(old: str, value: str, kind: str, now: datetime) -> str:
    """Give what stands in an old value's place; "" where it cannot be told."""
    if kind != "time":
        return value
    if only_hour(old) and only_hour(value):
        return value
    try:
        return patch_time(old, value, now).text
    except Refusal:
        return ""
