"""Which branch somebody asks about, and of whom she sees what is recorded."""

from collections.abc import Iterable

from bot.branch.people import audit
from bot.branch.people.members import Role, party_branch
from bot.branch.people.tree import Branch
from bot.branch.records import sight
from bot.branch.records.kind import Kind
from bot.command import Ask


def where(ask: Ask) -> Branch:
    """Return the branch that somebody asks about: where she is secretary, or hers."""
    if ask.standing.role >= Role.SECRETARY:
        return ask.standing.branch
    return party_branch(ask.session, ask.member)


def only_of(ask: Ask, kind: Kind) -> int | None:
    """Tell of whom alone somebody sees such records; None for everybody's."""
    return None if sees_all(ask, kind) else ask.member.id


def sees_all(ask: Ask, kind: Kind) -> bool:
    """Tell whether somebody sees such records of others too."""
    return sight.sees_all(kind, ask.member, ask.standing)


def note_view(ask: Ask, kind: Kind, people: Iterable[int]) -> None:
    """Write down that somebody looked at what is recorded of others."""
    audit.note(
        ask.session,
        ask.member,
        "records.view",
        ask.now,
        subjects=list(people),
        details=kind.title,
    )
