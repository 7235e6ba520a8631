"""xiangyang when: how an expression of time is understood."""

import json
import sys
from datetime import datetime
from pathlib import Path

import click

from bot.clock import WallClock
from bot.config.load import load_config
from bot.understanding.when import When, read_when
from server.cli.opening import read_time
from server.cli.options import config_option, json_option


@click.command()
@click.option("--at", help="当作这个时刻（ISO）")
@click.argument("text")
@json_option
@config_option
def when(*, at: str | None, text: str, as_json: bool, config_path: Path) -> None:
    """一句话里的时间怎样理解；TEXT 为 - 时从标准输入每行读一句。"""
    zone = load_config(config_path).timezone
    now = read_time(at, zone) if at else WallClock(zone).now()
    if text != "-":
        click.echo(_render(text, now, as_json=as_json))
        return
    for line in sys.stdin:
        if said := line.strip():
            click.echo(_render(said, now, as_json=as_json))


def _render(text: str, now: datetime, *, as_json: bool) -> str:
    found = read_when(text, now)
    if as_json:
        return json.dumps(found.outline(), ensure_ascii=False)
    return found.unclear or _say(found)


def _say(found: When) -> str:
    times = "、".join(f"{each:%Y-%m-%d %H:%M}" for each in found.next)
    return f"{found.echo}（{times}）"
