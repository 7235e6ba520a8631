"""xiangyang study: import a study plan, add a file to the materials."""

from mimetypes import guess_type
from pathlib import Path

import click

from bot.branch.study import materials, plans
from bot.branch.study.materials import Posting
from bot.branch.study.plan_sheets import read_plan_sheet
from bot.errors import Refusal
from bot.files.roster.faults import RosterError
from bot.outbox import attachments
from server.cli.opening import find_home, open_assistant, writing
from server.cli.options import (
    branch_option,
    config_option,
    file_argument,
    json_option,
    print_json,
    trial_option,
)
from server.cli.progress import long_work

# What WeCom takes as a file or a picture (path/90253).
LARGEST = {"image": 10 * 1024 * 1024, "file": 20 * 1024 * 1024}


@click.group()
def study() -> None:
    """学习安排和学习资料。"""


@study.command("import")
@file_argument
@branch_option
@trial_option
@json_option
@config_option
@long_work
def import_file(
    *,
    file: Path,
    branch_name: str | None,
    dry_run: bool,
    as_json: bool,
    config_path: Path,
) -> None:
    """导入学习安排（日期、学习内容两列）：有一行不对就都不导入；再次导入是更新。"""
    assistant = open_assistant(config_path)
    now = assistant.clock.now()
    try:
        days = read_plan_sheet(file.read_bytes(), file.name, now.date())
        with writing(assistant, dry_run=dry_run) as session:
            branch = find_home(session, assistant, branch_name)
            changes = plans.write(session, None, branch, dict(days), now)
    except RosterError as error:
        if as_json:
            print_json({"errors": [vars(fault) for fault in error.faults]})
        raise
    if as_json:
        told = {
            name: [day.isoformat() for day in of] for name, of in vars(changes).items()
        }
        print_json({"dry_run": dry_run, **told})
        return
    click.echo(
        f"{'试导入，没有改动：' if dry_run else ''}新增 {len(changes.added)} 天，"
        f"改动 {len(changes.changed)} 天，没有变化 {len(changes.unchanged)} 天。"
    )


@study.command("material")
@file_argument
@click.option("--title", help="标题（默认：文件名）")
@branch_option
@json_option
@config_option
def add_material(
    *,
    file: Path,
    title: str | None,
    branch_name: str | None,
    as_json: bool,
    config_path: Path,
) -> None:
    """把一个文件或图片放进学习资料；党员发“资料 序号”就收到它。"""
    assistant = open_assistant(config_path)
    now = assistant.clock.now()
    content, mime = _read(file)
    with assistant.storage.write() as session:
        branch = find_home(session, assistant, branch_name)
        kept = attachments.keep(session, file.name, mime, content, now)
        posting = Posting(title or file.stem, kept)
        row = materials.post(session, None, branch, posting, now)
        document = {"id": row.id, "title": row.title}
    if as_json:
        print_json(document)
    else:
        click.echo(f"已放进学习资料，序号 {document['id']}：{document['title']}")


def _read(file: Path) -> tuple[bytes, str]:
    """Read a file that WeCom will take. Raises Refusal for one that it will not."""
    content = file.read_bytes()
    mime = guess_type(file.name)[0] or "application/octet-stream"
    if mime not in ("image/jpeg", "image/png"):
        mime = mime.replace("image/", "application/")  # goes as a file
    limit = LARGEST["image" if mime.startswith("image/") else "file"]
    if not 5 < len(content) <= limit:
        raise Refusal(f"{file.name} 是空的或太大（最多 {limit // 1024 // 1024} MB）。")
    return content, mime
