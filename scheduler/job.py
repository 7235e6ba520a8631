"""What a job is.

@job("birthdays", cron="0 8 * * *", grace=timedelta(hours=12))
def greet_birthdays(tick: Tick) -> None: ...

A job may run late, twice or in two processes: it asks its book what is due.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.assistant.answering import Assistant


@dataclass(frozen=True)
class Tick:
    """One stroke of the clock: when it was due, and when it is."""

    due: datetime
    now: datetime
    assistant: Assistant


@dataclass(frozen=True)
class Job:
    """grace: how long after its due moment it still makes sense."""

    name: str
    cron: str
    grace: timedelta
    run: Callable[[Tick], None]


def job(
    name: str, *, cron: str, grace: timedelta
) -> Callable[[Callable[[Tick], None]], Job]:
    """Describe a function as the job of that name; config.toml may move its time.

    cron: five fields, weekdays as mon..sun.
    """
    return lambda run: Job(name, cron, grace, run)
