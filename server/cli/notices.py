"""xiangyang notices: the ledger of every notice."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from bot import progress
from bot.branch.notices import chasing, corrections, ledgers, reach
from bot.branch.notices import notices as book
from bot.branch.notices.notices import Notice
from server.cli.opening import open_assistant
from server.cli.options import (
    config_option,
    json_option,
    number_argument,
    print_json,
    write_file,
)
from server.cli.progress import long_work


@click.group()
def notices() -> None:
    """通知台账。"""


@notices.command("list")
@json_option
@config_option
def list_notices(*, as_json: bool, config_path: Path) -> None:
    """列出所有通知。"""
    assistant = open_assistant(config_path)
    now = assistant.clock.now()
    with assistant.storage.read() as session:
        found = book.every(session)
        rows = [_figures(session, notice, now) for notice in found]
        said = [_say(session, notice, now) for notice in found]
    if as_json:
        print_json(rows)
        return
    if not rows:
        click.echo("还没有通知。")
    for line in said:
        click.echo(line)


@notices.command("show")
@number_argument
@click.option(
    "--xlsx",
    type=click.Path(dir_okay=False, path_type=Path),
    help="把台账存成这个 Excel 文件",
)
@json_option
@config_option
@long_work
def show(*, number: int, xlsx: Path | None, as_json: bool, config_path: Path) -> None:
    """一条通知：每个人收到没有，没收到为什么。"""
    assistant = open_assistant(config_path)
    with assistant.storage.write() as session:
        notice = book.find(session, number)
        action = "notices.export" if xlsx else "notices.view"
        now = assistant.clock.now()
        ledgers.note_look(session, notice, None, action, now)
        if xlsx:
            local = now.astimezone(assistant.config.timezone)
            content = ledgers.write_ledger(session, notice, local)
            progress.settle()
            write_file(xlsx, content)
        document = _figures(session, notice, now)
        lines, said = reach.ledger(session, notice), _say(session, notice, now)
        document["recipients"] = [
            {
                "userid": line.userid,
                "name": line.name,
                "state": line.state,
                "reason": line.reason,
                "acknowledged_at": line.acknowledged_at,
                "choice": line.choice,
                "note": line.note,
            }
            for line in lines
        ]
        out = corrections.is_out(notice, now)
    if as_json:
        print_json(document)
        return
    click.echo(said)
    for line in lines:
        read = "已回复" if line.acknowledged_at else "未回复"
        why = f"（{line.reason}）" if line.reason else ""
        click.echo(f"  {line.name}  {ledgers.say_state(line, out=out)}{why}  {read}")


def _figures(session: Session, notice: Notice, now: datetime) -> dict[str, Any]:
    """Give the figures; text: what it says; corrected: what stands in its place."""
    status = reach.status(session, notice)
    last = corrections.corrected_by(session, notice, now)
    return {
        "id": notice.id,
        "title": notice.title,
        "text": notice.text,
        "corrects": notice.corrects,
        "corrected": last and {"id": last.id, "text": last.text},
        **vars(status.tally),
        "acknowledged": status.acknowledged,
    }


def _say(session: Session, notice: Notice, now: datetime) -> str:
    status = reach.status(session, notice)
    tally, last = status.tally, corrections.corrected_by(session, notice, now)
    corrected = f"（已更正：{last.title}）" if last else ""
    return (
        f"{notice.id}  {notice.title}{corrected}  计划 {tally.planned}"
        f" = 送达 {tally.delivered} + 未送达 {tally.refused}"
        f" + {chasing.say_pending(status, now).replace('，', ' + ')}"
        f"；已回复 {status.acknowledged}"
    )
