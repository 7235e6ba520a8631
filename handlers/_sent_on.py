"""Where whoever asks is sent on."""

from bot.branch import referral
from bot.command import Ask


def send_on(ask: Ask, others: str, secretary: str) -> str:
    """Return the next step: others are sent to the secretary, who does it herself."""
    return referral.send_on(ask.standing, others, secretary)
