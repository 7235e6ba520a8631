"""Who is signed in to the console, on which devices, and until when.

The browser has a token, the database its digest. The token changes every half hour.
The former one is good until the new one is seen (an answer may be lost on its way),
and then no more. What somebody may do is asked anew with every request.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from sqlalchemy import ForeignKey, delete, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.branch.console.links import LEAST_ROLE, check_may_enter
from bot.branch.people import members
from bot.branch.people.members import Member, Standing
from bot.errors import Refusal
from bot.storage.database import Base, Id, take
from bot.storage.invariants import proof

IDLE, LASTS = timedelta(hours=1), timedelta(hours=12)
TURNS = timedelta(minutes=30)
NOTED_EVERY = timedelta(minutes=1)
MEANWHILE = timedelta(seconds=60)
"""How long requests with the former token are taken for ones sent before it turned."""
REMEMBERED_FOR = timedelta(days=30)
LONGEST_DEVICE = 60


class SignedOut(Refusal):
    """Nobody is signed in by this token; the text says why."""


NOBODY = "请先登录。"
IDLE_OVER = "您有一个小时没有用后台，已经自动退出。"
LASTED = "登录满十二个小时，已经自动退出。"
ENDED = "您已经退出登录。"
MOVED = "您的职务或支部有了变化，请重新登录。"


class ConsoleSession(Base):
    """role, branch_id: the office by which it began; with another it is worth nothing.

    digest, former: of the token that is good, and of the one before it until the new
    one was seen. turned_at: when it changed. device: what the browser says it is.
    """

    __tablename__ = "console_session"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    member_id: Mapped[int] = mapped_column(
        Id, ForeignKey("member.id", ondelete="CASCADE"), index=True
    )
    digest: Mapped[str] = mapped_column(unique=True)
    former: Mapped[str | None] = mapped_column(unique=True)
    role: Mapped[int]
    branch_id: Mapped[int] = mapped_column(Id)
    device: Mapped[str]
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    turned_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


@dataclass(frozen=True)
class Known:
    """Whose request it is. stale: something about it is to be written down."""

    id: int
    member_id: int
    stale: bool


def begin(session: Session, member: Member, device: str, now: datetime) -> str:
    """Sign somebody in; return the browser's token. Raises Denied."""
    standing = check_may_enter(session, member)
    token = token_urlsafe(32)
    session.add(
        ConsoleSession(
            member_id=member.id,
            digest=_digest(token),
            role=int(standing.role),
            branch_id=standing.branch.id,
            device=device[:LONGEST_DEVICE],
            began_at=now,
            seen_at=now,
            turned_at=now,
        )
    )
    session.flush()
    return token


def find(session: Session, token: str, now: datetime) -> Known:
    """Tell whose token it is. Raises SignedOut with the reason."""
    row = _row_of(session, token)
    _check(row, now)
    turns = now - row.turned_at >= TURNS or (
        row.former is not None and not _awaits_others(row, token, now)
    )
    stale = turns or now - row.seen_at >= NOTED_EVERY
    return Known(row.id, row.member_id, stale)


def touch(session: Session, token: str, now: datetime) -> str | None:
    """Note that somebody is here; return a new token where it is time for one."""
    row = _row_of(session, token)
    take(session, row)  # two requests of one browser may come at once
    _check(row, now)
    row.seen_at = max(row.seen_at, now)
    if row.former is not None and row.digest == _digest(token):
        row.former = None  # the new token arrived
    lost = row.former is not None and not _awaits_others(row, token, now)
    due = row.former is None and now - row.turned_at >= TURNS
    if not (lost or due):
        return None
    new = token_urlsafe(32)
    row.former, row.digest, row.turned_at = _digest(token), _digest(new), now
    return new


def stand(session: Session, known: Known, now: datetime) -> tuple[Member, Standing]:
    """Tell who is there and what they may do now. Raises SignedOut."""
    row = session.get(ConsoleSession, known.id)
    _check(row, now)
    assert row is not None
    member = session.get_one(Member, row.member_id)
    standing = members.standing(session, member)
    office = (int(standing.role), standing.branch.id)
    if member.state != "active" or standing.role < LEAST_ROLE:
        raise SignedOut(MOVED)
    if office != (row.role, row.branch_id):
        raise SignedOut(MOVED)
    return member, standing


def open_of(
    session: Session, member: Member, now: datetime
) -> Sequence[ConsoleSession]:
    """List where somebody is signed in, the latest first."""
    mine = (
        ConsoleSession.member_id == member.id,
        ConsoleSession.ended_at.is_(None),
        ConsoleSession.seen_at > now - IDLE,
        ConsoleSession.began_at > now - LASTS,
    )
    latest = ConsoleSession.seen_at.desc(), ConsoleSession.id.desc()
    return session.scalars(select(ConsoleSession).where(*mine).order_by(*latest)).all()


def end(session: Session, member: Member, number: int | None, now: datetime) -> None:
    """End one of somebody's sessions, or all with None; others' are not touched."""
    mine = [
        ConsoleSession.member_id == member.id,
        ConsoleSession.ended_at.is_(None),
    ]
    if number is not None:
        mine.append(ConsoleSession.id == number)
    session.execute(update(ConsoleSession).where(*mine).values(ended_at=now))


def forget_old(session: Session, now: datetime) -> None:
    old = ConsoleSession.seen_at <= now - REMEMBERED_FOR
    session.execute(delete(ConsoleSession).where(old))


def _row_of(session: Session, token: str) -> ConsoleSession:
    digest = _digest(token)
    mine = or_(ConsoleSession.digest == digest, ConsoleSession.former == digest)
    row = session.scalar(select(ConsoleSession).where(mine))
    if row is None:
        raise SignedOut(NOBODY)
    return row


def _check(row: ConsoleSession | None, now: datetime) -> None:
    if row is None:
        raise SignedOut(NOBODY)
    if row.ended_at is not None:
        raise SignedOut(ENDED)
    if now - row.seen_at >= IDLE:
        raise SignedOut(IDLE_OVER)
    if now - row.began_at >= LASTS:
        raise SignedOut(LASTED)


def _awaits_others(row: ConsoleSession, token: str, now: datetime) -> bool:
    """Tell whether this came with the former token just after it turned.

    The answer to another request brings the new one; a third would only confuse.
    """
    return row.former == _digest(token) and now - row.turned_at < MEANWHILE


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


@proof("后台的登录：时间前后不乱")
def in_order(session: Session) -> Iterator[str]:
    odd = select(ConsoleSession.id).where(
        or_(
            ConsoleSession.seen_at < ConsoleSession.began_at,
            ConsoleSession.turned_at < ConsoleSession.began_at,
        )
    )
    for number in session.scalars(odd):
        yield f"第 {number} 次登录"
