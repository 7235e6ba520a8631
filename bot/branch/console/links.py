"""A link that signs its owner in to the console: for ten minutes, once.

The database keeps a digest of it: whoever reads the tables signs in as nobody.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from sqlalchemy import ForeignKey, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.branch.people import members
from bot.branch.people.members import Member, Role, Standing
from bot.errors import Denied, Refusal
from bot.storage.database import Base, Id
from bot.storage.invariants import proof

LASTS = timedelta(minutes=10)
REMEMBERED_FOR = timedelta(days=1)
LEAST_ROLE = Role.COMMITTEE
LONGEST = 64
NOT_YOURS = "后台给支部书记和支委用。您要的在聊天里都能问。"
USED = "这个链接已经用过了，只能用一次。请在聊天里再说一次“打开后台”。"
OVER = "这个链接已经失效（只管十分钟）。请在聊天里再说一次“打开后台”。"


class ConsoleLink(Base):
    """digest: of the link's own part."""

    __tablename__ = "console_link"

    digest: Mapped[str] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(
        Id, ForeignKey("member.id", ondelete="CASCADE"), index=True
    )
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


def check_may_enter(session: Session, member: Member) -> Standing:
    """Tell the office by which somebody may enter. Raises Denied."""
    standing = members.standing(session, member)
    if member.state != "active" or standing.role < LEAST_ROLE:
        raise Denied(NOT_YOURS)
    return standing


def make(session: Session, member: Member, now: datetime) -> str:
    """Make a link's own part; those made before are worth nothing. Raises Denied."""
    check_may_enter(session, member)
    older = (ConsoleLink.member_id == member.id, ConsoleLink.used_at.is_(None))
    session.execute(delete(ConsoleLink).where(*older))
    own_part = token_urlsafe(24)
    session.add(
        ConsoleLink(
            digest=_digest(own_part), member_id=member.id, expires_at=now + LASTS
        )
    )
    return own_part


def look(session: Session, own_part: str, now: datetime) -> Member:
    """Tell whose link it is and leave it as it is. Raises Refusal."""
    link = session.get(ConsoleLink, _digest(own_part[:LONGEST]))
    if link is None or link.expires_at <= now:
        raise Refusal(OVER)
    if link.used_at is not None:
        raise Refusal(USED)
    member = session.get_one(Member, link.member_id)
    check_may_enter(session, member)
    return member


def use(session: Session, own_part: str, now: datetime) -> Member:
    """Use a link up; of two who try at once one succeeds. Raises Refusal."""
    member = look(session, own_part, now)
    unused = (
        ConsoleLink.digest == _digest(own_part),
        ConsoleLink.used_at.is_(None),
    )
    taken = update(ConsoleLink).where(*unused).values(used_at=now)
    if session.scalar(taken.returning(ConsoleLink.member_id)) is None:
        raise Refusal(USED)
    return member


def forget_old(session: Session, now: datetime) -> None:
    old = ConsoleLink.expires_at <= now - REMEMBERED_FOR
    session.execute(delete(ConsoleLink).where(old))


def _digest(own_part: str) -> str:
    return sha256(own_part.encode()).hexdigest()


@proof("后台的登录链接：用过的都在有效时间里用")
def used_in_time(session: Session) -> Iterator[str]:
    late = select(ConsoleLink).where(ConsoleLink.used_at >= ConsoleLink.expires_at)
    for each in session.scalars(late):
        yield f"第 {each.member_id} 号党员的一个链接"
