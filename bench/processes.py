"""A real server in processes of its own, and what they cost (from /proc)."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PATIENCE = 30.0
STEP = 0.005


@dataclass(frozen=True)
class Memory:
    """Megabytes of all processes. pss: pages that several share are counted once."""

    rss: float
    pss: float


@dataclass(frozen=True)
class Served:
    """A server that answers on a port."""

    pid: int
    port: int

    def cpu(self) -> float:
        """Return the seconds of CPU that the whole tree has used."""
        return sum(_cpu(pid) for pid in self.tree())

    def memory(self) -> Memory:
        read = [_memory(pid) for pid in self.tree()]
        return Memory(sum(each.rss for each in read), sum(each.pss for each in read))

    def tree(self) -> list[int]:
        found = [self.pid]
        for pid in found:
            found += _children(pid)
        return found


@contextmanager
def serving(arguments: list[str], port: int, log: Path) -> Iterator[Served]:
    """Start `python …` and wait until it answers; stop it at the end."""
    with log.open("wb") as out:
        process = subprocess.Popen([sys.executable, *arguments], stdout=out, stderr=out)
        try:
            _wait(process, port, log)
            yield Served(process.pid, port)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)


@contextmanager
def working(arguments: list[str], log: Path) -> Iterator[Served]:
    """Start `python …` that listens to nobody; stop it at the end."""
    with log.open("ab") as out:
        process = subprocess.Popen([sys.executable, *arguments], stdout=out, stderr=out)
        try:
            yield Served(process.pid, 0)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        if _answers(port):
            return
        time.sleep(STEP)
    raise RuntimeError(f"the server did not start:\n{log.read_text()}")


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status in (200, 404)
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def _children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def _memory(pid: int) -> Memory:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    sizes = {name: int(rest.split()[0]) for name, _, rest in map(_split, lines)}
    return Memory(sizes["Rss"] / 1024, sizes["Pss"] / 1024)


def _split(line: str) -> tuple[str, str, str]:
    return line.partition(":")
