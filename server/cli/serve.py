"""xiangyang serve: production."""

from dataclasses import replace
from pathlib import Path

import click

from bot.config import load_config
from server.cli.options import config_option
from server.serving import PARTS, Place
from server.serving import serve as run


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
    settings = load_config(config_path).server
    place = Place(config_path, settings.host, settings.port)
    if host:
        place = replace(place, host=host)
    if port:
        place = replace(place, port=port)
    run(place, frozenset(only or PARTS))
