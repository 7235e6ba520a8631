"""xiangyang verify: prove every invariant of the data."""

from contextlib import closing
from pathlib import Path

import click

from bot.clock import WallClock
from bot.config.load import load_config
from bot.errors import StorageError
from bot.maintenance.verify import mend as mend_clock
from bot.maintenance.verify import proofs
from bot.maintenance.verify import verify as find_faults
from bot.storage.database import Storage
from server.cli.options import config_option, json_option, print_json


@click.command()
@click.option(
    "--mend", is_flag=True, help="时钟拨快过、又拨回来以后：把记到将来的时间改回来"
)
@json_option
@config_option
def verify(*, mend: bool, as_json: bool, config_path: Path) -> None:
    """核对全部数据；有一处不对就一一说明，退出码 1。不加 --mend 不改任何东西。"""
    config = load_config(config_path)
    now = WallClock(config.timezone).now()
    with closing(Storage(config.database.address)) as storage:
        mended = mend_clock(storage, now, config.quiet) if mend else []
        faults = find_faults(storage, now, config.quiet)
    if as_json:
        print_json({"faults": faults, **({"mended": mended} if mend else {})})
    elif mended:
        click.echo("改回来了：\n  " + "\n  ".join(mended))
    if faults:
        raise StorageError("数据有不对的地方：\n  " + "\n  ".join(faults))
    if not as_json:
        claims = [each.claim for each in proofs()]
        click.echo(f"数据没有问题（外键与 {len(claims)} 条规矩都核对过）。")
