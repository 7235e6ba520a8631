"""The tables of the outbox, and how a letter gets in."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any, TypeAlias

from sqlalchemy import (
    ForeignKey,
    Index,
    Select,
    String,
    UniqueConstraint,
    bindparam,
    case,
    cast,
    false,
    func,
    insert,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.message import CardUpdate, Content, Picture, Recall, pack
from bot.outbox.limits import weigh
from bot.outbox.ways import NO_ACCOUNT, PEOPLE, has_way
from bot.storage.database import Base, Id, add_new
from bot.storage.prepared import Prepared

# A query that yields (member id, address); either may be unknown.
People: TypeAlias = Select[Any, str | None]
ADDRESS_UNKNOWN = "还没有关联企业微信账号"
ASKED_FROM = "asked_from"
"""Where a unit of work notes who is answered: (member id, channel)."""


class Importance(IntEnum):
    """What goes first when much is waiting."""

    ROUTINE = 0  # the clock's own idea: reminders, greetings
    NOTICE = 1  # the secretary's word
    ANSWER = 2  # somebody is looking at the screen
    CALL = 3  # to a formal meeting: 免打扰 does not stop it


class Letter(Base):
    """One content for one or many recipients of one line.

    channel: the line it waits in: PEOPLE, or the one channel that it goes by.

    topic: what several letters tell of together, "notice:12"; each person gets one.
    weight: how many messages it is for each: a long text goes in parts.
    leaves: how many messages of its reader's week it leaves to others.
    cause: the id of the message that led to it, so that the logs can be followed.
    """

    __tablename__ = "letter"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(index=True)
    topic: Mapped[str | None] = mapped_column(index=True)
    cause: Mapped[str | None]
    channel: Mapped[str]
    body: Mapped[dict[str, Any]]
    importance: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    not_before: Mapped[datetime]
    not_after: Mapped[datetime]
    planned: Mapped[int] = mapped_column(default=0)
    unclaimed: Mapped[int] = mapped_column(default=0)
    weight: Mapped[int] = mapped_column(default=1, server_default="1")
    spends: Mapped[bool] = mapped_column(default=False, server_default=false())
    leaves: Mapped[int] = mapped_column(default=1, server_default="1")

    __table_args__ = (
        Index(
            "ix_letter_waiting",
            "channel",
            "not_before",
            sqlite_where=text("unclaimed > 0"),
            postgresql_where=text("unclaimed > 0"),
        ),
    )


class Recipient(Base):
    """One person to whom a letter was planned, and what became of it.

    state: pending, delivered or refused; reason says why refused or kept back.
    held_until: kept back for the reader's sake, until then at least. digest_id: the
    letter that tells of this one among others. user: the account, or the number of a
    member who has none. way: the channel it goes by, where not by the account of the
    roster, or is to go by first; address: under which. tried: channels that certainly
    did not take it, with commas; detour: why not.
    """

    __tablename__ = "recipient"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id", ondelete="CASCADE"))
    member_id: Mapped[int | None] = mapped_column(Id)
    user: Mapped[str | None]
    state: Mapped[str]
    reason: Mapped[str | None]
    batch_id: Mapped[int | None] = mapped_column(Id, index=True)
    settled_at: Mapped[datetime | None]
    held_until: Mapped[datetime | None]
    digest_id: Mapped[int | None] = mapped_column(Id)
    way: Mapped[str | None]
    address: Mapped[str | None]
    tried: Mapped[str | None]
    detour: Mapped[str | None]

    __table_args__ = (
        Index(
            "ix_recipient_held",
            "held_until",
            sqlite_where=text("held_until IS NOT NULL"),
            postgresql_where=text("held_until IS NOT NULL"),
        ),
        Index(
            "ix_recipient_refused",
            "settled_at",
            sqlite_where=text("state = 'refused'"),
            postgresql_where=text("state = 'refused'"),
        ),
        UniqueConstraint("letter_id", "user"),
        Index("ix_recipient_letter_id_state", "letter_id", "state"),
        Index("ix_recipient_member_id", "member_id", "id"),
        Index("ix_recipient_user_settled_at", "user", "settled_at"),
    )


class Batch(Base):
    """Recipients claimed together: one call to the platform, the same bytes each try.

    claimed_at: by the latest claim. weight: its letter's.
    uncertain_since: since when the platform may have taken it without our knowing.
    """

    __tablename__ = "batch"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id", ondelete="CASCADE"))
    channel: Mapped[str]
    owner: Mapped[str]
    claimed_at: Mapped[datetime]
    claimed_until: Mapped[datetime]
    next_try: Mapped[datetime]
    uncertain_since: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    done: Mapped[bool] = mapped_column(default=False)
    receipt: Mapped[str | None]
    error: Mapped[str | None]
    weight: Mapped[int] = mapped_column(default=1, server_default="1")

    __table_args__ = (
        Index(
            "ix_batch_waiting",
            "channel",
            "next_try",
            sqlite_where=text("NOT done"),
            postgresql_where=text("NOT done"),
        ),
        Index("ix_batch_claimed_at", "claimed_at"),
        Index("ix_batch_letter_id", "letter_id"),
    )


# In the indexes' own words: SQLite sees neither that "done = 0" is "NOT done", nor what
# a parameter holds.
NOT_DONE = text("NOT batch.done")
UNCLAIMED = text("letter.unclaimed > 0")
REFUSED = text("recipient.state = 'refused'")

_RECIPIENT = Base.metadata.tables["recipient"]
_ADD = Prepared(
    insert(_RECIPIENT).inline(),
    ("letter_id", "member_id", "user", "state", "reason", "settled_at", "way"),
)
_HAS_WAY = Prepared(
    select(literal(1)).where(has_way(bindparam("of_member", type_=Id))).limit(1)
)


@dataclass(frozen=True)
class Window:
    """When a letter may go: not before, and dropped (and counted) after."""

    not_before: datetime
    not_after: datetime


@dataclass(frozen=True)
class Plan:
    """What is sent, as what, when. key: unique for ever; kind: what is counted.

    leaves: how many messages of its reader's week it leaves to others: everything
    leaves one to the digest. way: by which a letter to one person goes first.
    """

    key: str
    kind: str
    content: Content
    window: Window
    importance: Importance = Importance.ROUTINE
    channel: str = PEOPLE
    topic: str | None = None
    leaves: int = 1
    way: str | None = None


def put(
    session: Session, plan: Plan, people: People, *, now: datetime
) -> Letter | None:
    """Queue a letter to everyone the query yields as (member id, address).

    None if a letter of this key was ever queued. Whoever has no address is planned
    and refused at once, so that the report names them.
    """
    number = _open(session, plan, now)
    if number is None:
        return None
    _plan_recipients(session, number, people, now)
    return session.get_one(Letter, number)


def _open(
    session: Session, plan: Plan, now: datetime, planned: int = 0, unclaimed: int = 0
) -> int | None:
    """Write a letter down and return its id; None if one of its key is."""
    row = {
        "key": plan.key,
        "kind": plan.kind,
        "topic": plan.topic,
        "cause": session.info.get("cause"),
        "channel": plan.channel,
        "body": pack(plan.content),
        "importance": int(plan.importance),
        "created_at": now,
        "not_before": plan.window.not_before,
        "not_after": plan.window.not_after,
        "planned": planned,
        "unclaimed": unclaimed,
        "weight": weigh(plan.content),
        "spends": spends(plan),
        "leaves": plan.leaves,
    }
    number: int | None = add_new(session, Letter, row)
    if number is not None:
        session.info["letters"] = True  # whoever commits this wakes the delivery
    return number


def spends(plan: Plan) -> bool:
    """Tell if a letter costs its reader's weekly budget: the clock's words do.

    A picture goes with its words and costs nothing of its own.
    """
    return plan.importance == Importance.ROUTINE and not isinstance(
        plan.content, Picture
    )


def put_to(
    session: Session,
    plan: Plan,
    user: str | None,
    member_id: int | None,
    *,
    now: datetime,
) -> bool:
    """Queue a letter to one address, or to a member by any other way of his or hers.

    Without either it is refused at once.

    False if a letter of this key was ever queued.
    """
    if plan.channel == PEOPLE and member_id is not None and not user:
        found = _HAS_WAY.first(session, of_member=member_id)
        user = f"{NO_ACCOUNT}{member_id}" if found else None
    number = _open(session, plan, now, planned=1, unclaimed=1 if user else 0)
    if number is None:
        return False
    _ADD.run(
        session,
        letter_id=number,
        member_id=member_id,
        user=user or None,
        state="pending" if user else "refused",
        reason=None if user else ADDRESS_UNKNOWN,
        settled_at=None if user else now,
        way=_way_back(session, plan, member_id),
    )
    return True


def _way_back(session: Session, plan: Plan, member_id: int | None) -> str | None:
    """Name the channel that somebody asks from: the answer goes there.

    What only WeCom can do goes to WeCom.
    """
    if plan.channel != PEOPLE:
        return None
    if plan.way or isinstance(plan.content, CardUpdate | Recall):
        return plan.way or PEOPLE
    asked = session.info.get(ASKED_FROM)
    if asked is None or plan.importance != Importance.ANSWER:
        return None
    asker, channel = asked
    return channel if asker == member_id else None


def _plan_recipients(
    session: Session, letter: int, people: People, now: datetime
) -> None:
    who = people.subquery()
    numbered = literal(NO_ACCOUNT) + cast(who.c[0], String)
    by_way = case((has_way(who.c[0]), numbered), else_=None)
    account = func.coalesce(func.nullif(who.c[1], ""), by_way)
    planned = select(who.c[0], account.label("account")).subquery()
    member_id, user = planned.c
    rows = select(
        literal(letter, Id),
        member_id,
        user,
        case((user.is_(None), "refused"), else_="pending"),
        case((user.is_(None), ADDRESS_UNKNOWN), else_=None),
        case((user.is_(None), literal(now)), else_=None),
    )
    names = ["letter_id", "member_id", "user", "state", "reason", "settled_at"]
    session.execute(insert(Recipient).from_select(names, rows))
    counted = select(
        func.count(), func.count().filter(Recipient.state == "pending")
    ).where(Recipient.letter_id == letter)
    number, unclaimed = session.execute(counted).one()
    session.execute(
        update(Letter)
        .where(Letter.id == letter)
        .values(planned=number, unclaimed=unclaimed)
    )
