"""Words for people → an audience, such as 第一党小组, 王芳和李伟, 除了赵敏."""

# What fits nobody, or more than one, is asked back; nothing is guessed.

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pypinyin import lazy_pinyin
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bot.branch.audience import PARTY_MEMBERS, Audience
from bot.branch.members import Category, Member, Role
from bot.branch.tree import Branch
from bot.errors import Refusal

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
    "组长": Role.LEADER,
    "小组长": Role.LEADER,
    "党小组组长": Role.LEADER,
    "党小组长": Role.LEADER,
}
EXCEPT = re.compile(
    r"[，,（(]?\s*(?:除了|除|不包括|不含|不要发给)(.+?)(?:以外|之外|外)?[）)]?$"
)
AND = re.compile(r"[、，,;；\s]+|以及|和|跟|与|及")
DIGITS = str.maketrans("1234567890", "一二三四五六七八九〇")
COURTESY = re.compile(r"(?:的)?(?:同志们?|老师们?|们)$|^(?:我们|咱们|本)")


@dataclass(frozen=True)
class Scope:
    """Where the speaker holds office, with all that is below it."""

    session: Session
    branch: Branch

    def branches(self) -> Sequence[Branch]:
        return self.session.scalars(
            select(Branch)
            .where(Branch.path.startswith(self.branch.path))
            .order_by(Branch.path)
        ).all()

    def members_called(self, name: str) -> Sequence[Member]:
        return self.session.scalars(self._members().where(Member.name == name)).all()

    def names(self) -> Sequence[str]:
        return self.session.scalars(
            self._members().with_only_columns(Member.name)
        ).all()

    def _members(self) -> Select[Member]:
        return (
            select(Member)
            .join(Branch, Branch.id == Member.branch_id)
            .where(Branch.path.startswith(self.branch.path), Member.state == "active")
        )


def read_audience(scope: Scope, words: str) -> Audience:
    """Read who is meant. Raises Refusal, which says what could not be told."""
    said = words.strip(" ：:，,")
    audience = Audience(scope.branch.id)
    if found := EXCEPT.search(said):
        audience = _leave_out(scope, audience, found[1])
        said = said[: found.start()].strip(" ，,、的")
    for part in _parts(said):
        audience = _add(scope, audience, part)
    return replace(audience, words=words.strip(" ：:，,") or audience.words)


def _parts(said: str) -> list[str]:
    """Split "王芳、李伟和刘洋"; a name may hold 和, so whole words go first."""
    if not said or said in ALL_MEMBERS or said in EVERYBODY:
        return [said] if said else []
    return [part for part in AND.split(said) if part]


def _add(scope: Scope, audience: Audience, part: str) -> Audience:
    part = COURTESY.sub("", part)
    if part in ALL_MEMBERS:
        return audience
    if part in EVERYBODY:
        return replace(audience, categories=None)
    if part in CATEGORIES:
        return _add_category(audience, CATEGORIES[part])
    if part in OFFICES:
        return replace(audience, office=OFFICES[part].value, only_named=True)
    head, joined, kind = part.partition("的")
    if joined and (
        head in CATEGORIES or kind in CATEGORIES | dict.fromkeys(ALL_MEMBERS)
    ):
        return _add(scope, _add(scope, audience, head), kind)
    if branch := _find_branch(scope, part):
        return replace(audience, branches=(*audience.branches, branch.id))
    member = _find_member(scope, part)
    named = not audience.branches and audience.categories == PARTY_MEMBERS
    return replace(
        audience,
        members=(*audience.members, member.id),
        only_named=audience.only_named or named,
    )


def _add_category(audience: Audience, category: Category) -> Audience:
    known = audience.categories or ()
    known = () if known == PARTY_MEMBERS else known
    return replace(audience, categories=(*known, category.value))


def _leave_out(scope: Scope, audience: Audience, words: str) -> Audience:
    for part in _parts(words.strip()):
        part = COURTESY.sub("", part)
        if part in CATEGORIES:
            gone = (*audience.without_categories, CATEGORIES[part].value)
            audience = replace(audience, without_categories=gone)
        elif branch := _find_branch(scope, part):
            ids = (*audience.without_branches, branch.id)
            audience = replace(audience, without_branches=ids)
        else:
            people = (*audience.without_members, _find_member(scope, part).id)
            audience = replace(audience, without_members=people)
    return audience


def _find_branch(scope: Scope, words: str) -> Branch | None:
    """Find the one branch or group that words name, whole or by their ending."""
    wanted = _plain(words)
    if not wanted.endswith(("组", "支部", "总支", "党委", "委员会")):
        return None
    branches = scope.branches()
    exact = [each for each in branches if each.name == words]
    near = exact or [
        each
        for each in branches
        if _plain(each.name).endswith(wanted) or wanted.endswith(_plain(each.name))
    ]
    if len(near) > 1:
        names = "、".join(each.name for each in near[:5])
        raise Refusal(f"“{words}”是哪一个？{names}。请写全名再说一次。")
    if not near:
        names = "、".join(each.name for each in branches[:8])
        raise Refusal(f"没有找到“{words}”。这里有：{names}。")
    return near[0]


def _plain(name: str) -> str:
    """Write 1组, 第一小组 and 第一党小组 alike."""
    name = name.translate(DIGITS).removeprefix("第")
    return re.sub(r"(?:党)?小?组$", "组", name)


def _find_member(scope: Scope, name: str) -> Member:
    found = scope.members_called(name)
    if len(found) == 1:
        return found[0]
    if len(found) > 1:
        raise Refusal(
            f"有 {len(found)} 位“{name}”，分不清是哪一位，这次没有发。"
            "请到名册里核对后用账号区分。"
        )
    alike = [each for each in scope.names() if _sounds_alike(each, name)]
    if alike:
        raise Refusal(
            f"没有叫“{name}”的，是不是{'、'.join(alike[:3])}？请写对再说一次。"
        )
    raise Refusal(
        f"名册里没有“{name}”。可以说：全体党员、某个党小组、预备党员，或者姓名。"
    )


def _sounds_alike(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > 1:
        return False
    if lazy_pinyin(one) == lazy_pinyin(other):
        return True
    return len(one) == len(other) and sum(map(str.__ne__, one, other)) == 1
