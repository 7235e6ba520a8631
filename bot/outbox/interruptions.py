"""How often people were interrupted in a span of time: figures, nobody's name."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select
from sqlalchemy.orm import Session

from bot.config.settings import Quiet
from bot.outbox.courtesy import MUTED, WEEK_FULL
from bot.outbox.digests import MERGED
from bot.outbox.kinds import OFFICE
from bot.outbox.letters import Importance, Letter, Recipient


@dataclass(frozen=True)
class Interruptions:
    """What a group of people heard in a span. A picture goes with its words.

    kinds: the automatic messages by kind, what comes with an office apart (office).
    most: to one person. at_night: of the clock's own, in quiet hours. merged: told in
    a digest; spared: not sent for their reader's sake. notices, nudges: people's words.
    """

    kinds: Mapping[str, int]
    most: int
    office: int
    at_night: int
    merged: int
    spared: int
    notices: int
    nudges: int

    @property
    def automatic(self) -> int:
        return sum(self.kinds.values())


def count_interruptions(
    session: Session,
    people: Select[int],
    span: tuple[datetime, datetime],
    quiet: Quiet,
) -> Interruptions:
    """Count what some people, by their ids, were sent. span: local, without its end."""
    begin, end = span
    settled = (Recipient.settled_at >= begin) & (Recipient.settled_at < end)
    theirs = and_(Recipient.member_id.in_(people), settled)
    kinds: Counter[str] = Counter()
    office = at_night = merged = spared = notices = nudges = 0
    for row in session.execute(_by_kind(theirs, _night(span, quiet))):
        told, kind = row.told, row.kind
        merged, spared = merged + row.merged, spared + row.spared
        at_night += row.at_night
        if kind == "nudge":
            nudges += told
        elif row.importance == Importance.ROUTINE and told:
            if kind in OFFICE:
                office += told
            else:
                kinds[kind] += told
        elif kind == "notice":
            notices += told
    return Interruptions(
        kinds=dict(kinds.most_common()),
        most=_most(session, theirs) if kinds else 0,
        office=office,
        at_night=at_night,
        merged=merged,
        spared=spared,
        notices=notices,
        nudges=nudges,
    )


def select_interrupted(
    people: Select[int], span: tuple[datetime, datetime]
) -> Select[int | None]:
    """Select who of some people heard from the clock in a span, by their ids."""
    begin, end = span
    return (
        select(Recipient.member_id)
        .join(Letter, Letter.id == Recipient.letter_id)
        .where(
            Recipient.member_id.in_(people),
            Recipient.settled_at >= begin,
            Recipient.settled_at < end,
            *_told(),
            *_automatic(),
        )
    )


def _automatic() -> tuple[ColumnElement[bool], ...]:
    """Match the clock's own words, without what comes with an office."""
    return (
        Letter.importance == Importance.ROUTINE,
        Letter.kind.not_in((*OFFICE, "nudge")),
    )


def _told() -> tuple[ColumnElement[bool], ...]:
    """Match what came as a message of its own; of the clock's, no pictures."""
    person = Letter.importance > Importance.ROUTINE
    return (
        Recipient.state == "delivered",
        Recipient.digest_id.is_(None),
        or_(person, Letter.spends),
    )


def _by_kind(
    theirs: ColumnElement[bool], night: ColumnElement[bool]
) -> Select[str, int, int, int, int, int]:
    """Count by kind in one look: what was told, also at night, merged and spared."""
    told = and_(*_told())
    at_night = and_(Letter.importance == Importance.ROUTINE, told, night)
    kept = Recipient.reason.in_((MUTED, WEEK_FULL))
    return (
        select(
            Letter.kind,
            Letter.importance,
            func.count().filter(told).label("told"),
            func.count().filter(at_night).label("at_night"),
            func.count().filter(Recipient.reason == MERGED).label("merged"),
            func.count().filter(Recipient.state == "refused", kept).label("spared"),
        )
        .join(Recipient, Recipient.letter_id == Letter.id)
        .where(theirs)
        .group_by(Letter.kind, Letter.importance)
    )


def _most(session: Session, theirs: ColumnElement[bool]) -> int:
    each = (
        select(func.count().label("number"))
        .select_from(Recipient)
        .join(Letter, Letter.id == Recipient.letter_id)
        .where(
            theirs,
            *_told(),
            *_automatic(),
        )
        .group_by(Recipient.member_id)
        .subquery()
    )
    return session.scalar(select(func.max(each.c.number))) or 0


def _night(span: tuple[datetime, datetime], quiet: Quiet) -> ColumnElement[bool]:
    """Match what was settled in the quiet hours of a span's days.

    The nights are halved until one is left: a row is compared six times, not sixty.
    """
    begin, end = span
    longer = timedelta(days=quiet.starts > quiet.ends)
    nights: list[tuple[datetime, datetime]] = []
    day = begin.date() - timedelta(days=1)
    while day < end.date():
        first = datetime.combine(day, quiet.starts, begin.tzinfo)
        last = datetime.combine(day + longer, quiet.ends, begin.tzinfo)
        nights.append((first, last))
        day += timedelta(days=1)
    return _in_one(nights)


def _in_one(nights: Sequence[tuple[datetime, datetime]]) -> ColumnElement[bool]:
    """Match what was settled in one of some nights, each after the one before."""
    if not nights:
        return false()
    if len(nights) == 1:
        [(first, last)] = nights
        return (Recipient.settled_at >= first) & (Recipient.settled_at < last)
    half = len(nights) // 2
    early = Recipient.settled_at < nights[half][0]
    return case((early, _in_one(nights[:half])), else_=_in_one(nights[half:]))
