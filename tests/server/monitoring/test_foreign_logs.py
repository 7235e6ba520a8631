"""What cannot be logged is dropped and counted; the work it tells of goes on."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from logging import DEBUG, ERROR, getLogger
from pathlib import Path
from typing import TextIO

import pytest
import structlog

from bot.assistant.answering import Assistant
from bot.message import Message
from server.monitoring.foreign_logs import Lines
from server.monitoring.logs import set_up_logs


@contextmanager
def pipe() -> Iterator[tuple[int, TextIO]]:
    """Give a pipe's two ends: the number of one, and a stream into the other."""
    out, into = os.pipe()
    with io.FileIO(out) as reader, os.fdopen(into, "w") as stream:
        yield reader.fileno(), stream


def read_all(number: int) -> str:
    """Read what is in a pipe now."""
    os.set_blocking(number, False)
    parts = []
    while part := _read(number):
        parts.append(part)
    return b"".join(parts).decode()


def _read(number: int) -> bytes:
    try:
        return os.read(number, 65536)
    except BlockingIOError:
        return b""


@contextmanager
def logged_to(stream: TextIO) -> Iterator[None]:
    set_up_logs(level=DEBUG, stream=stream)
    try:
        yield
    finally:
        set_up_logs(level=ERROR)


def test_a_full_disk_costs_lines_only(assistant: Assistant) -> None:
    with Path("/dev/full").open("w") as full, logged_to(full):
        structlog.get_logger().info("answered")
        getLogger("library").warning("anything")
        heard = assistant.answer(Message("wecom", "wangfang", "1", text="打卡"))
    assert heard.intent == "checkin"


def test_dropped_lines_are_counted_and_told_of() -> None:
    with pipe() as (reader, stream):
        lines = Lines(stream)
        lines.write("first\n")
        long = "x" * 9999 + "\n"
        while not lines.dropped:  # nobody reads
            lines.write(long)
        lines.write("lost\n")
        assert lines.dropped == 2
        read_all(reader)
        lines.write("last\n")
        told, last = read_all(reader).splitlines()[-2:]
        assert last == "last"
        event = json.loads(told)
        assert (event["event"], event["count"]) == ("log_lines_dropped", 2)
        assert lines.dropped == 2


def test_a_line_that_was_begun_does_not_spoil_the_next() -> None:
    with pipe() as (reader, stream):
        lines = Lines(stream)
        lines.write("x" * 1_000_000 + "\n")
        begun = read_all(reader)
        assert 0 < len(begun) < 1_000_000
        lines.write("next\n")
        assert read_all(reader).endswith("\nnext\n")


def test_a_reader_that_is_gone() -> None:
    with pipe() as (reader, stream), Path(os.devnull).open() as nothing:
        lines = Lines(stream)
        os.dup2(nothing.fileno(), reader)  # in its place
        lines.write("nobody reads this\n")
        assert lines.dropped == 1


def test_a_closed_stream_and_none() -> None:
    closed = io.StringIO()
    closed.close()
    for stream in (closed, None):
        lines = Lines(stream)
        lines.write("a\n")
        lines.flush()
        assert lines.dropped == 1
        with pytest.raises(OSError, match="no file"):
            lines.fileno()


def test_half_a_character_is_written() -> None:
    with pipe() as (reader, stream):
        Lines(stream).write("半\ud83d\n")
        assert read_all(reader) == "半\\ud83d\n"


class Sullen:
    def __repr__(self) -> str:
        raise RuntimeError


@pytest.mark.parametrize("odd", ["sullen", "round", "key", "deep"])
def test_what_cannot_be_rendered_is_told_in_fewer_words(odd: str) -> None:
    ring: list[object] = []
    ring.append(ring)
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    values = {"sullen": Sullen(), "round": ring, "key": {(1, 2): 3}, "deep": deep}
    stream = io.StringIO()
    with logged_to(stream):
        structlog.get_logger().info("odd", value=values[odd])
    assert json.loads(stream.getvalue())["event"].strip("'") == "odd"
    while deep:
        deep = deep.pop()  # type: ignore[assignment]


TAKES_OVER = """
import os, sys
from server.monitoring.foreign_logs import count_dropped, take_over
lines = take_over()
assert take_over() is lines
assert os.open(os.devnull, os.O_RDONLY) > 2
print("lost", file=sys.stderr)
print("lost")
assert count_dropped() > 0
"""


@pytest.mark.parametrize(
    "how", [">&- 2>&-", ">&- 2>/dev/full", "</dev/null >/dev/full 2>&1"]
)
def test_a_process_without_stderr_goes_on(how: str) -> None:
    done = subprocess.run(
        ["sh", "-c", f'exec "$0" -c "$1" {how}', sys.executable, TAKES_OVER],
        check=False,
        timeout=20,
    )
    assert done.returncode == 0
