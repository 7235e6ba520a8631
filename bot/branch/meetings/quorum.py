"""Whether a meeting may begin and a resolution is passed, with the rule that says so.

The whole is always 应到会有表决权的党员, never who happens to be there.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.branch.meetings import meetings
from bot.branch.meetings.kinds import Kind, Matter
from bot.branch.meetings.meetings import Meeting
from bot.branch.meetings.plans import gravest
from bot.branch.meetings.turnout import Figures
from bot.rulebook.load import find_rule
from bot.rulebook.rule import Rule


@dataclass(frozen=True)
class Quorum:
    """need: how many with a vote must be there; here: how many are.

    exactly: just half are there, where the rule does not say whether that is enough.
    """

    here: int
    of: int
    need: int
    rules: tuple[Rule, ...]
    exactly: bool = False

    @property
    def met(self) -> bool:
        return self.here >= self.need

    def __str__(self) -> str:
        whole = f"应到会有表决权 {self.of} 人，现在到会 {self.here} 人"
        if not self.met:
            lacking = self.need - self.here
            return f"{whole}，还差 {lacking} 人才能开（至少 {self.need} 人）。"
        doubt = "正好一半，够不够请以上级党组织的答复为准。" if self.exactly else ""
        return f"{whole}，达到法定人数（至少 {self.need} 人）。{doubt}"


def more_than_half(number: int) -> int:
    """Tell the least number that is more than half of another: of 9 and of 8: 5."""
    return number // 2 + 1


def half(number: int) -> int:
    """Tell the least number that is not less than half of another: of 9: 5, of 8: 4."""
    return (number + 1) // 2


def four_fifths(number: int) -> int:
    """Tell the least number that is not less than four fifths: of 12: 10."""
    return (4 * number + 4) // 5


def needed(kind: Kind, matter: Matter, voters: int, day: date) -> Quorum | None:
    """Tell what a meeting must have to begin; None where no rule asks anything."""
    if kind == Kind.COMMITTEE:
        rules = (find_rule("meeting.committee_quorum", day),)
        return Quorum(0, voters, half(voters), rules)
    return needed_of_all(matter, voters, day) if kind == Kind.GENERAL else None


def needed_of_all(matter: Matter, voters: int, day: date) -> Quorum:
    """Tell what a meeting of the whole branch must have to begin."""
    match matter:
        case Matter.ADMISSION:
            rules = (find_rule("develop.assembly_quorum", day),)
            return Quorum(0, voters, more_than_half(voters), rules)
        case Matter.ELECTION:
            rules = (find_rule("election.turnout", day),)
            return Quorum(0, voters, four_fifths(voters), rules)
    return Quorum(0, voters, half(voters), (find_rule("meeting.vote", day),))


def judge(kind: Kind, matter: Matter, figures: Figures, day: date) -> Quorum | None:
    """Tell whether who is there now is enough."""
    need = needed(kind, matter, figures.voters, day)
    if need is None:
        return None
    here = figures.voters_here
    loose = matter == Matter.ORDINARY and kind == Kind.GENERAL
    exactly = loose and here * 2 == figures.voters
    return Quorum(here, need.of, need.need, need.rules, exactly)


def judge_meeting(
    session: Session, meeting: Meeting, figures: Figures, now: datetime
) -> Quorum | None:
    """Tell of a meeting, by the gravest of its items, whether who is there is enough.

    figures: as counted now. None where no rule asks anything.
    """
    matter = gravest(meetings.agenda(session, meeting))
    return judge(meeting.kind, matter, figures, meetings.day_of(meeting, now))


@dataclass(frozen=True)
class Votes:
    """How a vote went. written_for: of who could not come and had written before."""

    for_: int
    against: int = 0
    abstain: int = 0
    written_for: int = 0

    @property
    def cast(self) -> int:
        return self.for_ + self.against + self.abstain


@dataclass(frozen=True)
class Outcome:
    """need: how many must be for it. counted: how many are, as the rule counts."""

    passed: bool
    need: int
    counted: int
    rules: tuple[Rule, ...]


def decide(kind: Kind, matter: Matter, votes: Votes, voters: int, day: date) -> Outcome:
    """Tell whether a resolution is passed: more than half of all with a vote.

    Written opinions count where the rule of admissions lets them, and nowhere else.
    """
    need = more_than_half(voters)
    counted = votes.for_
    rules = (find_rule("meeting.vote", day),)
    if kind == Kind.COMMITTEE:
        rules = (find_rule("meeting.committee_quorum", day),)
    elif matter == Matter.ADMISSION:
        counted += votes.written_for
        rules = (find_rule("develop.vote", day),)
    return Outcome(counted >= need, need, counted, rules)
