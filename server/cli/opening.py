"""The assistant behind a command, as of now or of another time."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from bot.assistant import Assistant
from bot.clock import StoppedClock
from bot.config import load_config
from server.opening import open_storage
from server.wiring import build_assistant


def open_assistant(config_path: Path, at: str | None = None) -> Assistant:
    """Build the assistant of a config file. at: an ISO time to stop its clock at."""
    config = load_config(config_path)
    clock = StoppedClock(read_time(at, config.timezone)) if at else None
    return build_assistant(config, storage=open_storage(config), clock=clock)


def read_time(text: str, zone: ZoneInfo) -> datetime:
    """Read an ISO time; without a zone it is the branch's."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(
            f"“{text}”不是时间，例：2026-03-02T08:05", param_hint="--at"
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
