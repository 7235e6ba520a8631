"""xiangyang db: the database's schema."""

from pathlib import Path

import click

from bot import schema, upgrades
from bot.config import load_config
from bot.storage import Storage
from server.cli.options import config_option


@click.group()
def db() -> None:
    """数据库。"""


@db.command()
@config_option
def upgrade(config_path: Path) -> None:
    """把表结构升级到最新（数据不动）。"""
    storage = Storage(load_config(config_path).database.url)
    storage.check_health()
    before = schema.current(storage)
    upgrades.upgrade(storage)
    after = schema.current(storage)
    click.echo("已是最新。" if before == after else f"已升级到 {after}。")
