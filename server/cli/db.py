"""xiangyang db: the database's schema."""

from contextlib import closing
from pathlib import Path

import click

from bot.config.load import load_config, make_config
from bot.maintenance import schema
from bot.maintenance import upgrade as upgrades
from bot.maintenance.copy import copy_all, nobody_else
from bot.storage.database import Storage
from server.cli.options import config_option
from server.cli.progress import long_work


@click.group()
def db() -> None:
    """数据库。"""


@db.command()
@config_option
def upgrade(config_path: Path) -> None:
    """把表结构升级到最新（数据不动）。"""
    with closing(Storage(load_config(config_path).database.address)) as storage:
        storage.check_health()
        before = schema.current(storage)
        schema.check_known(before)
        upgrades.upgrade(storage)
        after = schema.current(storage)
    click.echo("已是最新。" if before == after else f"已升级到 {after}。")


@db.command()
@click.option("--to", "address", required=True, help="新库地址，写法同 database.url")
@config_option
@long_work
def move(*, address: str, config_path: Path) -> None:
    """把全部数据搬到另一个空的数据库（如 SQLite → PostgreSQL），逐表核对行数。"""
    config = load_config(config_path)
    target_url = make_config({"database": {"url": address}}).database.address
    with (
        closing(Storage(config.database.address)) as source,
        closing(Storage(target_url)) as target,
        nobody_else(source),
    ):
        copied = copy_all(source, target)
    for table, rows in copied.rows.items():
        click.echo(f"{table}\t{rows}")
    shown = target.url.render_as_string(hide_password=True)
    click.echo(f"已搬完，每张表的行数都核对过，共 {copied.total} 行。")
    click.echo(f"最后一步：把设置里的 database.url 改成 {shown}，再启动。")
