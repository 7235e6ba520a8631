"""Feed odd bytes to what strangers can reach, for a while: nothing but BotError comes.

python -m bench.fuzz [--seconds 20]: coverage-guided by atheris where it is installed
(`make bench` and `make fuzz` try to), else random by Hypothesis, which is said. Both
start from input that is right, cut up and put together anew. `time` looks for messages
that take long (bench/heavy.py). A finding is printed, and the exit code is 1.
"""

import argparse
import os
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

NOW = datetime(2026, 3, 2, 8, tzinfo=ZoneInfo("Asia/Shanghai"))
CORP, TOKEN, KEY = "wwfuzz", "token", "k" * 43
SENT = f"<ToUserName>{CORP}</ToUserName><FromUserName>w</FromUserName>"
SAID = "<MsgType>text</MsgType><Content><![CDATA[打卡]]></Content><MsgId>1</MsgId>"
EVENT = "<MsgType>event</MsgType><CreateTime>1</CreateTime><Event>%s</Event>"
PRESSED = """<EventKey>k</EventKey><TaskId>t</TaskId><ResponseCode>c</ResponseCode>
<SelectedItems><SelectedItem><QuestionKey>q</QuestionKey>
<OptionIds><OptionId>1</OptionId></OptionIds></SelectedItem></SelectedItems>"""
HEAD = "姓名,账号,所在党支部,党小组,入党日期,转正日期,人员类别,党内职务,手机号,备注\n"
ROWS = """王芳,wangfang,机电,一组,2012-07-01,2013-07-01,正式党员,书记,13900000000,
李伟,liwei,,,2012.7,,预备党员,,+86 139 0000 0001,转出 2026-1-1
合计,,,,#REF!,45000,发展对象,组织委员,,"""
PHRASES = Path(__file__).parents[1] / "tests/understanding/labelled.tsv"
TIME = "time"
KEPT = 300  # of the phrases


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--target", choices=sorted({*TARGETS, TIME}))
    asked = parser.parse_args()
    if asked.target == TIME:
        sys.exit(_hunt(asked.seconds))
    guided = find_spec("atheris") is not None
    if asked.target:
        run = _guided if guided else _random
        run(TARGETS[asked.target], SEEDS[asked.target](), asked.seconds)
        return
    how = (
        "coverage-guided (atheris)"
        if guided
        else "random, without coverage: no atheris"
    )
    print(f"fuzzing, {how}, {asked.seconds} s each", flush=True)
    failed = [name for name in (*TARGETS, TIME) if not _apart(name, asked.seconds)]
    sys.exit(1 if failed else 0)


def _hunt(seconds: int) -> int:
    import logging

    from bench.heavy import hunt
    from server.monitoring.logs import set_up_logs

    set_up_logs(level=logging.CRITICAL)
    with TemporaryDirectory() as folder:
        return min(1, hunt(Path(folder), NOW, seconds, seed=seconds))


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


def _guided(
    target: Callable[[bytes], None], seeds: Sequence[bytes], seconds: int
) -> None:
    import atheris  # where it is installed

    with atheris.instrument_imports(include=["bot"]):
        target(b"")  # loads what it fuzzes
    with TemporaryDirectory() as folder:
        for number, seed in enumerate(seeds):
            Path(folder, str(number)).write_bytes(seed)
        options = (f"-max_total_time={seconds}", "-max_len=2048", "-timeout=10")
        atheris.Setup([sys.argv[0], *options, folder], target)
        atheris.Fuzz()


def _random(
    target: Callable[[bytes], None], seeds: Sequence[bytes], seconds: int
) -> None:
    """Try what Hypothesis thinks of, without looking at what the code does."""
    end = _seconds() + seconds
    count = 0
    pieces = st.sampled_from(seeds) | st.text(max_size=50).map(_encode)

    @settings(
        max_examples=500,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.binary(max_size=2048) | st.lists(pieces, max_size=8).map(b"".join))
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
    from bot.channels.envelope import Sealed
    from bot.channels.wecom.hear import read_message
    from bot.errors import BotError

    seal = _seal()
    query = {"msg_signature": "0" * 40, "timestamp": "1", "nonce": "n"}
    inside = data.decode(errors="replace")
    cipher = b64encode(_wecom().encrypt(data + bytes(-len(data) % 32))).decode()
    signature = _twin().sign("1", "n", cipher)
    signed = Sealed(signature, "1", "n", cipher)
    attempts: tuple[Callable[[], Any], ...] = (
        lambda: seal.open_body(query, data),
        lambda: seal.open(signed),
        lambda: read_message(inside, CORP),
        lambda: read_message(f"<xml>{SENT}{inside}</xml>", CORP),
    )
    for attempt in attempts:
        try:
            attempt()
        except BotError:
            continue


def fuzz_roster(data: bytes) -> None:
    """Try a CSV below a header that fits, with and without numbers."""
    from bot.errors import BotError
    from bot.files.roster.read import read_roster

    for phones in (True, False):
        for content in (HEAD.encode() + data, data):
            if content.startswith((b"PK", b"\xd0\xcf")):
                continue  # a workbook is read in a process of its own
            try:
                read_roster(content, "fuzz.csv", date(2026, 3, 2), phones=phones)
            except BotError:
                continue


def fuzz_text(data: bytes) -> None:
    """Try to understand what a member writes, and the times in it."""
    from bot.branch.people.members import Role
    from bot.understanding.when import read_when

    said = data.decode(errors="replace").strip()
    for role in (Role.MEMBER, Role.SECRETARY):
        _understanding().read(said, role)
    read_when(said, NOW)


def seeds_of_callbacks() -> list[bytes]:
    """Give messages as WeCom writes them, and what is inside a seal."""
    insides = [SAID, EVENT % "template_card_event" + PRESSED, EVENT % "click" + PRESSED]
    messages = [f"<xml>{SENT}{inside}</xml>" for inside in insides]
    framed = b"r" * 16 + len(SAID.encode()).to_bytes(4) + SAID.encode() + CORP.encode()
    size = 32 - len(framed) % 32
    return [*map(_encode, insides + messages), framed + bytes([size]) * size]


def seeds_of_rosters() -> list[bytes]:
    tables = [ROWS, HEAD + ROWS, *ROWS.splitlines()]
    return [table.encode(code) for table in tables for code in ("utf-8", "gb18030")]


def seeds_of_text() -> list[bytes]:
    """Take some of the phrases that the understanding is measured by."""
    lines = PHRASES.read_text("utf-8").splitlines()[1:]
    return [line.split("\t")[3].encode() for line in Random(1).sample(lines, KEPT)]


@cache
def _seal() -> Any:
    from bot.channels.envelope import Seal

    return Seal(TOKEN, KEY, CORP)


@cache
def _twin() -> Any:
    from server.twin.crypto import Seal

    return Seal.of(TOKEN, KEY, CORP)


@cache
def _wecom() -> Any:
    from wechatpy.crypto import WeChatCipher

    return WeChatCipher(b64decode(KEY + "="))


def _understanding() -> Any:
    from server.setup.wiring import learn

    return learn()[1]


TARGETS: dict[str, Callable[[bytes], None]] = {
    "callback": fuzz_callback,
    "roster": fuzz_roster,
    "text": fuzz_text,
}
SEEDS: dict[str, Callable[[], list[bytes]]] = {
    "callback": seeds_of_callbacks,
    "roster": seeds_of_rosters,
    "text": seeds_of_text,
}

if __name__ == "__main__":
    main()
