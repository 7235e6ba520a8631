"""All of a branch who are named in a text, also as 小陈 and 陈老师."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.branch.people.members import Member
from bot.understanding.sentences.form import APART
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.slots.person import find_named
from bot.understanding.slots.scope import Scope

HERE = Path(__file__)
CALLED = Lexicon(HERE, "called")
MOST = 50


@dataclass(frozen=True)
class Found:
    """people: in the order in which they are named. unsure: what must be asked back."""

    people: Sequence[Member]
    rest: str
    unsure: str = ""


def find_people(scope: Scope, text: str, *, but: str = "") -> Found:
    """Find everybody who is named. but: who speaks, and is not meant by a nickname.

    Raises Refusal where a whole name is two people's.
    """
    places: list[tuple[int, Member]] = []
    for _ in range(MOST):
        hit = find_named(scope, text)
        if hit is None:
            break
        start, end = len(hit.before), len(text) - len(hit.after)
        places.append((start, hit.member))
        text = f"{text[:start]}{APART * (end - start)}{text[end:]}"
    unsure = ""
    for nick in list(CALLED.find_all(text)):
        family = nick["one"] or nick["two"]
        alike = [name for name in scope.names if name.startswith(family)]
        alike = [name for name in alike if name != but] or alike
        if len(alike) == 1:
            places.append((nick.start(), scope.find_member(alike[0])))
            blank = APART * len(nick[0])
            text = f"{text[: nick.start()]}{blank}{text[nick.end() :]}"
        elif alike:
            unsure = f"“{nick[0]}”是哪位：{'、'.join(alike[:5])}？"
        else:
            unsure = f"名册里没有姓{family}的同志，“{nick[0]}”是谁？请说全名。"
    people = dict.fromkeys(member for _, member in sorted(places, key=lambda at: at[0]))
    return Found(tuple(people), re.sub(f"{APART}+", APART, text), unsure)


def may_be_name(words: str) -> bool:
    """Tell whether words look like a name, of whoever it may be."""
    return 2 <= len(words) <= 12 and all(
        ("一" <= each <= "龥" and each != "的") or each == "·" for each in words
    )
