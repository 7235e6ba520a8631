"""What a job is.

@job("birthdays", cron="0 8 * * *", grace=timedelta(hours=12))
def greet_birthdays(tick: Tick) -> None: ...

A job may run late, twice or in two processes: it asks its book what is due. One that
looks often has its book say from when on there may be something to do: where that is
ahead, nobody runs it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from sqlalchemy.orm import Session

from bot.assistant.answering import Assistant


@dataclass(frozen=True)
class Tick:
    """One stroke of the clock: when it was due, and when it is."""

    due: datetime
    now: datetime
    assistant: Assistant


NextDue: TypeAlias = Callable[[Session, Tick], datetime | None]
"""Tells the first moment at which a run may find something to do; None: nothing is on
file. Never later than the truth, as of what is on file now."""


def always(_session: Session, tick: Tick) -> datetime | None:
    """Say of a job that asks no book beforehand that its hour is enough."""
    return tick.due


@dataclass(frozen=True)
class Job:
    """grace: how long after its due moment it still makes sense."""

    name: str
    cron: str
    grace: timedelta
    run: Callable[[Tick], None]
    next_due: NextDue = always


def job(
    name: str, *, cron: str, grace: timedelta, next_due: NextDue = always
) -> Callable[[Callable[[Tick], None]], Job]:
    """Describe a function as the job of that name; config.toml may move its time.

    cron: five fields, weekdays as mon..sun.
    """
    return lambda run: Job(name, cron, grace, run, next_due)
