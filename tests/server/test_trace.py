"""One id leads from the callback to the reply and to the letters that came of it."""

import json
from io import StringIO
from logging import ERROR, INFO

from server.monitoring.logs import set_up_logs
from tests.stage import Stage

QUESTION = "发通知 周三下午三点在301开支部大会"


def test_one_id_from_callback_to_delivery(stage: Stage) -> None:
    stage.say("赵敏", QUESTION)
    stream = StringIO()
    set_up_logs(level=INFO, stream=stream)
    try:
        stage.say("赵敏", "确认")
        stage.arrived()
    finally:
        set_up_logs(level=ERROR)
    events = [json.loads(line) for line in stream.getvalue().splitlines()]
    (answered,) = (each for each in events if each["event"] == "answered")
    delivered = [each for each in events if each["event"] == "delivered"]
    assert delivered
    (told,) = answered["answers"]
    assert told["intent"] == "broadcast"
    assert {each["message"] for each in delivered} == {told["message"]}
    assert "周三" not in stream.getvalue()


def test_a_letter_of_the_clock_has_no_message(stage: Stage) -> None:
    stream = StringIO()
    set_up_logs(level=INFO, stream=stream)
    try:
        stage.move_to("2026-03-02 08:05")
    finally:
        set_up_logs(level=ERROR)
    events = [json.loads(line) for line in stream.getvalue().splitlines()]
    delivered = [each for each in events if each["event"] == "delivered"]
    assert delivered
    assert all("message" not in each for each in delivered)
