"""One message in place of many: what was kept back and can be told together.

Someone whose week is full, or who wanted quiet for a while, gets what waited in one
letter. Each of the letters in it stays pending until the digest arrives, and is then
delivered by it, so that planned = delivered + refused + pending at every moment. What
pictures go with them are named in it, and follow when it has arrived.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Row,
    exists,
    select,
    update,
)
from sqlalchemy.orm import Session, aliased

from bot.calendar.quiet_hours import Hours, next_open
from bot.config.settings import Quiet
from bot.message import Text, unpack
from bot.outbox import mutes
from bot.outbox.courtesy import (
    leaves_room,
    spent,
    wish_against,
)
from bot.outbox.digest_words import write_dated
from bot.outbox.held import by_reader, find_held, wishes_of
from bot.outbox.kinds import OFFICE
from bot.outbox.letters import (
    Importance,
    Letter,
    Plan,
    Recipient,
    Window,
    put,
)
from bot.outbox.own_hours import OWN_HOURS, hours_of
from bot.outbox.releases import change, release_rows
from bot.outbox.settlement import STALE
from bot.storage.database import take_turn
from bot.storage.in_list import in_parts
from bot.storage.prepared import Prepared

KIND = "digest"
LEAVES = 0  # the last message of a week is kept for it
GOOD_FOR = timedelta(hours=4)
MERGED = "并入汇总送达"
PICTURES = "（附的图片随后发到）"


_ANY_HELD = Prepared(
    select(Recipient.id).where(Recipient.held_until.is_not(None)).limit(1)
)


@dataclass(frozen=True)
class _Kept:
    """Somebody for whom something waits. items: (recipient row, its letter).

    pictures: the recipient rows of those that belong to the letters.
    opens: when it may be told: at once, or when the reader's own quiet hours end.
    """

    user: str
    channel: str
    opens: datetime
    items: tuple[tuple[int, int], ...]
    pictures: tuple[int, ...] = ()

    @property
    def letters(self) -> tuple[int, ...]:
        return tuple(letter for _, letter in self.items)


def merge(session: Session, quiet: Quiet, now: datetime) -> int:
    """Put a digest for each whose time has come; return for how many people.

    Those to whom the same is to be told get the same letter.
    """
    take_turn(session, "courtesy")
    groups: dict[tuple[object, ...], list[_Kept]] = defaultdict(list)
    for each in _ready(session, quiet, now):
        groups[each.channel, each.opens, each.letters, bool(each.pictures)].append(each)
    for people in groups.values():
        for some in in_parts(people):
            _put(session, some, now)
    return sum(len(people) for people in groups.values())


def settle_merged(session: Session, now: datetime) -> int:
    """Give each letter in a digest the digest's fate; return how many were told.

    Its pictures may go when it was told. Of a digest that came too late, what still
    makes sense waits for the next.
    """
    if _ANY_HELD.first(session) is None:
        return 0
    whole = aliased(Recipient)
    its = (
        Recipient.held_until.is_not(None),
        Recipient.digest_id.is_not(None),
        Recipient.state == "pending",
    )

    def digest(*fate: Any) -> Any:
        of_it = (whole.letter_id == Recipient.digest_id, whole.user == Recipient.user)
        return exists().where(*of_it, *fate)

    arrived = (*its, digest(whole.state == "delivered"))
    _let_pictures_follow(session, arrived)
    told = change(
        session,
        update(Recipient)
        .where(*arrived)
        .values(state="delivered", reason=MERGED, settled_at=now, held_until=None),
    )
    lasts = select(Letter.id).where(Letter.not_after > now)
    change(
        session,
        update(Recipient)
        .where(
            *its,
            digest(whole.state == "refused", whole.reason == STALE),
            Recipient.letter_id.in_(lasts),
        )
        .values(digest_id=None),
    )
    why = (
        select(whole.reason)
        .where(whole.letter_id == Recipient.digest_id, whole.user == Recipient.user)
        .scalar_subquery()
    )
    change(
        session,
        update(Recipient)
        .where(*its, digest(whole.state == "refused"))
        .values(state="refused", reason=why, settled_at=now, held_until=None),
    )
    return told


@dataclass(frozen=True)
class _Situation:
    """What is known of all for whom something waits, asked for all at once.

    spent: messages of this week, by user; wishes, hours: by member.
    """

    spent: Mapping[str, int]
    wishes: Mapping[int | None, Sequence[mutes.QuietWish]]
    hours: Mapping[int | None, Hours]


def _ready(session: Session, quiet: Quiet, now: datetime) -> Iterable[_Kept]:
    """Find for whom something waits, who wants to hear it and has a message left."""
    rows = _rows_due(session, now)
    known = _situation(session, rows, now)
    for (channel, user), waiting in by_reader(rows).items():
        if not leaves_room(LEAVES, quiet.weekly_budget, known.spent.get(user, 0)):
            continue
        heard = [each for each in waiting if not _unwanted(each, known.wishes)]
        pictures = [each for each in heard if not each.spends]
        words = tuple((each.id, each.letter_id) for each in heard if each.spends)
        if not words:
            release_rows(session, pictures)
            continue
        opens = next_open(quiet, known.hours.get(waiting[0].member_id), now)
        yield _Kept(user, channel, opens, words, tuple(each.id for each in pictures))


def _rows_due(session: Session, now: datetime) -> Sequence[Row[Any]]:
    """List what may be told together; the rest goes by itself."""
    return find_held(
        session,
        now,
        Letter.importance == Importance.ROUTINE,
        Letter.kind.not_in(OFFICE),
        Letter.not_after > now,
        Recipient.reason != OWN_HOURS,
    )


def _situation(session: Session, rows: Sequence[Row[Any]], now: datetime) -> _Situation:
    users = sorted({row.user for row in rows})
    members = list({row.member_id for row in rows})
    counts: dict[str, int] = {}
    for some in in_parts(users):
        counts |= spent(session, some, now)
    hours: dict[int | None, Hours] = {}
    for few in in_parts(members):
        hours |= hours_of(session, few)
    return _Situation(counts, wishes_of(session, rows, now), hours)


def _unwanted(
    row: Row[Any], wanted: Mapping[int | None, Sequence[mutes.QuietWish]]
) -> bool:
    """Tell if its reader wants quiet now; a wish of later may come before the time."""
    wishes = wanted.get(row.member_id, ())
    kinds = (row.kind, KIND)
    return any(wish_against(wishes, each, Importance.ROUTINE)[0] for each in kinds)


def _let_pictures_follow(session: Session, arrived: tuple[Any, ...]) -> None:
    """Let pictures go whose words were told in a digest."""
    pictures = select(Recipient.id, Recipient.letter_id).join(
        Letter, Letter.id == Recipient.letter_id
    )
    routine = Letter.importance == Importance.ROUTINE
    rows = session.execute(pictures.where(*arrived, ~Letter.spends, routine)).all()
    release_rows(session, rows)


def _put(
    session: Session,
    people: Sequence[_Kept],
    now: datetime,
) -> None:
    """Put one digest for those to whom the same is told at the same time."""
    letters, opens = people[0].letters, people[0].opens
    found = session.execute(
        select(Letter.id, Letter.body, Letter.created_at).where(Letter.id.in_(letters))
    )
    said = {number: (unpack(body), written) for number, body, written in found}
    rows = [row for each in people for row, _ in each.items]
    pictures = [row for each in people for row in each.pictures]
    told = write_dated([said[each] for each in letters], now)
    plan = Plan(
        key=f"digest:{now.date()}:{rows[0]}",
        kind=KIND,
        content=Text(f"{told}\n{PICTURES}" if pictures else told),
        window=Window(opens, opens + GOOD_FOR),
        channel=people[0].channel,
        leaves=LEAVES,
    )
    first = [each.items[0][0] for each in people]
    readers = select(Recipient.member_id, Recipient.user).where(Recipient.id.in_(first))
    letter = put(session, plan, readers, now=now)
    if letter is not None:
        together = Recipient.id.in_([*rows, *pictures])
        change(session, update(Recipient).where(together).values(digest_id=letter.id))
