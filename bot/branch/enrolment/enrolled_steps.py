"""What a roster says of the way into the Party and of a branch's term, noted."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.branch.duties import milestones
from bot.branch.duties.milestones import Fact, Milestone, Step
from bot.branch.people.members import Category, Member, party_branch
from bot.branch.people.tree import Branch
from bot.errors import Refusal
from bot.files.roster.entry import Entry

NOT_YET_JOINED = (None, Category.ACTIVIST, Category.CANDIDATE)
ANOTHER_ELECTION = timedelta(days=365)
"""A day that differs by more is another election, not a correction of the first."""


@dataclass(frozen=True)
class Dated:
    """A day that was noted anew. before: what stood there."""

    what: str
    before: date | None
    after: date


@dataclass
class Terms:
    """The last election of each branch as a roster tells it, and in which row."""

    told: dict[int, tuple[Fact, int]] = field(default_factory=dict)

    def take(self, branch: Branch, entry: Entry) -> None:
        """Take a row's word. Raises Refusal where an earlier row says otherwise."""
        years, begins = None, entry.elected
        if entry.term:
            years, begins = entry.term.years, begins or entry.term.begins
        if begins is None:
            return
        fact = Fact(Step.ELECTED, begins, years=years)
        known, row = self.told.setdefault(branch.id, (fact, entry.row))
        if known != fact:
            raise Refusal(
                f"第 {entry.row} 行：{branch.name}的换届日期或任期和第 {row} 行不一样，"
                "请改成一样的。"
            )


def note_of_member(
    session: Session, member: Member, entry: Entry, now: datetime
) -> list[Dated]:
    """Keep the days from which deadlines are counted; of nobody who has joined."""
    if member.category not in NOT_YET_JOINED or member.joined:
        return []
    changes: list[Dated] = []
    for step, day in (
        (Step.ACTIVIST, entry.activist_since),
        (Step.CANDIDATE, entry.candidate_since),
    ):
        if day is not None:
            fact = Fact(step, day, member.name, member.id)
            changes += _bring(session, party_branch(session, member), fact, now)
    return changes


def note_terms(
    session: Session, terms: Terms, now: datetime
) -> Iterator[tuple[Branch, Dated]]:
    """Keep each branch's last election. Raises Refusal for one before what is noted."""
    for number, (fact, row) in terms.told.items():
        branch = session.get_one(Branch, number)
        last = _last(session, branch, fact)
        if last and fact.day < last.day - ANOTHER_ELECTION:
            raise Refusal(
                f"第 {row} 行：{branch.name}已经登记过 {last.day} 换届，"
                f"表里的 {fact.day} 更早，请改过来，或清空这一格。"
            )
        for change in _bring(session, branch, fact, now):
            yield branch, change


def _bring(
    session: Session, branch: Branch, fact: Fact, now: datetime
) -> Iterator[Dated]:
    """Note a fact, in place of what a roster or a chat told otherwise before."""
    last = _last(session, branch, fact)
    again = last is not None and fact.step == Step.ELECTED
    if last is None or (again and fact.day > last.day + ANOTHER_ELECTION):
        milestones.note(session, branch, fact, None, now)
        yield Dated(fact.step.words, last.day if last else None, fact.day)
        return
    if fact.years is not None:
        last.years = fact.years
    before, last.branch_id = last.day, branch.id
    if before != fact.day:
        _drop_same(session, last, fact)
        last.day = fact.day
        yield Dated(fact.step.words, before, fact.day)
    session.flush()


def _drop_same(session: Session, last: Milestone, fact: Fact) -> None:
    """Forget an earlier row of the day that the last one is corrected to."""
    for each in _of(session, last.branch_id, fact):
        if each.day == fact.day:
            session.delete(each)
    session.flush()


def _last(session: Session, branch: Branch, fact: Fact) -> Milestone | None:
    rows = _of(session, branch.id, fact)
    return max(rows, key=lambda each: each.day, default=None)


def _of(session: Session, branch_id: int, fact: Fact) -> list[Milestone]:
    """List what was noted of a step: of a member wherever, of a branch here."""
    rows = select(Milestone).where(Milestone.step == fact.step)
    if fact.member_id is not None:
        rows = rows.where(Milestone.member_id == fact.member_id)
    else:
        rows = rows.where(Milestone.branch_id == branch_id, Milestone.subject == "")
    return list(session.scalars(rows))
