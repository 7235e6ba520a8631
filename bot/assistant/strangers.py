"""Somebody writes who is in no roster, or gives the code that makes her known."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.assistant.outcome import Outcome
from bot.branch.people import binding, introductions
from bot.branch.people.members import ensure_root
from bot.config.settings import Config
from bot.message import Message, Reply
from bot.outbox.ways import PEOPLE

STRANGER = (
    "您好，我是党支部的助手。我还不认识您，暂时帮不上忙。\n"
    "如果您是本支部党员，请联系支部书记把您加进名册。"
)
HOW_TO_BIND = "已经在名册里的，请在企业微信里对我说“绑定微信”，把六位数字发到这里。"
INTRODUCED = ("aibot",)
"""Where somebody unknown says who she is: the platform knows that she is of ours."""


def hear_stranger(
    session: Session, message: Message, config: Config, now: datetime
) -> Outcome:
    """Say who we are, and what to do; who is of the house is asked for a name."""
    if message.channel not in INTRODUCED or message.group:
        return _tell(session, message, now)
    if binding.read_code(message) is not None:
        return _tell(session, message, now)
    if message.kind == "event" and message.event != "subscribe":
        return Outcome(None, "none")
    branch = ensure_root(session, config.branch.name)
    return Outcome(Reply(introductions.greet(session, message, branch, now)))


def _tell(session: Session, message: Message, now: datetime) -> Outcome:
    """Tell a stranger nothing; a code of a member's makes him or her known here."""
    if (code := binding.read_code(message)) is not None:
        taken = binding.redeem(session, message, code, now)
        return Outcome(Reply(taken.text, changed=taken.bound), "bind", private=True)
    quiet = message.kind == "event" and message.event not in ("subscribe", "click")
    told = STRANGER if message.channel == PEOPLE else f"{STRANGER}\n{HOW_TO_BIND}"
    return Outcome(None if quiet else Reply(told), "none")
