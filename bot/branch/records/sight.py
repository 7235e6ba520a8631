"""Whose records somebody sees: everybody's of the branch, or only her own."""

from bot.branch.people.members import Member, Role, Standing
from bot.branch.records.kind import Kind, Sees


def sees_all(kind: Kind, member: Member, standing: Standing) -> bool:
    """Tell whether somebody sees such records of others too."""
    if kind.sees is Sees.ALONE:
        return False
    if kind.sees is Sees.BRANCH or standing.role >= Role.SECRETARY:
        return True
    office = standing.role >= Role.COMMITTEE
    return office and any(each in (member.position or "") for each in kind.seen_by)
