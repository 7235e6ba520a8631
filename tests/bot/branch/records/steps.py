"""What became of a record, as a test reads its trace."""

from sqlalchemy.orm import Session

from bot.branch.people.members import Member
from bot.branch.records import book
from bot.branch.records.tables import Record


def steps(session: Session, row: Record) -> list[str]:
    """Tell who took which step, after it was told of first: 赵敏 correct."""
    found = []
    for each in book.trace(session, row):
        who = session.get(Member, each.changed_by) if each.changed_by else None
        found.append(f"{who.name if who else '-'} {each.act}")
    return found
