"""xiangyang rehearse: what the assistant would send by itself; nothing is sent."""

import json
import sys
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from pathlib import Path

import click

from bot.calendar.workdays import WEEKDAYS
from bot.clock import WallClock
from bot.config.load import load_config
from server.cli.opening import YEARS
from server.cli.options import config_option, json_option
from server.cli.progress import long_work
from server.monitoring.logs import set_up_logs
from server.rehearsal.rehearse import MARKS, Play, Sending
from server.rehearsal.rehearse import rehearse as live_through
from server.setup.open_database import open_storage

NAMES_SHOWN = 6
PAST = (
    "注意：起始日已经过去，那些天做过的事不会再演，所以会少，甚至一条没有；"
    "看今后会发什么，用 --from {today}。"
)


@click.command()
@click.option(
    "--from", "start", required=True, type=click.DateTime(["%Y-%m-%d"]), help="从哪天起"
)
@click.option("--days", required=True, type=click.IntRange(1, 3660), help="演练多少天")
@json_option
@config_option
@long_work
def rehearse(*, start: datetime, days: int, as_json: bool, config_path: Path) -> None:
    """演练：今后这些天会自动发出的每一条消息；什么也不发，什么也不改。"""
    set_up_logs(level=40)
    if start.year not in YEARS:
        only = f"只认 {YEARS[0]} 到 {YEARS[-1]} 年"
        raise click.BadParameter(only, param_hint="--from")
    config = load_config(config_path)
    today = f"{WallClock(config.timezone).now():%Y-%m-%d}"
    if f"{start:%Y-%m-%d}" < today:
        click.echo(PAST.format(today=today), err=True)
    storage = open_storage(config)
    try:
        first = start.replace(tzinfo=config.timezone)
        play = live_through(config, storage, first, days)
    finally:
        storage.close()
    if as_json:
        _print_json(play.sendings)
    else:
        click.echo("\n".join(describe(play)))


def describe(play: Play) -> list[str]:
    """Tell it day by day, collisions marked, and what would not go."""
    lines: list[str] = []
    for day, sendings in groupby(play.sendings, lambda each: each.at.date()):
        lines.append(f"{day}（周{WEEKDAYS[day.weekday()]}）")
        lines += [_line(each) for each in sendings]
    number = sum(len(each.users) for each in play.sendings)
    lines.append(f"共 {number} 条。")
    reasons = Counter((each.kind, each.reason) for each in play.unsent)
    if reasons:
        lines.append("没有发、或还攒着的：")
        lines += [f"  {kind}：{why}，{n} 条" for (kind, why), n in reasons.items()]
    return lines


def _line(sending: Sending) -> str:
    names = "、".join(sending.users[:NAMES_SHOWN])
    if len(sending.users) > NAMES_SHOWN:
        names += f" 等 {len(sending.users)} 人"
    marks = "".join(f"【{MARKS[each]}】" for each in sending.marks)
    card = f" 〔{sending.card}〕" if sending.card else ""
    first = sending.text.partition("\n")[0][:40]
    return f"  {sending.at:%H:%M} {sending.kind} → {names}：{first}{card}{marks}"


def _print_json(sendings: Iterable[Sending]) -> None:
    """Print one list, an entry a line: a year of many people does not fit in memory."""
    out, between = sys.stdout, "["
    for sending in sendings:
        for entry in sending.entries():
            out.write(f"{between}{json.dumps(entry, ensure_ascii=False)}")
            between = ",\n"
    out.write("[]\n" if between == "[" else "]\n")
