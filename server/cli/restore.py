"""xiangyang restore: a backup into an empty database."""

from contextlib import closing
from pathlib import Path

import click

from bot.clock import WallClock
from bot.config.load import load_config
from bot.maintenance import backup
from bot.storage.database import Storage
from server.cli.options import config_option
from server.cli.progress import long_work


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--send-due",
    is_flag=True,
    help="备份以后没有再发过消息（例如停机搬家）：到点没发的照发",
)
@config_option
@long_work
def restore(*, file: Path, send_due: bool, config_path: Path) -> None:
    """把备份恢复到空的数据库（SQLite 或 PostgreSQL）；有数据的不会动。"""
    config = load_config(config_path)
    now = WallClock(config.timezone).now()
    with closing(Storage(config.database.address)) as target:
        done = backup.restore(file, target, now, send_due=send_due)
    made = done.made_at.astimezone(config.timezone)
    click.echo(f"已恢复 {made:%Y-%m-%d %H:%M} 的备份，共 {done.copied.total} 行。")
    if done.doubted:
        click.echo(
            f"有 {done.doubted} 人的消息在备份时还没发、现在已过时间，可能后来发过；"
            "为免重复没有再发，记为未送达。"
        )
    click.echo("请再运行 xiangyang verify。")
