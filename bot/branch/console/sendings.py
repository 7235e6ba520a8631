"""A form of the console is sent once: pressed twice, or after 后退, it is done once.

A form carries a key of its own. The key is written down in the transaction that does
what the form says; whoever brings it again is led to where the first one led.
"""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.branch.people.members import Member
from bot.errors import Refusal
from bot.storage.database import Base, Id, insert_new

REMEMBERED_FOR = timedelta(days=2)
LONGEST_KEY = 64
ANOTHER = (
    "这张表单刚才已经提交过一次，内容和现在的不一样。"
    "您现在填的还在，没有办；核对以后再提交一次。"
)


class ConsoleSending(Base):
    """went_to: the page that showed what came of it; said: the sentence there.

    content: a digest of what stood in the form.
    """

    __tablename__ = "console_sending"

    key: Mapped[str] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(
        Id, ForeignKey("member.id", ondelete="CASCADE"), index=True
    )
    at: Mapped[datetime] = mapped_column(index=True)
    content: Mapped[str]
    went_to: Mapped[str] = mapped_column(default="", server_default="")
    said: Mapped[str] = mapped_column(default="", server_default="")


def take(
    session: Session, key: str, content: str, member: Member, now: datetime
) -> bool:
    """Take a form's key; False where it was taken before, and all is done already.

    Raises Refusal where something else stood in the form then.
    """
    row = {"key": key, "member_id": member.id, "at": now, "content": content}
    if insert_new(session, ConsoleSending, {**row, "went_to": "", "said": ""}):
        return True
    known = find(session, key, member)
    if known is None or known.content != content:
        raise Refusal(ANOTHER)
    return False


def give_back(session: Session, key: str) -> None:
    """Let a form be sent again: nothing was done by it."""
    session.execute(delete(ConsoleSending).where(ConsoleSending.key == key))


def find(session: Session, key: str, member: Member) -> ConsoleSending | None:
    """Find what came of a form of somebody's."""
    found = session.get(ConsoleSending, key)
    return found if found and found.member_id == member.id else None


def forget_old(session: Session, now: datetime) -> None:
    old = ConsoleSending.at <= now - REMEMBERED_FOR
    session.execute(delete(ConsoleSending).where(old))
