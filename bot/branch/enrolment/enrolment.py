"""A roster → members: added, updated, never guessed.

Who is who: first the WeCom account, then the name within the branch if it is unique
there. What cannot be told apart, or may be somebody else, is refused as a whole.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import progress
from bot.branch.enrolment import enrolled_steps, identity
from bot.branch.enrolment.enrolled_steps import Dated, Terms
from bot.branch.enrolment.identity import Known
from bot.branch.people import offices, phones
from bot.branch.people.members import (
    Member,
    add_member,
    link,
    party_branch,
    set_joined,
    take_roster,
)
from bot.branch.people.offices import Settings, Settled
from bot.branch.people.tree import Branch, BranchKind, find_branch, plant
from bot.branch.personal_data import removal
from bot.errors import Refusal
from bot.files.roster.entry import Entry
from bot.files.roster.marks import write_marked
from bot.files.roster.words import STATE_TITLES

LABELS = {
    "name": "姓名",
    "mark": "标记",
    "userid": "账号",
    "branch": "支部",
    "category": "类别",
    "joined": "入党日期",
    "full_member_since": "转正日期",
    "position": "职务",
    "state": "状态",
    "phone": "手机号",
}


SAME_MARK = "第 {row} 行：{name}在这个支部里有两位，姓名和标记都一样，请用不同的标记。"


@dataclass(frozen=True)
class Change:
    """One value that an import changed."""

    name: str
    what: str
    before: str
    after: str

    def __str__(self) -> str:
        said = STATE_TITLES if self.what == LABELS["state"] else {}
        before, after = (
            said.get(value, value) or "（空）" for value in (self.before, self.after)
        )
        return f"{self.name}：{self.what} {before} → {after}"


@dataclass
class Summary:
    """What an import did, or in a dry run would do.

    unnamed: how many members the roster does not name; they stay as they are.
    granted, revoked, kept: roles, in words; asked: posts that stand for none.
    """

    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: int = 0
    unnamed: int = 0
    branches: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    granted: list[str] = field(default_factory=list)
    revoked: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


@dataclass
class _Roll:
    """A roster on its way in, and what it tells of more than one person.

    whom: of whom its only row is, where that was told.
    """

    known: Known
    settings: Settings
    whom: Member | None = None
    settled: Settled = field(default_factory=Settled)
    terms: Terms = field(default_factory=Terms)
    rows: list[tuple[int, Member]] = field(default_factory=list)


def enrol(  # noqa: PLR0913  # a roster, where it belongs, and what else is known
    session: Session,
    entries: Sequence[Entry],
    root: Branch,
    now: datetime,
    *,
    settings: Settings | None = None,
    same: Collection[str] = (),
    whom: Member | None = None,
) -> Summary:
    """Bring the members to what a roster says; what it does not say stays.

    same: accounts whose holders are the people of the roster, whatever differs. whom:
    of whom the only entry is, told by her page.
    Raises Refusal, naming every row that fits more than one member, or whose account is
    somebody else's, or that tells a branch's term otherwise than another row does, or
    than was noted later.
    """
    take_roster(session)
    summary, doubts = Summary(), []
    roll = _Roll(Known.of(root, entries, same), settings or Settings(root), whom)
    for entry in progress.each("核对名册", entries):
        try:
            _take_in(session, entry, roll, summary, now)
        except Refusal as doubt:
            doubts.append(str(doubt))
    doubts += [
        SAME_MARK.format(row=row, name=member.marked)
        for row, member in roll.rows
        if identity.same_mark(session, member)
    ]
    if doubts:
        raise Refusal("\n".join(doubts))
    for place, dated in enrolled_steps.note_terms(session, roll.terms, now):
        summary.changes.append(_change(place.name, dated))
    settled = roll.settled
    summary.granted, summary.revoked = settled.granted, settled.revoked
    summary.kept, summary.asked = settled.kept, settled.questions
    named = len(summary.added) + len(summary.updated) + summary.unchanged
    summary.unnamed = max(0, _count_active(session, root) - named)
    return summary


def _take_in(
    session: Session, entry: Entry, roll: _Roll, summary: Summary, now: datetime
) -> None:
    root = roll.known.root
    branch = _place(session, entry, root, summary)
    member = _whose(session, entry, roll, branch)
    entry, branch = _by_post(session, entry, member, branch, summary)
    known = member is not None
    before = session.get_one(Branch, member.branch_id) if member else None
    member = member or add_member(session, entry.name, branch, now, entry.mark)
    was_here = known and member.state == "active"
    changes = _update(session, member, entry, branch)
    if was_here and member.state != "active":
        removal.stop_letters(session, member, now)
    if before is not None:
        changes += _drop_post(session, member, entry, before)
    changes += _keep_phone(session, member, entry, now)
    changes += _note_steps(session, member, entry, now)
    if known:
        _note(summary, member.marked, changes)
    else:
        summary.added.append(member.marked)
    roll.known.named.add(member.id)
    roll.rows.append((entry.row, member))
    offices.settle(session, member, entry, before, roll.settings, root, roll.settled)
    roll.terms.take(party_branch(session, member), entry)


def _whose(
    session: Session, entry: Entry, roll: _Roll, branch: Branch
) -> Member | None:
    """Find whose row it is. Raises Refusal where her new account is another's."""
    if roll.whom is None:
        return identity.recognise(session, entry, roll.known, branch)
    account = entry.userid.casefold() if entry.userid else None
    holder = session.scalar(select(Member).where(Member.account == account))
    if account and holder is not None and holder.id != roll.whom.id:
        raise Refusal(f"账号 {entry.userid} 是{holder.called}的，没有改。")
    return roll.whom


def _place(session: Session, entry: Entry, root: Branch, summary: Summary) -> Branch:
    branch = _branch(session, entry.branch, root, summary)
    return _branch(session, entry.group, branch, summary)


def _by_post(
    session: Session,
    entry: Entry,
    member: Member | None,
    branch: Branch,
    summary: Summary,
) -> tuple[Entry, Branch]:
    """Take the group from the post that names it, where no column tells of one."""
    if member and not entry.branch:
        own = session.get_one(Branch, member.branch_id)
    else:
        own = branch
    told = entry.group or not entry.position or entry.state not in (None, "active")
    if told or own.kind != BranchKind.BRANCH:
        return entry, branch
    group = offices.group_led(session, entry.position or "", own)
    if not group:
        return entry, branch
    return replace(entry, group=group), _branch(session, group, own, summary)


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


def _update(
    session: Session, member: Member, entry: Entry, branch: Branch
) -> list[Change]:
    """Write what the entry says into the member; return what differed."""
    wanted: dict[str, Any] = {
        "name": entry.name,
        "mark": entry.mark or None,
        "userid": entry.userid,
        "category": entry.category,
        "joined": entry.joined,
        "full_member_since": entry.full_member_since,
        "position": entry.position,
        "state": entry.state,
    }
    changes, name = [], write_marked(entry.name, entry.mark or member.mark)
    for what, value in wanted.items():
        before = getattr(member, what)
        if value is None or (before or "") == value:
            continue
        changes.append(Change(name, LABELS[what], str(before or ""), str(value)))
        _set(member, what, value or None)
    if (entry.branch or entry.group) and member.branch_id != branch.id:
        old = session.get_one(Branch, member.branch_id)
        changes.append(Change(name, LABELS["branch"], old.name, branch.name))
        member.branch_id = branch.id
    session.flush()
    return changes


def _drop_post(
    session: Session, member: Member, entry: Entry, before: Branch
) -> list[Change]:
    """Drop the post of a branch or group that the member was moved out of."""
    post = member.position
    if entry.position is not None or not post:
        return []
    if offices.outlasts(session, member, post, before):
        return []
    member.position = None
    return [Change(member.marked, LABELS["position"], post, "")]


def _keep_phone(
    session: Session, member: Member, entry: Entry, now: datetime
) -> list[Change]:
    """Keep a number that the entry has; the summary never shows one."""
    if entry.phone is None or not phones.keep(session, member, entry.phone, now):
        return []
    return [Change(member.marked, LABELS["phone"], "…", "（新号码）")]


def _note_steps(
    session: Session, member: Member, entry: Entry, now: datetime
) -> list[Change]:
    before = member.category
    noted = enrolled_steps.note_of_member(session, member, entry, now)
    changes = [_change(member.marked, each) for each in noted]
    if member.category and member.category != before:  # no column of it, and a step
        after = str(member.category)
        changes.append(Change(member.marked, LABELS["category"], before or "", after))
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


def _count_active(session: Session, root: Branch) -> int:
    active = (
        select(func.count())
        .select_from(Member)
        .join(Branch, Branch.id == Member.branch_id)
        .where(Branch.path.startswith(root.path), Member.state == "active")
    )
    return session.scalars(active).one()
