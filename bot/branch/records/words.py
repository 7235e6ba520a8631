"""A word to somebody about a record: it waits in the outbox with what it tells of."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot import outbox
from bot.branch.people.members import Member
from bot.message import Text
from bot.outbox import Importance, Plan, Window

WAITS = timedelta(days=7)


def tell(  # noqa: PLR0913  # whom, what, under which key
    session: Session,
    to: Member,
    key: str,
    text: str,
    now: datetime,
    kind: str = "record",
) -> bool:
    """Put a word to somebody, once under its key; False if WeCom does not reach her."""
    window = Window(now, now + WAITS)
    plan = Plan(f"{key}:{to.id}", kind, Text(text), window, Importance.NOTICE)
    return bool(outbox.put_to(session, plan, to.userid, to.id, now=now))
