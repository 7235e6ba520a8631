"""What /readyz and /metrics say of the robot's line."""

from datetime import timedelta

from bot.assistant.answering import Assistant
from bot.channels.aibot import lease
from bot.channels.aibot.lease import AiBotLine, State
from server.line.keeper import Keeper
from server.monitoring import metrics
from server.twin.robot import Robot
from server.web.app import create_app
from tests.fakes.clock import FakeClock


def ready(assistant: Assistant) -> str:
    told = create_app(assistant).test_client().get("/readyz")
    return told.text.strip()


def test_without_a_holder(assistant: Assistant) -> None:
    assert ready(assistant) == "aibot: no process holds the line"


def test_open_and_heard(keeper: Keeper, robot: Robot, assistant: Assistant) -> None:
    robot.say("wangfang", "打卡")
    robot.chats.wait_for(lambda: heard(assistant))
    assert ready(assistant) == "ready"
    with assistant.storage.read() as session:
        told = metrics.write(session, assistant.clock.now())
    assert "xiangyang_aibot_unproven_seconds" in told
    assert "xiangyang_aibot_last_heard_timestamp_seconds" in told


def test_heartbeats_alone_prove_nothing(assistant: Assistant, clock: FakeClock) -> None:
    """The line is open and its holder counts; for an hour nothing came in."""
    began = clock.now()
    with assistant.storage.write() as session:
        lease.take(session, lease.look(session, began), "one", began)
        clock.wait(hours=1)
        state = State(up_since=began, heard_at=began, proven_at=began)
        lease.count_up(session, "one", state, clock.now())
    assert "nothing proves that anything comes in" in ready(assistant)


def test_down_says_why_and_when_it_last_heard(
    assistant: Assistant, clock: FakeClock
) -> None:
    now = clock.now()
    with assistant.storage.write() as session:
        lease.take(session, lease.look(session, now), "one", now)
        state = State(heard_at=now - timedelta(hours=2), fault="断了")
        lease.count_up(session, "one", state, now)
    told = ready(assistant)
    assert "the line is down (断了)" in told
    assert "last message at 22:00" in told


def test_silent_holder(assistant: Assistant, clock: FakeClock) -> None:
    now = clock.now()
    with assistant.storage.write() as session:
        lease.take(session, lease.look(session, now), "one", now)
    clock.wait(minutes=1)
    assert "is silent since" in ready(assistant)


def heard(assistant: Assistant) -> bool:
    with assistant.storage.read() as session:
        line: AiBotLine | None = lease.find(session)
        return line is not None and line.heard_at is not None
