"""Whether a letter may disturb its reader now: quiet hours, 免打扰, the week's budget.

Asked when a letter is claimed, so that it holds for every rule's letters and for a
wish of a minute ago. Whoever may not be disturbed is set aside: held until then, if
the letter lasts that long, else refused with the reason.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    bindparam,
    cast,
    func,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import Session

from bot.calendar.quiet_hours import is_quiet, next_loud, next_open
from bot.config.settings import Quiet
from bot.outbox import mutes
from bot.outbox.kinds import OFFICE
from bot.outbox.letters import (
    NOT_DONE,
    UNCLAIMED,
    Batch,
    Importance,
    Letter,
    Recipient,
)
from bot.outbox.line import Waiting
from bot.outbox.mutes import EVERYTHING, QuietWish
from bot.outbox.own_hours import OWN_HOURS, hours_of
from bot.storage.database import take_turn
from bot.storage.in_list import among
from bot.storage.prepared import Prepared

DAYS_BEFORE = timedelta(days=6)  # a week is today and these
DIGEST_AT = time(17, 30)
MUTED = "本人开了免打扰"
WEEK_FULL = "这一周的自动消息已满，不再打扰"
# A person's words to many: whoever wants quiet for longer than they last is told when
# it ends, and until then is not counted as somebody whom they could not reach.
TOLD_LATE = "notice"
NO_END = timedelta(days=3660)


@dataclass(frozen=True)
class _Verdict:
    """Set aside for a reason: until then, or for good."""

    reason: str
    until: datetime | None = None


def _heard(share: ColumnElement[bool]) -> Select[str | None, int]:
    """Count each one's automatic messages that are a share of what there was."""
    return (
        select(Recipient.user, func.count().label("number"))
        .join(Letter, Letter.id == Recipient.letter_id)
        .where(
            among(Recipient.user, "users"),
            share,
            Recipient.digest_id.is_(None),
            Letter.spends,
            *(Letter.kind != kind for kind in OFFICE),
        )
        .group_by(Recipient.user)
    )


def _count() -> Select[Any]:
    """Add up what was told and what flies: two searches, each by its index."""
    since: Any = bindparam("since", type_=Recipient.settled_at.type)
    told = (Recipient.settled_at >= since) & (Recipient.state == "delivered")
    flying = Recipient.settled_at.is_(None) & Recipient.batch_id.is_not(None)
    heard = union_all(_heard(told), _heard(flying)).subquery()
    number = cast(func.sum(heard.c.number), Integer)
    least: Any = bindparam("least", type_=Integer())
    return select(heard.c.user, number).group_by(heard.c.user).having(number >= least)


_SPENT = Prepared(_count())
_RECIPIENT = Recipient.metadata.tables["recipient"]
_SET_ASIDE = Prepared(
    update(_RECIPIENT)
    .where(_RECIPIENT.c.id == bindparam("row"))
    .values(
        state=bindparam("fate"),
        reason=bindparam("why"),
        held_until=bindparam("until"),
        settled_at=bindparam("at"),
    )
)


def keep_quiet(session: Session, channel: str, quiet: Quiet, now: datetime) -> None:
    """In quiet hours let the clock's own letters wait for the morning."""
    if not is_quiet(quiet, now):
        return
    morning = next_loud(quiet, now)
    routine = Letter.importance == Importance.ROUTINE
    session.execute(
        update(Letter)
        .where(Letter.channel == channel, routine, UNCLAIMED, Letter.not_before <= now)
        .values(not_before=morning)
        .execution_options(synchronize_session=False)
    )
    ours = select(Letter.id).where(Letter.id == Batch.letter_id, routine).exists()
    session.execute(
        update(Batch)
        .where(NOT_DONE, Batch.channel == channel, Batch.next_try <= now, ours)
        .values(next_try=morning)
        .execution_options(synchronize_session=False)
    )


def set_aside(
    session: Session, people: Sequence[Waiting], quiet: Quiet, now: datetime
) -> set[int]:
    """Hold or refuse whoever may not be disturbed now; name their recipient rows."""
    asked = [each for each in people if each.importance <= Importance.NOTICE]
    if not asked:
        return set()
    take_turn(
        session, "courtesy"
    )  # two deliverers must not both spend the last of a week
    verdicts = _by_hours(session, asked, quiet, now)
    verdicts |= _by_wish(session, asked, quiet, now)
    left = [
        each
        for each in asked
        if each.recipient_id not in verdicts
        and each.importance == Importance.ROUTINE
        and each.kind not in OFFICE
    ]
    verdicts |= _by_budget(session, left, quiet.weekly_budget, now)
    _write_down(session, verdicts, now)
    return set(verdicts)


def spent(
    session: Session, users: Sequence[str], now: datetime, least: int = 0
) -> Mapping[str, int]:
    """Count each one's automatic messages of today and six days, and those flying.

    By the calendar: what came on Monday at eight is of no account on the next, however
    the seconds fall. now: local time; least: name only whoever had so many.
    """
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    since = midnight - DAYS_BEFORE
    return dict(_SPENT.all(session, users=users, since=since, least=least))


def leaves_room(leaves: int, budget: int, number: int) -> bool:
    """Tell if a letter may go to who had so many messages this week.

    leaves: what it leaves of the week to others.
    """
    return number < _room(leaves, budget)


def wish_against(
    wishes: Sequence[QuietWish], kind: str, importance: int
) -> tuple[bool, datetime | None]:
    """Tell if a letter is not wanted now, and until when; None for ever.

    A person's word is stopped by the wish to hear nothing, the clock's by its kind too.
    """
    kinds = {EVERYTHING}
    if importance == Importance.ROUTINE or kind == "nudge":
        kinds.add(kind)
    ends = [each.until for each in wishes if each.kind in kinds]
    if not ends:
        return False, None
    return True, None if None in ends else max(end for end in ends if end)


def next_digest(now: datetime) -> datetime:
    """Return when the next digest is made. now: local time."""
    today = datetime.combine(now.date(), DIGEST_AT, now.tzinfo)
    return today if now < today else today + timedelta(days=1)


def _by_hours(
    session: Session, people: Sequence[Waiting], quiet: Quiet, now: datetime
) -> dict[int, _Verdict]:
    """Let the clock's words, and a nudge, wait for the end of their reader's hours."""
    found = hours_of(session, [each.member_id for each in people])
    verdicts: dict[int, _Verdict] = {}
    for each in people if found else ():
        own = found.get(each.member_id)
        automatic = each.importance == Importance.ROUTINE or each.kind == "nudge"
        if own is not None and automatic and is_quiet(own, now):
            opens = next_open(quiet, own, now)
            waits = opens if opens < each.not_after else None
            verdicts[each.recipient_id] = _Verdict(OWN_HOURS, waits)
    return verdicts


def _by_wish(
    session: Session, people: Sequence[Waiting], quiet: Quiet, now: datetime
) -> dict[int, _Verdict]:
    wanted = mutes.in_force(session, [each.member_id for each in people], now)
    verdicts: dict[int, _Verdict] = {}
    for each in people if wanted else ():
        wishes = wanted.get(each.member_id, ())
        stopped, until = wish_against(wishes, each.kind, each.importance)
        if stopped:
            opens = _end_of_quiet(quiet, until, now)
            lasts = each.kind == TOLD_LATE or opens < each.not_after
            waits = opens if lasts else None
            verdicts[each.recipient_id] = _Verdict(MUTED, waits)
    return verdicts


def _end_of_quiet(quiet: Quiet, until: datetime | None, now: datetime) -> datetime:
    return next_loud(quiet, until.astimezone(now.tzinfo)) if until else now + NO_END


def _room(leaves: int, budget: int) -> int:
    """Say how many messages a week may hold before one that leaves so many has none."""
    if budget < 1:
        return 0
    return budget - min(leaves, budget - 1)


def _by_budget(
    session: Session, people: Sequence[Waiting], budget: int, now: datetime
) -> dict[int, _Verdict]:
    if not people:
        return {}
    rooms = {each: _room(each, budget) for each in {one.leaves for one in people}}
    users = sorted({each.user for each in people})
    counts = spent(session, users, now, min(rooms.values()))
    full = [
        each
        for each in people
        if counts.get(each.user, 0) >= rooms[each.leaves]
        and (each.spends or not _words_went(session, each))
    ]
    digest = next_digest(now)
    return {
        each.recipient_id: _Verdict(
            WEEK_FULL, now if budget and each.not_after > digest else None
        )
        for each in full
    }


def _words_went(session: Session, picture: Waiting) -> bool:
    """Tell if the words that a picture goes with went, or go in a digest."""
    words = (
        select(Recipient.state, Recipient.held_until, Recipient.digest_id)
        .join(Letter, Letter.id == Recipient.letter_id)
        .where(
            Letter.id.between(picture.letter_id - 40, picture.letter_id - 1),
            Letter.kind == picture.kind,
            Letter.created_at == picture.created_at,
            Letter.spends,
            Recipient.user == picture.user,
        )
        .order_by(Letter.id.desc())
        .limit(1)
    )
    found = session.execute(words).first()
    if found is None:
        return False
    state, held, digest = found
    return state != "refused" and (held is None or digest is not None)


def _write_down(
    session: Session, verdicts: Mapping[int, _Verdict], now: datetime
) -> None:
    if not verdicts:
        return
    _SET_ASIDE.many(
        session,
        [
            {
                "row": number,
                "fate": "pending" if verdict.until else "refused",
                "why": verdict.reason,
                "until": verdict.until,
                "at": None if verdict.until else now,
            }
            for number, verdict in verdicts.items()
        ],
    )
