"""Told to stop in the middle of a batch, the program finishes it; nothing is lost."""

import signal
import sqlite3
from contextlib import closing
from pathlib import Path
from zoneinfo import ZoneInfo

from click.testing import CliRunner

from bot.clock import WallClock
from server.cli import main
from server.twin.people import Member
from server.twin.serving import running
from server.twin.world import World
from tests.acceptance.programs import (
    KEY,
    NOWHERE,
    SECRETS,
    started,
    until,
    write_config,
)

SLOW, UTC_ZONE = 1.5, ZoneInfo("UTC")
PEOPLE = {"zhaomin": "赵敏", "wangfang": "王芳", "liwei": "李伟"}


def states(folder: Path) -> set[tuple[str, int]]:
    with closing(sqlite3.connect(folder / "branch.db")) as database:
        sql = "SELECT state, count(*) FROM recipient GROUP BY state"
        return set(database.execute(sql).fetchall())


def say(*arguments: str) -> int:
    return CliRunner().invoke(main, arguments).exit_code


def test_a_batch_in_hand_is_finished(tmp_path: Path) -> None:
    world = World(
        "wwaccept",
        1000002,
        SECRETS["secret"],
        SECRETS["token"],
        KEY,
        WallClock(UTC_ZONE).now,
    )
    for userid, name in PEOPLE.items():
        world.add_member(Member(userid, name))
    with running(world):
        config = write_config(tmp_path, api_base=world.api_base, secretary="zhaomin")
        settings = ("--config", str(config))
        world.callback_url = NOWHERE  # without any, WeCom takes no cards (43012)
        assert say("members", "sync", "--add", *settings) == 0
        for text in ("发通知 周三下午三点开会", "立即发", "确认"):
            assert say("ask", "--as", "zhaomin", text, *settings) == 0
        assert states(tmp_path) == {("pending", len(PEOPLE))}
        world.faults.add("message/send", "slow", seconds=SLOW)
        arguments = ("serve", "--only", "delivery", *settings)
        with started(tmp_path / "serve.log", *arguments) as program:
            until(lambda: world.calls["message/send"], "the batch is on its way")
            program.process.send_signal(signal.SIGTERM)
            assert program.process.wait(20) == 0, program.said()
            assert '"stopped"' in program.said()
        assert states(tmp_path) == {("delivered", len(PEOPLE))}
        assert world.calls["message/send"] == 1
        for userid in PEOPLE:
            assert len(world.phone(userid).pushed()) == 1
