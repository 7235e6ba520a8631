"""What is said of what comes next: to whom to turn, and what is not built yet."""

from bot.branch.people import referral
from bot.command import Ask


def send_on(ask: Ask, others: str, secretary: str) -> str:
    """Return the next step: others are sent to the secretary, who does it herself."""
    return referral.send_on(ask.standing, others, secretary)


TELL, KEEP = "可以先跟支部书记说一声", "可以先照老办法记着"


def not_yet(ask: Ask, what: str, instead: str = "") -> str:
    """Say truly that nothing was done, and offer the next useful step."""
    step = instead or send_on(ask, TELL, KEEP)
    return (
        f"您说的是“{what}”，我听懂了，可这件事我现在还办不了，"
        f"所以什么也没有记、没有改、没有发。\n{step}；发“帮助”看看我现在会什么。"
    )
