"""xiangyang check: every fault of the settings at once, in words."""

import re
from collections.abc import Collection
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import click

from bot.branch.people import members
from bot.channels.aibot import AiBot
from bot.channels.official import Official
from bot.channels.wecom import WeCom
from bot.clock import WallClock
from bot.config.load import proxies_named
from bot.config.settings import Config
from bot.config.settings import WeCom as WeComSettings
from bot.delivery.wake import try_queue
from bot.errors import ConfigError, StorageError
from bot.maintenance import rekey, schema
from bot.storage.database import Storage
from bot.storage.encrypted import Ring
from server.cli.opening import open_database
from server.cli.options import config_option
from server.cli.settings import find_schedule_faults, load_settings
from server.process.parts import NO_PLATFORM
from server.setup import check_online as online
from server.setup import check_robot as robot_online
from server.setup.check_official import try_official
from server.setup.open_database import connect, open_scratch

SAMPLE = re.compile(r"w[wx](\w)\1{7,}|w[wx]0?123456789\w*|.*(?:example|your).*", re.I)

NO_PROXY = "企业微信要从这台服务器直接连（可信 IP 认的是它），需要代理请在网络上配。"


@click.command()
@click.option("--online", is_flag=True, help="还试一试令牌、数据库、队列和回调地址")
@config_option
def check(*, online: bool, config_path: Path) -> None:
    """检查设置；有错一次全列出来。"""
    find_more = partial(_find_more, config_path)
    config = load_settings(config_path, find_more)
    faults = find_more(config, ())
    if online and not faults:
        faults = _check_online(config, open_database(config, connect))
    if faults:
        raise ConfigError("\n".join(faults))
    if proxies := proxies_named():
        click.echo(f"注意：环境里的 {'、'.join(proxies)} 不起作用，{NO_PROXY}")
    click.echo("设置没有问题。")


def _find_more(path: Path, config: Config, wrong: Collection[str]) -> list[str]:
    """List what is wrong beyond single values; wrong: sections told of already.

    A file hardly begun has no database yet, and a wrong address leads to another's.
    """
    faults = find_schedule_faults(config)
    _remark_on_plain_http(config.server.public_url)
    if not (config.wecom or config.official or config.aibot):
        begun = not {"wecom", "official", "aibot"}.isdisjoint(wrong)
        return faults if begun else [*faults, f"{path}：{NO_PLATFORM}"]
    if config.wecom:
        faults += _check_sample(config.wecom)
    if {"database", "security"}.isdisjoint(wrong):
        faults += _check_database(config)
    return faults


def _check_sample(wecom: WeComSettings) -> list[str]:
    """Know the made-up id of the sample file, and what people put in its place."""
    if SAMPLE.fullmatch(wecom.corp_id or ""):
        return [
            "wecom.corp_id：还是样例里的企业 ID，请换成自己的："
            "在管理后台“我的企业 › 企业信息”最下面复制。"
        ]
    return []


def _remark_on_plain_http(url: str) -> None:
    address = urlsplit(url)
    if address.scheme == "http" and not _is_here(address.hostname or ""):
        click.echo(
            "注意：server.public_url 是 http，党员打开页面时没有加密，"
            "企业微信的网页授权也要 https：请换成 https 地址。"
        )


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _check_database(config: Config) -> list[str]:
    try:
        storage = open_database(config, connect)
    except StorageError as error:
        return [f"database.url：{error}"]
    return _check_storage(config, storage) or _check_secretaries(config, storage)


def _check_storage(config: Config, storage: Storage) -> list[str]:
    if not _is_there(storage):
        return []
    try:
        storage.check_health()
        if storage.tables():
            schema.check(storage)
            rekey.check(storage, Ring.of(config.security))
    except StorageError as error:
        return [f"database.url：{error}"]
    return []


def _check_secretaries(config: Config, storage: Storage) -> list[str]:
    """Name who is on no roster, once there is one."""
    if not _has_tables(storage):
        return []
    with storage.read() as session:
        if not members.is_kept(session):
            return []
        unknown = members.unknown_accounts(session, config.branch.secretaries)
    return [f"branch.secretaries：名册里没有账号是 {each} 的人。" for each in unknown]


def _has_tables(storage: Storage) -> bool:
    return _is_there(storage) and bool(storage.tables())


def _is_there(storage: Storage) -> bool:
    """Whether there is a file to look into: looking would make one."""
    return not storage.is_sqlite or Path(storage.url.database or "").exists()


def _check_online(config: Config, storage: Storage) -> list[str]:
    if not _has_tables(storage):
        return ["database.url：还没有建表，先运行 xiangyang db upgrade"]
    tried = (
        *_check_queue(config, storage),
        *_check_wecom(config),
        *_check_official(config),
        *_check_aibot(config, storage),
    )
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


def _check_wecom(config: Config) -> list[str]:
    """Try what the admin console must know of us; name each mistake of the set-up.

    The token is fetched into a database of its own: nothing is written into ours.
    """
    if config.wecom is None:
        return []
    with open_scratch() as scratch:
        wecom = WeCom(config.wecom, scratch, WallClock(config.timezone))
        return _remark(online.try_all(config, wecom))


def _check_aibot(config: Config, storage: Storage) -> list[str]:
    """Open the robot's line once; not where `serve` has it, which would lose it."""
    if config.aibot is None:
        return []
    with storage.read() as session:
        clock = WallClock(config.timezone)
        robot = AiBot(config.aibot, storage, clock)
        return _remark(robot_online.try_robot(config, robot, session, clock.now()))


def _check_official(config: Config) -> list[str]:
    if config.official is None:
        return []
    with open_scratch() as scratch:
        clock = WallClock(config.timezone)
        official = Official(config.official, scratch, clock, config.branch.name)
        return _remark(try_official(config, config.official, official))


def _remark(found: online.Findings) -> list[str]:
    """Say what is no fault; return what is."""
    for remark in found.remarks:
        click.echo(f"注意：{remark}")
    return found.faults
