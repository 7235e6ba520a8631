"""The assistant behind a command, as of now or of another time, and its books."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TypeAlias
from zoneinfo import ZoneInfo

import click
from sqlalchemy.orm import Session

from bot import progress
from bot.assistant.answering import Assistant
from bot.branch.people.members import ensure_root
from bot.branch.people.tree import Branch, find_branch
from bot.clock import StoppedClock
from bot.config.load import load_config
from bot.config.settings import Config
from bot.errors import Refusal
from bot.storage.database import Storage
from server.setup.open_database import open_storage
from server.setup.wiring import build_assistant

Open: TypeAlias = Callable[[Config], Storage]

YEARS = range(1950, 2200)
"""What a time may be of: with days and years added to it there is still a date."""


def open_assistant(config_path: Path, at: str | None = None) -> Assistant:
    """Build the assistant of a config file. at: an ISO time to stop its clock at."""
    config = load_config(config_path)
    clock = StoppedClock(read_time(at, config.timezone)) if at else None
    return build_assistant(config, storage=open_database(config), clock=clock)


def open_database(config: Config, opened: Open = open_storage) -> Storage:
    """Open the database until the command is over."""
    storage = opened(config)
    click.get_current_context().call_on_close(storage.close)
    return storage


class _Trial(Exception):
    """Rolls back what was only tried."""


@contextmanager
def writing(assistant: Assistant, *, dry_run: bool) -> Iterator[Session]:
    """Open a transaction for long work; a dry run's is rolled back at its end."""
    try:
        with assistant.storage.write() as session:
            yield session
            if dry_run:
                raise _Trial
            progress.settle()
    except _Trial:
        pass


def find_home(session: Session, assistant: Assistant, name: str | None) -> Branch:
    """Find the branch of that name, or that of the settings. Raises Refusal."""
    if name is None:
        return ensure_root(session, assistant.config.branch.name)
    branch = find_branch(session, name)
    if branch is None:
        raise Refusal(f"没有“{name}”这个支部。")
    return branch


def read_time(text: str, zone: ZoneInfo) -> datetime:
    """Read an ISO time; without a zone it is the branch's."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(
            f"“{text}”不是时间，例：2026-03-02T08:05", param_hint="--at"
        ) from error
    if moment.year not in YEARS:
        raise click.BadParameter(
            f"只认 {YEARS[0]} 到 {YEARS[-1]} 年", param_hint="--at"
        )
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
