"""The assistant behind a command, as of now or of another time."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeAlias
from zoneinfo import ZoneInfo

import click

from bot.assistant import Assistant
from bot.clock import StoppedClock
from bot.config import Config, load_config
from bot.storage import Storage
from server.opening import open_storage
from server.wiring import build_assistant

Open: TypeAlias = Callable[[Config], Storage]


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


def read_time(text: str, zone: ZoneInfo) -> datetime:
    """Read an ISO time; without a zone it is the branch's."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(
            f"“{text}”不是时间，例：2026-03-02T08:05", param_hint="--at"
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
