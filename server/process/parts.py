"""Parts of the program at work: web, delivery and scheduler, together or apart."""

import signal
from pathlib import Path
from threading import Event

import structlog

from bot.clock import WallClock
from bot.config.load import load_config
from bot.config.settings import Config
from bot.delivery.wake import Engine
from bot.errors import BotError, ConfigError
from bot.maintenance import clock_ahead, rekey
from bot.storage.database import Storage
from bot.storage.dialects import STATEMENT_MS
from bot.storage.encrypted import Ring
from scheduler.runner import Runner
from server.monitoring.foreign_logs import take_over
from server.monitoring.logs import set_up_logs
from server.process.background import Machinery
from server.setup.open_database import open_storage
from server.setup.wiring import all_jobs, build_assistant

NO_PLATFORM = (
    "缺 [wecom]、[official] 或 [aibot] 一节，还接不上微信或企业微信。"
    "没有公网地址时，填 [aibot] 的 bot_id 和 secret 就能用。"
)

LOOK_UP = 0.5
"""Seconds after which one that waits for a signal looks whether one has come."""

log = structlog.get_logger(__name__)


def serve(config_path: Path, parts: frozenset[str]) -> None:
    """Serve, all but the web, until told to stop. Raises BotError."""
    take_over()
    set_up_logs()
    machinery = make_ready(config_path, parts)
    stopping, why = Event(), list[BotError]()

    def give_up(error: BotError) -> None:
        why.append(error)
        stopping.set()

    machinery.start(give_up)
    try:
        wait_for_signal(stopping)
    finally:
        machinery.stop()
    if why:
        raise why[0]


def make_ready(config_path: Path, parts: frozenset[str]) -> Machinery:
    """Open and wire everything, and find every fault first. Raises BotError."""
    config = load_config(config_path)
    if not (config.wecom or config.official or config.aibot):
        raise ConfigError(f"{config_path}：{NO_PLATFORM}")
    storage = open_storage(config, STATEMENT_MS)
    rekey.check(storage, Ring.of(config.security))
    _set_right(storage, config)
    engine = Engine(config.engine.address, storage)
    assistant = build_assistant(
        config, storage=storage, wake=engine.wake, hears="web" in parts
    )
    Runner(all_jobs(), assistant)  # a wrong [schedule] stops the start, whatever runs
    return Machinery(assistant, engine, parts)


def _set_right(storage: Storage, config: Config) -> None:
    """Make due anew what a clock that ran ahead has put off."""
    now = WallClock(config.timezone).now()
    with storage.read() as session:
        off = clock_ahead.find(session, now, config.quiet)
    if off:
        with storage.write() as session:
            for each in clock_ahead.set_right(session, now, config.quiet):
                log.warning("clock_ran_ahead", what=each.told, count=each.count)


def wait_for_signal(stopping: Event) -> None:
    """Return when told to stop (SIGTERM, or Ctrl+C, or otherwise)."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    while not stopping.wait(LOOK_UP):
        pass  # the system may have told another thread, which does not wake this one
