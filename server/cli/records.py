"""xiangyang records: list, show, import and export what was done, kind by kind."""

from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from bot import progress
from bot.branch.people import audit
from bot.branch.records import book, intake, papers, search
from bot.branch.records.book import Teller
from bot.branch.records.declared import every_kind, find_kind
from bot.branch.records.kind import Kind
from bot.branch.records.search import Query
from bot.files.roster.faults import RosterError
from bot.files.xlsx import write_book
from server.cli.opening import find_home, open_assistant, writing
from server.cli.options import (
    branch_option,
    config_option,
    file_argument,
    json_option,
    number_argument,
    print_json,
    trial_option,
    write_file,
)
from server.cli.progress import long_work


@click.group()
def records() -> None:
    """台账：服务、荣誉、谈话等各种记录。"""


@records.command("list")
@click.argument("kind", metavar="KIND")
@branch_option
@json_option
@config_option
def list_records(
    *, kind: str, branch_name: str | None, as_json: bool, config_path: Path
) -> None:
    """列出一种记录，例：records list service。"""
    declared = find_kind(kind)
    assistant = open_assistant(config_path)
    now = assistant.clock.now()
    with assistant.storage.write() as session:
        branch = find_home(session, assistant, branch_name)
        rows = search.find(session, Query(declared, branch))
        found = papers.documents(session, declared, rows)
        audit.note(session, None, "records.list", now, details=declared.title)
        sums = search.sum_up(session, Query(declared, branch))
    if as_json:
        print_json(found)
        return
    for each in found:
        click.echo(_say(declared, each))
    for figures in sums:
        click.echo(
            f"合计 {figures.apart} {figures.say(declared.sums)}".replace("  ", " ")
        )


@records.command("kinds")
@json_option
def list_kinds(*, as_json: bool) -> None:
    """列出有哪些种类的记录。"""
    every = [{"kind": each.name, "title": each.title} for each in every_kind()]
    if as_json:
        print_json(every)
        return
    for each in every:
        click.echo(f"{each['kind']}  {each['title']}")


@records.command("show")
@number_argument
@json_option
@config_option
def show(*, number: int, as_json: bool, config_path: Path) -> None:
    """一条记录：写了什么，谁改过什么。"""
    assistant = open_assistant(config_path)
    with assistant.storage.write() as session:
        row = book.get(session, number)
        declared = find_kind(row.kind)
        document = papers.documents(session, declared, [row])[0]
        document["changes"] = _trace(session, row.id)
        now = assistant.clock.now()
        audit.note(session, None, "records.view", now, details=declared.title)
    if as_json:
        print_json(document)
        return
    click.echo(_say(declared, document))
    for change in document["changes"]:
        click.echo(f"  {change['at']}  {change['act']}")


@records.command("import")
@click.argument("kind", metavar="KIND")
@file_argument
@branch_option
@trial_option
@json_option
@config_option
@long_work
def import_file(  # noqa: PLR0913  # one for each option
    *,
    kind: str,
    file: Path,
    branch_name: str | None,
    dry_run: bool,
    as_json: bool,
    config_path: Path,
) -> None:
    """导入一种记录（xlsx、xls、csv）：有一行不对就一行也不导入。"""
    declared = find_kind(kind)
    assistant = open_assistant(config_path)
    now = assistant.clock.now()
    try:
        with writing(assistant, dry_run=dry_run) as session:
            teller = Teller(None, find_home(session, assistant, branch_name))
            content = file.read_bytes()
            ids = intake.take_in(session, declared, content, file.name, teller, now)
            audit.note(session, None, "records.import", now, details=declared.title)
    except RosterError as error:
        if as_json:
            print_json({"errors": [vars(fault) for fault in error.faults]})
        raise
    if as_json:
        print_json({"dry_run": dry_run, "kind": kind, "added": len(ids), "ids": ids})
        return
    trial = "试导入，没有改动：" if dry_run else ""
    click.echo(f"{trial}{declared.title}记录 {len(ids)} 条。")


@records.command("export")
@click.argument("kind", metavar="KIND")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@branch_option
@config_option
@long_work
def export(
    *, kind: str, file: Path, branch_name: str | None, config_path: Path
) -> None:
    """把一种记录导出成 Excel 台账，合计另在一页。"""
    declared = find_kind(kind)
    assistant = open_assistant(config_path)
    now = assistant.clock.now().astimezone(assistant.config.timezone)
    with assistant.storage.write() as session:
        branch = find_home(session, assistant, branch_name)
        content = write_book(papers.sheets(session, Query(declared, branch), now))
        audit.note(session, None, "records.export", now, details=declared.title)
        progress.settle()
    write_file(file, content)
    click.echo(f"已导出到 {file}。")


def _trace(session: Session, number: int) -> list[dict[str, Any]]:
    row = book.get(session, number)
    return [
        {"at": each.at, "act": each.act, "before": each.before, "after": each.after}
        for each in book.trace(session, row)
    ]


def _say(kind: Kind, document: dict[str, Any]) -> str:
    told = [
        "、".join(value) if isinstance(value, list) else str(value)
        for value in document["fields"].values()
    ]
    state = kind.state_title(document["state"])
    return f"{document['id']}  {'  '.join(told)}  {state}"
