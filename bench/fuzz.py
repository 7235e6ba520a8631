"""Feed odd bytes to what strangers can reach, for a while: nothing but BotError comes.

python -m bench.fuzz [--seconds 20]: coverage-guided by atheris where it is installed
(`make fuzz` installs it), else random by Hypothesis, which is said. A finding is
printed, and the exit code is 1.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from importlib.util import find_spec
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

NOW = datetime(2026, 3, 2, 8, tzinfo=ZoneInfo("Asia/Shanghai"))
CORP, TOKEN, KEY = "wwfuzz", "token", "k" * 43
HEAD = f"<xml><ToUserName>{CORP}</ToUserName>"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--target", choices=sorted(TARGETS))
    asked = parser.parse_args()
    guided = find_spec("atheris") is not None
    if asked.target:
        run = _guided if guided else _random
        run(TARGETS[asked.target], asked.seconds)
        return
    how = (
        "coverage-guided (atheris)"
        if guided
        else "random, without coverage: no atheris"
    )
    print(f"fuzzing, {how}, {asked.seconds} s each", flush=True)
    failed = [name for name in TARGETS if not _apart(name, asked.seconds)]
    sys.exit(1 if failed else 0)


def _apart(name: str, seconds: int) -> bool:
    """Run a target in a process of its own: the fuzzer ends its process."""
    command = (sys.executable, "-m", "bench.fuzz", "--target", name)
    with TemporaryDirectory() as folder:
        told = subprocess.run(
            [*command, "--seconds", str(seconds)],
            capture_output=True,
            check=False,
            encoding="utf-8",
            errors="replace",
            env={**os.environ, "TMPDIR": folder},
        )
    fine = told.returncode == 0
    lines = [line for line in told.stderr.splitlines() if line.startswith("Done")]
    said = lines[-1] if lines else told.stdout.strip()
    print(f"| {name:9} | {'ok' if fine else 'FOUND'} | {said} |", flush=True)
    if not fine:
        print(told.stderr[-3000:])
    return fine


def _guided(target: Callable[[bytes], None], seconds: int) -> None:
    import atheris  # where it is installed

    with atheris.instrument_imports(include=["bot"]):
        target(b"")  # loads what it fuzzes
    atheris.Setup(
        [sys.argv[0], f"-max_total_time={seconds}", "-max_len=2048", "-timeout=10"],
        target,
    )
    atheris.Fuzz()


def _random(target: Callable[[bytes], None], seconds: int) -> None:
    """Try what Hypothesis thinks of, without looking at what the code does."""
    end = _seconds() + seconds
    count = 0

    @settings(
        max_examples=500,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.binary(max_size=2048) | st.text(max_size=500).map(_encode))
    def once(data: bytes) -> None:
        target(data)

    while _seconds() < end:
        once()
        count += 500
    print(f"{count} tries")


def _encode(text: str) -> bytes:
    return text.encode(errors="surrogatepass")


def _seconds() -> float:
    from time import monotonic

    return monotonic()


def fuzz_callback(data: bytes) -> None:
    """Try a body from nobody, and the same bytes signed and sealed by WeCom."""
    from bot.channels.wecom.hear import read_message
    from bot.errors import BotError

    seal = _seal()
    query = {"msg_signature": "0" * 40, "timestamp": "1", "nonce": "n"}
    inside = data.decode(errors="replace")
    attempts: tuple[Callable[[], Any], ...] = (
        lambda: seal.open_body(query, data),
        lambda: read_message(inside, CORP),
        lambda: read_message(
            f"<xml><ToUserName>{CORP}</ToUserName>{inside}</xml>", CORP
        ),
    )
    for attempt in attempts:
        try:
            attempt()
        except BotError:
            continue


def fuzz_roster(data: bytes) -> None:
    """Try a CSV below a header that fits, with and without numbers."""
    from bot.errors import BotError
    from bot.roster.read import read_roster

    head = "姓名,账号,所在党支部,入党日期,转正日期,党内职务,手机号\n".encode()
    for phones in (True, False):
        for content in (head + data, data):
            if content.startswith((b"PK", b"\xd0\xcf")):
                continue  # a workbook is read in a process of its own
            try:
                read_roster(content, "fuzz.csv", date(2026, 3, 2), phones=phones)
            except BotError:
                continue


def fuzz_text(data: bytes) -> None:
    """Try to understand what a member writes, and the times in it."""
    from bot.branch.members import Role
    from bot.understanding.when import read_when

    said = data.decode(errors="replace").strip()
    for role in (Role.MEMBER, Role.SECRETARY):
        _understanding().read(said, role)
    read_when(said, NOW)


@cache
def _seal() -> Any:
    from bot.channels.wecom.envelope import Seal

    return Seal(TOKEN, KEY, CORP)


@cache
def _understanding() -> Any:
    from bot.understanding.reading import Understanding
    from server.wiring import build_commands

    return Understanding(build_commands().by_intent.values())


TARGETS: dict[str, Callable[[bytes], None]] = {
    "callback": fuzz_callback,
    "roster": fuzz_roster,
    "text": fuzz_text,
}

if __name__ == "__main__":
    main()
