"""Who has a vote on a day, and the papers that a formal vote of theirs is taken on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.branch.ballots import formal
from bot.branch.ballots.formal import Election, Paper
from bot.branch.meetings import meetings, quorum, voters
from bot.branch.meetings.kinds import Kind, Matter, matter_of
from bot.branch.meetings.meetings import Meeting
from bot.branch.meetings.plans import Plan, gravest
from bot.branch.people.members import Member
from bot.branch.people.tree import Branch
from bot.calendar.say import say_date
from bot.errors import Refusal
from bot.rulebook.load import find_rule

MOST = 10
"""Matters that ballots are printed for at once."""
BY_HAND = "现场无记名投票，这里不收票、不计票。"
BY_METHOD = "差额比例和当选票数以上级批复的选举办法为准。"
NOBODY = "名册里没有有表决权的正式党员，排不出来。"


@dataclass(frozen=True)
class Electorate:
    """Who has a vote on a day, and of which meeting that is, where one is called."""

    branch: Branch
    people: Sequence[Member]
    day: date
    meeting: Meeting | None

    @property
    def names(self) -> list[str]:
        return [each.called for each in self.people]


def find_assembly(
    session: Session, branch: Branch, now: datetime, *, past: bool = False
) -> Meeting | None:
    """Find a branch's next 大会 or the one that is on; past: the last that began."""
    if past:
        begun = meetings.begun(session, branch, now)
        found = [each for each in begun if each.starts_at >= now - meetings.RECENT]
    else:
        found = list(meetings.coming(session, branch, now))
    theirs = (
        each
        for each in found
        if each.kind == Kind.GENERAL and meetings.is_own(session, each, branch)
    )
    return next(theirs, None)


def gather(
    session: Session,
    branch: Branch,
    meeting: Meeting | None,
    day: date | None,
    now: datetime,
) -> Electorate:
    """Gather who has a vote on a day, else on a meeting's, else today.

    Raises Refusal where that is nobody.
    """
    if day is None:
        day = meetings.day_of(meeting, now) if meeting else now.date()
    people = voters.voters(session, Plan(Kind.GENERAL, branch.id), day)
    if not people:
        raise Refusal(NOBODY)
    return Electorate(branch, people, day, meeting)


def matter_at(session: Session, found: Electorate) -> Matter:
    """Tell what the votes are for, as the meeting's agenda has it."""
    if found.meeting is None:
        return Matter.ORDINARY
    return gravest(meetings.agenda(session, found.meeting))


def list_voters(found: Electorate, matter: Matter) -> Paper:
    """Make the list of who has a vote, to be signed."""
    values = formal.print_voters(found.branch.name, found.names, matter, found.day)
    return Paper(f"有表决权的党员名单-{found.day:%Y%m%d}", "sheet", values)


def say_voters(found: Electorate, matter: Matter) -> list[str]:
    """Say how many have a vote, how many must be there, and by which rule."""
    said = f"到 {say_date(found.day)}，有表决权的正式党员 {len(found.names)} 人"
    need = quorum.needed(Kind.GENERAL, matter, len(found.names), found.day)
    if not need:
        return [said]
    rule = need.rules[0]
    return [said, f"至少到会 {need.need} 人。{rule.text}", rule.citation]


def stand(found: Electorate, people: Sequence[Member], seats: int) -> Election:
    """Put people up for election. Raises Refusal for who, or what, cannot be."""
    rights = {each.id for each in found.people}
    without = [each.called for each in people if each.id not in rights]
    if without:
        rule = find_rule("develop.probation_rights", found.day)
        raise Refusal(
            f"{'、'.join(without)}没有被选举权，不能列为候选人。"
            f"{rule.text}{rule.citation}"
        )
    names = tuple(dict.fromkeys(each.called for each in people))
    election = Election(found.branch.name, names, seats)
    formal.check_election(election)
    return election


def list_election(found: Electorate, election: Election) -> tuple[Paper, Paper]:
    """Make the ballot of an election and the sheet to count on."""
    day = f"{found.day:%Y%m%d}"
    return (
        Paper(f"选票-{day}", "ballot", formal.print_ballot(election)),
        Paper(f"选举计票单-{day}", "sheet", formal.print_count(election)),
    )


def list_motions(found: Electorate, motions: Sequence[str]) -> list[Paper]:
    """Make a ballot for each matter, and last the summary of the votes.

    Raises Refusal for too many matters, and for an election among them.
    """
    if len(motions) > MOST:
        raise Refusal(f"一次最多 {MOST} 件，请分几次打印。")
    if any(matter_of(each) == Matter.ELECTION for each in motions):
        raise Refusal("选举用选票，不用表决票。")
    branch = found.branch.name
    ballots = [
        Paper(f"表决票-{number}-{each[:12]}", "ballot", values)
        for number, each in enumerate(motions, 1)
        for values in (formal.print_motion(branch, each),)
    ]
    values = formal.print_motion_count(branch, motions, len(found.names))
    return [*ballots, Paper(f"表决票汇总表-{found.day:%Y%m%d}", "sheet", values)]


def say_one_by_one(day: date) -> str:
    """Say that several people are discussed and voted on one by one, by which rule."""
    return f"几个人的要逐个讨论、逐个表决（{find_rule('develop.vote', day).place}）。"
