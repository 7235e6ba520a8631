"""By which way each recipient gets a letter, and what comes of a way that fails.

The choice is made when a letter is claimed: the way it was asked for by, then the
preferred one, then the WeCom account, then another. A way that certainly did not take
a letter is not tried again for it; whoever has no way left waits, with the reason,
until a word comes from there.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import String, bindparam, func, select, update
from sqlalchemy.orm import Session

from bot.outbox.letters import Letter
from bot.outbox.line import Waiting
from bot.outbox.pauses import find_pause
from bot.outbox.ways import CHANNELS, NO_ACCOUNT, PEOPLE, Known, ways_of
from bot.storage.prepared import Prepared

UNTIL_HEARD = datetime(9000, 1, 1, tzinfo=UTC)
"""Until when whoever has no way left is kept waiting: for the next word."""
NO_WAY = "现在没有能发到的方式，等本人在微信或企业微信里说句话"

_RECIPIENT, _LETTER = (Letter.metadata.tables[name] for name in ("recipient", "letter"))
ADDRESS = func.coalesce(_RECIPIENT.c.address, _RECIPIENT.c.user, type_=String())
"""Under which address somebody got, or gets, a letter."""
_GOES_BY = Prepared(
    update(_RECIPIENT)
    .where(_RECIPIENT.c.id == bindparam("row"))
    .values(way=bindparam("by"), address=bindparam("under"))
)
_WAIT = Prepared(
    update(_RECIPIENT)
    .where(_RECIPIENT.c.id == bindparam("row"))
    .values(
        state="pending",
        batch_id=None,
        held_until=bindparam("until"),
        reason=bindparam("why"),
        tried=bindparam("after"),
    )
)
_BACK = Prepared(
    update(_RECIPIENT)
    .where(_RECIPIENT.c.id == bindparam("row"))
    .values(
        batch_id=None,
        way=None,
        address=None,
        reason=bindparam("why"),
        tried=bindparam("after"),
        detour=bindparam("told"),
    )
)
_LENGTHEN = Prepared(
    update(_LETTER)
    .where(_LETTER.c.id == bindparam("of_letter"))
    .values(unclaimed=_LETTER.c.unclaimed + bindparam("more"))
)
_TURNED_AWAY = Prepared(
    select(
        _RECIPIENT.c.id,
        _RECIPIENT.c.user,
        _RECIPIENT.c.member_id,
        _RECIPIENT.c.tried,
        _RECIPIENT.c.detour,
        ADDRESS,
    ).where(
        _RECIPIENT.c.batch_id == bindparam("number"), _RECIPIENT.c.state == "pending"
    )
)


@dataclass(frozen=True)
class Routes:
    """The channels that letters to people can go by now. paused: until when not."""

    names: tuple[str, ...]
    paused: Mapping[str, datetime] = field(default_factory=dict)


class Stop(NamedTuple):
    """A recipient, and under which address the channel finds him or her."""

    person: Waiting
    address: str


@dataclass
class Routed:
    """Who goes by which channel, in the order of the line.

    silent: who has no way left. later: when the first paused way is open again.
    """

    by: dict[str, list[Stop]] = field(default_factory=dict)
    silent: list[Waiting] = field(default_factory=list)
    later: datetime | None = None


def find_routes(
    session: Session, line: str, senders: Collection[str], now: datetime
) -> Routes | None:
    """Tell which ways are open to a line; None where it has no choice."""
    names = tuple(name for name in CHANNELS if name in senders)
    if line != PEOPLE or names in ((), (PEOPLE,)):
        return None
    pauses = {name: find_pause(session, name, now) for name in names}
    return Routes(names, {name: each.until for name, each in pauses.items() if each})


def route(
    session: Session, line: str, people: Sequence[Waiting], routes: Routes | None
) -> Routed:
    """Choose a way for each."""
    if routes is None:
        whole = [Stop(each, each.user) for each in people]
        return Routed({line: whole} if whole else {})
    members = {each.member_id for each in people if each.member_id is not None}
    ways = ways_of(session, members) if members else {}
    routed = Routed()
    for each in people:
        known = ways.get(each.member_id or 0, ())
        left = _left(each.user, each.tried, each.way, known, routes.names)
        loud = [found for found in left if found[0] not in routes.paused]
        if loud:
            channel, address = loud[0]
            routed.by.setdefault(channel, []).append(Stop(each, address))
        elif left:
            opens = min(routes.paused[channel] for channel, _ in left)
            routed.later = min(routed.later or opens, opens)
        else:
            routed.silent.append(each)
    return routed


def note_stops(
    session: Session, line: str, channel: str, stops: Sequence[Stop]
) -> None:
    """Write down who goes by another way than the line's own, or was meant to."""
    rows = [
        {"row": each.person.recipient_id, "by": channel, "under": each.address}
        for each in stops
        if channel != line or each.person.way not in (None, line)
    ]
    _GOES_BY.many(session, rows)


def wait_for_word(session: Session, people: Sequence[Waiting]) -> None:
    """Keep back whoever has no way left until a word comes, with the reason."""
    _WAIT.many(
        session,
        [
            {
                "row": each.recipient_id,
                "until": UNTIL_HEARD,
                "why": each.reason or NO_WAY,
                "after": each.tried,
            }
            for each in people
        ],
    )


def turn_away(  # noqa: PLR0913  # all of it is named
    session: Session,
    batch: int,
    letter: int,
    channel: str,
    reasons: Mapping[str, str] | str,
    *,
    senders: Collection[str],
    waits: Collection[str] = (),
) -> None:
    """Send on whom a way did not take, by their next one; the rest stay as they are.

    reasons: by address in lower case, or one for all. waits: addresses of those who
    are kept waiting for a word where no other way is left.
    """
    rows = _TURNED_AWAY.all(session, number=batch)
    members = {row[2] for row in rows if row[2] is not None}
    ways = ways_of(session, members) if members else {}
    names = [name for name in CHANNELS if name in senders]
    back: list[dict[str, Any]] = []
    kept: list[dict[str, Any]] = []
    for number, user, member_id, tried, detour, address in rows:
        named = address.casefold()
        why = reasons if isinstance(reasons, str) else reasons.get(named)
        if why is None:
            continue
        after = _added(tried, channel, ",")
        told = f"{CHANNELS.get(channel, channel)}：{why}"
        known = ways.get(member_id or 0, ())
        row = {"row": number, "why": told, "after": after}
        if _left(user, after, None, known, names):
            back.append(row | {"told": _added(detour, told, "；")})
        elif named in waits:
            kept.append(row | {"until": UNTIL_HEARD})
    _BACK.many(session, back)
    _WAIT.many(session, kept)
    if back:
        _LENGTHEN.run(session, of_letter=letter, more=len(back))
        session.info["letters"] = True


def _left(
    user: str,
    tried: str | None,
    wish: str | None,
    ways: Sequence[Known],
    names: Collection[str],
) -> list[tuple[str, str]]:
    """List the ways that are left, (channel, address), the first to be taken first."""
    preferred = [(each.channel, each.address) for each in ways if each.preferred]
    others = [(each.channel, each.address) for each in ways if not each.preferred]
    own = [] if user.startswith(NO_ACCOUNT) else [(PEOPLE, user)]
    lost = {each.channel for each in ways if each.lost_at}
    passed = {*(tried or "").split(","), *lost}
    every = [*preferred, *own, *others]
    every.sort(key=lambda found: found[0] != wish)
    return [each for each in every if each[0] in names and each[0] not in passed]


def _added(before: str | None, new: str, mark: str) -> str:
    return f"{before}{mark}{new}" if before else new
