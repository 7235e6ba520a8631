"""Letters to one person each, claimed and settled many at a time.

A hundred thousand personal letters are a hundred thousand batches; one by one, the
books would cost more than the sending.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from bot.config.settings import Quiet
from bot.outbox import line
from bot.outbox.claims import OPENED_WITH, new_batch, new_claim
from bot.outbox.courtesy import set_aside
from bot.outbox.letters import NOT_DONE, Letter
from bot.outbox.limits import limits_of
from bot.outbox.line import First, Waiting
from bot.outbox.rations import sated_users
from bot.outbox.routes import Routes, Stop, note_stops, route, wait_for_word
from bot.outbox.settlement import Claim, Outcome
from bot.storage.in_list import among
from bot.storage.prepared import Prepared

_LETTER, _BATCH, _RECIPIENT = (
    Letter.metadata.tables[name] for name in ("letter", "batch", "recipient")
)
# Each letter is its own batch: what all have in common is said once.
_IN_COMMON = [name for name in OPENED_WITH if name not in ("letter_id", "weight")]
_OPEN = Prepared(
    insert(_BATCH)
    .from_select(
        ["letter_id", "weight", *_IN_COMMON],
        select(
            _LETTER.c.id,
            _LETTER.c.weight,
            *(bindparam(name, type_=_BATCH.c[name].type) for name in _IN_COMMON),
        )
        .where(among(_LETTER.c.id, "letters"))
        .order_by(_LETTER.c.id),
    )
    .returning(_BATCH.c.letter_id, _BATCH.c.id)
)
_PUT_IN = Prepared(
    update(_RECIPIENT)
    .where(among(_RECIPIENT.c.id, "rows"))
    .values(
        batch_id=select(_BATCH.c.id)
        .where(
            _BATCH.c.letter_id == _RECIPIENT.c.letter_id,
            _BATCH.c.owner == bindparam("of_owner"),
            NOT_DONE,
        )
        .scalar_subquery()
    )
)
_MINE = (_BATCH.c.owner == bindparam("of_owner"), NOT_DONE)
_CLOSE = Prepared(
    update(_BATCH)
    .where(_BATCH.c.id == bindparam("number"), *_MINE)
    .values(done=True, receipt=bindparam("taken"), error=None)
)
_DELIVERED = Prepared(
    update(_RECIPIENT)
    .where(
        _RECIPIENT.c.batch_id.in_(
            select(_BATCH.c.id).where(
                among(_BATCH.c.id, "batches"),
                _BATCH.c.owner == bindparam("of_owner"),
                _BATCH.c.done,
            )
        ),
        _RECIPIENT.c.state == "pending",
    )
    .values(state="delivered", reason=None, settled_at=bindparam("now"))
)


def claim_singles(  # noqa: PLR0913  # all of it is named
    session: Session,
    channel: str,
    owner: str,
    now: datetime,
    quiet: Quiet | None = None,
    routes: Routes | None = None,
) -> list[Claim]:
    """Take the letters to one person each that are first in the line, if any are.

    Nobody twice at once, so that each one's letters keep their order. owner: one that
    claimed nothing yet.
    """
    waiting = line.first_singles(session, channel, now)
    if quiet and waiting:
        people = [person for _, person in waiting]
        aside = set_aside(session, people, quiet, now)
        line.empty(session, [each.letter_id for each in people if _is_in(aside, each)])
        waiting = [each for each in waiting if not _is_in(aside, each[1])]
    letters = {person.recipient_id: letter for letter, person in waiting}
    routed = route(session, channel, [person for _, person in waiting], routes)
    wait_for_word(session, routed.silent)
    line.empty(session, [each.letter_id for each in routed.silent])
    claims: list[Claim] = []
    going: set[int] = {each.recipient_id for each in routed.silent}
    for by, stops in routed.by.items():
        going |= {each.person.recipient_id for each in stops}
        pairs = [(letters[each.person.recipient_id], each) for each in stops]
        claims += _claim_by(session, by, owner, now, pairs)
    paused = [letters[each].id for each in letters.keys() - going]
    line.let_pass(session, paused, now, routed.later)
    return claims


def _claim_by(
    session: Session,
    channel: str,
    owner: str,
    now: datetime,
    stops: list[tuple[First, Stop]],
) -> list[Claim]:
    """Claim what goes by one way: one letter where no repeat is noticed.

    Else whoever dies between claim and sending would leave many in doubt.
    """
    if not limits_of(channel).notices_repeats:
        stops = stops[:1]
    users = [each.person.user for _, each in stops]
    heaviest = max(letter.weight for letter, _ in stops)
    sated = sated_users(session, channel, users, now, weight=heaviest)
    late = [letter.id for letter, each in stops if each.person.user in sated]
    line.let_pass(session, late, now)
    left = [each for each in stops if each[1].person.user not in sated]
    return _open_batches(session, channel, owner, now, left)


def settle_singles(
    session: Session, settled: Sequence[tuple[Claim, Outcome]], now: datetime
) -> None:
    """Write down that letters to one person each were taken."""
    if not settled:
        return
    owner = settled[0][0].owner
    _CLOSE.many(
        session,
        [
            {
                "number": claim.batch_id,
                "of_owner": owner,
                "taken": outcome.receipt or None,
            }
            for claim, outcome in settled
        ],
    )
    batches = [claim.batch_id for claim, _ in settled]
    _DELIVERED.run(session, batches=batches, of_owner=owner, now=now)


def _is_in(aside: set[int], person: Waiting) -> bool:
    return person.recipient_id in aside


def _open_batches(
    session: Session,
    channel: str,
    owner: str,
    now: datetime,
    taken: list[tuple[First, Stop]],
) -> list[Claim]:
    """Open a batch for each letter and put its person in."""
    if not taken:
        return []
    letters = [letter.id for letter, _ in taken]
    common = new_batch(taken[0][0], channel, owner, now)
    opened = _OPEN.all(
        session, letters=letters, **{name: common[name] for name in _IN_COMMON}
    )
    numbers = dict(opened)
    stops = [each for _, each in taken]
    note_stops(session, taken[0][0].channel, channel, stops)
    rows = [each.person.recipient_id for each in stops]
    _PUT_IN.run(session, rows=rows, of_owner=owner)
    line.empty(session, letters)
    return [
        new_claim(numbers[letter.id], letter, channel, owner, [each.address])
        for letter, each in taken
    ]
