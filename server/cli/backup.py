"""xiangyang backup: the whole database as one file, while serving."""

from contextlib import closing
from pathlib import Path

import click

from bot.clock import WallClock
from bot.config.load import load_config
from bot.maintenance.backup import back_up
from bot.storage.database import Storage
from server.cli.options import config_option
from server.cli.progress import long_work


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@config_option
@long_work
def backup(file: Path, config_path: Path) -> None:
    """把整个数据库备份成一个文件，不用停机。"""
    config = load_config(config_path)
    with closing(Storage(config.database.address)) as storage:
        rows = back_up(storage, file, WallClock(config.timezone).now())
    click.echo(f"已备份到 {file}（{rows} 行）。设置文件和密钥不在里面，请另外保存。")
