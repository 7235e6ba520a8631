"""Check-ins through the real server, beside the bare library's echo, turn by turn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import median

from bench.branch import PEOPLE, count_checkins, fill, write_config
from bench.envelopes import open_answers, seal_checkins
from bench.figures import Figure
from bench.load import Run, drive
from bench.processes import Served, free_port, serving

ONE_BY_ONE = 1000
CROWD = 4000
TURNS = 3
LINES = 32
WARM_UP = 200


@dataclass(frozen=True)
class Turn:
    """One run, and the CPU milliseconds that each message cost the server's tree."""

    run: Run
    cpu: float


def measure(folder: Path, now: datetime) -> list[Figure]:
    """Serve ours and the echo side by side; the load alternates between them."""
    config = write_config(folder, "http://127.0.0.1:9")
    fill(config, now)
    ours_port, echo_port = free_port(), free_port()
    arguments = f"-m server serve --only web --port {ours_port} --config {config}"
    echo_arguments = f"-m bench.echo {echo_port}"
    with (
        serving(arguments.split(), ours_port, folder / "serve.log") as ours,
        serving(echo_arguments.split(), echo_port, folder / "echo.log") as echo,
    ):
        figures = _take_turns(ours, echo, now)
    total = WARM_UP + ONE_BY_ONE + TURNS * CROWD
    if (rows := count_checkins(config)) != total:
        raise AssertionError(f"{total} check-ins answered, {rows} recorded")
    return [*figures, Figure("check-ins recorded = answered", rows, "rows")]


def _take_turns(ours: Served, echo: Served, now: datetime) -> list[Figure]:
    first = 0

    def turn(served: Served, count: int, lines: int) -> Turn:
        nonlocal first
        batch = seal_checkins(first, count, PEOPLE, now)
        first += count if served is ours else 0
        before = served.cpu()
        run = drive(served.port, batch.requests, lines)
        spent = served.cpu() - before
        if served is ours:
            check(run)
        return Turn(run, spent / count * 1000)

    for served in (ours, echo):
        turn(served, WARM_UP, LINES)
    alone = turn(ours, ONE_BY_ONE, 1)
    echo_alone = turn(echo, ONE_BY_ONE, 1)
    pairs = [(turn(ours, CROWD, LINES), turn(echo, CROWD, LINES)) for _ in range(TURNS)]
    mine, theirs = zip(*pairs, strict=True)
    return _compare(alone, echo_alone, mine, theirs)


def _compare(
    alone: Turn, echo_alone: Turn, mine: Sequence[Turn], theirs: Sequence[Turn]
) -> list[Figure]:
    rate, echo_rate = (median(t.run.rate for t in each) for each in (mine, theirs))

    def middle(turns: Sequence[Turn], share: float) -> float:
        return median(turn.run.percentile(share) for turn in turns)

    return [
        Figure(
            "CPU of the server a check-in, c=32", median(t.cpu for t in mine), "ms", 3
        ),
        Figure("CPU of the server a check-in, c=1", alone.cpu, "ms"),
        Figure("CPU of the echo a message, c=32", median(t.cpu for t in theirs), "ms"),
        Figure("check-ins, c=32", rate, "/s"),
        Figure("echoes, c=32", echo_rate, "/s"),
        Figure("check-ins / echoes, c=32", rate / echo_rate, "×", 0.5, least=True),
        Figure("p50 of check-ins, c=32", middle(mine, 0.5), "ms"),
        Figure("p99 of check-ins, c=32", middle(mine, 0.99), "ms", 100),
        Figure("p99 of echoes, c=32", middle(theirs, 0.99), "ms"),
        Figure("check-ins, c=1", alone.run.rate, "/s"),
        Figure("echoes, c=1", echo_alone.run.rate, "/s"),
        Figure("p50 of check-ins, c=1", alone.run.percentile(0.5), "ms"),
        Figure("p99 of check-ins, c=1", alone.run.percentile(0.99), "ms"),
    ]


def check(run: Run) -> None:
    """Raise AssertionError unless every reply opens and says that it was recorded."""
    wrong = [text for text in open_answers(run.bodies) if "已打卡" not in text]
    if wrong:
        raise AssertionError(f"{len(wrong)} wrong replies, the first: {wrong[0]}")
