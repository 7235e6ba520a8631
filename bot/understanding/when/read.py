"""Find the times in what was said, and read a text that should hold exactly one."""

from dataclasses import replace
from datetime import datetime

from bot.understanding.when.clock_times import Defaults
from bot.understanding.when.doubt import Doubt
from bot.understanding.when.marks import SOFT
from bot.understanding.when.phrase import Phrase
from bot.understanding.when.phrases import read_phrases
from bot.understanding.when.place import place_once
from bot.understanding.when.repeat import place_rule, recurs
from bot.understanding.when.when import When
from bot.understanding.when.words import clean

USUAL = Defaults()
_NOTHING = "没看出时间，请说哪天、几点，例如“明天上午9点”或“每周一早上8点”。"


def find_when(text: str, now: datetime, defaults: Defaults = USUAL) -> list[When]:
    """Find every time in a text, in order; each is placed, or unclear."""
    words = clean(text)
    return [
        replace(
            _place(phrase, now, defaults), span=words.span(phrase.start, phrase.end)
        )
        for phrase in read_phrases(words)
    ]


def read_when(text: str, now: datetime, defaults: Defaults = USUAL) -> When:
    """Read the one time that a text holds; unclear if it holds none, or several."""
    found = find_when(text, now, defaults)
    if len(found) == 1:
        return found[0]
    if not found:
        return When(unclear=_nothing(text))
    span = (found[0].span[0], found[-1].span[1])
    unclear = next((when.unclear for when in found if when.unclear), None)
    return When(unclear=unclear or _several(text, found), span=span)


def _place(phrase: Phrase, now: datetime, defaults: Defaults) -> When:
    try:
        if phrase.doubt is not None:
            raise Doubt(phrase.doubt)
        place = place_rule if recurs(phrase) else place_once
        return place(phrase, now, defaults)
    except Doubt as doubt:
        adrift = bool(phrase.adrift and not phrase.days)
        return When(unclear=str(doubt), deadline=phrase.deadline, adrift=adrift)


def _nothing(text: str) -> str:
    vague = next((word for word in SOFT if word in text), None)
    return f"“{vague}”说得有点含糊，请说哪天、几点。" if vague else _NOTHING


def _several(text: str, found: list[When]) -> str:
    said = "、".join(f"“{text[slice(*when.span)].strip()}”" for when in found[:3])
    return f"您说了不止一个时间：{said}。请一次说一个。"
