"""All of `serve`: how soon it answers, and how much memory it holds."""

import time
from datetime import datetime
from pathlib import Path
from statistics import median

from bench.branch import PEOPLE, fill, write_config
from bench.envelopes import AGENT, CORP, KEY, SECRET, TOKEN, seal_checkins, userid
from bench.figures import Figure
from bench.load import drive
from bench.processes import free_port, serving
from server.twin.people import Member
from server.twin.serving import running
from server.twin.world import World

STARTS = 3
LINES = 32


def measure(folder: Path, now: datetime) -> list[Figure]:
    world = World(CORP, AGENT, SECRET, TOKEN, KEY, lambda: now)
    for number in range(PEOPLE):
        world.add_member(Member(userid(number), f"党员{number:04d}"))
    with running(world):
        config = write_config(folder, world.api_base)
        fill(config, now)
        starts = [_start(config, number, now) for number in range(STARTS)]
        memory = _measure_memory(config, now)
    return [Figure("start to first answer", median(starts), "s", 3), *memory]


def _start(config: Path, number: int, now: datetime) -> float:
    """Return the seconds from the command to the first check-in's answer."""
    port = free_port()
    (request,) = seal_checkins(number, 1, PEOPLE, now).requests
    began = time.perf_counter()
    with serving(_arguments(config, port), port, config.with_name("start.log")):
        drive(port, [request], 1)
        return time.perf_counter() - began


def _measure_memory(config: Path, now: datetime) -> list[Figure]:
    port = free_port()
    requests = seal_checkins(STARTS, 1000, PEOPLE, now).requests
    with serving(_arguments(config, port), port, config.with_name("all.log")) as served:
        drive(port, requests, LINES)
        memory, processes = served.memory(), len(served.tree())
    return [
        Figure("memory of all processes (RSS)", memory.rss, "MB", 250),
        Figure("memory, shared pages once (PSS)", memory.pss, "MB"),
        Figure("processes", processes, ""),
    ]


def _arguments(config: Path, port: int) -> list[str]:
    return f"-m server serve --port {port} --config {config}".split()
