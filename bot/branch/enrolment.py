"""A roster → members: added, updated, never guessed.

Who is who: first the WeCom account, then the name within the branch if it is unique
there. What cannot be told apart is refused as a whole.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.branch import enrolled_steps, phones
from bot.branch.enrolled_steps import Dated, Terms
from bot.branch.members import (
    Member,
    Role,
    add_member,
    grant,
    link,
    party_branch,
    set_joined,
    take_roster,
)
from bot.branch.tree import Branch, find_branch, plant
from bot.errors import Refusal
from bot.roster.entry import Entry

LABELS = {
    "name": "姓名",
    "userid": "账号",
    "branch": "支部",
    "category": "类别",
    "joined": "入党日期",
    "full_member_since": "转正日期",
    "position": "职务",
    "state": "状态",
    "phone": "手机号",
}


@dataclass(frozen=True)
class Change:
    """One value that an import changed."""

    name: str
    what: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.name}：{self.what} {self.before or '（空）'} → {self.after}"


@dataclass
class Summary:
    """What an import did, or in a dry run would do.

    unnamed: how many members the roster does not name; they stay as they are.
    """

    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: int = 0
    unnamed: int = 0
    branches: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


@dataclass
class _Roll:
    """A roster on its way in: the names it has repeatedly, and whom it named so far."""

    root: Branch
    repeated: frozenset[str]
    named: set[int] = field(default_factory=set)
    terms: Terms = field(default_factory=Terms)


def enrol(
    session: Session, entries: Sequence[Entry], root: Branch, now: datetime
) -> Summary:
    """Bring the members to what a roster says; what it does not say stays.

    Raises Refusal, naming every row that fits more than one member, or that tells a
    branch's term otherwise than another row does, or than was noted later.
    """
    take_roster(session)
    summary, doubts, roll = Summary(), [], _open_roll(entries, root)
    for entry in entries:
        try:
            _take_in(session, entry, roll, summary, now)
        except Refusal as doubt:
            doubts.append(str(doubt))
    if doubts:
        raise Refusal("\n".join(doubts))
    for place, dated in enrolled_steps.note_terms(session, roll.terms, now):
        summary.changes.append(_change(place.name, dated))
    named = len(summary.added) + len(summary.updated) + summary.unchanged
    summary.unnamed = max(0, _count_active(session, root) - named)
    return summary


def _take_in(
    session: Session, entry: Entry, roll: _Roll, summary: Summary, now: datetime
) -> None:
    branch = _place(session, entry, roll.root, summary)
    member = _recognise(session, entry, roll, branch)
    known = member is not None
    member = member or add_member(session, entry.name, branch, now)
    changes = _update(session, member, entry, branch)
    changes += _keep_phone(session, member, entry, now)
    changes += _note_steps(session, member, entry, now)
    if known:
        _note(summary, entry.name, changes)
    else:
        summary.added.append(entry.name)
    roll.named.add(member.id)
    _grant_by_position(session, member, entry, branch)
    roll.terms.take(party_branch(session, member), entry)


def _place(session: Session, entry: Entry, root: Branch, summary: Summary) -> Branch:
    branch = _branch(session, entry.branch, root, summary)
    return _branch(session, entry.group, branch, summary)


def _branch(
    session: Session, name: str | None, parent: Branch, summary: Summary
) -> Branch:
    if not name or name == parent.name:
        return parent
    found = find_branch(session, name, parent)
    if found is None:
        found = plant(session, name, parent)
        summary.branches.append(name)
    return found


def _open_roll(entries: Sequence[Entry], root: Branch) -> _Roll:
    names = Counter(entry.name for entry in entries)
    return _Roll(root, frozenset(name for name in names if names[name] > 1))


def _recognise(
    session: Session, entry: Entry, roll: _Roll, branch: Branch
) -> Member | None:
    if entry.userid and (known := _by_account(session, entry.userid)):
        return known
    namesakes = _by_name(session, entry.name, roll.root)
    namesakes = [each for each in namesakes if each.id not in roll.named]
    if entry.name in roll.repeated:
        namesakes = [each for each in namesakes if _fits(each, entry, branch)]
    if entry.userid:  # a new account: of somebody who had none, or of somebody new
        namesakes = [each for each in namesakes if each.account is None]
    if entry.joined:
        same = [each for each in namesakes if each.joined in (None, entry.joined)]
        namesakes = same or namesakes if not entry.userid else same
    if len(namesakes) > 1 and (entry.branch or entry.group):
        here = [each for each in namesakes if each.branch_id == branch.id]
        namesakes = here if len(here) == 1 else namesakes
    if len(namesakes) > 1:
        raise Refusal(
            f"第 {entry.row} 行：名册里有 {len(namesakes)} 位“{entry.name}”，"
            "分不清是哪一位，请在表里加一列“账号”。"
        )
    return namesakes[0] if namesakes else None


def _fits(member: Member, entry: Entry, branch: Branch) -> bool:
    """Tell whether a row may be this namesake: by day, else by place."""
    if entry.joined and member.joined:
        return member.joined == entry.joined
    return member.branch_id == branch.id


def _by_account(session: Session, userid: str) -> Member | None:
    return session.scalar(select(Member).where(Member.account == userid.casefold()))


def _by_name(session: Session, name: str, root: Branch) -> list[Member]:
    found = (
        select(Member)
        .join(Branch, Branch.id == Member.branch_id)
        .where(Member.name == name, Branch.path.startswith(root.path))
    )
    return list(session.scalars(found))


def _update(
    session: Session, member: Member, entry: Entry, branch: Branch
) -> list[Change]:
    """Write what the entry says into the member; return what differed."""
    wanted: dict[str, Any] = {
        "name": entry.name,
        "userid": entry.userid,
        "category": entry.category,
        "joined": entry.joined,
        "full_member_since": entry.full_member_since,
        "position": entry.position,
        "state": entry.state,
    }
    changes = []
    for what, value in wanted.items():
        before = getattr(member, what)
        if value is None or before == value:
            continue
        changes.append(Change(entry.name, LABELS[what], str(before or ""), str(value)))
        _set(member, what, value)
    if (entry.branch or entry.group) and member.branch_id != branch.id:
        old = session.get_one(Branch, member.branch_id)
        changes.append(Change(entry.name, LABELS["branch"], old.name, branch.name))
        member.branch_id = branch.id
    session.flush()
    return changes


def _keep_phone(
    session: Session, member: Member, entry: Entry, now: datetime
) -> list[Change]:
    """Keep a number that the entry has; the summary never shows one."""
    if entry.phone is None or not phones.keep(session, member, entry.phone, now):
        return []
    return [Change(entry.name, LABELS["phone"], "…", "（新号码）")]


def _note_steps(
    session: Session, member: Member, entry: Entry, now: datetime
) -> list[Change]:
    before = member.category
    noted = enrolled_steps.note_of_member(session, member, entry, now)
    changes = [_change(entry.name, each) for each in noted]
    if member.category and member.category != before:  # no column of it, and a step
        after = str(member.category)
        changes.append(Change(entry.name, LABELS["category"], before or "", after))
    return changes


def _change(name: str, dated: Dated) -> Change:
    return Change(name, dated.what, str(dated.before or ""), str(dated.after))


def _set(member: Member, what: str, value: Any) -> None:
    if what == "userid":
        link(member, value)
    elif what == "joined":
        set_joined(member, value)
    else:
        setattr(member, what, value)


def _note(summary: Summary, name: str, changes: list[Change]) -> None:
    if changes:
        summary.updated.append(name)
        summary.changes += changes
    else:
        summary.unchanged += 1


def _grant_by_position(
    session: Session, member: Member, entry: Entry, branch: Branch
) -> None:
    """Give the role that a post in the Party stands for; a roster takes none away."""
    position = entry.position or ""
    if "书记" in position and "副书记" not in position:
        grant(session, member, Role.SECRETARY, _office(session, branch))
    elif "副书记" in position or "委员" in position:
        grant(session, member, Role.COMMITTEE, _office(session, branch))
    elif "组长" in position:
        grant(session, member, Role.LEADER, branch)


def _office(session: Session, branch: Branch) -> Branch:
    """Return where a secretary or committee member holds office: not in a group."""
    if branch.kind == "党小组" and branch.parent_id:
        return session.get_one(Branch, branch.parent_id)
    return branch


def _count_active(session: Session, root: Branch) -> int:
    active = (
        select(func.count())
        .select_from(Member)
        .join(Branch, Branch.id == Member.branch_id)
        .where(Branch.path.startswith(root.path), Member.state == "active")
    )
    return session.scalar(active) or 0
