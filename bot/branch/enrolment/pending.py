"""A roster's file between being looked at and being taken in: kept sealed, by whom."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.branch.people.members import Member
from bot.errors import Refusal
from bot.outbox import attachments
from bot.outbox.attachments import Attachment

GONE = "这份名册已经不在了（导入过，或者放了两天），请重新选文件。"


def keep(
    session: Session, member: Member, name: str, content: bytes, now: datetime
) -> int:
    """Keep a file for the member who brought it; it goes after two days."""
    kind = "application/octet-stream"
    number = attachments.keep_private(session, name, kind, content, now)
    row = session.get_one(Attachment, number)
    row.source, row.kept_at = _source(member), now
    session.flush()
    return number


def take(session: Session, member: Member, number: int) -> tuple[str, bytes]:
    """Take a file out, once. Raises Refusal where it is not this member's, or gone."""
    row = session.get(Attachment, number)
    if row is None or row.source != _source(member) or row.bytes_kept is None:
        raise Refusal(GONE)
    name, content = row.name, row.bytes_kept
    attachments.forget(session, [number])
    return name, content


def _source(member: Member) -> str:
    return f"roster:{member.id}"
