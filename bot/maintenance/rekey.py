"""Seal everything anew with the first key: in small steps, resumable, then verified."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import Column, String, Table, and_, func, select, type_coerce, update
from sqlalchemy.orm import Session

from bot.errors import KeyMissing
from bot.maintenance.schema import METADATA
from bot.storage.database import Storage
from bot.storage.encrypted import ID_CHARS, NO_KEY, Ring, Sealed, missing_key

STEP = 500


@dataclass(frozen=True)
class Place:
    """A sealed column, and the text as it lies there."""

    table: Table
    column: Column[str]

    @property
    def text(self) -> "Column[str]":
        return type_coerce(self.column, String)  # type: ignore[return-value]


def places() -> Iterator[Place]:
    for table in METADATA.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, Sealed):
                yield Place(table, column)


def count_by_key(session: Session) -> dict[str, int]:
    """Count the sealed values by the id of the key that opens them."""
    found: dict[str, int] = {}
    for place in places():
        name = func.substr(place.text, 1, ID_CHARS)
        rows = select(name, func.count()).where(place.column.is_not(None))
        for key, count in session.execute(rows.group_by(name)):
            found[key] = found.get(key, 0) + count
    return found


def check(storage: Storage, ring: Ring) -> None:
    """Raise KeyMissing if something is sealed with a key that we do not have."""
    with storage.read() as session:
        unknown = sorted(count_by_key(session).keys() - set(ring.ids))
    if unknown:
        raise KeyMissing("\n".join(missing_key(each) for each in unknown))


def rotate(
    storage: Storage, ring: Ring, told: Callable[[int], None] = lambda done: None
) -> int:
    """Seal what another key has sealed with the first one; return how many.

    Stopped halfway, the next run goes on where this one was. Afterwards every value
    opens with the first key alone. Raises StorageError.
    """
    if not ring.ids:
        raise KeyMissing(NO_KEY)
    check(storage, ring)
    done = 0
    for place in places():
        while step := _step(storage, ring, place):
            done += step
            told(done)
    _verify(storage, ring)
    return done


def _step(storage: Storage, ring: Ring, place: Place) -> int:
    """Seal some values anew, unless somebody has changed them meanwhile."""
    keys = list(place.table.primary_key.columns)
    old = place.text.not_like(f"{ring.ids[0]}:%")
    with storage.write() as session:
        rows = session.execute(select(*keys, place.text).where(old).limit(STEP)).all()
        for row in rows:
            this = and_(*(key == value for key, value in zip(keys, row, strict=False)))
            sealed = ring.seal(ring.open(row[-1]))
            session.execute(
                update(place.table)
                .where(this, place.text == row[-1])
                .values({place.column: type_coerce(sealed, String)})
            )
    return len(rows)


def _verify(storage: Storage, ring: Ring) -> None:
    """Open every value: what does not open is better known before a key is gone."""
    for place in places():
        with storage.read() as session:
            every = select(place.text).where(place.column.is_not(None))
            with session.execute(every.execution_options(yield_per=STEP)) as rows:
                for (sealed,) in rows:
                    ring.open(sealed)
                    if not sealed.startswith(ring.ids[0]):
                        raise KeyMissing(missing_key(sealed[:ID_CHARS]))
