"""One unit of work for many who wait: one question, each apart, or in rows.

`Storage.write_for_many` begins it.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Boolean, String, func, literal_column, select
from sqlalchemy.orm import Session

from bot.storage.dialects import plain_errors
from bot.storage.in_list import Listed, in_one
from bot.storage.prepared import Prepared, backend, piped, write_rows
from bot.storage.sight import Values


def send_with_commit(session: Session, rows: Iterable[tuple[Prepared, Values]]) -> None:
    """Write the last rows of a work: over a wire, in one way with its commit."""
    with piped(session) as pipe:
        write_rows(session, rows)
        if pipe:  # the library would take for done what only was sent
            session.connection().connection.commit()


@contextmanager
def apart(session: Session) -> Iterator[Session]:
    """Let one of several share a transaction of SQLite's, and fail by itself."""
    driver: Any = session.connection().connection
    driver.execute("SAVEPOINT turn")
    try:
        with plain_errors():
            yield session
            session.flush()
    except BaseException:
        if goes_on(session):
            driver.execute("ROLLBACK TO turn")
            session.expunge_all()
        raise
    if len(session.identity_map):
        session.expunge_all()
    driver.execute("RELEASE turn")


def goes_on(session: Session) -> bool:
    """Tell whether what failed left the transaction of all others standing."""
    if not session.is_active:
        return False
    driver: Any = session.connection().connection
    return bool(driver.in_transaction)


def try_turns(
    session: Session, lines: Sequence[str]
) -> Callable[[], Collection[str] | None]:
    """Take the turn of each line where nobody has it, waiting for none.

    Return what tells which are ours; None of all, where one writes at a time.
    """
    if backend(session) != "postgresql":
        return lambda: None
    found = _TRY_TURNS.ask(session, lines=in_one([(each,) for each in lines]))
    return lambda: {line for line, ours in found() if ours}


def search_indexes(session: Session) -> None:
    """Have PostgreSQL look its answers up in indexes until this work is over.

    It keeps the plan of a question that is asked often. One made while the tables were
    empty, or before anybody counted what is in them, would go through them whole.
    """
    if backend(session) == "postgresql":
        _PLAINLY.run(session)


_WITHOUT = ("seqscan", "bitmapscan", "hashjoin", "mergejoin", "material", "memoize")
_SETTINGS = {
    "plan_cache_mode": "force_generic_plan",
    "jit": "off",
    **{f"enable_{way}": "off" for way in _WITHOUT},
}
_PLAINLY = Prepared(
    select(
        *(
            literal_column(f"set_config('{name}', '{value}', true)", String())
            for name, value in _SETTINGS.items()
        )
    )
)
_LINES = Listed("lines", "line")
_TRY_TURNS = Prepared(
    select(
        _LINES.text(0),
        func.pg_try_advisory_xact_lock(func.hashtext(_LINES.text(0)), type_=Boolean()),
    ).select_from(_LINES.table)
)
