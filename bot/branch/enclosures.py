"""Pictures and files that go with what a secretary writes."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import attachments, outbox
from bot.attachments import Attachment
from bot.branch.members import Member
from bot.message import Fetch
from bot.outbox import Importance, Plan, Window
from bot.storage import Base

# What was taken in for a draft that never went is let go after two days; it is looked
# for a month, in case the night's job did not run.
UNSENT_FOR, LOOKED_FOR = timedelta(days=2), timedelta(days=30)
FETCHED_WITHIN = timedelta(days=3)  # WeCom keeps what a member sent (path/90253)


def take_picture(
    session: Session, sender: Member, name: str, media_id: str, now: datetime
) -> int:
    """Note a picture sent by chat, and have its bytes fetched; return its number."""
    kept = attachments.promise(session, name, media_id, now)
    plan = Plan(
        key=f"fetch:{kept}",
        kind="fetch",
        content=Fetch(kept),
        window=Window(now, now + FETCHED_WITHIN),
        importance=Importance.ANSWER,
    )
    outbox.put_to(session, plan, sender.userid, sender.id, now=now)
    return kept


def forget_unsent(session: Session, now: datetime) -> None:
    """Delete what was taken in for something that was never sent or kept."""
    taken = select(Attachment.id).where(
        Attachment.source.is_not(None),
        Attachment.kept_at < now - UNSENT_FOR,
        Attachment.kept_at > now - LOOKED_FOR,
    )
    drop_unneeded(session, set(session.scalars(taken)))


def drop_unneeded(session: Session, numbers: set[int]) -> None:
    """Delete those of the pictures and files that nothing carries or shows."""
    if not numbers:
        return
    needed = outbox.still_carried(session, numbers)
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            keys = {each for each in column.foreign_keys if not each.ondelete}
            if "attachment.id" in {each.target_fullname for each in keys}:
                also = select(column).where(column.in_(numbers))
                needed |= set(session.scalars(also))
    attachments.forget(session, numbers - needed)
