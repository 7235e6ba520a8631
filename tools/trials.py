"""Tests that are run again and again, with this or that change: who asks trying.py."""

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from running import RAN
from trying import ASKED, CANNOT, FAILED, PASSED, STUCK, TOLD

QUIETLY = "-q -n 0 -p no:randomly -p no:cacheprovider --hypothesis-seed=0"
MEMORY = 4 << 30  # a change can make a loop endless
TOOLS = Path(__file__).resolve().parent

__all__ = ["CANNOT", "FAILED", "PASSED", "STUCK", "Answer", "Trials", "run_all"]


@dataclass(frozen=True)
class Answer:
    """What became of tests, and which was the last.

    word: FAILED (the last did), PASSED (all did), STUCK (the last came to no end) or
    CANNOT (the change is none of a function's code alone).
    """

    word: str
    test: str = ""


class Trials:
    """A pytest of a tree that has read everything and runs what it is asked to."""

    def __init__(self, tree: Path, words: Iterable[str], seconds: float) -> None:
        """seconds: after so many without a test's end, one is stuck."""
        self._tree, self._seconds = tree, seconds
        its_asked, asked = os.pipe()
        told, its_told = os.pipe()
        self._running = _start(
            tree,
            ["-p", "trying", *words],
            {ASKED: str(its_asked), TOLD: str(its_told)},
            (its_asked, its_told),
        )
        os.close(its_asked)
        os.close(its_told)
        self._asked = os.fdopen(asked, "w", encoding="utf-8")
        self._told = os.fdopen(told, encoding="utf-8")
        self._told.readline()  # READY, or nothing from one that did not come to it

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _end(self._running)
        self._told.close()
        with suppress(BrokenPipeError):
            self._asked.close()

    def ask(self, tests: list[str], path: str = "", before: str = "") -> Answer:
        """Run tests until one fails; path, before: the module that was changed.

        A pytest that ended before it could be asked did not get through reading what
        it was given: that is a failure too.
        """
        question = {
            "tests": tests,
            "path": path,
            "before": before,
            "seconds": self._seconds,
        }
        with suppress(BrokenPipeError):
            self._asked.write(f"{json.dumps(question)}\n")
            self._asked.flush()
        line = self._told.readline()
        return Answer(**json.loads(line)) if line else Answer(FAILED, "reading it")


def run_all(tree: Path, words: Iterable[str], seen: Path) -> bool:
    """Run tests once, as they are; whether all passed. seen: gets what they ran."""
    running = _start(tree, ["-x", "-p", "running", *words], {RAN: str(seen)}, ())
    try:
        return running.wait() == 0
    finally:
        _end(running)


def _start(
    tree: Path, words: list[str], environment: dict[str, str], pipes: tuple[int, ...]
) -> "subprocess.Popen[bytes]":
    temporary = tree.parent / "temporary"
    temporary.mkdir(exist_ok=True)
    with (tree.parent / "told.txt").open("wb") as told:
        return subprocess.Popen(
            [sys.executable, "-m", "pytest", *QUIETLY.split(), *words],
            cwd=tree,
            env={
                **os.environ,
                "PYTHONPATH": f"{tree}:{TOOLS}",
                "TMPDIR": str(temporary),
                **environment,
            },
            stdin=subprocess.DEVNULL,
            stdout=told,
            stderr=told,
            pass_fds=pipes,
            start_new_session=True,
            preexec_fn=_bound,
        )


def _bound() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _end(running: "subprocess.Popen[bytes]") -> None:
    """End the tests and whatever they started."""
    with suppress(ProcessLookupError):
        os.killpg(running.pid, signal.SIGKILL)
    running.wait()
