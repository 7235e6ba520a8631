"""A pressed button: what it is answered must be seen, and WeCom shows no reply to it.

So a refusal follows as a letter (path/90241), and the button reads that it is over.
"""

from collections.abc import Callable
from typing import TypeVar

from bot.branch.notices import replies
from bot.command import Ask
from bot.errors import Refusal
from bot.message import Reply

T = TypeVar("T")


def answer_press(ask: Ask, act: Callable[[], T], closed: str = "") -> T | Reply:
    """Do what is asked; where a press is refused, say so where it is seen.

    closed: what the button reads then, "" where it may be pressed again.
    """
    try:
        return act()
    except Refusal as refusal:
        if not ask.message.ticket:
            raise
        if closed:
            replies.grey_out(
                ask.session, ask.member, ask.message.ticket, closed, ask.now
            )
        return tell_presser(ask, str(refusal))


def tell_presser(ask: Ask, words: str) -> Reply:
    """Answer, and where that is not shown, write it too."""
    if ask.message.ticket:
        key = f"press:{ask.message.id}"
        replies.tell(ask.session, ask.member, key, words, ask.now)
    return Reply(words)
