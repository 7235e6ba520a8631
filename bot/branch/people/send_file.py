"""Files that a member asked for: kept, and sent to the member's phone."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from bot import outbox
from bot.branch.notices import enclosures
from bot.branch.people.members import Member
from bot.cards.deferred import Drawn
from bot.files.xlsx import XLSX, Sheet, write_book
from bot.message import Picture
from bot.outbox import Importance, Plan, Window, attachments

GOOD_FOR = timedelta(hours=2)


def forget_sent(session: Session) -> bool:
    """Let go of some files that came to their end, and long replies; False if none."""
    count, carried = outbox.strip_answers(session)
    enclosures.drop_unneeded(session, carried)
    return count > 0


def make_book(sheets: Sequence[Sheet], made: Drawn) -> bytes:
    """Write the xlsx file that a message asks for, beforehand: many rows take long."""
    return made.get("book", partial(write_book, sheets)) or b""


def send_book(
    session: Session, name: str, content: bytes, to: Member, now: datetime
) -> str:
    """Send an xlsx file to a member; return its name."""
    return send_file(session, name, XLSX, content, to, now)


def send_picture(
    session: Session, name: str, content: bytes, to: Member, now: datetime
) -> None:
    """Send a picture that a member asked for, to be seen in the chat."""
    kept = attachments.keep_private(session, name, "image/png", content, now)
    plan = Plan(
        key=f"picture:{kept}:{to.id}:{now.timestamp()}",
        kind="export",
        content=Picture(kept),
        window=Window(now, now + GOOD_FOR),
        importance=Importance.ANSWER,
    )
    outbox.put_to(session, plan, to.userid, to.id, now=now)


def send_file(  # noqa: PLR0913  # a file, its kind, for whom, and when
    session: Session, name: str, kind: str, content: bytes, to: Member, now: datetime
) -> str:
    """Send a file to a member; return its name."""
    kept = attachments.keep_private(session, name, kind, content, now)
    plan = Plan(
        key=f"export:{kept}:{to.id}:{now.timestamp()}",
        kind="export",
        content=Picture(kept, "file"),
        window=Window(now, now + GOOD_FOR),
        importance=Importance.ANSWER,
    )
    outbox.put_to(session, plan, to.userid, to.id, now=now)
    return name
