"""Whom an order leaves out, wherever it says so: 除了孙丽, 孙丽不用通知, 不含何雪."""

import re

from bot.understanding.slots.audience import Take
from bot.understanding.words.people import NAME

START = r"(?:^|[，,。；;！!\s]+)"
END = r"(?=[，,。；;！!\s]|$)"
PEOPLE = r"(?P<who>[^，,。；;！!\s：:]{2,30}?)"
TELL = "(?:通知|告诉|提醒|叫|管)"
BUT = (
    re.compile(
        rf"(?P<lead>{START}?)(?:除了|除|不含|不包括|不发给|不要发给|别发给|不用发给"
        rf"|(?:不用|不要|不必|别)(?:再)?{TELL}){PEOPLE}(?:以外|之外|外)?{END}"
    ),
    re.compile(
        rf"(?P<lead>{START}){PEOPLE}(?:就|都|也|那边|那里)?(?:(?:不用|不必|不要|别|不)"
        rf"(?:再)?(?:{TELL}|发给?)(?:[他她]们?)?|(?:不用|不必)(?:来|去|参加)?)(?:了)?{END}"
    ),
    re.compile(rf"(?P<lead>{START}){PEOPLE}(?:除外|不在内|不算在内){END}"),
)
PARTS = re.compile("[、，,和跟与及]")
EDGES = "，,；; "


def take_exceptions(text: str, take: Take) -> tuple[str, str]:
    """Part a text into what is left of it, and the words for who is left out.

    A name that is nobody's here is taken too where it has a clause of its own: whoever
    reads it asks back. Other words stay where they are: 除了带笔记，还要带笔.
    """
    gone: list[str] = []
    for form in BUT:
        at = 0
        while hit := form.search(text, at):
            at = hit.end()
            if are_people(hit["who"], take, parted=bool(hit["lead"])):
                gone.append(hit["who"])
                text, at = cut(text, *hit.span()), hit.start()
    return text, "、".join(gone)


def are_people(words: str, take: Take, *, parted: bool) -> bool:
    """Whether words are people, known here or, in a clause of their own, by form."""
    known = not take(words)[1].strip()
    parts = [each for each in PARTS.split(words) if each]
    return known or (parted and all(re.fullmatch(NAME, each) for each in parts))


def cut(text: str, start: int, end: int) -> str:
    """Take a piece out, with the marks that parted it."""
    before, after = text[:start].rstrip(EDGES), text[end:].lstrip(EDGES)
    if not before or not after or before[-1] in "。！!：:\n" or after[0] in "。！!\n":
        return f"{before}{after}"
    return f"{before}，{after}"
