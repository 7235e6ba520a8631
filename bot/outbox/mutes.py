"""免打扰: who wants to hear nothing, or nothing of a kind, and until when."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Select,
    and_,
    bindparam,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.outbox.letters import Recipient
from bot.storage.database import Base, put_row
from bot.storage.invariants import proof
from bot.storage.prepared import Prepared

EVERYTHING = ""


class Mute(Base):
    """A wish for quiet. kind: of letters, or EVERYTHING; until: None for ever."""

    __tablename__ = "mute"

    member_id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime]
    until: Mapped[datetime | None]


_ANY = Prepared(
    select(Mute.member_id)
    .where(
        Mute.since <= bindparam("now"),
        or_(Mute.until.is_(None), Mute.until > bindparam("now")),
    )
    .limit(1)
)


@dataclass(frozen=True)
class QuietWish:
    """What a member does not want to hear, from when and until when."""

    kind: str
    since: datetime
    until: datetime | None = None

    def outlasts(self, other: "QuietWish") -> bool:
        """Tell whether it holds all of another's time, and longer."""
        if self.since > other.since or other.until is None:
            return False
        return self.until is None or self.until > other.until

    def takes_in(self, other: "QuietWish", now: datetime) -> bool:
        """Tell whether it holds all of another's time that is left."""
        if self.since > max(other.since, now):
            return False
        if self.until is None or other.until is None:
            return self.until is None
        return self.until >= other.until


def mute(session: Session, member_id: int, wish: QuietWish) -> None:
    """Leave a member alone; an earlier wish of the same kind is replaced."""
    row = {"member_id": member_id, **vars(wish)}
    put_row(session, Mute, row)


def unmute(
    session: Session, member_id: int, kinds: Iterable[str] | None, now: datetime
) -> int:
    """Speak to a member again, of these kinds or of all; return how many wishes ended.

    What was kept back for his or her sake is looked at again at once.
    """
    wishes = [Mute.member_id == member_id]
    if kinds is not None:
        wishes.append(Mute.kind.in_(list(kinds)))
    ended = session.scalars(delete(Mute).where(*wishes).returning(Mute.kind)).all()
    session.execute(
        update(Recipient)
        .where(
            Recipient.member_id == member_id,
            Recipient.held_until > now,
            Recipient.digest_id.is_(None),
        )
        .values(held_until=now)
        .execution_options(synchronize_session=False)
    )
    return len(ended)


def wishes(session: Session, member_id: int, now: datetime) -> Sequence[QuietWish]:
    """List what a member does not want to hear now or from a later time on."""
    rows = session.scalars(
        select(Mute)
        .where(Mute.member_id == member_id, or_(Mute.until.is_(None), Mute.until > now))
        .order_by(Mute.kind)
    )
    return [QuietWish(row.kind, row.since, row.until) for row in rows]


def in_force(
    session: Session, members: Iterable[int | None], now: datetime
) -> Mapping[int | None, Sequence[QuietWish]]:
    """Tell what each of some members does not want to hear at this moment."""
    if _ANY.first(session, now=now) is None:
        return {}
    active = and_(Mute.since <= now, or_(Mute.until.is_(None), Mute.until > now))
    theirs = Mute.member_id.in_(list(members))
    found: dict[int | None, list[QuietWish]] = defaultdict(list)
    for row in session.scalars(select(Mute).where(theirs, active)):
        found[row.member_id].append(QuietWish(row.kind, row.since, row.until))
    return found


def muted(session: Session, members: Select[int], now: datetime) -> int:
    """Count those among some members who want to hear nothing, or less, now."""
    active = and_(Mute.since <= now, or_(Mute.until.is_(None), Mute.until > now))
    [member] = members.selected_columns
    among = members.where(member == Mute.member_id).correlate(Mute)  # wishes are few
    who = select(func.count(Mute.member_id.distinct()))
    return session.scalars(who.where(active, among.exists())).one()


@proof("免打扰：先开始，后结束")
def in_order(session: Session) -> Iterator[str]:
    for each in session.scalars(select(Mute).where(Mute.until <= Mute.since)):
        yield f"{each.member_id} 号党员的免打扰还没开始就结束了"
