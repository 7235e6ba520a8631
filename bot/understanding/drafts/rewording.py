"""Free words in a draft, with what is said of them put in: 改成周四, 字数改成1000.

One table for all that is written and shown before it goes: a notice, an answer, what is
remembered. Raises Refusal where it cannot be told for certain what is meant.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.errors import Refusal
from bot.understanding.drafts.changes import Change, names_number, read_changes
from bot.understanding.drafts.patching import (
    Patched,
    cut_clause,
    patch_place,
    patch_time,
    patch_words,
    shift_time,
)
from bot.understanding.sentences.form import NUMERAL
from bot.understanding.speech import asks_of_us
from bot.understanding.text import normalise

ENDS = tuple("。！!？?；;\n")
NO_NUMBER = "里面没有写{of}，没有改。要写上，说“加一句 {of}：{value}”。"
WHICH_NUMBER = "里面有 {n} 个数：{found}。改哪一个？例：把{first}改成{value}"
FIGURE = re.compile(rf"(?<![第{NUMERAL}.])\d[\d.]*(?:[个多])?(?P<unit>[一-龥]?)")


@dataclass(frozen=True)
class Reworded:
    """text: the words as they are now; marks: what took the place of what."""

    text: str
    marks: Sequence[str] = ()


def reword(text: str, said: str, now: datetime) -> Reworded | None:
    """Put what is said into free words; None where it says nothing of them."""
    changes = read_changes(said, now, lambda of: names_number(of) or of in text)
    if not changes or asks_of_us(normalise(said).text):
        return None
    words, marks = text, list[str]()
    for each in changes:
        if each.what == "text":
            words = each.words
        elif patched := patch(words, each, now, limits=True):
            words = patched.text
            marks += [patched.mark] if patched.old else []
        else:
            return None
    return Reworded(words, marks)


def patch(
    text: str, change: Change, now: datetime, *, limits: bool = False
) -> Patched | None:
    """Put one change in its place; None where it is of no words, or they lack it.

    limits: whether a time by which something is to be done is one of the text's times.
    """
    match change.what:
        case "time":
            return patch_time(text, change.words, now, change.old, limits=limits)
        case "shift":
            return shift_time(text, change.by, now)
        case "place":
            return patch_place(text, change.words)
        case "words":
            there = change.old in text
            return patch_words(text, change.words, change.old) if there else None
        case "amount":
            return _patch_number(text, change.words, change.of)
        case "cut":
            return cut_clause(text, change.old) if change.old in text else None
        case "more" | "beside":
            end = "" if text.endswith(ENDS) else "。"
            return Patched(f"{text}{end}{change.words}", "", "")
    return None


def _patch_number(text: str, value: str, of: str) -> Patched:
    """Put a number in the place of the one so counted: 字数 is of 800字."""
    found = list(FIGURE.finditer(text))
    unit = of.removesuffix("量").removesuffix("数")[-1:] if names_number(of) else ""
    told = FIGURE.match(value)
    unit = unit or (told["unit"] if told else "")
    alike = [each for each in found if unit and each["unit"] == unit]
    if not alike:
        named = of if names_number(of) else value
        raise Refusal(NO_NUMBER.format(of=named, value=value))
    if len(alike) > 1:
        words = "、".join(f"“{each[0]}”" for each in alike)
        asked = WHICH_NUMBER.format(
            n=len(alike), found=words, first=alike[0][0], value=value
        )
        raise Refusal(asked)
    hit = alike[0]
    new = value if value.endswith(unit) else f"{value}{unit}"
    return Patched(f"{text[: hit.start()]}{new}{text[hit.end() :]}", hit[0], new)
