"""Two machines, one database: a cable is pulled for a while, and nothing is lost.

One has web and clock, the other the delivery; each has a network namespace and a folder
of its own. The machine that is cut off hears of it from nobody.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import requests

from bot.branch.people.members import ensure_root, find
from bot.branch.reminders import reminders
from bot.branch.reminders.draft import ReminderDraft
from bot.clock import WallClock
from bot.storage.database import Storage
from server.twin.people import Member
from server.twin.serving import running
from server.twin.world import World
from tests.acceptance.cluster import running_cluster
from tests.acceptance.network import HUB, NETWORK, Machine, inside, two_machines
from tests.acceptance.programs import (
    KEY,
    PATIENCE,
    SECRETS,
    Program,
    free_port,
    run,
    started,
    until,
    write_config,
)

CLOCK = WallClock(ZoneInfo("Asia/Shanghai"))
SECRETARY = "zhaomin"
PEOPLE = (SECRETARY, *(f"u{number}" for number in range(20)))
REMINDED = "带上笔记"
SLOW = 0.3  # a call to WeCom, so that a cut falls into the midst of them


@dataclass
class Place:
    """A machine, its settings, and what runs on it."""

    machine: Machine
    config: Path
    program: Program

    def ready(self) -> requests.Response:
        """Ask, as a proxy on the same machine does, whether it can work."""
        with inside(self.machine.name):
            return requests.get(f"{self.program.url}/readyz", timeout=PATIENCE)

    def verify(self) -> str:
        with inside(self.machine.name):
            told = run("verify", "--config", str(self.config))
        return told.stdout + told.stderr


@dataclass
class Stage:
    world: World
    one: Place
    two: Place
    said: int = 0

    def say(self, userid: str, text: str) -> str:
        """Say it, as the same message again and again, until it is answered."""
        self.said += 1
        number = 7_400_000_000_000_000_000 + self.said
        heard: list[str] = []

        def answered() -> bool:
            answer = self.world.say(userid, text, msg_id=number)
            heard.append(answer.text)
            return answer.ok and bool(answer.text) and "没有记下" not in answer.text

        until(answered, f"an answer to {text}")
        return heard[-1]

    def publish(self, text: str) -> None:
        self.say(SECRETARY, f"发通知 {text}")
        assert "正在发" in self.say(SECRETARY, "确认")

    def copies(self, word: str) -> int:
        return sum(count for (_, text), count in self.shown().items() if word in text)

    def shown(self) -> Counter[tuple[str, str]]:
        return Counter(
            (userid, bubble.text or str((bubble.card or {}).get("main_title")))
            for userid in PEOPLE
            for bubble in self.world.phone(userid).pushed()
        )


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    secrets = (SECRETS["secret"], SECRETS["token"], KEY)
    world = World("wwaccept", 1000002, *secrets, CLOCK.now)
    for userid in PEOPLE:
        world.add_member(Member(userid, userid))
    with (
        two_machines() as machines,
        running_cluster(HUB, NETWORK) as cluster,
        running(world, host=HUB),
        ExitStack() as stack,
    ):
        folders = [tmp_path / each.name for each in machines]
        configs = [write_settings(each, world, cluster.url) for each in folders]
        settle_in(configs[0], cluster.url)
        parts = (("web", "scheduler"), ("delivery",))
        one, two = (
            stack.enter_context(working(machine, config, only))
            for machine, config, only in zip(machines, configs, parts, strict=True)
        )
        until(one.program.answers, "the web answers")
        world.callback_url = f"{one.program.url}/wecom/callback"
        yield Stage(world, one, two)


def write_settings(folder: Path, world: World, database: str) -> Path:
    folder.mkdir()
    path = write_config(folder, api_base=world.api_base, secretary=SECRETARY)
    text = path.read_text("utf-8")
    line = next(each for each in text.splitlines() if each.startswith("url = "))
    path.write_text(text.replace(line, f'url = "{database}"'), "utf-8")
    return path


def settle_in(config: Path, database: str) -> None:
    """Make the tables, import everybody, and let each have a reminder soon."""
    roster = config.with_name("roster.csv")
    rows = "".join(f"王小芳,{each},正式党员\n" for each in PEOPLE[1:])
    roster.write_text(f"姓名,账号,人员类别\n{rows}", "utf-8")
    for order in (("db", "upgrade"), ("members", "import", str(roster))):
        done = run(*order, "--config", str(config))
        assert done.returncode == 0, done.stderr
    now = CLOCK.now()
    with closing(Storage(database)) as storage, storage.write() as session:
        branch = ensure_root(session, "支部")
        for userid in PEOPLE[1:]:
            member = find(session, userid)
            assert member is not None
            wish = ReminderDraft(REMINDED, once_at=now + timedelta(seconds=5))
            reminders.keep(session, member, branch, wish, now)


@contextmanager
def working(machine: Machine, config: Path, only: tuple[str, ...]) -> Iterator[Place]:
    port = free_port()
    words = ["serve", "--config", str(config), "--port", str(port)]
    words += ["--host", machine.address]
    for part in only:
        words += ["--only", part]
    log, host = config.with_name("log"), machine.address
    with ExitStack() as stack:
        with inside(machine.name):
            program = stack.enter_context(started(log, *words, port=port, host=host))
        yield Place(machine, config, program)


def test_a_cable_is_pulled_here_and_there(stage: Stage) -> None:
    world, one, two = stage.world, stage.one, stage.two
    world.faults.add("message/send", "slow", times=None, seconds=SLOW)
    until(lambda: stage.copies(REMINDED), "the first copies arrive")
    two.machine.cut()
    for userid in PEOPLE:
        assert "已打卡" in stage.say(userid, "打卡 读党章")
    stage.publish("一起去植树")
    assert stage.copies(REMINDED) < len(PEOPLE) - 1, "they wait for the cable"
    assert stage.copies("植树") == 0
    two.machine.plug()
    until(lambda: stage.copies(REMINDED) == len(PEOPLE) - 1, "all reminders arrive")
    until(lambda: stage.copies("植树") == len(PEOPLE), "the notice arrives")

    stage.publish("一起去看展览")
    one.machine.cut()
    assert not world.say(SECRETARY, "改打卡 读党史", msg_id=1).ok
    told = one.ready()
    assert (told.status_code, told.text.strip()) == (503, "not ready")
    until(lambda: stage.copies("展览") == len(PEOPLE), "the other machine goes on")
    one.machine.plug()
    assert "读党史" in stage.say(SECRETARY, "改打卡 读党史")

    assert (one.program.stop(), two.program.stop()) == (0, 0)
    assert "没有问题" in one.verify()
    assert set(stage.shown().values()) == {1}
