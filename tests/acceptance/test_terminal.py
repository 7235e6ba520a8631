"""A command at a real terminal: how far it is on one line, and Ctrl-C from a keyboard.

The terminal is the child's own, so that the key reaches it as a shell's would.
"""

import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.acceptance.programs import PATIENCE, ROOT, XIANGYANG, end, run, write_config

OWN_TERMINAL = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0);"
    "os.execv(sys.argv[1], sys.argv[1:])"
)
CTRL_C = b"\x03"


@dataclass
class Seat:
    """Somebody at a terminal, in front of a command."""

    process: "subprocess.Popen[bytes]"
    keys: int
    seen: str = ""

    def wait_for(self, what: str) -> None:
        """Read until the terminal shows something. Fails where the command ends."""
        raw = b""
        while what not in raw.decode("utf-8", "ignore"):
            raw += self._read() or pytest.fail(raw.decode("utf-8", "replace"))
        self.seen += raw.decode("utf-8", "ignore")

    def wait_for_end(self) -> int:
        raw = b""
        while some := self._read():
            raw += some
        self.seen += raw.decode("utf-8", "ignore")
        return self.process.wait(PATIENCE)

    def press(self, key: bytes) -> None:
        os.write(self.keys, key)

    def _read(self) -> bytes:
        try:
            return os.read(self.keys, 4096)
        except OSError:  # the command has closed its end
            return b""


@contextmanager
def seated(*arguments: str) -> Iterator[Seat]:
    keys, screen = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", OWN_TERMINAL, *XIANGYANG, *arguments],
        stdin=screen,
        stdout=screen,
        stderr=screen,
        cwd=ROOT,
        start_new_session=True,
    )
    os.close(screen)
    with closing(os.fdopen(keys, "wb", 0)):
        try:
            yield Seat(process, keys)
        finally:
            end(process)


@pytest.fixture
def config(tmp_path: Path) -> str:
    path = str(write_config(tmp_path, branch="智能制造党支部", secretary="zhaomin"))
    assert run("db", "upgrade", "--config", path).returncode == 0
    return path


def test_the_key_stops_a_rehearsal_of_ten_years(config: str) -> None:
    years = ("rehearse", "--from", "2027-01-01", "--days", "3660")
    with seated(*years, "--config", config) as seat:
        seat.wait_for("预演：0%")
        seat.press(CTRL_C)
        assert seat.wait_for_end() == 130
    assert "已停下：没有办完的都不算" in seat.seen
    assert "Traceback" not in seat.seen


def test_what_is_done_leaves_only_its_outcome(config: str, tmp_path: Path) -> None:
    with seated("backup", str(tmp_path / "kept"), "--config", config) as seat:
        assert seat.wait_for_end() == 0
    lines = seat.seen.split("\r\x1b[K")
    assert any(line.startswith("核对备份") for line in lines)
    assert lines[-1].startswith("已备份到")


def test_a_pipe_gets_no_line(config: str, tmp_path: Path) -> None:
    done = run("backup", str(tmp_path / "kept"), "--config", config)
    assert (done.returncode, done.stderr) == (0, "")


def test_setting_up_says_what_it_does_and_why_it_failed(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text("--no-index\none==1\ntwo==2\n", "utf-8")
    setting_up = [sys.executable, str(ROOT / "tools/install.py"), str(lock)]
    done = subprocess.run(
        setting_up, capture_output=True, check=False, encoding="utf-8", cwd=tmp_path
    )
    assert done.returncode == 1
    assert "2 个包" in done.stderr
    assert "没有装成，下面是 pip 说的" in done.stderr
    assert "\r" not in done.stderr
