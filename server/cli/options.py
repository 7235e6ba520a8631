"""What the commands have in common: --config, --json, and the assistant behind them."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import click

from bot.assistant import Assistant
from bot.clock import StoppedClock
from bot.config import load_config
from server.opening import open_storage
from server.wiring import build_assistant

F = TypeVar("F", bound=Callable[..., Any])

config_option: Callable[[F], F] = click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path),
    default=Path("config.toml"),
    show_default=True,
    help="设置文件",
)
file_argument: Callable[[F], F] = click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
trial_option: Callable[[F], F] = click.option(
    "--dry-run", is_flag=True, help="只说会改什么，不改"
)
json_option: Callable[[F], F] = click.option(
    "--json", "as_json", is_flag=True, help="只输出一个 JSON"
)


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


def print_json(document: object) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, indent=2, default=_iso))


def _iso(value: datetime) -> str:
    return value.isoformat()
