"""The press: a child that compiles Typst, kept warm while there is work for it.

A child needs half a second for its first page and a fraction of that for the next. It
is asked by one thread at a time, is let go when nothing was asked for a minute, and
after so many jobs: Typst keeps what it has seen, and `serve` its memory.
"""

import atexit
import json
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from threading import Lock, Timer
from typing import Literal

from bot.files.sandbox import ROOT, Crashed, ask_child

PATIENCE = 40.0
IDLE = 60.0
MOST_JOBS = 500

Form = Literal["pdf", "png"]


class NotPrinted(Exception):
    """The child failed, took too long, or said what is wrong: then that is told."""


@dataclass(frozen=True)
class Job:
    """One thing to print.

    root: the folder that a template may read; main: the template in it, or `source`,
    its text. values: JSON, that the template reads. fonts: folders beside our own.
    ppi: pixels an inch, of a picture.
    """

    root: str
    values: str
    form: Form
    main: str = ""
    source: str | None = None
    fonts: tuple[str, ...] = ()
    ppi: float = 72


class Press:
    """One child at a time; a new one is begun where there is none."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._of = 0
        self._jobs = 0
        self._rest: Timer | None = None

    def print(self, job: Job) -> bytes:
        """Print a job. Raises NotPrinted."""
        with self._lock:
            child = self._take_child()
            watch = Timer(PATIENCE, child.kill)
            watch.daemon = True
            watch.start()
            try:
                return _ask(child, job)
            except (OSError, ValueError) as error:
                self._end()
                raise NotPrinted("") from error
            finally:
                watch.cancel()
                self._rest_later()

    def close(self) -> None:
        with self._lock:
            self._end()

    def _take_child(self) -> subprocess.Popen[bytes]:
        if self._rest:
            self._rest.cancel()
        if self._of != os.getpid():  # a copy of the process that had it
            self._child = None
        if self._jobs >= MOST_JOBS or (self._child and self._child.poll() is not None):
            self._end()
        if self._child is None:
            self._child = subprocess.Popen(
                [sys.executable, "-m", "bot.files.print.child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=ROOT,
            )
            self._of, self._jobs = os.getpid(), 0
        self._jobs += 1
        return self._child

    def _rest_later(self) -> None:
        self._rest = Timer(IDLE, self.close)
        self._rest.daemon = True
        self._rest.start()

    def _end(self) -> None:
        if self._child is None or self._of != os.getpid():
            return
        child, self._child = self._child, None
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe:
                with suppress(OSError):
                    pipe.close()


def _ask(child: subprocess.Popen[bytes], job: Job) -> bytes:
    """Give a child a job. Raises OSError or ValueError where it answers nothing."""
    assert child.stdin
    assert child.stdout
    child.stdin.write(json.dumps(asdict(job), ensure_ascii=False).encode() + b"\n")
    child.stdin.flush()
    told = json.loads(child.stdout.readline())
    if told["why"]:
        raise NotPrinted(told["why"])
    printed = child.stdout.read(told["length"])
    if len(printed) < told["length"]:
        raise ValueError("cut short")
    return printed


PRESS = Press()
"""Of this process."""
atexit.register(PRESS.close)


def print_alone(job: Job) -> bytes:
    """Print what somebody else wrote the template of: in a child of its own.

    It reaches no network and writes no file; that it reads none but those beside its
    root is Typst's rule. Raises NotPrinted.
    """
    content = json.dumps(asdict(job), ensure_ascii=False).encode() + b"\n"
    try:
        told = ask_child("bot.files.print.alone", "job", content, PATIENCE)
        head, _, printed = told.partition(b"\n")
        why = json.loads(head)["why"]
    except (Crashed, ValueError) as error:
        raise NotPrinted("") from error
    if why:
        raise NotPrinted(why)
    return printed
