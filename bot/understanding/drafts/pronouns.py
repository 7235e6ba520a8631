"""What 她, 那天 and 那儿 stand for in a change: what was just said, else the draft.

Where it might be two, the word stays, and whoever hears the change asks.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.understanding.drafts.parting import stays_away
from bot.understanding.slots.place import LIKE_A_PLACE, find_places
from bot.understanding.when import find_when

ONE = re.compile("(?<!其)[他她](?!们)|这个?人|人家")
ALL = re.compile("(?<!其)[他她]们|他俩|她俩|这[几两]个人?")
DAY = re.compile("(?<!前)[那这](?:一)?天|当天")
PLACE = re.compile("那[儿里边](?!有)|这[儿里边](?!有)|那个(?:地方|会议室|教室)")
EMPTIES = re.compile(
    rf"(?P<place>(?:{LIKE_A_PLACE.written}))(?:空|没人|可以|能用|有空|闲)"
)


@dataclass(frozen=True)
class Spoken:
    """What a text names, each once: people, days and places."""

    people: Sequence[str] = ()
    days: Sequence[str] = ()
    places: Sequence[str] = ()


def list_spoken(text: str, names: Iterable[str], now: datetime) -> Spoken:
    """List what a text names. names: of those who are there, the text's or any."""
    found = sorted(
        (text.index(each), -len(each), each) for each in names if each in text
    )
    people: list[str] = []
    for _, _, name in found:
        if not any(name in each for each in people):
            people.append(name)
    whens = [each for each in find_when(text, now) if not each.recurring]
    days = [text[slice(*each.span)].strip() for each in whens]
    places = [text[slice(*span)] for span in find_places(text)]
    places += [hit["place"] for hit in EMPTIES.finditer(text)]
    return Spoken(people, days, tuple(dict.fromkeys(places)))


def resolve(words: str, before: Sequence[Spoken]) -> str:
    """Put names for what stands for them. before: what was named, the nearest first."""
    people = next((each.people for each in before if each.people), ())
    if people and stays_away(words):
        words = f"{'、'.join(people)}{words}"
    if len(people) == 1:
        words = ONE.sub(people[0], words)
    if people:
        words = ALL.sub("、".join(people), words)
    named = any(each in words for each in people)
    if named and DAY.search(words):
        return DAY.sub("", words, count=1)  # 王芳那天不用来: of that day are we all
    days = next((each.days for each in before if each.days), ())
    places = next((each.places for each in before if each.places), ())
    if len(days) == 1:
        words = DAY.sub(days[0], words)
    if len(places) == 1:
        words = PLACE.sub(places[0], words)
    return words


def has_pronoun(words: str) -> bool:
    """Tell whether words leave it to what was said before who or what is meant."""
    forms = (ONE, ALL, DAY, PLACE)
    return stays_away(words) or any(form.search(words) for form in forms)
