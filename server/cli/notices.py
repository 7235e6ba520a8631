"""xiangyang notices: the ledger of every notice."""

from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from bot.branch import ledgers, reach
from bot.branch import notices as book
from bot.branch.notices import Notice
from server.cli.opening import open_assistant
from server.cli.options import (
    config_option,
    json_option,
    number_argument,
    print_json,
    write_file,
)

STATES = {"delivered": "已送达", "refused": "未送达", "pending": "发送中"}


@click.group()
def notices() -> None:
    """通知台账。"""


@notices.command("list")
@json_option
@config_option
def list_notices(*, as_json: bool, config_path: Path) -> None:
    """列出所有通知。"""
    with open_assistant(config_path).storage.read() as session:
        rows = [_figures(session, notice) for notice in book.every(session)]
    if as_json:
        print_json(rows)
        return
    if not rows:
        click.echo("还没有通知。")
    for row in rows:
        click.echo(f"{row['id']}  {row['title']}  {_say(row)}")


@notices.command("show")
@number_argument
@click.option(
    "--xlsx",
    type=click.Path(dir_okay=False, path_type=Path),
    help="把台账存成这个 Excel 文件",
)
@json_option
@config_option
def show(*, number: int, xlsx: Path | None, as_json: bool, config_path: Path) -> None:
    """一条通知：每个人收到没有，没收到为什么。"""
    assistant = open_assistant(config_path)
    with assistant.storage.write() as session:
        notice = book.find(session, number)
        action = "notices.export" if xlsx else "notices.view"
        now = assistant.clock.now()
        ledgers.note_look(session, notice, None, action, now)
        if xlsx:
            zone = assistant.config.timezone
            write_file(xlsx, ledgers.write_ledger(session, notice, zone))
        document = _figures(session, notice)
        document["recipients"] = [
            {
                "userid": line.userid,
                "name": line.name,
                "state": line.state,
                "reason": line.reason,
                "acknowledged_at": line.acknowledged_at,
                "choice": line.choice,
            }
            for line in reach.ledger(session, notice)
        ]
    if as_json:
        print_json(document)
        return
    click.echo(f"{document['title']}  {_say(document)}")
    for each in document["recipients"]:
        read = "已回复" if each["acknowledged_at"] else "未回复"
        why = f"（{each['reason']}）" if each["reason"] else ""
        click.echo(f"  {each['name']}  {STATES[each['state']]}{why}  {read}")


def _figures(session: Session, notice: Notice) -> dict[str, Any]:
    status = reach.status(session, notice)
    return {
        "id": notice.id,
        "title": notice.title,
        **vars(status.tally),
        "acknowledged": status.acknowledged,
    }


def _say(row: dict[str, Any]) -> str:
    return (
        f"计划 {row['planned']} = 送达 {row['delivered']} + 未送达 {row['refused']}"
        f" + 发送中 {row['pending']}；已回复 {row['acknowledged']}"
    )
