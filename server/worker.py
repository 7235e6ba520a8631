"""The process that answers callbacks, with whatever else this `serve` is to do."""

import atexit
import gc
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot import schema
from bot.config import load_config
from bot.engine import Engine
from bot.rulebook.search import shipped_index
from server.app import create_app
from server.logs import set_up_logs
from server.machinery import Machinery
from server.opening import connect
from server.wiring import build_assistant


def load_worker(config_path: str, parts: Sequence[str]) -> Any:
    """Build the WSGI application; the other parts run in its background.

    They share its memory, and SQLite's one writer is queued for in one place. Raises
    BotError.
    """
    set_up_logs()
    config = load_config(Path(config_path))
    storage = connect(config)
    schema.check(storage)
    engine = Engine(config.engine.url, storage)
    assistant = build_assistant(config, storage=storage, wake=engine.wake)
    app = create_app(assistant)
    shipped_index()  # so that the first question need not wait for it
    machinery = Machinery(assistant, engine, frozenset(parts))
    machinery.start()
    atexit.register(machinery.stop)
    gc.collect()
    gc.freeze()  # what stays for ever need not be looked through at every message
    return app
