"""Who of a branch is named in a text, and what the text says besides."""

import re
from dataclasses import dataclass
from pathlib import Path

from bot.branch.people.members import Member
from bot.command import Ask
from bot.errors import Refusal
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.slots.scope import ACCOUNT, LONGEST_CALLED, Scope
from bot.understanding.text import normalise
from bot.understanding.words.masks import mask

LENGTHS = range(2, LONGEST_CALLED + 1)
LONG_NAME = 15
LIKE_A_NAME = 8
AROUND = " ：:，,。！!同志的"
HERE = Path(__file__)
OTHERS = Lexicon(HERE, "others")


@dataclass(frozen=True)
class NamedPerson:
    """before and after: the text on both sides of the name."""

    member: Member
    before: str
    after: str


def find_named(scope: Scope, text: str) -> NamedPerson | None:
    """Find the first person of the scope that a text names; the longest name counts.

    Raises Refusal if two people have that name.
    """
    scope = scope.of(text)
    called = [form for form in scope.called if len(form) in LENGTHS and form in text]
    places = [
        (at, at + len(form))
        for form in called
        for at in range(len(text))
        if text.startswith(form, at) and scope.is_called(text, at, at + len(form))
    ]
    if not places:
        return _by_account(scope, text)
    start, end = min(places, key=lambda place: (place[0], -place[1]))
    member = scope.find_member(text[start:end])
    return NamedPerson(member, text[:start], text[end:])


def _by_account(scope: Scope, text: str) -> NamedPerson | None:
    for hit in ACCOUNT.finditer(text):
        if member := scope.member_with(hit[0]):
            return NamedPerson(member, text[: hit.start()], text[hit.end() :])
    return None


def require_named(scope: Scope, text: str, example: str) -> NamedPerson:
    """Find who is named. Raises Refusal, with whoever it may be, if nobody is."""
    if found := find_named(scope, text):
        return found
    word = re.split(r"[ ，,：:；;]", text.strip(AROUND))[0].strip(AROUND)
    if not word or len(word) > (LONG_NAME if "·" in word else LIKE_A_NAME):
        raise Refusal(f"是哪位同志？请带上姓名，例：{example}")
    scope.find_member(word)
    raise Refusal(f"是哪位同志？请带上姓名，例：{example}")


def other_named(ask: Ask) -> str:
    """Return the name of who else is spoken of, "" if nobody is."""
    named = find_named(Scope(ask.session, ask.standing.branch), ask.text)
    another = named is not None and named.member.id != ask.member.id
    return named.member.called if named and another else ""


def speaks_of_others(ask: Ask) -> bool:
    """Tell whether a text asks about somebody else: by name, as 小陈, she or who."""
    if other_named(ask):
        return True
    said = normalise(ask.text.replace(ask.speaker.name, "我")).text
    return "我" not in said and OTHERS.find(mask(said)) is not None
