"""xiangyang watch: look from outside whether the assistant lives; meant for a timer."""

from pathlib import Path

import click

from bot.assistant.answering import Assistant
from bot.config.load import load_config
from bot.config.settings import Config
from bot.errors import BotError, DeliveryError, StorageError
from server.cli.opening import open_database
from server.cli.options import config_option
from server.monitoring import watchdog
from server.monitoring.watchdog import Complaint
from server.setup.wiring import build_assistant


@click.command()
@click.option("--url", help="网页进程的地址（默认：设置里的 host 和 port）")
@config_option
def watch(*, url: str | None, config_path: Path) -> None:
    """看一看助手是否还活着；有事就告警（[alerts] url），并以 1 退出。"""
    config = load_config(config_path)
    found = watchdog.knock(url or _address(config))
    try:
        assistant = build_assistant(config, storage=open_database(config), hears=False)
    except StorageError as error:
        found.append(Complaint("database", f"数据库用不了：{error}"))
        _tell_bare(config, found)
    else:
        found += watchdog.look(assistant)
        _tell(assistant, found)
    if found:
        raise BotError("\n".join(each.sentence for each in found))
    click.echo("一切正常。")


def _address(config: Config) -> str:
    host = config.server.host
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)
    return f"http://{host}:{config.server.port}"


def _tell(assistant: Assistant, found: list[Complaint]) -> None:
    try:
        watchdog.tell(assistant, found)
    except DeliveryError as error:
        found.append(Complaint("alarm", str(error)))


def _tell_bare(config: Config, found: list[Complaint]) -> None:
    """Sound the alarm without a database, which would know what was told before."""
    try:
        watchdog.sound(config, found)
    except DeliveryError as error:
        found.append(Complaint("alarm", str(error)))
