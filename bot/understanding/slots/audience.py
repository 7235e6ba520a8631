"""Words for people → an audience, such as 第一党小组, 王芳和李伟, 除了赵敏."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

from bot.branch.people.audience import PARTY_MEMBERS, Audience
from bot.branch.people.members import Category, Role
from bot.errors import Refusal
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.slots.scope import (
    ACCOUNT,
    COURTESY,
    LONGEST_CALLED,
    Scope,
)
from bot.understanding.words.people import PERSON

ALL_MEMBERS = (
    "全体党员",
    "所有党员",
    "各位党员",
    "支部党员",
    "本支部党员",
    "全支部党员",
    "全体支部党员",
    "支部全体党员",
    "全体党员同志",
    "全体同志",
    "支部全体",
    "全支部",
    "整个支部",
    "党员",
)
EVERYBODY = (
    "大家",
    "所有人",
    "每个人",
    "全体人员",
    "全体成员",
    "全体",
    "全员",
    "各位",
    "大伙",
    "大伙儿",
    "老师们",
    "同志们",
    "大家伙",
    "大家伙儿",
)
CATEGORIES = {
    "正式党员": Category.FULL,
    "正式": Category.FULL,
    "预备党员": Category.PROBATIONARY,
    "预备": Category.PROBATIONARY,
    "发展对象": Category.CANDIDATE,
    "积极分子": Category.ACTIVIST,
    "入党积极分子": Category.ACTIVIST,
}
OFFICES = {
    "支委": Role.COMMITTEE,
    "支委会": Role.COMMITTEE,
    "支委会成员": Role.COMMITTEE,
    "支部委员": Role.COMMITTEE,
    "委员": Role.COMMITTEE,
    "班子": Role.COMMITTEE,
    "班子成员": Role.COMMITTEE,
}
LEADERS = ("组长", "小组长", "党小组组长", "党小组长")
"""Who leads a group: these, and nobody for what else they hold."""
OF_ALL = (
    *("各位", "全体", "所有"),
    *(f"{n}{one}" for n in "几两三四五六" for one in "位个"),
)
OF_GROUPS = ("各组", "各小组", "各党小组", "每个组", "每个小组", "每个党小组")
EVERY = tuple(
    f"{every}{one}" for one in (*OFFICES, *LEADERS, *CATEGORIES) for every in OF_ALL
)
OF_EACH_GROUP = tuple(
    f"{every}{of}{one}" for every in OF_GROUPS for of in ("", "的") for one in LEADERS
)
HERE = Path(__file__)
EXCEPT = Lexicon(HERE, "except")
EXCEPT_FIRST = Lexicon(HERE, "except_first")
EXCEPT_AHEAD = Lexicon(HERE, "except_ahead")
MARK = re.compile(r"[、，,;；\s]+|以及")
AND = re.compile(r"([和跟与及])")
GROUP = r"第?[0-9零〇一二三四五六七八九十]{1,3}(?:党)?小?组"
WORDS = sorted(
    {
        *(*ALL_MEMBERS, *EVERYBODY, *CATEGORIES, *OFFICES),
        *(*LEADERS, *EVERY, *OF_EACH_GROUP),
    },
    key=len,
    reverse=True,
)
FIXED = re.compile(rf"(?>{'|'.join(WORDS)}|{GROUP})(?!大?会|议|名单|活动)")
NEXT_GROUP = re.compile(rf"(?<=组){GROUP}(?!大?会|议|名单|活动)")
POLITELY = Lexicon(HERE, "politely")
JOINED = Lexicon(HERE, "joined")
NO_REASON = Lexicon(HERE, "no_reason")
REST = Lexicon(HERE, "rest")


@dataclass
class _Meant:
    """What the parts of an audience name; all are meant, not only what they share."""

    branches: list[int] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    pairs: list[tuple[int, tuple[str, ...] | None]] = field(default_factory=list)
    members: list[int] = field(default_factory=list)
    office: int | None = None
    leaders: bool = False
    party: bool = False
    everybody: bool = False


def read_audience(scope: Scope, words: str) -> Audience:
    """Read who is meant. Raises Refusal, which says what could not be told."""
    said = words.strip(" ：:，,")
    gone = ""
    if first := EXCEPT_FIRST.fit(said):
        said, gone = first["rest"], first["gone"]
    elif found := EXCEPT.find(said):
        said, gone = said[: found.start()].strip(" ，,、的"), found["gone"]
    meant = _Meant()
    for part in _parts(scope, said):
        _add(scope, meant, part)
    audience = _leave_out(scope, _audience(scope, meant), gone)
    return replace(audience, words=words.strip(" ：:，,") or audience.words)


def _parts(scope: Scope, said: str) -> list[str]:
    """Split "王芳、李伟和刘洋"; 张和平 is one name, so 和 parts no known one."""
    parts: list[str] = []
    for piece in filter(None, MARK.split(said)):
        pieces = AND.split(piece)
        at = 0
        while at < len(pieces):
            whole = "".join(pieces[at : at + 3])
            if at + 2 < len(pieces) and whole in scope.called:
                parts.append(whole)
                at += 4
            else:
                parts += _names_in(scope, pieces[at])
                at += 2
    return [part for part in parts if part]


def _names_in(scope: Scope, words: str) -> list[str]:
    """Split names that nothing parts: 王芳李伟; other words stay whole."""
    left, found = words, list[str]()
    while left:
        name = max(filter(left.startswith, scope.names), key=len, default="")
        if not name:
            return [words]
        found.append(name)
        left = left.removeprefix(name)
    return found


def _add(scope: Scope, meant: _Meant, words: str) -> None:
    part = COURTESY.cut(words)
    part = part[2:] if part in EVERY else part
    if words in EVERYBODY or part in EVERYBODY:
        meant.everybody = True
    elif words in ALL_MEMBERS or part in ALL_MEMBERS or REST.find_at(words):
        meant.party = True
    elif part in CATEGORIES:
        meant.categories.append(CATEGORIES[part].value)
    elif part in LEADERS or part in OF_EACH_GROUP:
        meant.leaders = True
    elif part in OFFICES:
        meant.office = min(OFFICES[part].value, meant.office or Role.SECRETARY.value)
    elif not _add_pair(scope, meant, part):
        _add_one(scope, meant, part, words)


def _add_pair(scope: Scope, meant: _Meant, part: str) -> bool:
    """Add 第一党小组的预备党员; False if that is not its form."""
    head, joined, kind = part.partition("的")
    if not joined or kind not in {*CATEGORIES, *ALL_MEMBERS, *EVERYBODY}:
        return False
    branch = scope.find_branch(COURTESY.cut(head))
    if branch is None:
        return False
    if kind in CATEGORIES:
        meant.pairs.append((branch.id, (CATEGORIES[kind].value,)))
    elif kind in ALL_MEMBERS:
        meant.branches.append(branch.id)
    else:
        meant.pairs.append((branch.id, None))
    return True


def _add_one(scope: Scope, meant: _Meant, part: str, words: str) -> None:
    if branch := scope.find_branch(part):
        meant.branches.append(branch.id)
    elif len(part) == 1:
        meant.members.append(scope.find_number(words))
    else:
        meant.members.append(scope.find_number(part))


def _audience(scope: Scope, meant: _Meant) -> Audience:
    """Put together what was named. Raises Refusal for what one notice cannot mean."""
    members, leaders = tuple(meant.members), meant.leaders
    office = meant.office
    base = Audience(scope.branch.id, office=office, leaders=leaders, members=members)
    if meant.everybody:
        return replace(base, categories=None)
    if meant.party:
        return replace(base, categories=(*PARTY_MEMBERS, *_beyond(meant.categories)))
    whole = tuple(meant.branches)
    kinds = {kind for _, kind in meant.pairs}
    if len(kinds) > 1 or (kinds and meant.categories):
        raise Refusal("这几类人一次说不清，请分两次发，或者直接写姓名。")
    if meant.pairs:
        branches = tuple(branch for branch, _ in meant.pairs)
        kind = kinds.pop()
        return replace(base, branches=branches, categories=kind, also_branches=whole)
    if meant.categories:
        return replace(base, categories=tuple(meant.categories), also_branches=whole)
    if whole:
        return replace(base, branches=whole)
    return replace(base, only_named=bool(members or office or leaders))


def _beyond(categories: Sequence[str]) -> list[str]:
    return [each for each in categories if each not in PARTY_MEMBERS]


def _leave_out(scope: Scope, audience: Audience, words: str) -> Audience:
    for said in _parts(scope, words.strip()):
        part = COURTESY.cut(said)
        if part in CATEGORIES:
            gone = (*audience.without_categories, CATEGORIES[part].value)
            audience = replace(audience, without_categories=gone)
        elif part in OFFICES or part in LEADERS:
            holders = _holders(scope, part)
            people = (*audience.without_members, *holders)
            audience = replace(audience, without_members=people)
        elif branch := scope.find_branch(part):
            ids = (*audience.without_branches, branch.id)
            audience = replace(audience, without_branches=ids)
        else:
            named = said if len(part) == 1 else part
            people = (*audience.without_members, scope.find_number(named))
            audience = replace(audience, without_members=people)
    return audience


def _holders(scope: Scope, office: str) -> Sequence[int]:
    if office in LEADERS:
        return scope.group_leaders()
    return scope.office_holders(OFFICES[office])


def read_audience_of(scope: Scope, audience: Audience, words: str) -> Audience:
    """Read who is meant; words that only leave people out, take them from an audience.

    Raises Refusal, as `read_audience` does.
    """
    base, gone = _part_without(words.strip(" ：:，,"))
    if gone and not base:
        return take_from_audience(scope, audience, gone)
    return read_audience(scope, words)


def take_from_audience(scope: Scope, audience: Audience, words: str) -> Audience:
    """Leave more people out, also of an audience that leaves some out already."""
    base, gone = _part_without(audience.words)
    every = "全体人员" if base in EVERYBODY else base
    names = dict.fromkeys([*_parts(scope, gone), *_parts(scope, words)])
    left = _leave_out(scope, audience, words)
    return replace(left, words=f"{every}，除了{'、'.join(names)}" if names else every)


def add_to_audience(scope: Scope, audience: Audience, words: str) -> Audience:
    """Add people; who was left out is simply not left out any more."""
    base, gone = _part_without(audience.words)
    left_out, added = _parts(scope, gone), _parts(scope, words)
    still = [each for each in left_out if each not in added]
    new = [each for each in added if each not in left_out]
    whole = replace(
        audience,
        without_members=(),
        without_branches=(),
        without_categories=(),
        words=base,
    )
    if new:
        whole = _join(scope, whole, "、".join(new))
    return take_from_audience(scope, whole, "、".join(still)) if still else whole


def _join(scope: Scope, audience: Audience, words: str) -> Audience:
    """Mean others too; who is meant for what they did is no words to read again."""
    every = f"{audience.words}、{words}"
    added = read_audience(scope, words)
    named = (audience, added)
    if any(not each.only_named or each.office for each in named):
        return read_audience(scope, every)
    members = tuple(dict.fromkeys([*audience.members, *added.members]))
    return replace(audience, members=members, words=every)


def change_audience(
    scope: Scope, audience: Audience, what: str, words: str
) -> Audience:
    """Take people out (without), in (with), or others instead (to)."""
    if what == "without":
        return take_from_audience(scope, audience, words)
    if what == "with":
        return add_to_audience(scope, audience, words)
    return read_audience(scope, words)


def _part_without(words: str) -> tuple[str, str]:
    """Part the words of an audience from those of whom it leaves out."""
    if first := EXCEPT_FIRST.fit(words):
        return first["rest"], first["gone"]
    found = EXCEPT.find(words)
    return (words[: found.start()], found["gone"]) if found else (words, "")


def names_people(scope: Scope, words: str) -> bool:
    """Tell whether words are nothing but names of people, be they of ours or not."""
    who, rest = take_audience(scope, words)
    if who and not rest:
        return True
    parts = _parts(scope, words)
    return bool(parts) and all(
        PERSON.fullmatch(each) or take_audience(scope, each) == (each, "")
        for each in parts
    )


def find_people_said(scope: Scope, words: str) -> str:
    """Find whom words mean that go on with why: 刘洋出差; "" where that is not sure."""
    if names_people(scope, words):
        return words
    who, rest = take_audience(scope, words)
    return who if rest and not NO_REASON.find(rest) else ""


def take_audience(scope: Scope, text: str) -> tuple[str, str]:
    """Part a text that begins with an audience, such as 支委下午开会."""
    if ahead := _except_ahead(scope, text):
        return ahead, text[len(ahead) :]
    who, end, at = "", 0, 0
    while size := _known(scope, text[at:]):
        who += text[end : at + size]
        end = at + size
        polite = POLITELY.find_at(text, end)
        who, end = (who + polite[0], polite.end()) if polite else (who, end)
        if joined := JOINED.find_at(text, end):
            at = joined.end()
        elif NEXT_GROUP.match(text, end) or _another(scope, text, end):
            who, at = f"{who}、", end
        else:
            break
    return who.rstrip("、"), text[end:]


def _except_ahead(scope: Scope, text: str) -> str:
    """Find the audience that a text begins with by whom it leaves out; "" if none."""
    found = EXCEPT_AHEAD.find_at(text)
    if found is None:
        return ""
    who, rest = take_audience(scope, found["gone"])
    return found[0] if who and not rest else ""


def _another(scope: Scope, text: str, start: int) -> bool:
    """Whether another's name follows at once, as they are said: 王芳李伟陈静."""
    sizes = range(2, min(LONGEST_CALLED, len(text) - start) + 1)
    return any(text[start : start + size] in scope.names for size in sizes)


def _known(scope: Scope, text: str) -> int:
    """Return how long the name of somebody is that a text begins with; 0: of nobody."""
    fixed = FIXED.match(text)
    branches = [each.name for each in scope.branches if text.startswith(each.name)]
    sizes = range(2, min(LONGEST_CALLED, len(text)) + 1)
    names = [text[:size] for size in sizes if scope.is_called(text, 0, size)]
    account = ACCOUNT.match(text)
    if account and scope.number_with(account[0]):
        return account.end()
    found = [fixed[0] if fixed else "", *branches, *names]
    return max(map(len, found))


# Parts a text that begins with an audience: ("支委", "下午开会"); ("", text) if not.
Take: TypeAlias = Callable[[str], tuple[str, str]]
