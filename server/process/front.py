"""The process in front of the web: listens, and starts the one that answers anew.

It stays for as long as `serve` does, and so loads next to nothing. Started as
`python -m server.front HOST PORT CONFIG PART…`.
"""

import gc
import os
import resource
import signal
import sys
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from multiprocessing import get_context, parent_process, set_start_method
from multiprocessing.synchronize import Event
from threading import Thread, main_thread
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.server import Server as Granian

from bot.errors import BotError
from server.monitoring import foreign_logs

KILL_AFTER = 15  # seconds
FILES, CONNECTIONS = 16_384, 4096


def load_worker(config_path: str, parts: Sequence[str], refused: Event) -> Any:
    """Build the ASGI application, in the process that serves it.

    What cannot start says why in one sentence, and ends the process in front too.
    """
    Thread(target=_end_with_front, daemon=True).start()
    gc.disable()  # what is loaded stays; looking through it is a fifth of the start
    try:
        give_up = partial(_give_up, refused)
        return import_module("server.process.worker").load_worker(
            config_path, parts, give_up
        )
    except BotError as error:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)  # it may come before the pause
        _give_up(refused, error)
        signal.pause()  # until the process in front ends this one


def _give_up(refused: Event, why: BotError) -> None:
    """End the process in front, which would start another of us."""
    foreign_logs.take_over().write(f"{why}\n")
    refused.set()
    os.kill(os.getppid(), signal.SIGTERM)


def _end_with_front() -> None:
    """Do not go on alone, with the port, when the process in front was killed."""
    if front := parent_process():
        front.join()
        # Any other thread's signal would not wake the main one, which waits for it.
        signal.pthread_kill(main_thread().ident or 0, signal.SIGTERM)


def run_web(
    host: str,
    port: int,
    loader: Callable[[], Any],
    interface: Interfaces = Interfaces.ASGINL,
    workers: int = 1,
) -> None:
    """Run the web in a process of its own, or in several; return when told to stop.

    loader: makes the application there, of that interface.
    """
    set_start_method("spawn", force=True)  # granian's watcher is a thread
    Granian(
        "",
        address=host,
        port=port,
        interface=interface,
        http=HTTPModes.http1,  # WeCom and the proxies in front of us speak no other
        blocking_threads=1,
        backpressure=CONNECTIONS,  # whoever is idle or slow counts too
        workers=workers,
        log_level="warning",  # type: ignore[arg-type]  # granian takes its name too
        log_dictconfig=foreign_logs.for_granian(),
        respawn_failed_workers=True,
        workers_kill_timeout=KILL_AFTER,
        websockets=False,
    ).serve(target_loader=loader, wrap_loader=False)


def _let_many_connect() -> None:
    """Take as many files as we may: each connection is one, and the usual 1024 few."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    enough = FILES if most == resource.RLIM_INFINITY else min(FILES, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (enough, most))


def main(host: str, port: str, config_path: str, *parts: str) -> int:
    """Serve; the exit code is 1 where the program could not start."""
    foreign_logs.take_over()
    _let_many_connect()
    refused = get_context("spawn").Event()
    loader = partial(load_worker, config_path, parts, refused)
    run_web(host, int(port), loader)
    return int(refused.is_set())


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
