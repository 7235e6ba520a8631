"""How far a command is, on one line of the terminal; and Ctrl-C, which stops it."""

import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from types import FrameType
from typing import Any, TextIO, TypeVar
from unicodedata import east_asian_width

import click

from bot import progress
from bot.errors import Stopped
from bot.progress import Step

F = TypeVar("F", bound=Callable[..., Any])
STOPPED = "已停下：没有办完的都不算，数据没有改动，也没有留下写了一半的文件。"
ERASE = "\r\x1b[K"


def long_work(command: F) -> F:
    """Make a command show how far it is, and stop at Ctrl-C with nothing half done.

    It stops until the command settles (`progress.settle`); then it is too late.
    """

    @click.option(
        "--quiet", "-q", is_flag=True, help="不显示进度（不在终端里时本来就不显示）"
    )
    @wraps(command)
    def shown(*args: Any, quiet: bool, **more: Any) -> Any:
        with ExitStack() as around:
            hand = around.enter_context(_stopping())
            line = None if quiet or not sys.stderr.isatty() else Line(sys.stderr)
            if line:
                around.callback(line.erase)
            around.enter_context(progress.heard_by(Shown(hand, line)))
            return command(*args, **more)

    return shown  # type: ignore[return-value]


class Line:
    """A terminal's last line, written over as the work goes on."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._written = ""

    def write(self, step: Step) -> None:
        """Write how far it is, where that is news; nothing stands there at the end."""
        if step.is_over:
            self.erase()
            return
        far = (
            f"：{step.percent}%（{step.done}/{step.whole}）" if step.whole > 1 else "…"
        )
        told = f"{step.what}{far}  按 Ctrl-C 停下"
        news = f"{step.what}{step.percent}"
        if news != self._written:
            self._written = news
            self._out.write(ERASE + fit(told, shutil.get_terminal_size().columns - 1))
            self._out.flush()

    def erase(self) -> None:
        if self._written:
            self._written = ""
            self._out.write(ERASE)
            self._out.flush()


class Hand:
    """The hand on Ctrl-C: pressed before the work is settled, it stops it."""

    def __init__(self) -> None:
        self.pressed = False
        self.is_settled = False

    def press(self, _number: int, _frame: FrameType | None) -> None:
        if not (self.pressed or self.is_settled):
            self.pressed = True  # what is tidied away then is not interrupted again
            raise KeyboardInterrupt


class Shown:
    """Who listens for a terminal."""

    def __init__(self, hand: Hand, line: Line | None) -> None:
        self._hand = hand
        self._line = line

    def hear(self, step: Step) -> None:
        self._stop_if_pressed()
        if self._line and not step.is_inner:
            self._line.write(step)

    def settle(self) -> None:
        self._stop_if_pressed()
        self._hand.is_settled = True

    def _stop_if_pressed(self) -> None:
        """Stop where the interrupt was lost, as in what Python cleans up by itself."""
        if self._hand.pressed:
            raise KeyboardInterrupt


def fit(text: str, columns: int) -> str:
    """Cut a line to so many columns: a character of ours takes two."""
    taken = 0
    for place, sign in enumerate(text):
        taken += 2 if east_asian_width(sign) in "WF" else 1
        if taken > columns:
            return text[:place]
    return text


@contextmanager
def _stopping() -> Iterator[Hand]:
    """Take Ctrl-C in hand for a while; raise Stopped where it was pressed."""
    hand = Hand()
    before = signal.signal(signal.SIGINT, hand.press)
    try:
        yield hand
    except (Exception, KeyboardInterrupt):
        if hand.pressed:  # also where a library said something else of it
            raise Stopped(STOPPED) from None
        raise
    finally:
        signal.signal(signal.SIGINT, before)
