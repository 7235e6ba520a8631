"""What the commands have in common: --config, --json, a file, a trial run."""

import json
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from bot.errors import Refusal

F = TypeVar("F", bound=Callable[..., Any])

config_option: Callable[[F], F] = click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path),
    default=Path("config.toml"),
    show_default=True,
    help="设置文件",
)
# What a database can hold as a number, and no more.
number_argument: Callable[[F], F] = click.argument(
    "number", type=click.IntRange(1, 2**63 - 1), metavar="ID"
)
file_argument: Callable[[F], F] = click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
branch_option: Callable[[F], F] = click.option(
    "--branch", "branch_name", help="哪个支部（默认：设置里的支部）"
)
trial_option: Callable[[F], F] = click.option(
    "--dry-run", is_flag=True, help="只说会改什么，不改"
)
json_option: Callable[[F], F] = click.option(
    "--json", "as_json", is_flag=True, help="只输出一个 JSON"
)


def print_json(document: object) -> None:
    """Print it, with escapes where the terminal could not show every character."""
    code = (getattr(sys.stdout, "encoding", "") or "").lower().replace("-", "")
    plain = code not in ("utf8", "utf16", "gb18030")
    click.echo(json.dumps(document, ensure_ascii=plain, indent=2, default=_iso))


def write_file(path: Path, content: bytes) -> None:
    """Write a file, or raise a Refusal that says why it cannot be."""
    try:
        path.write_bytes(content)
    except OSError as error:
        why = error.strerror or str(error)
        raise Refusal(f"不能写 {path}：{why}。") from error


def _iso(value: datetime) -> str:
    return value.isoformat()
