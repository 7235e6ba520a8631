"""When a job can next have something to do, found from what it asks the database.

A job that looks every few minutes compares moments on file with now, or with now and
an offset. Until one of these comparisons turns out otherwise, or somebody writes, it
would find the same: nothing. So the clock may jump there.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

from sqlalchemy import (
    BindParameter,
    Column,
    Delete,
    Insert,
    Select,
    Update,
    event,
    func,
    select,
)
from sqlalchemy.sql.elements import BinaryExpression
from sqlalchemy.sql.visitors import iterate

from bot.storage import Storage
from scheduler.job import Job
from scheduler.runner import Runner

OFTEN = timedelta(hours=1)


@dataclass
class _Questions:
    """What one run of a job compared. clear: nothing else depended on the time."""

    moments: set[tuple[Column[Any], timedelta]] = field(default_factory=set)
    dates: bool = False
    clear: bool = True
    wrote: bool = False


@dataclass
class _Plan:
    """When to look again: at a moment, or as soon as somebody wrote."""

    job: Job
    due: datetime


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
        self.writes = 0  # so often something was written
        self._seen = 0
        self._asked: _Questions | None = None
        self._now: datetime | None = None
        event.listen(storage.engine, "after_cursor_execute", self._listen)

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
        if self.writes != self._seen:  # the delivery wrote
            for plan in self._plans.values():
                if self._looks_often(plan.job, now):
                    plan.due = min(plan.due, self._runner.next_due(plan.job, now))
            self._seen = self.writes
        return min(plan.due for plan in self._plans.values())

    def _run(self, plan: _Plan, now: datetime) -> None:
        job = plan.job
        due = now if plan.due == now else self._runner.last_due(job, now)
        with self._asking(now) as asked:
            if due:
                self._runner.try_run(job, due, now)
        fire = self._runner.next_due(job, now)
        if self._looks_often(job, now) and asked.clear and not asked.wrote:
            fire = self._first_turn(job, asked, now)
        self._plans[job.name] = _Plan(job, fire)

    def _looks_often(self, job: Job, now: datetime) -> bool:
        if job.name not in self._often:
            first = self._runner.next_due(job, now)
            gap = self._runner.next_due(job, first) - first
            self._often[job.name] = gap < OFTEN
        return self._often[job.name]

    def _first_turn(self, job: Job, asked: _Questions, now: datetime) -> datetime:
        """Find the first moment at which an answer changes, and the stroke after it."""
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        turn = midnight + timedelta(days=1 if asked.dates else 7)
        moments = sorted(asked.moments, key=str)
        ahead = [
            select(func.min(column)).where(column > now + offset).scalar_subquery()
            for column, offset in moments
        ]
        with self._storage.read() as session:
            found = session.execute(select(*ahead)).one() if ahead else ()
        for moment, (_, offset) in zip(found, moments, strict=True):
            if moment is not None:
                turn = min(turn, moment.astimezone(now.tzinfo) - offset)
        return self._runner.next_due(job, max(turn, now) - timedelta(seconds=1))

    @contextmanager
    def _asking(self, now: datetime) -> Iterator[_Questions]:
        self._asked, self._now = _Questions(), now
        try:
            yield self._asked
        finally:
            self._asked = None

    def _listen(self, *call: Any) -> None:
        cursor, context = call[1], call[4]
        compiled = getattr(context, "compiled", None)
        statement = getattr(compiled, "statement", None)
        table = getattr(getattr(statement, "table", None), "name", "")
        if table == "occasion":  # the clock's own memory
            return
        writes = isinstance(statement, Insert | Update | Delete)
        if writes and (cursor.rowcount > 0 or isinstance(statement, Insert)):
            self.writes += 1
            if self._asked is not None:
                self._asked.wrote = True
        if self._asked is not None and self._now is not None and compiled is not None:
            _note(self._asked, compiled, context.compiled_parameters, self._now)


def _note(asked: _Questions, compiled: Any, rows: Any, now: datetime) -> None:
    """Note which columns a statement compared with which distance from now."""
    if not isinstance(compiled.statement, Select | Update | Delete) or not rows:
        return
    pairs, alone = _comparisons(compiled)
    for column, name in pairs:
        if isinstance(rows[0].get(name), datetime):
            asked.moments.add((column, rows[0][name] - now))
    compared = {name for _, name in pairs}
    for name in alone:
        value = rows[0].get(name)
        if isinstance(value, datetime):
            asked.clear = asked.clear and name in compared
        elif isinstance(value, date):
            asked.dates = True


Comparisons: TypeAlias = tuple[list[tuple[Column[Any], str]], list[str]]
_known: WeakKeyDictionary[Any, Comparisons] = WeakKeyDictionary()


def _comparisons(compiled: Any) -> Comparisons:
    """Find which parameters a statement compares with a column, and all it has."""
    if compiled in _known:
        return _known[compiled]
    names = compiled.bind_names
    pairs: list[tuple[Column[Any], str]] = []
    alone: list[str] = []
    for part in _conditions(compiled.statement):
        if isinstance(part, BindParameter) and part in names:
            alone.append(names[part])
        elif isinstance(part, BinaryExpression):
            pairs += [(column, names.get(bound, "")) for column, bound in _sides(part)]
    _known[compiled] = pairs, alone
    return _known[compiled]


def _sides(part: BinaryExpression[Any]) -> Iterator[tuple[Column[Any], Any]]:
    """Yield each parameter that a condition holds against a column; BETWEEN has two."""
    column, other = part.left, part.right
    if isinstance(column, BindParameter):
        column, other = other, column
    if isinstance(column, Column):
        for bound in getattr(other, "clauses", [other]):
            if isinstance(bound, BindParameter):
                yield column, bound


def _conditions(statement: Any) -> Iterator[Any]:
    """Walk what decides which rows are meant, not what is written into them."""
    if isinstance(statement, Select):
        yield from iterate(statement)
        return
    for each in statement._where_criteria:  # noqa: SLF001  # an Update's own has no name
        yield from iterate(each)
