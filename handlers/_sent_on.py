"""Where somebody is sent on; nobody is sent to himself."""

from bot.branch.members import Role
from bot.command import Ask


def send_on(ask: Ask, others: str, secretary: str) -> str:
    """Return the next step: others are sent to the secretary, who does it herself."""
    return secretary if ask.standing.role >= Role.SECRETARY else others
