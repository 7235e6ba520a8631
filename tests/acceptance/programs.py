"""Real programs as the tests start and stop them: nothing here imports the product."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import IO

import pytest
import requests

XIANGYANG = (sys.executable, "-m", "server")
ROOT = Path(__file__).parents[2]
PATIENCE = 60.0  # a start takes two; beside other work on a small machine, many
STEP = 0.03
KEY = "acceptance0acceptance0acceptance0acceptance"
SECRETS = {"secret": "appsecret", "token": "apptoken", "encoding_aes_key": KEY}
NOWHERE = "http://127.0.0.1:9"


@dataclass
class Program:
    """A process at work, and all that it says."""

    process: "subprocess.Popen[bytes]"
    port: int
    log: Path
    host: str = "127.0.0.1"

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def said(self) -> str:
        return self.log.read_text("utf-8")

    def get(self, path: str) -> requests.Response:
        return requests.get(self.url + path, timeout=5)

    def answers(self) -> bool:
        """Tell whether it listens; fail at once when it has ended."""
        if self.process.poll() is not None:
            pytest.fail(f"it ended with {self.process.returncode}:\n{self.said()}")
        try:
            return self.get("/healthz").status_code == 200
        except requests.RequestException:
            return False

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


@contextmanager
def started(
    log: Path,
    *arguments: str,
    port: int = 0,
    cwd: Path = ROOT,
    host: str = "127.0.0.1",
    out: IO[bytes] | None = None,
) -> Iterator[Program]:
    """Start `xiangyang …`; whatever is left of it at the end is killed.

    out: where it says what it says, instead of the log.
    """
    with log.open("wb") as kept:
        process = subprocess.Popen(
            [*XIANGYANG, *arguments],
            stdout=out or kept,
            stderr=out or kept,
            cwd=cwd,
            start_new_session=True,
        )
    try:
        yield Program(process, port, log, host)
    finally:
        end(process)


@contextmanager
def serving(
    config: Path, *more: str, out: IO[bytes] | None = None
) -> Iterator[Program]:
    """Start `serve` on a free port and wait until its web answers."""
    port = free_port()
    arguments = ("serve", "--config", str(config), "--port", str(port), *more)
    log = config.with_name(f"{port}.log")
    with started(log, *arguments, port=port, out=out) as program:
        until(program.answers, "the web answers")
        yield program


def run(*arguments: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
    """Run `xiangyang …` to its end."""
    return subprocess.run(
        [*XIANGYANG, *arguments],
        capture_output=True,
        check=False,
        cwd=ROOT,
        encoding="utf-8",
        input=stdin,
        timeout=PATIENCE,
    )


def until(happened: Callable[[], object], what: str) -> None:
    """Wait for another process, which no clock of ours moves."""
    deadline = time.monotonic() + PATIENCE
    while not happened():
        if time.monotonic() > deadline:
            pytest.fail(f"not within {PATIENCE:g} s: {what}")
        Event().wait(STEP)


def end(process: "subprocess.Popen[bytes]") -> None:
    """Kill what is left of a process and its children."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait(PATIENCE)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def write_config(
    folder: Path, *, api_base: str = NOWHERE, branch: str = "支部", secretary: str = ""
) -> Path:
    """Write a config.toml that never keeps quiet: tests run at night too."""
    path = folder / "config.toml"
    secrets = "".join(f'{name} = "{value}"\n' for name, value in SECRETS.items())
    secretaries = f'secretaries = ["{secretary}"]\n' if secretary else ""
    path.write_text(
        f'[database]\nurl = "sqlite:///{folder / "branch.db"}"\n'
        f'[branch]\nname = "{branch}"\n{secretaries}'
        f'[quiet]\nfrom = "00:00"\nto = "00:00"\n'
        f'[wecom]\ncorp_id = "wwaccept"\nagent_id = 1000002\n'
        f'api_base = "{api_base}"\n{secrets}',
        "utf-8",
    )
    return path


def need(tool: str, unchecked: str) -> str:
    """Return where a tool is; without it skip, except in CI, and say what is lost."""
    found = shutil.which(tool) or shutil.which(tool, path="/usr/sbin:/sbin")
    if found:
        return found
    reason = f"{unchecked} not checked: {tool} is missing"
    if "XIANGYANG_CI" in os.environ:  # noqa: TID251  # .ci/run installs every tool
        pytest.fail(reason)
    pytest.skip(reason)
