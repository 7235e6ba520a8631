"""To whom to turn with what cannot be done here."""

from bot.branch.people import referral
from bot.command import Ask


def send_on(ask: Ask, others: str, secretary: str) -> str:
    """Return the next step: others are sent to the secretary, who does it herself."""
    return referral.send_on(ask.standing, others, secretary)
