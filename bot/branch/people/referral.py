"""Where somebody is sent on; nobody is sent to himself."""

from sqlalchemy.orm import Session

from bot.branch.people.members import Member, Role, Standing, standing

ABOVE = "请示上级党组织"


def say_who_may(least: Role) -> str:
    """Name who does what this office and those above it may; one whom all know."""
    return f"{least.title}或支部书记" if least < Role.SECRETARY else least.title


def send_on(reader: Standing, others: str, secretary: str) -> str:
    """Return the next step: others are sent to the secretary, who does it herself."""
    return secretary if reader.role >= Role.SECRETARY else others


def send_member_on(
    session: Session, member_id: int, others: str, secretary: str
) -> str:
    """Return the next step of whoever reads it, where only the person is known."""
    return send_on(
        standing(session, session.get_one(Member, member_id)), others, secretary
    )
