"""Every process shape of `serve`: it starts, does its part, and stops in order."""

import json
import os
import signal
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from bot.clock import WallClock
from server.cli import main
from server.twin.people import Member
from server.twin.serving import running
from server.twin.world import World
from tests.acceptance.programs import (
    KEY,
    SECRETS,
    Program,
    free_port,
    run,
    serving,
    started,
    until,
    write_config,
)

CLOCK = WallClock(ZoneInfo("Asia/Shanghai"))  # `serve` lives now
SECRETARY = "zhaomin"


@pytest.fixture
def wecom() -> Iterator[World]:
    world = World(
        "wwaccept", 1000002, SECRETS["secret"], SECRETS["token"], KEY, CLOCK.now
    )
    world.add_member(Member(SECRETARY, "赵敏"))
    with running(world):
        yield world


@pytest.fixture
def config(tmp_path: Path, wecom: World) -> Path:
    config = write_config(tmp_path, api_base=wecom.api_base, secretary=SECRETARY)
    done = CliRunner().invoke(main, ["db", "upgrade", "--config", str(config)])
    assert done.exit_code == 0, done.output
    return config


def test_all_parts_answer_and_stop(config: Path, wecom: World) -> None:
    with serving(config) as program:
        wecom.callback_url = f"{program.url}/wecom/callback"
        assert program.get("/readyz").text == "ready\n"
        assert "已打卡" in wecom.say(SECRETARY, "打卡 读党章").text
        _stops_in_order(program)
        assert [json.loads(line) for line in program.said().splitlines()]


def test_the_web_alone_answers_and_stops(config: Path, wecom: World) -> None:
    with serving(config, "--only", "web") as program:
        wecom.callback_url = f"{program.url}/wecom/callback"
        assert program.get("/readyz").status_code == 200
        assert "帮助" in wecom.say(SECRETARY, "你好").text
        _stops_in_order(program)


def test_delivery_alone_sends_what_another_planned(config: Path, wecom: World) -> None:
    for said in ("发通知 周五开会", "确认"):
        order = ["ask", "--as", SECRETARY, said, "--config", str(config)]
        assert CliRunner().invoke(main, order).exit_code == 0
    wecom.callback_url = "http://127.0.0.1:9/"  # cards with buttons need one
    log = config.with_name("delivery.log")
    with started(log, "serve", "--only", "delivery", "--config", str(config)) as parts:
        until(lambda: wecom.phone(SECRETARY).pushed(0), "the card arrives")
        _stops_in_order(parts)


def test_the_scheduler_alone_strikes(config: Path) -> None:
    """A job that is due every minute, idle or not, is done at the first stroke."""
    text = config.read_text("utf-8")
    config.write_text(f'{text}[schedule]\nburden = "* * * * *"\n', "utf-8")
    log = config.with_name("scheduler.log")
    with started(log, "serve", "--only", "scheduler", "--config", str(config)) as parts:
        until(lambda: '"job": "burden"' in parts.said(), "a job is done")
        _stops_in_order(parts)


def test_a_taken_port_is_one_sentence(config: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        second = run("serve", "--config", str(config), "--port", port)
    assert second.returncode == 1
    assert port in second.stderr
    assert second.stderr.count("\n") == 1


def test_a_killed_worker_comes_back_with_all_its_parts(
    config: Path, wecom: World
) -> None:
    with serving(config) as program:
        wecom.callback_url = f"{program.url}/wecom/callback"
        assert "已打卡" in wecom.say(SECRETARY, "打卡 读党章", msg_id=5).text
        victim = _web_child(program)
        os.kill(victim, signal.SIGKILL)
        until(
            lambda: not Path(f"/proc/{victim}").exists() and program.answers(),
            "another web process answers",
        )
        assert "已打卡" in wecom.say(SECRETARY, "打卡 读党章", msg_id=5).text
        told = [json.loads(line)["event"] for line in program.said().splitlines()]
        assert "Unexpected exit from worker-1" in told
        wecom.say(SECRETARY, "发通知 周五开会")
        wecom.say(SECRETARY, "确认")
        until(lambda: wecom.phone(SECRETARY).pushed(0), "the card arrives")
        _stops_in_order(program)
        assert '"stopped"' in program.said()


def test_a_killed_front_leaves_nobody_behind(config: Path) -> None:
    with serving(config) as program:
        children = _children(program.process.pid)
        program.process.kill()
        until(lambda: not any(map(_lives, children)), "its children end too")
        assert '"stopped"' in program.said()


@pytest.mark.parametrize("only", ["web", "delivery"])
def test_an_old_schema_stops_the_start(config: Path, only: str) -> None:
    with closing(sqlite3.connect(config.with_name("branch.db"))) as connection:
        connection.execute("DELETE FROM alembic_version")
        connection.commit()
    port = ("--port", str(free_port()))
    done = run("serve", "--only", only, "--config", str(config), *port)
    assert done.returncode == 1
    assert "xiangyang db upgrade" in done.stderr
    assert done.stderr.count("\n") == 1


def _stops_in_order(program: Program) -> None:
    """It must end by itself, without a traceback, and leave nobody behind."""
    children = _children(program.process.pid)
    assert program.stop() == 0
    assert "Traceback" not in program.said()
    until(lambda: not any(map(_lives, children)), "its children end too")


def _web_child(program: Program) -> int:
    """Find granian's worker: the spawned child that is not Python's own tracker."""
    workers = [
        pid
        for pid in _children(program.process.pid)
        if b"resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]
    assert len(workers) == 1
    return workers[0]


def _children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def _lives(pid: int) -> bool:
    """Tell whether a process is neither gone nor only waiting to be buried."""
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def test_a_log_that_cannot_be_written_keeps_nothing_from_its_work(
    config: Path, wecom: World
) -> None:
    """The disk is full; the log's reader is gone; it sleeps."""
    for spoil in ("full", "gone", "asleep"):
        with spoilt(spoil) as out, serving(config, out=out) as program:
            wecom.callback_url = f"{program.url}/wecom/callback"
            assert "帮助" in wecom.say(SECRETARY, "你好").text
            seen = wecom.mark()
            wecom.say(SECRETARY, f"发通知 周五开会 {spoil}")
            wecom.say(SECRETARY, "确认")
            until(partial(wecom.phone(SECRETARY).pushed, seen), "the card arrives")
            assert "xiangyang_log_lines_dropped_total 0.0" not in figures(program)
            assert program.stop() == 0


def test_a_start_that_fails_ends_though_nobody_hears_why(config: Path) -> None:
    config.write_text(config.read_text("utf-8") + "[serve]\n", "utf-8")
    with spoilt("full") as out:
        log = config.with_name("start.log")
        with started(log, "serve", "--config", str(config), out=out) as program:
            assert program.process.wait(60) == 1


@contextmanager
def spoilt(how: str) -> Iterator[IO[bytes]]:
    """Open what no line can be written to."""
    if how == "full":
        with Path("/dev/full").open("wb") as full:
            yield full
        return
    out, into = os.pipe()
    with os.fdopen(out, "rb") as reader, os.fdopen(into, "wb") as stream:
        if how == "gone":
            reader.close()
        else:
            os.set_blocking(into, False)
            with suppress(BlockingIOError):
                while True:
                    os.write(into, b"x" * 4096)
            os.set_blocking(into, True)
        yield stream


def figures(program: Program) -> str:
    return program.get("/metrics").text
