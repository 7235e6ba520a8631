"""All parts of the program at work: web, delivery and scheduler, together or apart."""

import os
import signal
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import structlog

from bot import rotation
from bot.assistant import Assistant
from bot.config import load_config
from bot.engine import Engine
from bot.errors import ConfigError
from bot.sealed import Ring
from scheduler.runner import Runner
from server.logs import set_up_logs
from server.machinery import Machinery
from server.opening import open_storage
from server.wiring import all_jobs, build_assistant

PARTS = ("web", "delivery", "scheduler")

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Place:
    """Where to listen, and which settings to serve."""

    config_path: Path
    host: str
    port: int


def serve(place: Place, parts: frozenset[str]) -> None:
    """Serve until told to stop; finish what was begun. Raises BotError.

    With the web, this process becomes the small one in front of it.
    """
    set_up_logs()
    if "web" in parts:
        check_free(place.host, place.port)
    engine, assistant = _make_ready(place)
    log.info("serving", parts=sorted(parts), host=place.host, port=place.port)
    if "web" in parts:
        engine.stop()
        assistant.storage.close()
        _become_front(place, parts)
    machinery = Machinery(assistant, engine, parts)
    machinery.start()
    try:
        wait_for_signal()
    finally:
        machinery.stop()


def _make_ready(place: Place) -> tuple[Engine, Assistant]:
    """Find every fault before anything is served. Raises BotError."""
    config = load_config(place.config_path)
    if config.wecom is None:
        raise ConfigError(f"{place.config_path}：缺 [wecom] 一节，还不能接企业微信。")
    storage = open_storage(config)
    rotation.check(storage, Ring.of(config.security))
    engine = Engine(config.engine.url, storage)
    assistant = build_assistant(config, storage=storage, wake=engine.wake, hears=False)
    Runner(all_jobs(), assistant)  # a wrong [schedule] stops the start, web or not
    return engine, assistant


def _become_front(place: Place, parts: frozenset[str]) -> None:
    given = (place.host, str(place.port), str(place.config_path.absolute()))
    program = [sys.executable, "-m", "server.front", *given, *sorted(parts)]
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, program)


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
