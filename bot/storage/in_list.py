"""Lists of any length in a statement: as one parameter, or in parts.

An IN of a thousand parameters is written anew each time it is asked; `among` can be
prepared. Where a statement is seldom, `in_parts` keeps its list short.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Integer,
    String,
    bindparam,
    literal_column,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

T = TypeVar("T")
AT_ONCE = 500


class _Listed(TypeDecorator[Sequence[Any]]):
    """Numbers or texts: an array, or JSON where there are none."""

    impl = String
    cache_ok = True

    def __init__(self, kind: TypeEngine[Any]) -> None:
        super().__init__()
        self.kind = kind

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return postgresql.ARRAY(self.kind)
        return String()

    def process_bind_param(self, value: Sequence[Any] | None, dialect: Dialect) -> Any:
        return list(value or ()) if dialect.name == "postgresql" else json.dumps(value)


class Among(FunctionElement[bool]):
    """Whether a column holds one of the values given under a name."""

    inherit_cache = True
    type = Boolean()

    def __init__(self, column: Any, name: str) -> None:
        super().__init__(column, bindparam(name, type_=_Listed(column.type)))

    def self_group(self, against: Any = None) -> Any:
        """Stand alone: "= 1", where there are no booleans, would hide the index."""
        return self


def among(column: Any, name: str) -> ColumnElement[bool]:
    """Match the rows whose column is one of the values given under a name."""
    return Among(column, name)


@compiles(Among)
def _as_json(element: Among, compiler: Any, **more: Any) -> str:
    column, listed = (compiler.process(each, **more) for each in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({listed}))"


@compiles(Among, "postgresql")
def _as_array(element: Among, compiler: Any, **more: Any) -> str:
    column, listed = (compiler.process(each, **more) for each in element.clauses)
    return f"{column} = ANY({listed})"


class Listing(FunctionElement[Any]):
    """A table of rows given under a name, each a list of texts and numbers."""

    inherit_cache = True
    name = "listing"
    type = String()

    def __init__(self, name: str) -> None:
        super().__init__(bindparam(name, type_=String()))


class Listed:
    """Rows that are given as one parameter (`in_one`), to be joined to others."""

    def __init__(self, name: str, alias: str) -> None:
        self._alias = alias
        self.table = Listing(name).table_valued("value", name=alias)

    def text(self, place: int) -> ColumnElement[str]:
        """Take the text that stands at a place of each row."""
        return literal_column(f"({self._alias}.value ->> {place})", String())

    def number(self, place: int) -> ColumnElement[int]:
        return sql_cast(self.text(place), Integer())


def in_one(rows: Sequence[Sequence[str | int]]) -> str:
    """Write rows as the one parameter that `Listed` reads."""
    return json.dumps(rows)


@compiles(Listing)
def _rows_of_json(element: Listing, compiler: Any, **more: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **more)})"


@compiles(Listing, "postgresql")
def _rows_of_jsonb(element: Listing, compiler: Any, **more: Any) -> str:
    rows = compiler.process(element.clauses, **more)
    return f"jsonb_array_elements(CAST({rows} AS jsonb))"


def in_parts(every: Sequence[T]) -> Iterator[Sequence[T]]:
    """Part a long list, so that no statement has too many values."""
    for start in range(0, len(every), AT_ONCE):
        yield every[start : start + AT_ONCE]
