"""xiangyang keys: the keys that seal what is personal in the database."""

from pathlib import Path

import click
from cryptography.fernet import Fernet

from bot.config.load import load_config
from bot.maintenance import rekey
from bot.storage.encrypted import Ring, missing_key
from server.cli.opening import open_database
from server.cli.options import config_option


@click.group()
def keys() -> None:
    """加密个人信息的密钥。"""


@keys.command()
def new() -> None:
    """生成一把新密钥：存进文件或环境变量，不要写进数据库和备份。"""
    click.echo(Fernet.generate_key().decode())


@keys.command()
@config_option
def status(config_path: Path) -> None:
    """每把密钥加密了多少项。"""
    config = load_config(config_path)
    ring = Ring.of(config.security)
    with open_database(config).read() as session:
        found = rekey.count_by_key(session)
    for place, name in enumerate(ring.ids):
        use = "正在使用" if config.security.key and place == 0 else "只用来解开旧数据"
        click.echo(f"{name}：{found.pop(name, 0)} 项（{use}）")
    for name, count in found.items():
        click.echo(f"{name}：{count} 项。{missing_key(name)}")
    if not ring.ids:
        click.echo("还没有设置密钥。")


@keys.command()
@config_option
def rotate(config_path: Path) -> None:
    """把旧密钥加密的全部换成新密钥；中断了再运行一次，会接着做。"""
    config = load_config(config_path)
    storage, ring = open_database(config), Ring.of(config.security)
    done = rekey.rotate(storage, ring)
    click.echo(f"重新加密了 {done} 项，并逐项验证过，都能用新密钥打开。")
    if config.security.old_keys:
        click.echo("现在可以从 [security] old_keys 里删去旧密钥。")
        click.echo("（在这之前做的备份仍要用旧密钥打开：备份还留着，旧密钥就要留着。）")
