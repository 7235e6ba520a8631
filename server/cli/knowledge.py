"""xiangyang knowledge: import documents into the branch's own book, list, remove."""

from pathlib import Path

import click

from bot import progress
from bot.branch.knowledge import knowledge as book
from bot.branch.knowledge.knowledge import Entry
from bot.branch.people.tree import Branch
from bot.errors import Refusal
from bot.files.documents import MAX_BYTES, TOO_LARGE, read_document
from server.cli.opening import find_home, open_assistant
from server.cli.options import (
    branch_option,
    config_option,
    file_argument,
    json_option,
    number_argument,
    print_json,
)
from server.cli.progress import long_work


@click.group()
def knowledge() -> None:
    """支部自己的知识：党员问到时，照着原文答。"""


@knowledge.command("import")
@file_argument
@branch_option
@json_option
@config_option
@long_work
def import_file(
    *, file: Path, branch_name: str | None, as_json: bool, config_path: Path
) -> None:
    """导入 docx、pdf、xlsx、txt、md；同名文件替换旧的。"""
    if file.stat().st_size > MAX_BYTES:
        raise Refusal(TOO_LARGE)
    assistant = open_assistant(config_path)
    passages = read_document(file.name, file.read_bytes())
    entry = Entry(file.stem, passages, is_file=True)
    with assistant.storage.write() as session:
        branch = find_home(session, assistant, branch_name)
        source = book.add(session, branch, entry, None, assistant.clock.now())
        number, name = source and source.id, branch.name
        progress.settle()
    if as_json:
        print_json(
            {
                "id": number,
                "title": entry.title,
                "branch": name,
                "passages": len(passages),
                "unchanged": number is None,
            }
        )
    elif number is None:
        click.echo(f"《{entry.title}》和已有的一样，没有改动。")
    else:
        click.echo(
            f"《{entry.title}》已导入{name}，共 {len(passages)} 段，编号 {number}。"
        )


@knowledge.command("list")
@branch_option
@json_option
@config_option
def list_sources(*, branch_name: str | None, as_json: bool, config_path: Path) -> None:
    """列出一个支部和它下面的知识。"""
    assistant = open_assistant(config_path)
    with assistant.storage.write() as session:
        branch = find_home(session, assistant, branch_name)
        rows = [
            {
                "id": each.id,
                "title": each.title,
                "file": each.is_file,
                "branch": session.get_one(Branch, each.branch_id).name,
                "added_at": each.added_at,
            }
            for each in book.every(session, branch)
        ]
    if as_json:
        print_json(rows)
        return
    if not rows:
        click.echo("还没有支部知识。")
    for row in rows:
        click.echo(f"{row['id']}  {row['title']}  {row['branch']}")


@knowledge.command("remove")
@number_argument
@branch_option
@config_option
def remove(*, number: int, branch_name: str | None, config_path: Path) -> None:
    """删掉一条知识。"""
    assistant = open_assistant(config_path)
    with assistant.storage.write() as session:
        branch = find_home(session, assistant, branch_name)
        source = book.find(session, branch, number)
        title = source.title
        book.remove(session, source)
    click.echo(f"已删掉：{title}")
