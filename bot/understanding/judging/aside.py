"""What a text says of an order besides giving it, so that it is none.

It was a joke (…，开玩笑的), somebody else's (…的是周强, …这事交给王芳了, …，办了),
or is weighed (…好还是…好, …，你觉得呢). What a colon sets apart is the speaker's
content: of that only the last words may speak of the order.
"""

import re
from functools import lru_cache
from pathlib import Path

from bot.text.parts import part_at
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.words.masks import mask

HERE = Path(__file__)
PAUSES = ",。;!~…?—-"
SET_APART = re.compile(r"(?<!\d):|:(?!\d)")

CLEFT = Lexicon(HERE, "cleft")
HANDED_ON = Lexicon(HERE, "handed_on")
DONE_BY_SOMEBODY = Lexicon(HERE, "done_by_somebody")
OF_THE_TOOL = Lexicon(HERE, "of_the_tool")
DONE_ALREADY = Lexicon(HERE, "done_already")
MADE_BY_SOMEBODY = Lexicon(HERE, "made_by_somebody")
SET_BY_SOMEBODY = Lexicon(HERE, "set_by_somebody")
OF_SOMEBODY = Lexicon(HERE, "of_somebody")
BY_OTHERS = (DONE_BY_SOMEBODY, OF_SOMEBODY)
JOKE = Lexicon(HERE, "joke")
ASKED_OF_US = Lexicon(HERE, "asked_of_us")
ASKING_US = Lexicon(HERE, "asking_us")
REMEMBERED = Lexicon(HERE, "remembered")
TAG = Lexicon(HERE, "tag")
EITHER = Lexicon(HERE, "either")
CALLED_OFF = Lexicon(HERE, "called_off")
MOST_CLAUSES = 12


@lru_cache(maxsize=512)
def aside(text: str) -> str:
    """Say which words of a normalised text speak of the order; "" if none do."""
    if DONE_ALREADY.fit(text):
        return text
    before, *told = SET_APART.split(text, maxsplit=1)
    ends = part_at(mask(told[0] if told else text), PAUSES)
    last = ends[-1] if ends else ""
    if len(ends) > 1 or told:
        for form in (JOKE, ASKED_OF_US):
            if form.fit(last):
                return last
    if told:
        ends = part_at(mask(before), PAUSES)
    return _of_others(ends[:MOST_CLAUSES]) or _weighed(ends[-1] if ends else "")


def _of_others(clauses: list[str]) -> str:
    if not clauses:
        return ""
    first = CLEFT.find(clauses[0])
    if hit := first or next(filter(None, map(HANDED_ON.find, clauses)), None):
        return hit[0]
    for each in clauses[1:]:
        if any(form.fit(each) for form in (*BY_OTHERS, REMEMBERED)):
            return each
    rest = clauses[1:]
    tool = next(filter(None, map(OF_THE_TOOL.find_at, rest)), None)
    about = [clauses[0], *(each for each in rest if each[0] in "这那")]
    about += [each for each in rest if SET_BY_SOMEBODY.fit(each)]
    forms = (MADE_BY_SOMEBODY.find, SET_BY_SOMEBODY.fit)
    made = next((hit for each in about for form in forms if (hit := form(each))), None)
    hit = tool or made
    return hit[0] if hit else ""


def _weighed(clause: str) -> str:
    forms = (TAG, EITHER, ASKING_US, CALLED_OFF)
    hit = next(filter(None, (form.find(clause) for form in forms)), None)
    return hit[0] if hit else ""
