"""One web process and two, SQLite and PostgreSQL, one deliverer and two."""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import requests

from bench.branch import PEOPLE, count_checkins, fill, write_config
from bench.checkins import check
from bench.envelopes import seal_checkins, userid
from bench.figures import Figure
from bench.load import drive
from bench.notices import LOOK_EVERY, Bench, delivering, is_waiting, prepared, wait
from bench.processes import free_port, serving
from bot import outbox
from bot.message import Text
from bot.outbox import Plan, Window
from tests.acceptance.cluster import BINARIES, running_cluster

CROWDS = ((1, 400), (32, 6000), (256, 6000))  # so many ask at once, so many check-ins
WARM_UP = 200
LETTERS = 2000  # each worker takes fifty at once: fewer measure how it ends
LATENCY = 0.1  # seconds that WeCom takes over a call
GAIN = 1.6


def measure(folder: Path, now: datetime) -> list[Figure]:
    """Check-ins at several sizes of crowd; without a PostgreSQL here, on SQLite."""
    figures = []
    cores = os.cpu_count() or 1
    for order, name in (
        ("bench.echo", "wechatpy, 1 worker"),
        (f"bench.echo {cores}", f"wechatpy, {cores} workers"),
        ("bench.werobot_echo", "werobot, 1 worker"),
    ):
        with _echoing(order, folder) as port:
            figures += _measure_crowds([port], f"echo of {name}", now, checked=False)
    for webs in (1, 2):
        figures += _measure_webs(folder, now, "SQLite", "", webs)
    for webs in (1, 2) if BINARIES else ():
        with running_cluster() as cluster:
            figures += _measure_webs(folder, now, "PostgreSQL", cluster.url, webs)
    return figures


def measure_delivery(folder: Path, now: datetime) -> list[Figure]:
    """Personal letters, one call each, to a WeCom that takes its time.

    None without a PostgreSQL here.
    """
    if not BINARIES:
        return []
    with (
        running_cluster() as cluster,
        prepared(folder, now, PEOPLE, cluster.url) as bench,
    ):
        slow = {"path": "message/send", "kind": "slow", "seconds": LATENCY}
        faults = f"{bench.twin}/twin/faults"
        requests.post(faults, json={**slow, "times": None}, timeout=10)
        one, two = (_deliver(bench, folder, now, count) for count in (1, 2))
    return [
        Figure("personal letters, 1 deliverer", LETTERS / one, "/s"),
        Figure("personal letters, 2 deliverers", LETTERS / two, "/s"),
        Figure("2 deliverers / 1", one / two, "×", GAIN, least=True),
    ]


def _deliver(bench: Bench, folder: Path, now: datetime, processes: int) -> float:
    """Return the seconds until all is delivered."""
    before = bench.sent()
    with ExitStack() as stack:
        for number in range(processes):
            place = folder / f"deliverer{processes}{number}"
            place.mkdir()
            stack.enter_context(delivering(bench, place))
        time.sleep(3)  # until they are up: nothing is due for them to show it by
        window = Window(now, now + timedelta(days=1))
        with bench.storage.write() as session:
            for number in range(LETTERS):
                key = f"bench:{processes}:{number}"
                plan = Plan(key, "bench", Text(f"第{number}位，您好"), window)
                outbox.put_to(session, plan, userid(number % PEOPLE), None, now=now)
        began = time.perf_counter()
        wait(lambda: not is_waiting(bench), LOOK_EVERY)
        took = time.perf_counter() - began
    if (sent := bench.sent() - before) != LETTERS:
        raise AssertionError(f"{sent} copies of {LETTERS} letters")
    return took


def _measure_webs(
    folder: Path, now: datetime, name: str, database: str, webs: int
) -> list[Figure]:
    place = folder / f"{name}{webs}"
    place.mkdir()
    config = write_config(place, "http://127.0.0.1:9", database)
    fill(config, now)
    ports = [free_port() for _ in range(webs)]
    with ExitStack() as stack:
        for port in ports:
            order = f"-m server serve --only web --port {port} --config {config}"
            stack.enter_context(serving(order.split(), port, place / f"{port}.log"))
        figures = _measure_crowds(ports, f"{name}, {webs} web", now)
    total = WARM_UP + sum(count for _, count in CROWDS)
    if (rows := count_checkins(config)) != total:
        raise AssertionError(f"{total} check-ins answered, {rows} recorded")
    return figures


def _measure_crowds(
    ports: Sequence[int], name: str, now: datetime, *, checked: bool = True
) -> list[Figure]:
    figures, first = [], 0
    for lines, count in ((32, WARM_UP), *CROWDS):
        batch = seal_checkins(first, count, PEOPLE, now)
        run = drive(ports, batch.requests, lines)
        if checked:
            check(run)
        if first:
            what = f"{name}, c={lines}"
            figures += [
                Figure(what, run.rate, "/s"),
                Figure(f"… p50 of {what}", run.percentile(0.5), "ms"),
                Figure(f"… p99 of {what}", run.percentile(0.99), "ms"),
            ]
        first += count
    return figures


@contextmanager
def _echoing(order: str, folder: Path) -> Iterator[int]:
    module, *workers = order.split()
    port = free_port()
    arguments = ["-m", module, str(port), *workers]
    with serving(arguments, port, folder / f"{module}.log"):
        yield port
