"""`serve` with nothing but a robot's id and secret is a working assistant."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.clock import WallClock
from server.twin.robot import Robot, running_robot
from server.twin.robot_chat import Said
from tests.acceptance.programs import (
    PATIENCE,
    Program,
    end,
    run,
    serving,
    started,
    until,
)
from tests.fakes.model import Model, answering

ROSTER = (
    "姓名,企业微信账号,类别,入党日期,职务\n"
    "赵敏,zhaomin,正式党员,2005-07-01,书记\n"
    "王芳,wangfang,正式党员,2012-03-02,\n"
)


@pytest.fixture
def robot() -> Iterator[Robot]:
    clock = WallClock(ZoneInfo("Asia/Shanghai"))
    with running_robot(Robot("bot-1", "secret-1", clock.now)) as robot:
        yield robot


@pytest.fixture
def config(tmp_path: Path, robot: Robot) -> Path:
    """The shortest settings there are, and where the twin is."""
    path = tmp_path / "config.toml"
    path.write_text(
        f'[database]\nurl = "sqlite:///{tmp_path / "branch.db"}"\n'
        '[branch]\nname = "支部"\nsecretaries = ["zhaomin"]\n'
        '[quiet]\nfrom = "00:00"\nto = "00:00"\n'
        '[aibot]\nbot_id = "bot-1"\nsecret = "secret-1"\n'
        f'url = "{robot.line.url}"\n',
        encoding="utf-8",
    )
    roster = tmp_path / "roster.csv"
    roster.write_text(ROSTER, encoding="utf-8")
    done = run("members", "import", str(roster), "--config", str(path))
    assert done.returncode == 0, done.stderr
    return path


def test_check_finds_nothing_wrong(config: Path) -> None:
    told = run("check", "--config", str(config), "--online")
    assert (told.returncode, told.stdout.strip()) == (0, "设置没有问题。"), told.stderr


def test_check_names_a_wrong_secret(config: Path, robot: Robot) -> None:
    robot.line.secret = "another"
    told = run("check", "--config", str(config), "--online")
    assert told.returncode == 1
    assert "bot_id 或 secret 不对" in told.stderr


def test_a_day_with_it(config: Path, robot: Robot) -> None:
    """A check-in, a notice to who has greeted it, and the receipt on a card."""
    with serving(config) as program:
        until(lambda: robot.line.is_up, "the line is up")
        assert "已打卡" in robot.say("wangfang", "打卡", wait=PATIENCE).text
        until(lambda: program.get("/readyz").status_code == 200, "it is ready")
        robot.say("zhaomin", "发通知 给所有人：明天下午三点开会", wait=PATIENCE)
        robot.say("zhaomin", "确认", wait=PATIENCE)
        card: Said = robot.chats.wait_for(lambda: card_of(robot, "wangfang"), PATIENCE)
        assert card.card
        robot.press("wangfang", str(card.card["button_list"][0]["key"]))
        robot.chats.wait_for(lambda: buttons_of(robot, "wangfang") == 1, PATIENCE)
        told = robot.say("zhaomin", "谁还没回复", wait=PATIENCE).text
        assert "王芳" not in told
        said = run("check", "--config", str(config), "--online")
        assert "serve 正拿着这个机器人的长连接" in said.stdout
        assert robot.line.subscribed == 1
        assert program.stop() == 0


def test_killed_and_started_again(config: Path, robot: Robot) -> None:
    with serving(config) as program:
        until(lambda: robot.line.is_up, "the line is up")
        robot.say("wangfang", "打卡", wait=PATIENCE)
        end(program.process)
    robot.line.faults.redelivers = "all"
    waiting = robot.tell("wangfang", "我的打卡")
    with serving(config):
        assert "连续 1 天" in robot.await_answer(waiting, PATIENCE).text
    told = [each for each in robot.chats.of("wangfang") if each.answers]
    assert len(told) == 2


def test_killed_between_begin_and_end_of_a_bubble(config: Path, robot: Robot) -> None:
    """The passage is shown and not yet in better words: the next process ends it."""
    with answering(Model()) as model:
        told = "".join(
            f'{key} = "{value}"\n' for key, value in model.settings().items()
        )
        with config.open("a", encoding="utf-8") as more:
            more.write(f"[rephrase]\n{told}timeout = 3\n")
        model.go.clear()
        with serving(config) as program:
            request = robot.tell("wangfang", "支部大会多久开一次")
            robot.chats.wait_for(lambda: streams_of(robot, "wangfang"), PATIENCE)
            end(program.process)
        (begun,) = streams_of(robot, "wangfang")
        assert not begun.is_finished
        model.go.set()
        with serving(config):
            assert robot.await_answer(request, PATIENCE) is begun
        assert len(streams_of(robot, "wangfang")) == 1


def test_of_two_one_has_the_line_and_the_other_follows(
    config: Path, robot: Robot
) -> None:
    with serving(config) as first, serving(config) as second:
        until(lambda: robot.line.is_up, "the line is up")
        robot.say("wangfang", "打卡", wait=PATIENCE)
        assert robot.line.subscribed == 1
        holder = first if is_holder(first) else second
        end(holder.process)
        robot.chats.wait_for(lambda: robot.line.subscribed == 2, PATIENCE)
        assert "连续 1 天" in robot.say("wangfang", "我的打卡", wait=PATIENCE).text


def test_letters_go_out_where_the_line_is(config: Path, robot: Robot) -> None:
    """Another process chooses by which way a notice goes, and hands it over."""
    others = ("--only", "delivery", "--only", "scheduler")
    with serving(config, "--only", "web"), started_apart(config, *others):
        until(lambda: robot.line.is_up, "the line is up")
        robot.say("wangfang", "打卡", wait=PATIENCE)
        robot.say("zhaomin", "发通知 给王芳：周五开会", wait=PATIENCE)
        robot.say("zhaomin", "确认", wait=PATIENCE)
        robot.chats.wait_for(lambda: card_of(robot, "wangfang"), PATIENCE)


@contextmanager
def started_apart(config: Path, *more: str) -> Iterator[Program]:
    log = config.with_name("apart.log")
    with started(log, "serve", "--config", str(config), *more) as program:
        yield program


def is_holder(program: Program) -> bool:
    return "line_up" in program.said()


def streams_of(robot: Robot, chat: str) -> list[Said]:
    return [each for each in robot.chats.of(chat) if each.kind == "stream"]


def card_of(robot: Robot, chat: str) -> Said | None:
    return next((each for each in robot.chats.of(chat) if each.card), None)


def buttons_of(robot: Robot, chat: str) -> int:
    card = card_of(robot, chat)
    return len(card.card["button_list"]) if card and card.card else 0
