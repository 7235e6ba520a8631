"""A statement made once and run on the driver's own cursor, for every message's sake.

Between a statement and the driver SQLAlchemy does five to ten times the work of SQLite
itself. What runs with every message is compiled once for each database instead, with
the same types on the way in and out.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import (
    BindParameter,
    Column,
    Delete,
    Float,
    Insert,
    Select,
    Update,
    literal_column,
)
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.sql.schema import ScalarElementColumnDefault
from sqlalchemy.sql.visitors import replacement_traverse
from sqlalchemy.types import TypeEngine

from bot.storage.sight import Sight, Values

FORMS = "xiangyang_forms"
FLOAT8 = 701  # PostgreSQL's number of it: SELECT 'float8'::regtype::oid
Convert = Callable[[Any], Any]
Statement: TypeAlias = Select[*tuple[Any, ...]] | Insert | Update | Delete


@dataclass(frozen=True)
class _Form:
    """The statement for one kind of database.

    binds: the name of each place, and what stands there where nothing is given.
    writes, reads: places whose values the database wants, or gives, in another form.
    """

    sql: str
    positional: bool
    binds: Sequence[tuple[str, Any]]
    writes: Sequence[tuple[int, Convert]]
    reads: Sequence[tuple[int, Convert]]

    def parameters(self, values: Mapping[str, Any]) -> Any:
        given = [values.get(name, own) for name, own in self.binds]
        for place, write in self.writes:
            given[place] = write(given[place])
        if self.positional:
            return given
        return {bind[0]: each for bind, each in zip(self.binds, given, strict=True)}

    def row(self, got: Sequence[Any]) -> tuple[Any, ...]:
        if not self.reads:
            return tuple(got)
        found = list(got)
        for place, read in self.reads:
            found[place] = read(found[place])
        return tuple(found)

    def rows(self, found: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        return [self.row(got) for got in found] if self.reads else found


class Prepared:
    """One statement. columns: of an insert, those that are given when it runs."""

    def __init__(
        self,
        statement: Statement,
        columns: Sequence[str] = (),
    ) -> None:
        self._statement = statement
        self._columns = list(columns) or None
        self._writes_one = (
            isinstance(statement, Insert) and not statement.exported_columns
        )
        self._forms: dict[str, _Form] = {}

    def first(self, session: Session, **values: Any) -> tuple[Any, ...] | None:
        """Return the first row, or None."""
        if isinstance(session, Sight):
            row = session.recall(self, values)
            return None if row is None else tuple(row)
        form, cursor = self._execute(session, values)
        try:
            got = cursor.fetchone()
        finally:
            cursor.close()
        return None if got is None else form.row(got)

    def value(self, session: Session, **values: Any) -> Any:
        """Return the first column of the first row, or None."""
        row = self.first(session, **values)
        return None if row is None else row[0]

    def all(self, session: Session, **values: Any) -> list[tuple[Any, ...]]:
        """Return every row."""
        return self.ask(session, **values)()

    def ask(
        self, session: Session, **values: Any
    ) -> Callable[[], list[tuple[Any, ...]]]:
        """Ask, and return what fetches every row; between the two more may be asked.

        See `piped`: there the answers to all come together.
        """
        form, cursor = self._execute(session, values)

        def fetch() -> list[tuple[Any, ...]]:
            try:
                found = cursor.fetchall()
            finally:
                cursor.close()
            return form.rows(found)

        return fetch

    def run(self, session: Session, **values: Any) -> int:
        """Execute a statement that returns nothing; say how many rows it changed.

        What was looked up beforehand keeps an insert for later, one that always writes.
        """
        if isinstance(session, Sight) and self._writes_one:
            session.keep(self, values)
            return 1
        _, cursor = self._execute(session, values)
        changed: int = cursor.rowcount
        cursor.close()
        return changed

    def many(self, session: Session, rows: Sequence[Mapping[str, Any]]) -> int:
        """Execute it once for each row of values; say how many rows that changed."""
        if not rows:
            return 0
        _, cursor = self._execute(session, rows[0], rows)
        changed: int = cursor.rowcount
        cursor.close()
        return changed

    def _execute(
        self,
        session: Session,
        values: Mapping[str, Any],
        rows: Sequence[Mapping[str, Any]] = (),
    ) -> tuple[_Form, Any]:
        session.flush()
        connection, driver = _driver(session)
        dialect = connection.dialect
        form = (
            self._forms.get(dialect.name)
            or _forms_of(dialect).get(self)
            or self._compile(dialect)
        )
        cursor = driver.cursor()
        try:
            if rows:
                cursor.executemany(form.sql, [form.parameters(each) for each in rows])
            else:
                cursor.execute(form.sql, form.parameters(values))
        except dialect.loaded_dbapi.Error as error:
            cursor.close()
            hide_values(error)
            raise DBAPIError.instance(
                form.sql,
                None,
                error,
                dialect.loaded_dbapi.Error,
                hide_parameters=True,
                dialect=dialect,
            ) from error
        return form, cursor

    def _compile(self, dialect: Dialect) -> _Form:
        statement = _fixed(self._statement)
        made = statement.compile(dialect=dialect, column_keys=self._columns)
        names = made.positiontup or list(made.binds)
        own = {column.key: _own(column) for column in made.insert_prefetch}
        types = [_impl(made.binds[name].type, dialect) for name in names]
        columns = [column.type for column in self._statement.exported_columns]
        form = _Form(
            str(made),
            made.positional,
            [(name, own.get(name, made.binds[name].value)) for name in names],
            _converted(each.bind_processor(dialect) for each in types),
            _converted(_reader(each, dialect) for each in columns),
        )
        if any(getattr(each, "of_one_database", False) for each in (*types, *columns)):
            _forms_of(dialect)[self] = form
        else:
            self._forms[dialect.name] = form
        return form


def _forms_of(dialect: Dialect) -> "dict[Prepared, _Form]":
    """Return what was compiled for this one database: its types hold its own keys."""
    forms: dict[Prepared, _Form] = vars(dialect).setdefault(FORMS, {})
    return forms


def _fixed(statement: Statement) -> Any:
    """Write the numbers that a question always has into its text.

    SQLite compiles a statement anew whenever the number of its LIMIT is bound, which
    costs five times the search; and it uses a partial index only where it sees them.
    """

    def write(element: Any, **_: object) -> Any:
        plain = isinstance(element, BindParameter) and element.unique
        if plain and type(element.value) is int:
            return literal_column(str(element.value), element.type)
        return None

    if isinstance(statement, Select):
        return replacement_traverse(statement, {}, write)
    return statement


def hide_values(error: BaseException) -> None:
    """Cut off PostgreSQL's DETAIL: it quotes the row, hide_parameters or not."""
    if error.args:
        first = str(error.args[0]).partition("\nDETAIL:")[0]
        error.args = (first, *error.args[1:])


def write_rows(session: Session, rows: Iterable[tuple[Prepared, Values]]) -> None:
    """Write rows that were kept, those of each statement at once, in their order."""
    every: dict[Prepared, list[Values]] = {}
    for statement, values in rows:
        every.setdefault(statement, []).append(values)
    for statement, told in every.items():
        statement.many(session, told)


def piped(session: Session) -> AbstractContextManager[Any]:
    """Send what is done within on its way at once, without awaiting each answer.

    A driver that asks nobody over a wire has no use for it.
    """
    connection, driver = _driver(session)
    if connection.dialect.name == "postgresql":
        pipeline: AbstractContextManager[Any] = driver.pipeline()
        return pipeline
    return nullcontext()


def backend(session: Session) -> str:
    """Name the kind of database: sqlite or postgresql."""
    if isinstance(session, Sight):
        return session.kind
    return _driver(session)[0].dialect.name


def _driver(session: Session) -> tuple[Connection, Any]:
    """Return the session's connection, and the driver's below it."""
    known: tuple[Connection, Any] | None = session.info.get(_driver)
    if known is None or known[0].closed:
        connection = session.connection()
        driver = connection.connection.driver_connection
        known = connection, driver
        session.info[_driver] = known
    return known


def _converted(every: Iterable[Convert | None]) -> list[tuple[int, Convert]]:
    return [(place, each) for place, each in enumerate(every) if each]


def _own(column: Column[Any]) -> Any:
    """Return what a column holds where nothing else is said: a plain value."""
    default = column.default
    if not isinstance(default, ScalarElementColumnDefault):
        raise TypeError(f"{column} has no plain default")
    return default.arg


def _reader(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    """Say how a value is read; of a number SQLAlchemy asks as what it is sent."""
    sent = FLOAT8 if isinstance(kind, Float) else None
    return _impl(kind, dialect).result_processor(dialect, sent)


def _impl(kind: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    return kind.dialect_impl(dialect)
