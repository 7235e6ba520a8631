"""The process that answers callbacks, with whatever else this `serve` is to do."""

import atexit
import gc
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bot.errors import BotError
from bot.rulebook.search import shipped_index
from server.monitoring.foreign_logs import take_over
from server.monitoring.logs import set_up_logs
from server.process.parts import make_ready
from server.web.app import create_app
from server.web.asgi import Asgi

MANY = 20_000


def load_worker(
    config_path: str, parts: Sequence[str], give_up: Callable[[BotError], None]
) -> Any:
    """Build the ASGI application; the other parts run in its background.

    They share its memory, and SQLite's one writer is queued for in one place. Raises
    BotError.
    """
    take_over()
    set_up_logs(for_good=True)
    machinery = make_ready(Path(config_path), frozenset(parts))
    app = create_app(machinery.assistant)
    shipped_index()  # so that the first question need not wait for it
    machinery.start(give_up)
    atexit.register(machinery.stop)
    gc.freeze()  # what stays need not be looked through, now or at every message
    gc.enable()
    gc.set_threshold(MANY)  # a message leaves some hundred objects, hardly any in rings
    return Asgi(app, machinery.assistant)
