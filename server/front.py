"""The process in front of the web: listens, and starts the one that answers anew.

It stays for as long as `serve` does, and so loads next to nothing. Started as
`python -m server.front HOST PORT CONFIG PART…` once the settings are known to be good.
"""

import sys
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from multiprocessing import set_start_method
from typing import Any

from granian.constants import Interfaces
from granian.server import Server as Granian

# Enough for a commit to be shared by many; more only wait for each other.
WEB_THREADS = 16
KILL_AFTER = 15  # seconds


def load_worker(config_path: str, parts: Sequence[str]) -> Any:
    """Build the WSGI application, in the process that serves it."""
    return import_module("server.worker").load_worker(config_path, parts)


def run_web(host: str, port: int, loader: Callable[[], Any], threads: int) -> None:
    """Run the web in a process of its own; return when told to stop.

    loader: makes the WSGI application there.
    """
    set_start_method("spawn", force=True)  # this process may have threads
    Granian(
        "",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=threads,
        log_level="warning",  # type: ignore[arg-type]  # granian takes its name too
        respawn_failed_workers=True,
        workers_kill_timeout=KILL_AFTER,
        websockets=False,
    ).serve(target_loader=loader, wrap_loader=False)


if __name__ == "__main__":
    host, port, config_path, *parts = sys.argv[1:]
    run_web(host, int(port), partial(load_worker, config_path, parts), WEB_THREADS)
