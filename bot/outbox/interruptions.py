"""How often people were interrupted in a span of time: figures, nobody's name."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
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
    office = notices = nudges = 0
    for kind, importance, number in session.execute(_delivered(theirs)):
        if kind == "nudge":
            nudges += number
        elif importance == Importance.ROUTINE:
            if kind in OFFICE:
                office += number
            else:
                kinds[kind] += number
        elif kind == "notice":
            notices += number
    return Interruptions(
        kinds=dict(kinds.most_common()),
        most=_most(session, theirs),
        office=office,
        at_night=_count(
            session,
            theirs,
            *_told(),
            Letter.importance == Importance.ROUTINE,
            _night(span, quiet),
        ),
        merged=_count(session, theirs, Recipient.reason == MERGED),
        spared=_count(
            session,
            theirs,
            Recipient.state == "refused",
            Recipient.reason.in_((MUTED, WEEK_FULL)),
        ),
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


def _delivered(theirs: ColumnElement[bool]) -> Select[str, int, int]:
    return (
        select(Letter.kind, Letter.importance, func.count())
        .join(Recipient, Recipient.letter_id == Letter.id)
        .where(theirs, *_told())
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


def _count(session: Session, *which: ColumnElement[bool]) -> int:
    rows = select(func.count()).select_from(Recipient)
    joined = rows.join(Letter, Letter.id == Recipient.letter_id).where(*which)
    return session.scalars(joined).one()


def _night(span: tuple[datetime, datetime], quiet: Quiet) -> ColumnElement[bool]:
    """Match what was settled in the quiet hours of a span's days."""
    begin, end = span
    longer = timedelta(days=quiet.starts > quiet.ends)
    nights: list[ColumnElement[bool]] = []
    day = begin.date() - timedelta(days=1)
    while day < end.date():
        first = datetime.combine(day, quiet.starts, begin.tzinfo)
        last = datetime.combine(day + longer, quiet.ends, begin.tzinfo)
        nights.append((Recipient.settled_at >= first) & (Recipient.settled_at < last))
        day += timedelta(days=1)
    return or_(false(), *nights)
