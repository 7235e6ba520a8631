"""The web's own process: loads no more than it takes to answer callbacks."""

import gc
from pathlib import Path
from typing import Any

from bot import schema
from bot.config import load_config
from bot.engine import Engine
from bot.rulebook.search import shipped_index
from server.app import create_app
from server.logs import set_up_logs
from server.opening import connect
from server.wiring import build_assistant


def load_web(config_path: str) -> Any:
    """Build the WSGI application. Raises BotError."""
    set_up_logs()
    config = load_config(Path(config_path))
    storage = connect(config)
    schema.check(storage)
    engine = Engine(config.engine.url, storage)
    app = create_app(build_assistant(config, storage=storage, wake=engine.wake))
    shipped_index()  # so that the first question need not wait for it
    gc.collect()
    gc.freeze()  # what stays for ever need not be looked through at every message
    return app
