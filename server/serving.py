"""All parts of the program at work: web, delivery and scheduler, together or apart."""

import logging
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing import set_start_method
from pathlib import Path
from threading import Event
from typing import Any

import structlog
from granian.constants import Interfaces
from granian.server import Server as Granian

from bot import rotation
from bot.assistant import Assistant
from bot.config import Config, load_config
from bot.delivery import Delivery
from bot.engine import Engine
from bot.errors import ConfigError
from bot.sealed import Ring
from scheduler.runner import Runner
from server.child import load_web
from server.logs import set_up_logs
from server.opening import open_storage
from server.watching import Watchman
from server.wiring import all_jobs, build_assistant

PARTS = ("web", "delivery", "scheduler")
DELIVERERS = 2
# Enough for a commit to be shared by many; more only wait for each other.
WEB_THREADS = 16
KILL_AFTER = 15

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Place:
    """Where to listen, and which settings to serve."""

    config_path: Path
    host: str
    port: int


@dataclass
class Machinery:
    """What runs in the background beside the web: deliverers and the clock."""

    assistant: Assistant
    engine: Engine
    parts: frozenset[str]
    _stops: list[Callable[[], None]] = field(default_factory=list)

    def start(self) -> None:
        if "delivery" in self.parts:
            delivery = Delivery(
                self.assistant.storage,
                self.assistant.clock,
                self.assistant.senders,
                on_claim=self.engine.wake,
                quiet=self.assistant.config.quiet,
            )
            self.engine.start(delivery.deliver_next, delivery.is_due, DELIVERERS)
            self._stops.append(self.engine.stop)
        if "scheduler" in self.parts:
            runner = Runner(all_jobs(), self.assistant)
            runner.start()
            self._stops.append(runner.stop)
        if self.assistant.config.alerts.url:
            watchman = Watchman(self.assistant)
            watchman.start()
            self._stops.append(watchman.stop)

    def stop(self) -> None:
        """Stop the clock first, then finish the letters in hand."""
        for stop in reversed(self._stops):
            stop()
        self.assistant.storage.close()


def build_machinery(config: Config, parts: frozenset[str]) -> Machinery:
    storage = open_storage(config)
    rotation.check(storage, Ring.of(config.security))
    engine = Engine(config.engine.url, storage)
    assistant = build_assistant(config, storage=storage, wake=engine.wake, hears=False)
    Runner(all_jobs(), assistant)  # a wrong [schedule] stops the start, web or not
    return Machinery(assistant, engine, parts)


def serve(place: Place, parts: frozenset[str]) -> None:
    """Serve until told to stop; finish what was begun. Raises BotError."""
    set_up_logs()
    config = load_config(place.config_path)
    if config.wecom is None:
        raise ConfigError(f"{place.config_path}：缺 [wecom] 一节，还不能接企业微信。")
    if "web" in parts:
        check_free(place.host, place.port)
    machinery = build_machinery(config, parts)
    machinery.start()
    log.info("serving", parts=sorted(parts), host=place.host, port=place.port)
    try:
        if "web" in parts:
            run_web(place, load_web, WEB_THREADS)
        else:
            wait_for_signal()
    finally:
        machinery.stop()
        log.info("stopped")


def run_web(place: Place, loader: Callable[[str], Any], threads: int) -> None:
    """Run the web in a process of its own; return when told to stop."""
    set_start_method("spawn", force=True)  # our threads must not be forked
    Granian(
        str(place.config_path.absolute()),
        address=place.host,
        port=place.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=threads,
        log_level="warning",  # type: ignore[arg-type]  # granian takes its name too
        respawn_failed_workers=True,
        workers_kill_timeout=KILL_AFTER,
        websockets=False,
    ).serve(target_loader=loader)


def check_free(host: str, port: int) -> None:
    """Raise ConfigError if the port cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reason = error.strerror or str(error)
            raise ConfigError(f"不能在 {host}:{port} 上监听：{reason}。") from error


def wait_for_signal() -> None:
    """Return when told to stop (SIGTERM, or Ctrl+C)."""
    stopping = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    stopping.wait()


logging.getLogger("apscheduler").setLevel(logging.ERROR)
