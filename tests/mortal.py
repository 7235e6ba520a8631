"""Processes that are killed at a step of their work: python -m tests.mortal CONFIG.

For each line `NOW STEP` another answers, on the port it tells, until it dies. STEP
counts what it does to the file, each row written and each commit, from one; it dies
before the one that has this number, and tells which that is. Where there are fewer it
dies with the answer in its hands.
"""

import logging
import os
import sys
from collections.abc import Iterable
from datetime import datetime
from itertools import count
from pathlib import Path
from signal import SIGKILL
from typing import Any

from sqlalchemy import event
from werkzeug.serving import WSGIRequestHandler, make_server

from bot.assistant.answering import Assistant
from bot.config.load import load_config
from bot.storage.database import Storage
from server.monitoring.logs import set_up_logs
from server.setup.wiring import build_assistant
from server.web.app import create_app
from tests.fakes.clock import FakeClock

COMMIT, ANSWER = "COMMIT", "ANSWER"
DOES = ("INSERT ", "UPDATE ", "DELETE ", COMMIT)


def main(config_path: str) -> None:
    set_up_logs(level=logging.ERROR)
    config = load_config(Path(config_path))
    for line in sys.stdin:
        now, step = line.split()
        storage = Storage(config.database.address)
        clock = FakeClock(datetime.fromisoformat(now))
        assistant = build_assistant(config, storage=storage, clock=clock)
        storage.close()
        if (mortal := os.fork()) == 0:
            live(assistant, int(step))
        _, status = os.waitpid(mortal, 0)
        tell(str(os.waitstatus_to_exitcode(status)))


def live(assistant: Assistant, step: int) -> None:
    """Answer until that step."""
    numbers = count(1)

    def look(statement: str) -> None:
        if statement.startswith(DOES) and next(numbers) == step:
            die(" ".join(statement.split("(")[0].split()[:3]))

    def connected(connection: Any, _record: Any) -> None:
        connection.set_trace_callback(look)

    event.listen(assistant.storage.engine, "connect", connected)
    app = create_app(assistant)

    def answer(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        """Work the answer out to its end, and give it to nobody."""
        b"".join(app(environ, start))
        die(ANSWER)
        return ()

    server = make_server("127.0.0.1", 0, answer, threaded=True, request_handler=_Silent)
    tell(str(server.port))
    server.serve_forever()


def die(before: str) -> None:
    """Tell before what, and be gone as when the current fails."""
    tell(before)
    os.kill(os.getpid(), SIGKILL)


def tell(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


class _Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """Keep silent."""


if __name__ == "__main__":
    main(*sys.argv[1:])
