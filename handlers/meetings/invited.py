"""Whom an order for a meeting names: a group of ours, or people it does not go by."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from bot.branch.meetings.kinds import Kind
from bot.branch.people.tree import Branch, BranchKind
from bot.understanding.slots.audience import ALL_MEMBERS, EVERYBODY, Take, take_audience
from bot.understanding.slots.exceptions import take_exceptions
from bot.understanding.slots.scope import Scope
from handlers.meetings.clauses import EDGES

PIECES = re.compile(r"([，,。；;\s]+)")
CALLING = re.compile(r"^(?:叫上?|喊上?|召集|通知|请|让)")
DOING = re.compile(
    r"(?:在|到|一起|都|来|参加|碰|开|召开|聚|学|听|看|集中|讨论|搞|组织|过)"
)
COMES = re.compile(r"(?:都|一起|准时|按时)*(?:来|参加|到会|到场|出席)?")
STAYS = re.compile("(?P<who>.+?)(?:就|可以)?(?:不用|不必|不)(?:来|参加|到会)了?")
EVERY = {*ALL_MEMBERS, *EVERYBODY}
WHOLE = (Kind.GENERAL, Kind.COMMITTEE, Kind.GROUP)
"""Kinds whose people the rules name: no word of an order makes them others."""


@dataclass(frozen=True)
class Invited:
    """rest: the order without its people; group: the one part of ours that is meant.

    unused: words for people by which the call does not go.
    """

    rest: str
    group: Branch | None = None
    unused: tuple[str, ...] = ()


def take_invited(scope: Scope, text: str, kind: Kind) -> Invited:
    """Part whom an order names, in clauses of their own, from the rest of it."""
    take = partial(take_audience, scope)
    text, gone = take_exceptions(text, take)
    pieces = PIECES.split(text)
    named = list[str]()
    for at in range(0, len(pieces), 2):
        said = CALLING.sub("", pieces[at])
        if stays := _who_stays(said, take):
            gone, pieces[at] = "、".join(filter(None, (gone, stays))), ""
            continue
        who, rest = take(said)
        if who and COMES.fullmatch(rest.strip(EDGES)):
            named.append(who)
            pieces[at] = ""
        elif who and _does(scope, who, rest):
            named.append(who)
            pieces[at] = rest
    groups = [found for each in named if (found := _find_group(scope, each))]
    group = groups[0] if len(groups) == 1 and kind not in WHOLE else None
    unused = [each for each in named if not _goes_by(scope, each, group, kind)]
    left_out = [f"除了{gone}"] if gone else []
    return Invited("".join(pieces).strip(EDGES), group, (*unused, *left_out))


def leaves_out(scope: Scope, clause: str) -> bool:
    """Tell whether a clause says who is left out, and no more: 刘洋除外."""
    take = partial(take_audience, scope)
    rest, gone = take_exceptions(clause, take)
    return bool(gone and not rest.strip(EDGES)) or bool(_who_stays(clause, take))


def _who_stays(clause: str, take: Take) -> str:
    """Return the words for people of 李伟不用来; "" where it says something else."""
    hit = STAYS.fullmatch(clause)
    return hit["who"] if hit and not take(hit["who"])[1].strip() else ""


def say_unused(unused: Sequence[str]) -> str:
    """Say which people the call does not go by, and what to do instead; "" for none."""
    if not unused:
        return ""
    words = "”“".join(unused)
    return (
        f"您说的“{words}”没有用上：会议按上面写的范围通知，应到不另外增减。"
        "来不了的请本人请假；只想告诉几个人，用“通知 姓名 …”。"
    )


def _does(scope: Scope, who: str, rest: str) -> bool:
    whole = who in EVERY or _find_group(scope, who) is not None
    return whole and DOING.match(rest) is not None


def _find_group(scope: Scope, words: str) -> Branch | None:
    found = scope.find_branch(words)
    return found if found and found.kind == BranchKind.GROUP else None


def _goes_by(scope: Scope, words: str, group: Branch | None, kind: Kind) -> bool:
    if group or kind == Kind.GROUP:
        return _find_group(scope, words) is not None
    if kind == Kind.COMMITTEE:
        return "委" in words or "班子" in words
    return words in EVERY
