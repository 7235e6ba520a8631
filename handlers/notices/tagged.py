"""An order for a notice that no sentence foresees, parted as it was learnt (tags).

明早八点再往外发啊 内容是停水 全体 · 李伟出差了别打扰他 其余人都告诉到 体检调到周二

A part counts only where it is what it was taken for: what is no time, nobody of ours or
no choice is content, and so is what only looked like the order's own words.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from bot.errors import Refusal
from bot.understanding.learnt.tags import (
    CHOICE,
    CONTENT,
    DEADLINE,
    MARKS,
    NAMED_WITHIN,
    NOTICE_TAGGER,
    ORDER,
    SENDING,
    WHO,
    WITHOUT,
    Part,
    Parted,
)
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.slots.audience import ALL_MEMBERS, Take
from bot.understanding.when import find_when
from handlers.notices.edits import read_choices, read_deadline

T = TypeVar("T")
HERE = Path(__file__)
EVERYBODY, LEAVES_OUT, STAYS_OUT, TURNED_TO, ORDERS = (
    Lexicon(HERE, name)
    for name in ("everybody", "leaves_out", "stays_out", "turned_to", "orders")
)
CLAUSE = re.compile(rf"[{re.escape(MARKS)}（）()]+|[^{re.escape(MARKS)}（）()]+")
BESIDE = " ，,的们都儿"
LEAST_MORE = 5  # characters
LEAST = 2  # characters of what is carried


@dataclass(frozen=True)
class Tagged:
    """who, without: words for people, "" if unsaid; text: what is to be sent."""

    text: str
    who: str = ""
    without: str = ""
    goes_at: datetime | None = None
    deadline: datetime | None = None
    choices: tuple[str, ...] = ()


def read_tagged(
    said: str, now: datetime, take: Take, names: Collection[str]
) -> Tagged | None:
    """Part an order; None where it names somebody else, or carries nothing."""
    parted = NOTICE_TAGGER.part(said, names)
    if parted is None or _leaves_out_unheard(parted):
        return None
    if any(
        when.unclear for each in parted.all(SENDING) for when in find_when(each, now)
    ):
        return None  # it is asked back
    parted = Parted(_keep_told_of(_split_everybody(parted.parts)))
    goes_at = _read(parted, SENDING, lambda words: _moment(words, now))
    deadline = _read(parted, DEADLINE, lambda words: _deadline(words, now))
    choices = _read(parted, CHOICE, lambda words: read_choices("/".join(words)))
    unread = {
        tag
        for tag, found in (
            (SENDING, goes_at),
            (DEADLINE, deadline),
            (CHOICE, choices),
        )
        if found is None
    }
    parts = [
        Part(CONTENT, each.words) if each.tag in unread else each
        for each in parted.parts
    ]
    parted = Parted(list(_recover(_put_right(parts), take)))
    who, gone = (_people(parted.all(tag), take) for tag in (WHO, WITHOUT))
    if who is None or gone is None or len(parted.content) < LEAST:
        return None
    if set(who.split("、")) & set(gone.split("、")) - {""}:
        return None
    if not who and any(map(EVERYBODY.is_one, parted.all(WHO))):
        who = ALL_MEMBERS[0]
    if not who:
        who = _people(parted.all(NAMED_WITHIN), take) or ""
    return Tagged(parted.content, who, gone, goes_at, deadline, choices or ())


def carries(said: str) -> bool:
    """Whether an order has anything to be sent, as far as that was learnt."""
    parted = NOTICE_TAGGER.part(said)
    return parted is None or len(parted.content) >= LEAST


def _leaves_out_unheard(parted: Parted) -> bool:
    """Whether what was taken for the order's words would leave somebody out."""
    order = "".join(each.words for each in parted.parts if each.tag == ORDER)
    return bool(LEAVES_OUT.find(order)) and not parted.all(WITHOUT)


def _split_everybody(parts: Sequence[Part]) -> Iterator[Part]:
    """Take what follows everybody for content: 剩下的|都要填表."""
    for part in parts:
        hit = EVERYBODY.find_at(part.words) if part.tag == WHO else None
        if hit is None or len(part.words[hit.end() :].strip(BESIDE)) < LEAST_MORE:
            yield part
            continue
        yield Part(WHO, part.words[: hit.end()])
        yield Part(CONTENT, part.words[hit.end() :])


def _keep_told_of(parts: Iterator[Part]) -> list[Part]:
    """Take for content somebody to turn to, once it is said for whom: 跟刘洋报名."""
    kept = list[Part]()
    for part in parts:
        tags = {each.tag for each in kept}
        named = {WHO, CONTENT} <= tags
        turned_to = named and part.tag == WHO and TURNED_TO.stands_last(kept[-1].words)
        if turned_to:
            kept[-1] = Part(CONTENT, kept[-1].words)
        kept.append(Part(CONTENT, part.words) if turned_to else part)
    return kept


def _put_right(parts: Sequence[Part]) -> Iterator[Part]:
    """Take for whom it is those of whom nothing says that they are left out."""
    whole = "".join(each.words for each in parts)
    at = 0
    for part in parts:
        end = at + len(part.words)
        around = whole[max(0, at - 4) : at] + whole[end : end + 12]
        is_out = part.tag != WITHOUT or STAYS_OUT.find(around) is not None
        yield part if is_out else Part(WHO, part.words)
        at = end


def _recover(parts: Iterator[Part], take: Take) -> Iterator[Part]:
    """Take for content what was taken for the order's words and orders nothing."""
    every = list(parts)
    for number, part in enumerate(every):
        if part.tag != ORDER:
            yield part
            continue
        beside_gone = number and every[number - 1].tag == WITHOUT
        for clause in CLAUSE.findall(part.words):
            bare = clause.strip(MARKS)
            is_plain = not (beside_gone or ORDERS.find(bare) or take(bare)[0])
            carries = is_plain and len(bare) >= LEAST
            yield Part(CONTENT if carries else ORDER, clause)
            beside_gone = beside_gone and bool(bare)


def _people(words: Sequence[str], take: Take) -> str | None:
    """Put together whom words name; None where they name somebody else."""
    found = []
    for each in words:
        who, rest = take(each)
        if who and not rest.strip(BESIDE):
            found.append(who)
        elif not EVERYBODY.is_one(each):
            return None
    return "、".join(dict.fromkeys(found))


def _read(parted: Parted, tag: str, read: Callable[[Sequence[str]], T]) -> T | None:
    """Read the parts of a tag; None where there are none, or they are not clear."""
    words = parted.all(tag)
    try:
        return read(words) if words else None
    except Refusal:
        return None


def _moment(words: Sequence[str], now: datetime) -> datetime | None:
    """Read when it goes; None where that is no one moment."""
    whens = [when for each in words for when in find_when(each, now)]
    if len(whens) != 1 or whens[0].unclear or whens[0].recurring:
        return None
    return whens[0].next[0]


def _deadline(words: Sequence[str], now: datetime) -> datetime | None:
    return read_deadline(words[0].removesuffix("前"), now)
