"""Log lines: of other people's records too one JSON line each; and where they go.

A log that cannot be written (its reader gone, or asleep; the disk full) costs lines,
which are counted, and never the work that they tell of. Loads next to nothing, for the
process in front of the web.
"""

import json
import logging
import os
import select
import sys
from datetime import UTC, datetime
from io import TextIOBase
from threading import Lock
from typing import TextIO

ADVICE = "Configuration allows spawning up to"  # of granian's: our threads wait, mostly


AT_ONCE = select.PIPE_BUF  # what a pipe that is ready takes without waiting
WAITS = 0.05  # seconds for a reader that is behind


class Lines(TextIOBase):
    """Writes lines to a stream, or drops and counts them. Never raises, nor waits long.

    When it can write again it says how many were lost.
    """

    def __init__(self, stream: TextIO | None) -> None:
        self.dropped = 0
        self._untold, self._is_torn = 0, False
        self._lock = Lock()
        self._number, self._stream = _number_of(stream), stream

    def write(self, text: str) -> int:
        with self._lock:
            if self._untold and self._put(_tell_dropped(self._untold)):
                self._untold = 0
            if self._untold or not self._put(text):
                self.dropped += 1
                self._untold += 1
        return len(text)

    def flush(self) -> None:
        """Do nothing: what was written is out."""

    def fileno(self) -> int:
        if self._number is None:
            raise OSError("no file")
        return self._number

    def _put(self, text: str) -> bool:
        """Tell whether it was written, whole."""
        try:
            if self._number is None:
                return self._put_into_stream(text)
            rest = ("\n" * self._is_torn + text).encode(errors="backslashreplace")
            while rest and self._is_ready(self._number):
                rest = rest[os.write(self._number, rest[:AT_ONCE]) :]
                self._is_torn = bool(rest)
        except (OSError, ValueError):  # ValueError: the stream was closed
            return False
        return not rest

    def _put_into_stream(self, text: str) -> bool:
        if self._stream is None:
            return False
        self._stream.write(text)
        self._stream.flush()
        return True

    def _is_ready(self, number: int) -> bool:
        """Wait for a reader that was not behind before; a file is always ready."""
        ready = select.poll()
        ready.register(number, select.POLLOUT)
        waits = 0 if self._untold else WAITS
        return any(event & select.POLLOUT for _, event in ready.poll(waits * 1000))


def take_over() -> Lines:
    """Have all that this process says on stderr go through lines that never fail.

    Even a process that was started without stderr: the next file that it opens must not
    get its number.
    """
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(number)
    if isinstance(sys.stderr, Lines):
        return sys.stderr
    lines = Lines(sys.stderr)
    sys.stderr = sys.stdout = lines
    return lines


def _number_of(stream: TextIO | None) -> int | None:
    """Return the number of a stream's file, if it is one."""
    try:
        return stream.fileno() if stream else None
    except (OSError, ValueError):
        return None


def _tell_dropped(count: int) -> str:
    at = datetime.now(UTC).isoformat().replace("+00:00", "Z")  # noqa: TID251
    line = {"event": "log_lines_dropped", "count": count, "level": "warning"}
    return json.dumps({**line, "timestamp": at}) + "\n"


class Line(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """Write {"event", "logger", "level", "timestamp"}, with a traceback if any."""
        at = datetime.fromtimestamp(record.created, UTC)
        line = {
            "event": record.getMessage(),
            "logger": record.name,
            "level": record.levelname.lower(),
            "timestamp": at.isoformat().replace("+00:00", "Z"),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def is_news(record: logging.LogRecord) -> bool:
    """Tell whether an operator can do anything about it."""
    return not record.getMessage().startswith(ADVICE)


def count_dropped() -> int:
    """Count the lines that this process could not write."""
    return sys.stderr.dropped if isinstance(sys.stderr, Lines) else 0


def _to_stderr() -> logging.Handler:
    return logging.StreamHandler(take_over())


def for_granian() -> dict[str, object]:
    """Configure the loggers of the web server (granian's `log_dictconfig`)."""
    handler = {
        "()": _to_stderr,
        "formatter": "line",
        "filters": [is_news],
    }
    return {
        "formatters": {"line": {"()": Line}},
        "handlers": {"stderr": handler},
        "loggers": {"_granian": {"handlers": ["stderr"], "propagate": False}},
    }
