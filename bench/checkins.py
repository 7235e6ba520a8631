"""Check-ins through the real server, beside the bare library's echo, turn by turn.

Recorded ones, those that are refused as the second of a day, and members' own records
asked for; the echo with one worker, and with as many as there are cores.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import median

from bench.branch import PEOPLE, count_checkins, fill, write_config
from bench.envelopes import STUDIES, open_answers, seal_checkins
from bench.figures import Figure
from bench.load import Run, drive
from bench.processes import Served, free_port, serving

MEMBERS = 10_000
ONE_BY_ONE = 1000
CROWD = 20_000  # some seconds of them
REFUSED, ASKED = 4000, 2000
TURNS = 3
LINES = 32
WARM_UP = 200
CORES = os.cpu_count() or 1
RECORDED = "已打卡"


@dataclass(frozen=True)
class Turn:
    """One run, and the CPU milliseconds that each message cost the server's tree."""

    run: Run
    cpu: float


def measure(folder: Path, now: datetime) -> list[Figure]:
    """Serve ours and the echoes side by side; the load alternates between them."""
    config = write_config(folder, "http://127.0.0.1:9")
    fill(config, now, MEMBERS)
    with ExitStack() as stack:
        ours = stack.enter_context(_ours(config, folder))
        echoes = {
            workers: stack.enter_context(_echo(workers, folder))
            for workers in sorted({1, CORES})
        }
        figures = _take_turns(ours, echoes, now)
    total = WARM_UP + ONE_BY_ONE + TURNS * CROWD
    if (rows := count_checkins(config)) != total:
        raise AssertionError(f"{total} check-ins answered, {rows} recorded")
    return [
        *figures,
        Figure("check-ins recorded = answered", rows, "rows"),
        *_measure_others(folder, now, figures[0].value),
    ]


@contextmanager
def _ours(config: Path, folder: Path) -> Iterator[Served]:
    port = free_port()
    arguments = f"-m server serve --only web --port {port} --config {config}"
    with serving(arguments.split(), port, folder / "serve.log") as served:
        yield served


@contextmanager
def _echo(workers: int, folder: Path) -> Iterator[Served]:
    port, log = free_port(), folder / f"echo{workers}.log"
    with serving(["-m", "bench.echo", str(port), str(workers)], port, log) as served:
        yield served


def _drive(served: Served, requests: Sequence[bytes], lines: int = LINES) -> Turn:
    before = served.cpu()
    run = drive(served.port, requests, lines)
    return Turn(run, (served.cpu() - before) / len(requests) * 1000)


def _take_turns(
    ours: Served, echoes: Mapping[int, Served], now: datetime
) -> list[Figure]:
    first = 0

    def turn(served: Served, count: int, lines: int = LINES) -> Turn:
        nonlocal first
        batch = seal_checkins(first, count, MEMBERS, now)
        first += count if served is ours else 0
        taken = _drive(served, batch.requests, lines)
        if served is ours:
            check(taken.run)
        return taken

    for served in (ours, *echoes.values()):
        turn(served, WARM_UP)
    alone = turn(ours, ONE_BY_ONE, 1)
    echo_alone = turn(echoes[1], ONE_BY_ONE, 1)
    mine: list[Turn] = []
    theirs: dict[int, list[Turn]] = {workers: [] for workers in echoes}
    for _ in range(TURNS):
        mine.append(turn(ours, CROWD))
        for workers, served in echoes.items():
            theirs[workers].append(turn(served, CROWD))
    return _compare(alone, echo_alone, mine, theirs)


def _compare(
    alone: Turn,
    echo_alone: Turn,
    mine: Sequence[Turn],
    theirs: Mapping[int, Sequence[Turn]],
) -> list[Figure]:
    rate = _rate(mine)
    echoes = [
        figure
        for workers, turns in theirs.items()
        for figure in (
            Figure(f"echoes, {_say(workers)}, c=32", _rate(turns), "/s"),
            Figure(f"CPU of an echo, {_say(workers)}, c=32", _cpu(turns), "ms"),
            Figure(f"p99 of echoes, {_say(workers)}, c=32", _p99(turns), "ms"),
        )
    ]
    return [
        Figure("CPU of the server a check-in, c=32", _cpu(mine), "ms", 3),
        Figure("CPU of the server a check-in, c=1", alone.cpu, "ms"),
        Figure("check-ins, c=32", rate, "/s"),
        Figure("p50 of check-ins, c=32", _middle(mine, 0.5), "ms"),
        Figure("p99 of check-ins, c=32", _p99(mine), "ms", 100),
        Figure("check-ins, c=1", alone.run.rate, "/s"),
        Figure("p50 of check-ins, c=1", alone.run.percentile(0.5), "ms"),
        Figure("p99 of check-ins, c=1", alone.run.percentile(0.99), "ms"),
        *echoes,
        Figure("echoes, c=1", echo_alone.run.rate, "/s"),
        *(
            Figure(
                f"check-ins / echoes, {_say(workers)}, c=32",
                rate / _rate(turns),
                "×",
                0.5 if workers == 1 else None,
                least=True,
            )
            for workers, turns in theirs.items()
        ),
    ]


def _measure_others(folder: Path, now: datetime, recorded: float) -> list[Figure]:
    """Measure what records nothing. recorded: the CPU of what does."""
    place = folder / "others"
    place.mkdir()
    config = write_config(place, "http://127.0.0.1:9", per_day=1)
    fill(config, now)
    first = 0
    with _ours(config, place) as ours:

        def turn(count: int, texts: Sequence[str], words: str) -> Turn:
            nonlocal first
            batch = seal_checkins(first, count, PEOPLE, now, texts)
            first += count
            taken = _drive(ours, batch.requests)
            check(taken.run, words)
            return taken

        turn(PEOPLE, STUDIES, RECORDED)
        refused = [turn(REFUSED, STUDIES, "已经打过卡了") for _ in range(TURNS)]
        asked = [turn(ASKED, ("我的打卡",), "只有您自己看得到") for _ in range(TURNS)]
    return [
        Figure("refused as the second of a day, c=32", _rate(refused), "/s"),
        Figure(
            "CPU of a refused one / of a recorded one",
            _cpu(refused) / recorded,
            "×",
            1.5,
        ),
        Figure("asked for the own record, c=32", _rate(asked), "/s"),
        Figure("CPU of the server an own record, c=32", _cpu(asked), "ms"),
    ]


def _say(workers: int) -> str:
    return "1 worker" if workers == 1 else f"{workers} workers"


def _rate(turns: Sequence[Turn]) -> float:
    return median(turn.run.rate for turn in turns)


def _cpu(turns: Sequence[Turn]) -> float:
    return median(turn.cpu for turn in turns)


def _middle(turns: Sequence[Turn], share: float) -> float:
    return median(turn.run.percentile(share) for turn in turns)


def _p99(turns: Sequence[Turn]) -> float:
    return _middle(turns, 0.99)


def check(run: Run, words: str = RECORDED) -> None:
    """Raise AssertionError unless every reply opens and says these words."""
    wrong = [text for text in open_answers(run.bodies) if words not in text]
    if wrong:
        raise AssertionError(f"{len(wrong)} wrong replies, the first: {wrong[0]}")
