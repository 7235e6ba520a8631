"""Measure everything; print it, and write it to bench/RESULTS.md with the machine.

python -m bench WORDS…: only the parts whose titles have one of the words; printed only.
"""

import os
import platform
import sys
from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from bench import (
    cards,
    checkins,
    console,
    growth,
    limits,
    machines,
    meetings,
    notices,
    records,
    rehearsal,
    robot,
    time,
    whole,
    works,
)
from bench.figures import Figure, draw

RESULTS = Path(__file__).with_name("RESULTS.md")
ZONE = ZoneInfo("Asia/Shanghai")
UNMEASURED = "not measured, for there is no PostgreSQL here."
PARTS: tuple[tuple[str, Callable[[Path, datetime], list[Figure]]], ...] = (
    ("a check-in", checkins.measure),
    ("check-ins, SQLite and PostgreSQL, beside the echoes", machines.measure),
    ("what growth costs a check-in, SQLite", growth.measure),
    ("delivery on PostgreSQL", machines.measure_delivery),
    ("all of serve, 1,000 members", whole.measure),
    ("the robot's line beside callbacks, 1,000 members", robot.measure),
    ("a notice to 100,000, SQLite", notices.measure),
    ("a notice to 10,000, its deliverer killed", notices.measure_kills),
    ("political-birthday cards, one core", cards.measure),
    ("the clock, 100,000 members, SQLite", time.measure),
    ("100,000 records of a kind, SQLite", records.measure),
    ("the console, 10,000 members, 100,000 records", console.measure),
    ("a meeting of 5,000; 2,000 branches' meters", meetings.measure),
    ("works and evidence in bulk, SQLite", works.measure),
    ("a rehearsal", rehearsal.measure),
    ("this machine's limits, one thread", limits.measure),
)


def main() -> None:
    now = datetime.now(ZONE)
    tables = []
    words = sys.argv[1:] or [""]
    for title, measure in PARTS:
        if not any(word in title for word in words):
            continue
        with TemporaryDirectory(prefix="xiangyang-bench-") as folder:
            figures = measure(Path(folder), now)
        tables.append(draw(title, figures) if figures else f"{title}: {UNMEASURED}")
        print(tables[-1], end="\n\n", flush=True)
    if words != [""]:
        return
    RESULTS.write_text("\n\n".join([_heading(now), *tables]) + "\n", "utf-8")
    if find_spec("bench.understanding"):
        import_module("bench.understanding").main()


def _heading(now: datetime) -> str:
    return (
        "# Figures of the last `make bench`\n\n"
        f"{now:%Y-%m-%d}, {os.cpu_count()} cores ({_processor()}), "
        f"{platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}. The client is a process of its own "
        "on the same machine. c: how many ask at the same time."
    )


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = (line.partition(":")[2] for line in lines if line.startswith("model name"))
    return next(names, "unknown").strip()


main()
