"""xiangyang serve: production."""

import os
import sys
from importlib import import_module
from pathlib import Path

import click

from server.cli.options import config_option
from server.cli.settings import load_settings
from server.monitoring.foreign_logs import take_over
from server.process.ports import check_free

PARTS = ("web", "delivery", "scheduler")


@click.command()
@click.option("--host", help="监听地址（默认：设置里的）")
@click.option("--port", type=click.IntRange(1, 65535), help="端口（默认：设置里的）")
@click.option(
    "--only",
    type=click.Choice(PARTS),
    multiple=True,
    help="只运行这一部分，可以写多次（默认：全部）",
)
@config_option
def serve(
    *, host: str | None, port: int | None, only: tuple[str, ...], config_path: Path
) -> None:
    """正式运行：收发企业微信消息，按时提醒。"""
    take_over()
    settings = load_settings(config_path).server
    parts = only or PARTS
    if "web" in parts:
        _become_front(host or settings.host, port or settings.port, config_path, parts)
    import_module("server.process.parts").serve(config_path, frozenset(parts))


def _become_front(
    host: str, port: int, config_path: Path, parts: tuple[str, ...]
) -> None:
    """Go on as the small process in front; what is heavy loads once, behind it."""
    check_free(host, port)
    given = (host, str(port), str(config_path.absolute()), *parts)
    os.execv(sys.executable, (sys.executable, "-m", "server.process.front", *given))
