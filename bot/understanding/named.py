"""Who of a branch is named in a text, and what the text says besides."""

import re
from dataclasses import dataclass

from bot.branch.members import Member
from bot.errors import Refusal
from bot.understanding.scope import ACCOUNT, Scope

LENGTHS = range(2, 16)
LIKE_A_NAME = 8
AROUND = " ：:，,。！!同志的"


@dataclass(frozen=True)
class Named:
    """before and after: the text on both sides of the name."""

    member: Member
    before: str
    after: str


def find_named(scope: Scope, text: str) -> Named | None:
    """Find the first person of the scope that a text names; the longest name counts.

    Raises Refusal if two people have that name.
    """
    names = [name for name in scope.called if len(name) in LENGTHS and name in text]
    if not names:
        return _by_account(scope, text)
    name = min(names, key=lambda each: (text.index(each), -len(each)))
    at = text.index(name)
    member = scope.find_member(name)
    return Named(member, text[:at], text[at + len(name) :])


def _by_account(scope: Scope, text: str) -> Named | None:
    for hit in ACCOUNT.finditer(text):
        if member := scope.member_with(hit[0]):
            return Named(member, text[: hit.start()], text[hit.end() :])
    return None


def require_named(scope: Scope, text: str, example: str) -> Named:
    """Find who is named. Raises Refusal, with whoever it may be, if nobody is."""
    if found := find_named(scope, text):
        return found
    word = re.split(r"[ ，,：:；;]", text.strip(AROUND))[0].strip(AROUND)
    if not word or len(word) > (LENGTHS[-1] if "·" in word else LIKE_A_NAME):
        raise Refusal(f"是哪位同志？请带上姓名，例：{example}")
    scope.find_member(word)
    raise Refusal(f"是哪位同志？请带上姓名，例：{example}")
