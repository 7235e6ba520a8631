"""When a job can next have something to do, found from what it asks the database.

A job that looks every few minutes compares moments on file with now, or with now and
an offset. Until one of these comparisons turns out otherwise, or somebody writes into
a table that it read, it would find the same: nothing. So the clock may jump there.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import (
    BindParameter,
    Column,
    Delete,
    Insert,
    Select,
    Table,
    Update,
    bindparam,
    event,
    func,
    select,
)
from sqlalchemy.sql.elements import BinaryExpression
from sqlalchemy.sql.visitors import iterate

from bot.storage.database import Storage
from bot.storage.prepared import OBSERVER, Prepared, Statement
from scheduler.job import Job
from scheduler.runner import Runner

OFTEN = timedelta(hours=1)
AT_LEAST_EVERY = timedelta(days=7)


@dataclass
class _Questions:
    """What one run of a job read, and compared. clear: no more depended on the time."""

    tables: set[str] = field(default_factory=set)
    moments: set[tuple[Column[Any], timedelta]] = field(default_factory=set)
    dates: bool = False
    clear: bool = True
    wrote: bool = False


@dataclass
class _Plan:
    """When to look again: at a moment, or after somebody wrote into these tables."""

    job: Job
    due: datetime
    tables: Collection[str] = ()


class Foresight:
    """Strikes the jobs whose moment has come, and tells when the next one does.

    besides: names of jobs that are left out.
    """

    def __init__(
        self, runner: Runner, storage: Storage, besides: Collection[str] = ()
    ) -> None:
        self._runner, self._storage = runner, storage
        self._jobs = [job for job in runner.jobs if job.name not in besides]
        self._plans: dict[str, _Plan] = {}
        self._often: dict[str, bool] = {}
        self._turns: dict[tuple[str, ...], Prepared] = {}
        self.writes = 0  # so often something was written
        self._written: set[str] = set()  # since the last look
        self._asked: _Questions | None = None
        self._now: datetime | None = None
        event.listen(storage.engine, "after_cursor_execute", self._listen)
        event.listen(storage.engine, "checkout", self._lend_ear)

    def strike(self, now: datetime) -> None:
        """Run what is due now, each job as the clock in service would.

        What was due before the first stroke is taken as seen to.
        """
        if not self._plans:
            just_before = now - timedelta(seconds=1)
            for job in self._jobs:
                due = self._runner.next_due(job, just_before)
                self._plans[job.name] = _Plan(job, due)
        for plan in list(self._plans.values()):
            if plan.due <= now:
                self._run(plan, now)

    def next_due(self, now: datetime) -> datetime:
        for plan in self._plans.values() if self._written else ():
            if not self._written.isdisjoint(plan.tables):
                plan.due = min(plan.due, self._runner.next_due(plan.job, now))
        self._written.clear()
        return min(plan.due for plan in self._plans.values())

    def _run(self, plan: _Plan, now: datetime) -> None:
        job = plan.job
        due = now if plan.due == now else self._runner.last_due(job, now)
        with self._asking(now) as asked:
            if due:
                self._runner.try_run(job, due, now)
        plan = _Plan(job, self._runner.next_due(job, now))
        # Who asked nothing was stopped by the hour: it may have something to do later.
        known = asked.clear and asked.tables and not asked.wrote
        if known and self._looks_often(job, now):
            plan = _Plan(job, self._first_turn(job, asked, now), asked.tables)
        self._plans[job.name] = plan

    def _looks_often(self, job: Job, now: datetime) -> bool:
        if job.name not in self._often:
            first = self._runner.next_due(job, now)
            gap = self._runner.next_due(job, first) - first
            self._often[job.name] = gap < OFTEN
        return self._often[job.name]

    def _first_turn(self, job: Job, asked: _Questions, now: datetime) -> datetime:
        """Find the first moment at which an answer changes, and the stroke after it."""
        turn = now + AT_LEAST_EVERY
        if asked.dates:
            midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
            turn = midnight + timedelta(days=1)
        moments = sorted(asked.moments, key=str)
        with self._storage.read() as session:
            values = {f"m{at}": now + offset for at, (_, offset) in enumerate(moments)}
            ahead = self._ahead([column for column, _ in moments])
            found = ahead.first(session, **values) if moments else None
        for moment, (_, offset) in zip(found or (), moments, strict=True):
            if moment is not None:
                turn = min(turn, moment.astimezone(now.tzinfo) - offset)
        return self._runner.next_due(job, max(turn, now) - timedelta(seconds=1))

    def _ahead(self, columns: Sequence[Column[Any]]) -> Prepared:
        """Ask for the first moment in each column after m0, m1 and so on."""
        names = tuple(str(column) for column in columns)
        if names not in self._turns:
            firsts = (
                select(func.min(column))
                .where(column > bindparam(f"m{at}", type_=column.type))
                .scalar_subquery()
                for at, column in enumerate(columns)
            )
            self._turns[names] = Prepared(select(*firsts))
        return self._turns[names]

    @contextmanager
    def _asking(self, now: datetime) -> Iterator[_Questions]:
        self._asked, self._now = _Questions(), now
        try:
            yield self._asked
        finally:
            self._asked = None

    def _lend_ear(self, _driver: Any, record: Any, _proxy: Any) -> None:
        record.info[OBSERVER] = self._hear

    def _listen(self, *call: Any) -> None:
        cursor, context = call[1], call[4]
        compiled = getattr(context, "compiled", None)
        if compiled is None:  # BEGIN and the like
            return
        if not isinstance(compiled.statement, Select | Insert | Update | Delete):
            if self._asked is not None:
                self._asked.clear = False
            return
        rows = context.compiled_parameters
        values = rows[0] if rows else {}
        known = _comparisons(compiled, compiled.statement, compiled.bind_names)
        self._take_in(compiled.statement, known, values, cursor.rowcount)

    def _hear(
        self, statement: Statement, values: Mapping[str, Any], number: int
    ) -> None:
        known = _comparisons(statement, statement, {})
        self._take_in(statement, known, values, number)

    def _take_in(
        self,
        statement: Statement,
        known: "_Comparisons",
        values: Mapping[str, Any],
        number: int,
    ) -> None:
        """Note what a statement wrote, and how what it found depends on the time.

        number: of the rows it changed; negative where the driver cannot tell.
        """
        table = "" if isinstance(statement, Select) else str(statement.table)
        if table == "occasion":  # the clock's own memory
            return
        wrote = table and (number > 0 or (isinstance(statement, Insert) and number))
        if wrote:
            self.writes += 1
            self._written.add(table)
        if self._asked is not None and self._now is not None:
            self._asked.wrote = self._asked.wrote or bool(wrote)
            self._asked.tables |= known.tables
            _note(self._asked, known, values, self._now)


@dataclass(frozen=True)
class _Comparisons:
    """Of a statement: which parameters it holds against a column, all that it has."""

    pairs: Sequence[tuple[Column[Any], str]] = ()
    alone: Sequence[str] = ()
    tables: Set[str] = frozenset()


def _note(
    asked: _Questions, known: _Comparisons, values: Mapping[str, Any], now: datetime
) -> None:
    """Note which columns a statement compared with which distance from now."""
    for column, name in known.pairs:
        if isinstance(values.get(name), datetime):
            asked.moments.add((column, values[name] - now))
    compared = {name for _, name in known.pairs}
    for name in known.alone:
        value = values.get(name)
        if isinstance(value, datetime):
            asked.clear = asked.clear and name in compared
        elif isinstance(value, date):
            asked.dates = True


_known: WeakKeyDictionary[Any, _Comparisons] = WeakKeyDictionary()


def _comparisons(
    form: Any, statement: Statement, names: Mapping[Any, str]
) -> _Comparisons:
    """Look through a statement once. names: of parameters that have another here."""
    if form in _known:
        return _known[form]
    pairs: list[tuple[Column[Any], str]] = []
    alone: list[str] = []
    for part in _conditions(statement):
        if isinstance(part, BindParameter):
            alone.append(names.get(part, part.key))
        elif isinstance(part, BinaryExpression):
            pairs += [
                (column, names.get(bound, bound.key)) for column, bound in _sides(part)
            ]
    tables = {part.name for part in iterate(statement) if isinstance(part, Table)}
    _known[form] = _Comparisons(pairs, alone, tables)
    return _known[form]


def _sides(part: BinaryExpression[Any]) -> Iterator[tuple[Column[Any], Any]]:
    """Yield each parameter that a condition holds against a column; BETWEEN has two."""
    column, other = part.left, part.right
    if isinstance(column, BindParameter):
        column, other = other, column
    if isinstance(column, Column):
        for bound in getattr(other, "clauses", [other]):
            if isinstance(bound, BindParameter):
                yield column, bound


def _conditions(statement: Statement) -> Iterator[Any]:
    """Walk what decides which rows are meant, not what is written into them."""
    if isinstance(statement, Select):
        yield from iterate(statement)
    elif isinstance(statement, Update | Delete):
        # An Update's own conditions have no public name.
        for each in statement._where_criteria:  # noqa: SLF001
            yield from iterate(each)
