"""A passage is shown at once; in better words it takes the place of the first."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.assistant.answering import Assistant
from bot.assistant.rephrasing import Rephrasing
from bot.channels.aibot.connection import Patience
from bot.channels.rephrase import Rephraser
from bot.config.settings import Rephrase
from server.twin.robot import Robot
from server.twin.robot_chat import Said
from tests.fakes.model import Model, answering
from tests.server.line.conftest import QUICK, MakeKeeper

QUESTION = "支部大会多久开一次"
OTHER = "咱支部党员大会一般每季度开1次。"


@pytest.fixture
def model() -> Iterator[Model]:
    with answering(Model()) as model:
        yield model


@pytest.fixture
def rephrased(
    assistant: Assistant, make_keeper: MakeKeeper, model: Model, robot: Robot
) -> Assistant:
    settings = Rephrase.model_validate(model.settings(timeout=3))
    asking = Rephrasing(Rephraser(settings), assistant.storage)
    one = replace(assistant, rephrasing=asking)
    make_keeper(one)
    robot.chats.wait_for(lambda: robot.line.is_up)
    return one


def test_the_passage_first_and_then_in_other_words(
    rephrased: Assistant, robot: Robot, model: Model
) -> None:
    model.say = lambda _: OTHER
    model.go.clear()
    request = robot.tell("wangfang", QUESTION)
    begun = robot.chats.wait_for(lambda: bubble(robot))
    assert not begun.is_finished
    first = begun.text
    model.go.set()
    told = robot.await_answer(request)
    assert told is begun  # the same bubble
    assert told.is_finished
    assert (told.times, told.text != first) == (2, True)


def test_a_model_that_is_silent_leaves_the_passage(
    rephrased: Assistant, robot: Robot, model: Model
) -> None:
    model.go.clear()
    told = robot.say("wangfang", QUESTION)
    model.go.set()
    assert told.is_finished
    assert "季度" in told.text


def test_many_messages_at_once_are_answered_in_order(
    make_keeper: MakeKeeper, assistant: Assistant, robot: Robot
) -> None:
    make_keeper(assistant)
    robot.chats.wait_for(lambda: robot.line.is_up)
    people = ("wangfang", "liwei", "chenjing", "liuyang")
    asked = [(each, robot.tell(each, "打卡")) for _ in range(40) for each in people]
    for _, request in asked:
        robot.await_answer(request, 60)
    for each in people:
        told = [said.answers for said in robot.chats.of(each) if said.answers]
        assert told == [one.body["msgid"] for who, one in asked if who == each]


def test_a_silent_line_is_kept_while_an_answer_is_under_way(
    assistant: Assistant, make_keeper: MakeKeeper, model: Model, robot: Robot
) -> None:
    """It would be opened anew for its silence; the answer on its way comes first."""
    settings = Rephrase.model_validate(model.settings(timeout=3))
    asking = Rephrasing(Rephraser(settings), assistant.storage)
    model.say = lambda _: OTHER
    model.go.clear()
    patience = Patience(beat=0.02, ack=1.0, open=2.0)
    make_keeper(
        replace(assistant, rephrasing=asking), replace(QUICK, renew=0.2), patience
    )
    robot.chats.wait_for(lambda: robot.line.is_up)
    request = robot.tell("wangfang", QUESTION)
    robot.chats.wait_for(lambda: bubble(robot))
    lines, beats = robot.line.subscribed, robot.line.beats
    robot.chats.wait_for(lambda: robot.line.beats >= beats + 25)  # half a second
    assert robot.line.subscribed == lines
    model.go.set()
    assert robot.await_answer(request).is_finished
    robot.chats.wait_for(lambda: robot.line.subscribed > lines)


def bubble(robot: Robot) -> Said | None:
    return next((e for e in robot.chats.of("wangfang") if e.kind == "stream"), None)
