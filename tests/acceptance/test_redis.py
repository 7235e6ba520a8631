"""Two deliverers on one Redis and one database: one is killed, each copy comes once."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from redis import Redis

from bot.clock import WallClock
from server.cli import main
from server.twin.people import Member
from server.twin.serving import running
from server.twin.world import World
from tests.acceptance.programs import (
    KEY,
    SECRETS,
    end,
    serving,
    started,
    until,
    write_config,
)
from tests.databases import reach_queue

CLOCK = WallClock(ZoneInfo("Asia/Shanghai"))  # `serve` lives now
SECRETARY = "zhaomin"
PEOPLE = (SECRETARY, *(f"u{number}" for number in range(40)))
CALLED = "一起去植树"


@pytest.fixture
def queue() -> str:
    return reach_queue()


@pytest.fixture
def wecom() -> Iterator[World]:
    secrets = (SECRETS["secret"], SECRETS["token"], KEY)
    world = World("wwaccept", 1000002, *secrets, CLOCK.now)
    for userid in PEOPLE:
        world.add_member(Member(userid, userid))
    with running(world):
        yield world


@pytest.fixture
def config(tmp_path: Path, wecom: World, queue: str) -> Path:
    """The settings of a branch of everybody whose queue is on Redis."""
    config = write_config(tmp_path, api_base=wecom.api_base, secretary=SECRETARY)
    text = config.read_text("utf-8")
    config.write_text(f'{text}[engine]\nurl = "{queue}"\n', "utf-8")
    rows = "".join(f"王小芳,{each},正式党员\n" for each in PEOPLE[1:])
    roster = tmp_path / "roster.csv"
    roster.write_text(f"姓名,账号,人员类别\n{rows}", "utf-8")
    for order in (["db", "upgrade"], ["members", "import", str(roster)]):
        done = CliRunner().invoke(main, [*order, "--config", str(config)])
        assert done.exit_code == 0, done.output
    return config


def test_two_deliverers_and_one_is_killed(
    config: Path, wecom: World, queue: str
) -> None:
    order = ("serve", "--only", "delivery", "--config", str(config))
    with (
        started(config.with_name("first.log"), *order) as first,
        started(config.with_name("second.log"), *order) as second,
        serving(config, "--only", "web") as web,
    ):
        wecom.callback_url = f"{web.url}/wecom/callback"
        publish(wecom, CALLED)
        until(lambda: copies(wecom), "the first copies arrive")
        end(first.process)
        publish(wecom, f"再次{CALLED}")
        until(lambda: len(copies(wecom)) == 2 * len(PEOPLE), "all copies arrive")
        with Redis.from_url(queue) as redis:
            until(lambda: not redis.keys("*"), "the queue is worked off")
        assert (web.stop(), second.stop()) == (0, 0)
        assert "queue_out_of_order" not in web.said() + second.said()
    assert set(copies(wecom).values()) == {1}


def publish(wecom: World, text: str) -> None:
    wecom.say(SECRETARY, f"发通知 {text}")
    assert "正在发" in wecom.say(SECRETARY, "确认").text


def copies(wecom: World) -> Counter[tuple[str, str]]:
    """Count the cards on everybody's phone."""
    return Counter(
        (userid, str((bubble.card["main_title"], bubble.card.get("sub_title_text"))))
        for userid in PEOPLE
        for bubble in wecom.phone(userid).pushed()
        if bubble.card
    )
