"""xiangyang verify: prove every invariant of the data."""

from contextlib import closing
from pathlib import Path

import click

from bot.config import load_config
from bot.errors import StorageError
from bot.storage import Storage
from bot.verification import proofs
from bot.verification import verify as find_faults
from server.cli.options import config_option, json_option, print_json


@click.command()
@json_option
@config_option
def verify(*, as_json: bool, config_path: Path) -> None:
    """核对全部数据；有一处不对就一一说明，退出码 1。不改任何东西。"""
    with closing(Storage(load_config(config_path).database.address)) as storage:
        faults = find_faults(storage)
    if as_json:
        print_json({"faults": faults})
    if faults:
        raise StorageError("数据有不对的地方：\n  " + "\n  ".join(faults))
    if not as_json:
        claims = [each.claim for each in proofs()]
        click.echo(f"数据没有问题（外键与 {len(claims)} 条规矩都核对过）。")
