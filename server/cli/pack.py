"""xiangyang pack: what an inspection asks for, as one zip."""

from pathlib import Path
from tempfile import TemporaryDirectory

import click

from bot import progress
from bot.branch.inspection.handover import HandedOver, write_handover
from bot.branch.inspection.items import Asked
from bot.branch.inspection.pack import write_pack
from bot.branch.people import audit
from bot.errors import Refusal
from server.cli.opening import find_home, open_assistant
from server.cli.options import branch_option, config_option, json_option, print_json
from server.cli.progress import long_work


@click.command("pack")
@click.option("--year", type=click.IntRange(1950, 2199), required=True, help="哪一年")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="写到哪个 zip 文件",
)
@click.option("--handover", is_flag=True, help="换届交接包，不是迎检包")
@branch_option
@json_option
@config_option
@long_work
def pack(  # noqa: PLR0913  # one for each option
    *,
    year: int,
    out: Path,
    handover: bool,
    branch_name: str | None,
    as_json: bool,
    config_path: Path,
) -> None:
    """迎检包：一年的材料按目录打成 zip，缺什么、对不上什么另列。"""
    assistant = open_assistant(config_path)
    now = assistant.clock.now().astimezone(assistant.config.timezone)
    if not out.resolve().parent.is_dir():
        raise Refusal(f"没有 {out.parent} 这个文件夹，请先建好。")
    with TemporaryDirectory(dir=out.resolve().parent) as folder:
        made = Path(folder, "pack.zip")
        with assistant.storage.read() as session, made.open("wb") as kept:
            branch = find_home(session, assistant, branch_name)
            asked = Asked(session, branch, year, now, assistant.config)
            made_of = write_handover(asked, kept) if handover else None
            packed = None if made_of else write_pack(asked, kept)
        progress.settle()
        made.replace(out)
    with assistant.storage.write() as session:
        audit.note(session, None, "pack.made", now, details=str(year))
    if made_of is not None:
        _tell_handover(made_of, out, as_json=as_json)
        return
    assert packed is not None
    if as_json:
        print_json(packed.outline())
        return
    count = sum(len(files) for _, _, files in packed.items)
    click.echo(f"已写到 {out}：{count} 份材料，缺 {len(packed.gaps)} 项。")
    for each in packed.gaps:
        click.echo(f"  缺 {each.item}：{each.missing}")


def _tell_handover(made_of: HandedOver, out: Path, *, as_json: bool) -> None:
    if as_json:
        print_json(vars(made_of))
        return
    count, left = len(made_of.files), len(made_of.open)
    click.echo(f"已写到 {out}：{count} 份材料，未了事项 {left} 项。")
