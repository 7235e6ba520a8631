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
from typing import Any, cast

from sqlalchemy import (
    CursorResult,
    Row,
    bindparam,
    exists,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session, aliased

from bot.calendar.quiet_hours import Hours, next_open
from bot.calendar.say import say_day
from bot.config.settings import Quiet
from bot.message import Card, Content, Text, unpack
from bot.outbox import mutes
from bot.outbox.courtesy import (
    TOLD_LATE,
    leaves_room,
    spent,
    wish_against,
)
from bot.outbox.held import AT_ONCE, by_reader, find_held, wishes_of
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
from bot.outbox.settlement import STALE
from bot.storage.database import take_turn
from bot.storage.prepared import Prepared

KIND = "digest"
LEAVES = 0  # the last message of a week is kept for it
GOOD_FOR = timedelta(hours=4)
MERGED = "并入汇总送达"
# A text message takes 2,048 bytes (path/90236), a character of Chinese three.
MOST_BYTES = 1950
OPENING = "这几天没打扰您，攒下的几件事放在一起："
PICTURES = "（附的图片随后发到）"


_READY = (
    Recipient.held_until <= bindparam("now"),
    Recipient.digest_id.is_(None),
    Recipient.state == "pending",
)
_LETTERS = (
    select(Letter.id)
    .join(Recipient, Recipient.letter_id == Letter.id)
    .where(*_READY)
    .distinct()
)
_MORNING = Prepared(_LETTERS.where(Recipient.reason == OWN_HOURS))
_ALONE = Prepared(
    _LETTERS.where(
        or_(
            Letter.importance > int(Importance.ROUTINE),
            *(Letter.kind == kind for kind in OFFICE),
        )
    )
)
_ANY_HELD = Prepared(
    select(Recipient.id).where(Recipient.held_until.is_not(None)).limit(1)
)
_RECIPIENT = Recipient.metadata.tables["recipient"]
_DROP = Prepared(
    update(_RECIPIENT)
    .where(
        _RECIPIENT.c.held_until.is_not(None),
        _RECIPIENT.c.digest_id.is_(None),
        _RECIPIENT.c.state == "pending",
        select(Letter.id)
        .where(
            Letter.id == _RECIPIENT.c.letter_id,
            Letter.not_after <= bindparam("now"),
            Letter.kind != TOLD_LATE,
        )
        .exists(),
    )
    .values(state="refused", settled_at=bindparam("now"), held_until=None)
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
        for start in range(0, len(people), AT_ONCE):
            _put(session, people[start : start + AT_ONCE], now)
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
    told = _change(
        session,
        update(Recipient)
        .where(*arrived)
        .values(state="delivered", reason=MERGED, settled_at=now, held_until=None),
    )
    lasts = select(Letter.id).where(Letter.not_after > now)
    _change(
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
    _change(
        session,
        update(Recipient)
        .where(*its, digest(whole.state == "refused"))
        .values(state="refused", reason=why, settled_at=now, held_until=None),
    )
    return told


def let_go(session: Session, now: datetime) -> int:
    """Let what no digest tells go to those whose quiet is over; return to how many.

    That is a person's own word, what a secretary's office asks for, and whatever only
    waited for the end of its reader's own hours.
    """
    ready = (
        Recipient.held_until <= now,
        Recipient.digest_id.is_(None),
        Recipient.state == "pending",
    )
    morning = (*ready, Recipient.reason == OWN_HOURS)
    gone = 0
    for rows, letters in ((morning, _MORNING), (ready, _ALONE)):
        found = letters.all(session, now=now)
        gone += sum(_release(session, letter, rows) for (letter,) in found)
    return gone


def drop_held(session: Session, now: datetime) -> int:
    """Refuse who was kept from a letter for longer than it lasts; return how many."""
    return _DROP.run(session, now=now)


def write(texts: Sequence[str]) -> str:
    """Put several letters into one text, each as whole as there is room for."""
    room = MOST_BYTES - len(OPENING.encode())
    limit = max(len(text.encode()) for text in texts)
    while _size(texts, limit) > room:
        limit = limit * 9 // 10
    shown = [f"{at}. {_cut(text, limit)}" for at, text in enumerate(texts, 1)]
    return "\n".join([OPENING, *shown]) if len(shown) > 1 else _cut(texts[0], limit)


def _ready(session: Session, quiet: Quiet, now: datetime) -> Iterable[_Kept]:
    """Find for whom something waits, who wants to hear it and has a message left."""
    rows = find_held(
        session,
        now,
        Letter.importance == Importance.ROUTINE,
        Letter.kind.not_in(OFFICE),
        Letter.not_after > now,
        Recipient.reason != OWN_HOURS,
    )
    waiting = by_reader(rows)
    users = sorted({user for _, user in waiting})
    counts: dict[str, int] = {}
    for start in range(0, len(users), AT_ONCE):
        counts |= spent(session, users[start : start + AT_ONCE], now)
    members = sorted({row.member_id for row in rows if row.member_id is not None})
    wanted = wishes_of(session, rows, now)
    own: dict[int, Hours] = {}
    for start in range(0, len(members), AT_ONCE):
        own |= hours_of(session, members[start : start + AT_ONCE])
    for (channel, user), mine in waiting.items():
        if not leaves_room(LEAVES, quiet.weekly_budget, counts.get(user, 0)):
            continue
        heard = [each for each in mine if not _unwanted(each, wanted)]
        pictures = [each for each in heard if not each.spends]
        if words := tuple((each.id, each.letter_id) for each in heard if each.spends):
            opens = next_open(quiet, own.get(mine[0].member_id or 0), now)
            rows_of = tuple(each.id for each in pictures)
            yield _Kept(user, channel, opens, words, rows_of)
        else:
            _release_rows(session, pictures)


def _unwanted(row: Row[Any], wanted: Mapping[int, Sequence[mutes.QuietWish]]) -> bool:
    """Tell if its reader wants quiet now; a wish of later may come before the time."""
    wishes = wanted.get(row.member_id or 0, ())
    kinds = (row.kind, KIND)
    return any(wish_against(wishes, each, Importance.ROUTINE)[0] for each in kinds)


def _let_pictures_follow(session: Session, arrived: tuple[Any, ...]) -> None:
    """Let pictures go whose words were told in a digest."""
    pictures = select(Recipient.id, Recipient.letter_id).join(
        Letter, Letter.id == Recipient.letter_id
    )
    routine = Letter.importance == Importance.ROUTINE
    rows = session.execute(pictures.where(*arrived, ~Letter.spends, routine)).all()
    _release_rows(session, rows)


def _release_rows(session: Session, rows: Iterable[Any]) -> None:
    for row in rows:
        _release(session, row.letter_id, (Recipient.id == row.id,))


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
        _change(session, update(Recipient).where(together).values(digest_id=letter.id))


def _release(session: Session, letter: int, who: tuple[Any, ...]) -> int:
    number = _change(
        session,
        update(Recipient)
        .where(Recipient.letter_id == letter, *who)
        .values(held_until=None, digest_id=None, reason=None),
    )
    _change(
        session,
        update(Letter)
        .where(Letter.id == letter)
        .values(unclaimed=Letter.unclaimed + number),
    )
    session.info["letters"] = True
    return number


def _words(content: Content) -> str:
    match content:
        case Card():
            lines = [f"{label}：{value}" for label, value in content.lines]
            return "\n".join([content.title, content.text, *lines]).strip()
        case _:
            return str(getattr(content, "text", "")).strip()


def write_dated(said: Sequence[tuple[Content, datetime]], now: datetime) -> str:
    """Put the words of several letters, with when they were written, into one text."""
    zone = now.tzinfo
    return write([_dated(_words(each), at.astimezone(zone), now) for each, at in said])


def _dated(text: str, written: datetime, now: datetime) -> str:
    """Say of which day a text is, if not of today."""
    if written.date() == now.date():
        return text
    return f"{say_day(written.date(), now.date())}：{text}"


def _size(texts: Sequence[str], limit: int) -> int:
    return sum(min(len(text.encode()), limit + 6) + 5 for text in texts)


def _cut(text: str, limit: int) -> str:
    if len(text.encode()) <= limit:
        return text
    return text.encode()[:limit].decode(errors="ignore").rstrip() + "……"


def _change(session: Session, statement: Any) -> int:
    done = session.execute(statement.execution_options(synchronize_session=False))
    return cast("CursorResult[Any]", done).rowcount
