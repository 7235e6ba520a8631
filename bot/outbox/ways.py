"""The ways to reach a member besides the WeCom account of the roster.

A way is bound once: an address belongs to one member, and a member has one address in
a channel; the database holds both. By which way a letter goes is chosen when it is
claimed (routes.py).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Index,
    UniqueConstraint,
    bindparam,
    case,
    delete,
    exists,
    false,
    func,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.database import Base, Id, insert_new
from bot.storage.in_list import among
from bot.storage.invariants import proof
from bot.storage.prepared import Prepared

CHANNELS: Mapping[str, str] = {
    "wecom": "企业微信",
    "official": "公众号",
    "aibot": "智能机器人",
}
"""The channels that people are reached by."""
BUTTONLESS = frozenset({"official"})
"""Where a card is told in words, and pressed by word or number."""
PEOPLE = "wecom"
"""The line in which letters to people wait, whichever way they go in the end."""
NO_ACCOUNT = "member:"
"""What stands before a member's number where a letter names who has no account."""


class Way(Base):
    """One address of a member in a channel.

    heard_at: the last word from there. preferred: letters go this way first. lost_at:
    since when nothing reaches the address, lost_why: for what reason.
    """

    __tablename__ = "way"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    member_id: Mapped[int] = mapped_column(Id)
    channel: Mapped[str]
    address: Mapped[str]
    bound_at: Mapped[datetime]
    heard_at: Mapped[datetime | None]
    preferred: Mapped[bool] = mapped_column(default=False, server_default=false())
    lost_at: Mapped[datetime | None]
    lost_why: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("channel", "address"),
        UniqueConstraint("member_id", "channel"),
        Index(
            "ix_way_preferred",
            "member_id",
            unique=True,
            sqlite_where=text("preferred"),
            postgresql_where=text("preferred"),
        ),
    )


class Known(NamedTuple):
    """A way as it is found."""

    member_id: int
    channel: str
    address: str
    preferred: bool
    heard_at: datetime | None
    lost_at: datetime | None
    lost_why: str | None


TABLE = Base.metadata.tables["way"]
OF_ADDRESS = (
    TABLE.c.channel == bindparam("of_channel"),
    TABLE.c.address == bindparam("of_address"),
)
"""Whose address it is from which a message came."""
_KNOWN = select(*(TABLE.c[name] for name in Known._fields))
_BY_MEMBERS = Prepared(
    _KNOWN.where(among(TABLE.c.member_id, "members")).order_by(
        TABLE.c.preferred.desc(), TABLE.c.heard_at.desc(), TABLE.c.id
    )
)
_BY_ADDRESS = Prepared(_KNOWN.where(*OF_ADDRESS))
_HEARD = Prepared(
    update(TABLE)
    .where(*OF_ADDRESS)
    .values(heard_at=bindparam("now"), lost_at=None, lost_why=None)
)
_BACK = Prepared(
    update(TABLE)
    .where(*OF_ADDRESS, TABLE.c.lost_at.is_not(None))
    .values(lost_at=None, lost_why=None)
)
_LOSE = Prepared(
    update(TABLE)
    .where(*OF_ADDRESS, TABLE.c.lost_at.is_(None))
    .values(lost_at=bindparam("now"), lost_why=bindparam("why"))
)


def bind(
    session: Session, member_id: int, channel: str, address: str, now: datetime
) -> bool:
    """Bind an address to a member; False if it, or the member, has another already.

    Of two who bind at once one wins; binding again what is bound is no change.
    """
    row = {"member_id": member_id, "channel": channel, "address": address}
    if insert_new(session, Way, row | {"bound_at": now, "heard_at": now}):
        return True
    known = find_address(session, channel, address)
    return known is not None and known.member_id == member_id


def unbind(session: Session, member_id: int, channel: str) -> str | None:
    """Take a way from a member; return its address, None if there was none."""
    mine = (Way.member_id == member_id, Way.channel == channel)
    found: str | None = session.scalar(delete(Way).where(*mine).returning(Way.address))
    return found


def unbind_all(session: Session, member_id: int) -> None:
    """Take all ways from a member who is spoken to no more."""
    session.execute(delete(Way).where(Way.member_id == member_id))


def prefer(session: Session, member_id: int, channel: str) -> bool:
    """Have letters go this way first; False if the member does not have it.

    PEOPLE: by the account of the roster, as long as there is one.
    """
    ours = Way.member_id == member_id
    session.execute(update(Way).where(ours, Way.preferred).values(preferred=False))
    if channel == PEOPLE:
        return True
    chosen = update(Way).where(ours, Way.channel == channel).values(preferred=True)
    return session.scalar(chosen.returning(Way.id)) is not None


def ways_of(session: Session, members: Collection[int]) -> dict[int, list[Known]]:
    """List the ways of some members, the preferred and the last heard of first."""
    found: dict[int, list[Known]] = {}
    for row in _BY_MEMBERS.all(session, members=list(members)):
        known = Known(*row)
        found.setdefault(known.member_id, []).append(known)
    return found


def find_address(session: Session, channel: str, address: str) -> Known | None:
    """Find whose an address is."""
    row = _BY_ADDRESS.first(session, of_channel=channel, of_address=address)
    return Known(*row) if row else None


def addresses(session: Session, channel: str) -> Sequence[str]:
    """List whom we know in a channel, by address."""
    return session.scalars(select(Way.address).where(Way.channel == channel)).all()


def note_heard(session: Session, channel: str, address: str, now: datetime) -> bool:
    """Note that a word came from an address; False if it is nobody's."""
    asked = {"of_channel": channel, "of_address": address}
    return _HEARD.run(session, **asked, now=now) > 0


def heard(
    channel: str, address: str, now: datetime
) -> tuple[Prepared, Mapping[str, Any]]:
    """Return what `note_heard` writes of a known address, to be written with others."""
    return _HEARD, {"of_channel": channel, "of_address": address, "now": now}


def lose(
    session: Session, channel: str, lost: Mapping[str, str], now: datetime
) -> None:
    """Note that nothing reaches some addresses any more, and why."""
    rows = [
        {"of_channel": channel, "of_address": address, "why": why, "now": now}
        for address, why in lost.items()
    ]
    _LOSE.many(session, rows)


def come_back(session: Session, channel: str, address: str) -> None:
    """Note that an address that nothing reached can be reached again."""
    _BACK.run(session, of_channel=channel, of_address=address)


def has_way(member_id: Any) -> ColumnElement[bool]:
    """Match the members who have a way besides the account of the roster."""
    return exists(select(TABLE.c.id).where(TABLE.c.member_id == member_id))


def is_reachable(userid: Any, member_id: Any) -> ColumnElement[bool]:
    """Match the members to whom letters can be planned."""
    return (func.coalesce(userid, "") != "") | has_way(member_id)


def count_ways(session: Session) -> dict[tuple[str, str], int]:
    """Count the addresses by (channel, reached or lost)."""
    state = case((Way.lost_at.is_(None), "reached"), else_="lost")
    rows = session.execute(
        select(Way.channel, state, func.count()).group_by(Way.channel, state)
    )
    return {(channel, told): count for channel, told, count in rows}


def threads_of(session: Session, member_id: int, account: str | None) -> Sequence[str]:
    """Name the conversations of a member, in lower case."""
    mine = session.execute(
        select(Way.channel, Way.address).where(Way.member_id == member_id)
    )
    names = [f"{channel}:{address}".lower() for channel, address in mine]
    return [f"{PEOPLE}:{account}".lower(), *names] if account else names


@proof("联系方式：都是认得的渠道，有地址")
def known_channels(session: Session) -> Iterator[str]:
    others = [name for name in CHANNELS if name != PEOPLE]
    odd = Way.channel.not_in(others) | (Way.address == "")
    for number in session.scalars(select(Way.id).where(odd)):
        yield f"第 {number} 号联系方式的渠道或地址不对"


@proof("联系方式：都是名册里的人的")
def of_members(session: Session) -> Iterator[str]:
    member = Base.metadata.tables["member"]
    nobody = ~exists(select(member.c.id).where(member.c.id == Way.member_id))
    for number in session.scalars(select(Way.id).where(nobody)):
        yield f"第 {number} 号联系方式的人不在名册里"
