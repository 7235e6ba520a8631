"""Whom an order for a meeting names: a group of ours, a few, more, or all without."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bot.branch.meetings.kinds import Kind
from bot.branch.people.members import Role
from bot.branch.people.tree import Branch, BranchKind
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.slots.audience import (
    ALL_MEMBERS,
    EVERYBODY,
    OFFICES,
    Take,
    take_audience,
)
from bot.understanding.slots.exceptions import are_people, take_exceptions
from bot.understanding.slots.scope import COURTESY, Scope
from handlers.meetings.clauses import EDGES

PIECES = re.compile(r"([，,。；;\s]+)")
HERE = Path(__file__)
CALLING = Lexicon(HERE, "calling")
DOING = Lexicon(HERE, "doing")
COMES = Lexicon(HERE, "comes")
STAYS = Lexicon(HERE, "stays")
NOT_CALLED = Lexicon(HERE, "not_called")
BUT = ("除了", "除开", "除")
OTHERS = Lexicon(HERE, "others")
ENDS = "了吧啊呀啦"
OFF = ("不用", "不必", "不需要", "别", "不要")
EVERY = {*ALL_MEMBERS, *EVERYBODY}
WHOLE = (Kind.GENERAL, Kind.COMMITTEE, Kind.GROUP)
"""Kinds whose people the rules name: no word of an order makes them a few."""


@dataclass(frozen=True)
class Named:
    """Words for people in one clause. only: nobody else is meant: 只叫王芳."""

    words: str
    only: bool = False


@dataclass(frozen=True)
class Invited:
    """rest: the order without its people; group: the one part of ours that is meant.

    named: who is named besides; gone: words for who is left out, "" for nobody.
    """

    rest: str
    group: Branch | None = None
    named: tuple[Named, ...] = ()
    gone: str = ""


def take_invited(scope: Scope, text: str, kind: Kind) -> Invited:
    """Part whom an order names, in clauses of their own, from the rest of it."""
    take = partial(take_audience, scope)
    text, gone = take_exceptions(text, take)
    gone = gone.rstrip(ENDS)
    pieces = PIECES.split(text)
    named = list[Named]()
    for at in range(0, len(pieces), 2):
        said = pieces[at]
        if stays := _who_stays(said, take):
            gone, pieces[at] = "、".join(filter(None, (gone, stays))), ""
        elif comes := _who_comes(scope, said, take):
            named.append(comes[0])
            pieces[at] = comes[1]
    groups = [found for each in named if (found := find_group(scope, each.words))]
    group = groups[0] if len(groups) == 1 and kind not in WHOLE else None
    besides = tuple(x for x in named if not _goes_by(scope, x.words, group, kind))
    return Invited("".join(pieces).strip(EDGES), group, besides, gone)


def leaves_out(scope: Scope, clause: str) -> bool:
    """Tell whether a clause says who is left out, and no more: 刘洋除外."""
    return bool(read_gone(scope, clause))


def read_gone(scope: Scope, clause: str) -> str:
    """Return the words for who is left out; "" where a clause says something else."""
    take = partial(take_audience, scope)
    rest, gone = take_exceptions(f"，{clause}", take)
    gone = gone.rstrip(ENDS)
    return gone if gone and not rest.strip(EDGES) else _who_stays(clause, take)


def read_coming(scope: Scope, clause: str) -> Named | None:
    """Return who a clause says is called, or comes, too: 再叫上积极分子; else None.

    A name alone says nothing of coming.
    """
    take = partial(take_audience, scope)
    called = CALLING.find_at(clause)
    who, rest = take(CALLING.cut(clause))
    comes = COMES.fit(rest.strip(EDGES)) is not None
    if not who or not comes or not (called or rest.strip(EDGES)):
        return None
    return Named(who, bool(called and called["only"]))


def tells_off(clause: str) -> bool:
    """Tell whether a clause lets people off, and does not only tell that they stay."""
    return any(each in clause for each in OFF)


def _who_comes(scope: Scope, said: str, take: Take) -> tuple[Named, str] | None:
    """Return who a clause of an order names, and what else it says."""
    called = CALLING.find_at(said)
    who, rest = take(CALLING.cut(said))
    only = bool(called and called["only"])
    if who and COMES.fit(rest.strip(EDGES)):
        return Named(who, only), ""
    if who and _does(scope, who, rest):
        return Named(who, only), rest
    return None


def _who_stays(clause: str, take: Take) -> str:
    """Return the words for who need not come; "" where a clause says something else.

    李伟不用来, 不叫李伟了, 除了李伟都来. A name that is nobody's here is one too:
    whoever reads it asks back.
    """
    if but := next((each for each in BUT if clause.startswith(each)), ""):
        who, rest = take(clause.removeprefix(but))
        comes = COMES.fit(OTHERS.cut(rest).strip(EDGES))
        return who if who and comes else ""
    for form in (NOT_CALLED, STAYS):
        hit = form.fit(clause)
        who = hit["who"].rstrip(ENDS) if hit else ""
        if who and are_people(who, take, parted=True):
            return who
    return ""


def say_unused(unused: Collection[str]) -> str:
    """Say which people the call does not go by, and what to do instead; "" for none."""
    if not unused:
        return ""
    words = "”“".join(unused)
    return (
        f"您说的“{words}”没有用上：会议按上面写的范围通知，应到不另外增减。"
        "来不了的请本人请假；只想告诉几个人，用“通知 姓名 …”。"
    )


def say_kept(kept: Sequence[str]) -> str:
    """Say whom no call may leave out; "" for nobody."""
    if not kept:
        return ""
    return (
        f"{'、'.join(kept)}有表决权，讨论接收、转正和选举的大会不能少叫，仍在应到里。"
        "来不了的请本人请假。"
    )


def _does(scope: Scope, who: str, rest: str) -> bool:
    base = COURTESY.cut(who)
    whole = base in EVERY or base in OFFICES or find_group(scope, who) is not None
    return whole and DOING.find_at(rest) is not None


def find_group(scope: Scope, words: str) -> Branch | None:
    """Find the one group of ours that words name."""
    found = scope.find_branch(words)
    return found if found and found.kind == BranchKind.GROUP else None


def _goes_by(scope: Scope, words: str, group: Branch | None, kind: Kind) -> bool:
    """Tell whether a call of this kind goes by just these words."""
    if group or kind == Kind.GROUP:
        return find_group(scope, words) is not None
    if kind == Kind.COMMITTEE:
        bare = COURTESY.cut(words.removeprefix("全体"))
        return OFFICES.get(bare) == Role.COMMITTEE
    return words in EVERY
