"""xiangyang check: every fault of the settings at once, in words."""

from pathlib import Path

import click

from bot import rotation, schema
from bot.assistant import Assistant
from bot.channels.wecom import WeCom
from bot.config import Config, proxies_named
from bot.engine import try_queue
from bot.errors import ConfigError, StorageError
from bot.sealed import Ring
from bot.storage import Storage
from scheduler.runner import find_faults
from server import online
from server.cli.opening import open_database
from server.cli.options import config_option
from server.cli.settings import load_settings
from server.opening import connect
from server.wiring import all_jobs, build_assistant

NO_PROXY = "企业微信要从这台服务器直接连（可信 IP 认的是它），需要代理请在网络上配。"


@click.command()
@click.option("--online", is_flag=True, help="还试一试令牌、数据库、队列和回调地址")
@config_option
def check(*, online: bool, config_path: Path) -> None:
    """检查设置；有错一次全列出来。"""
    config = load_settings(config_path)
    faults = find_faults(all_jobs(), config)
    if config.wecom is None:
        faults.append(f"{config_path}：缺 [wecom] 一节，企业微信还没有配置。")
        raise ConfigError("\n".join(faults))  # a file hardly begun: no database yet
    storage = open_database(config, connect)
    faults += _check_storage(config, storage)
    if online and not faults:
        faults = _check_online(config, storage)
    if faults:
        raise ConfigError("\n".join(faults))
    if proxies := proxies_named():
        click.echo(f"注意：环境里的 {'、'.join(proxies)} 不起作用，{NO_PROXY}")
    click.echo("设置没有问题。")


def _check_storage(config: Config, storage: Storage) -> list[str]:
    try:
        storage.check_health()
        if storage.tables():
            schema.check(storage)
            rotation.check(storage, Ring.of(config.security))
    except StorageError as error:
        return [f"database.url：{error}"]
    return []


def _check_online(config: Config, storage: Storage) -> list[str]:
    if not storage.tables():
        return ["database.url：还没有建表，先运行 xiangyang db upgrade"]
    assistant = build_assistant(config, storage=storage)
    tried = (*_check_queue(config, storage), *_check_wecom(assistant))
    return [*tried, *_check_rephrasing(config)]


def _check_queue(config: Config, storage: Storage) -> list[str]:
    """Without a queue of its own there is nothing to reach."""
    try:
        if config.engine.address:
            try_queue(config.engine.address, storage)
    except StorageError as error:
        return [str(error)]
    return []


def _check_rephrasing(config: Config) -> list[str]:
    found = online.try_rephrasing(config.rephrase) if config.rephrase else None
    return _remark(found) if found else []


def _check_wecom(assistant: Assistant) -> list[str]:
    """Try what the admin console must know of us; name each mistake of the set-up."""
    wecom = assistant.channels["wecom"]
    if not isinstance(wecom, WeCom):
        return []
    return _remark(online.try_all(assistant.config, wecom))


def _remark(found: online.Findings) -> list[str]:
    """Say what is no fault; return what is."""
    for remark in found.remarks:
        click.echo(f"注意：{remark}")
    return found.faults
