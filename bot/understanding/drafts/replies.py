"""What a reply to something shown says: yes, no, wait, back, show, or none of these.

One set of words for everything that is previewed (replies.phrases). A reply is put
together of them: 行，发吧 · 嗯发吧 · 好的，还是先不发了 · 👌. What holds any other
word is no such reply, and is read as a change or as another order.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Literal, TypeAlias

from bot.text.phrases import SUFFIX, read_phrases
from bot.text.stickers import DOUBTFUL, replace_agreeing
from bot.understanding.sentences.forms import Forms
from bot.understanding.text import normalise
from bot.understanding.when.numbers import find_number

Act: TypeAlias = Literal["yes", "no", "hold", "heard", "back", "show", "none"]
Words: TypeAlias = frozenset[str]
HERE = Path(__file__)
SPOKEN = Forms(HERE, "back", "show", "wait")
UNDO_ASKED = Forms(HERE, "undo.asked")
TAKEN_BACK = Forms(HERE, "taken_back")
WENT_WRONG = Forms(HERE, "went_wrong")
AGREED = "ok"
MARKS = re.compile(r"[,。!;:、~….·'\"“”‘’()<>《》^_-]+")
ASKS = re.compile(r"\?|[吗么]$|(.)[不没]\1|不是[不别没]|没说")
"""What asks, or denies a denial, is no plain reply."""
TO_ONESELF = re.compile("(?:发送?|送|寄|转)给?我(?:看看?|看一下|一份|一下|吧)*$")
"""What asks for a copy of it: 先发给我 has it sent to nobody else."""
WHOM = ("", *"他她它", "他们", "她们", "大家", "人家", "同志们")
NUMBER = re.compile(
    r"(?:我?[要选]|那?就|是)*第?(\d{1,7}|[一二两三四五六七八九十])"
    r"(?:[个项条位]|那个|那条|吧|的|了)*"
)
LONGEST = 24  # characters; more is no plain reply
WITHOUT, WITH = 1, 2


@dataclass(frozen=True)
class Answered:
    """act: what it says. sure: it names the deed (确认, 发吧), and is no mere 好的."""

    act: Act
    sure: bool = False


NONE = Answered("none")
ACTS: Mapping[str, Act] = {"back": "back", "show": "show", "wait": "hold"}
"""By the section of a sentence: what it says."""


def read_reply(text: str, verbs: Sequence[str] = ()) -> Answered:
    """Read a reply. verbs: what is done on yes, such as 发 and 发送."""
    bare = without_signs(text)
    if not bare:
        return NONE
    asks = ASKS.search(normalise(text).text) or TO_ONESELF.search(bare)
    if asks or len(bare) > LONGEST:
        return _read_spoken(text)
    if DOUBTFUL.search(bare):
        return _read_doubtful(bare, verbs)
    for kernel, around, answered in _readings(tuple(verbs)):
        if _is_made_of(bare, kernel, around):
            return answered
    return _read_spoken(text)


def _read_doubtful(bare: str, verbs: Sequence[str]) -> Answered:
    """Take a yes with a sign that says something else as heard, and no yes: 发吧👎."""
    said = read_reply(DOUBTFUL.sub("", bare), verbs)
    return Answered("heard") if said.act == "yes" else said


def read_number(text: str) -> int | None:
    """Read a number that is all that is said: 2, 第二个吧, 选1."""
    found = NUMBER.fullmatch(without_signs(text))
    return find_number(found[1]) if found else None


def says_yes(text: str, verbs: Sequence[str] = ()) -> bool:
    return read_reply(text, verbs).act == "yes"


def says_no(text: str, verbs: Sequence[str] = ()) -> bool:
    return read_reply(text, verbs).act == "no"


def denies(text: str, verbs: Sequence[str]) -> bool:
    """Tell whether a text says no to a deed that it names: 别记了, and no mere 不."""
    return says_no(text, verbs) and any(each in text for each in verbs)


def takes_back(text: str) -> bool:
    """Tell whether a text takes back what was just done, naming nothing: 撤了吧."""
    bare, around = without_signs(text), _list("soft") | _list("tail")
    if _is_made_of(bare, _list("undo"), around):
        return True
    found = TAKEN_BACK.find(text)
    return found is not None and not found.start


def went_wrong(text: str) -> bool:
    """Tell whether a text says of what just went out that it was wrong: 发错了."""
    found = WENT_WRONG.find(text)
    return found is not None and not found.start


def asks_to_undo(text: str) -> bool:
    """Tell whether a text asks for the last step to be undone: 能撤回上一步吗."""
    found = UNDO_ASKED.find(text)
    return found is not None and not found.start


def without_signs(text: str) -> str:
    """Give a text as it is compared, without marks, stickers and emoji.

    A sign that agrees becomes ok; one that says anything else stays.
    """
    return MARKS.sub("", normalise(replace_agreeing(text, AGREED)).text)


def _read_spoken(text: str) -> Answered:
    if asks_to_undo(text):
        return Answered("back")
    found = SPOKEN.find(text)
    if found is None or found.start:
        return NONE
    return Answered(ACTS[found.template.intent])


@dataclass(frozen=True)
class _Deed:
    """Words for one kind of deed, and for not doing it."""

    done: Words
    denied: Words


@cache
def _readings(verbs: tuple[str, ...]) -> Sequence[tuple[Words, Words, Answered]]:
    """List what a reply may be, in the order in which it is tried.

    Each with its own words and those that may stand around them; put together once for
    each kind of deed.
    """
    deed = _deed(verbs)
    around, agreed = _list("soft") | _list("tail"), _list("mild")
    talk, no = around | agreed | _list("heard"), deed.denied | _list("no")
    surely = Answered("yes", sure=True)
    first = [(deed.done, _list("tail"), surely)]
    if not deed.done.isdisjoint(_list("no")):  # 取消 and 别取消 say yes and no to it
        first = [
            (deed.done, around | agreed, surely),
            (deed.denied, talk | _list("soft.no"), Answered("no")),
        ]
    return (
        *first,
        (_list("hold"), talk | no, Answered("hold")),
        (no, talk | _list("soft.no"), Answered("no")),
        (deed.done | _list("sure"), around | agreed, surely),
        (agreed, around, Answered("yes")),
        (_list("heard"), talk, Answered("heard")),
    )


@cache
def _longest(kernel: Words, around: Words) -> int:
    return max(map(len, kernel | around))


@cache
def _deed(verbs: tuple[str, ...]) -> _Deed:
    deeds = frozenset(verbs) | _list("deeds")
    denied = map("".join, product(_list("deny"), WHOM, deeds))
    given = map("".join, product(_list("deny"), ("给",), WHOM[1:], deeds))
    ahead = frozenset[str]() if not verbs or takes_back_on_yes(verbs) else _list("go")
    return _Deed(frozenset(verbs) | ahead, frozenset((*denied, *given)))


def takes_back_on_yes(verbs: Sequence[str]) -> bool:
    """Tell whether what is done on yes takes something back, or may."""
    return not _list("undoing").isdisjoint(verbs)


@cache
def _list(name: str) -> Words:
    """Give the words of a section."""
    section = read_phrases(HERE.with_suffix(SUFFIX))[name]
    return frozenset(
        word for line in section.examples for word in line.text.lower().split()
    )


def _is_made_of(text: str, kernel: Words, around: Words) -> bool:
    """Whether a text is nothing but such words, one of the kernel among them."""
    longest = _longest(kernel, around)
    reached = [WITHOUT] + [0] * len(text)
    for start in range(len(text)):
        if not reached[start]:
            continue
        for end in range(start + 1, min(start + longest, len(text)) + 1):
            word = text[start:end]
            if word in kernel:
                reached[end] |= WITH
            if word in around:
                reached[end] |= reached[start]
    return bool(reached[-1] & WITH)
