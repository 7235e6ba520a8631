"""What other clients of the line got wrong, and what the network does to it."""

import json
from asyncio import sleep
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.assistant.answering import Assistant
from bot.assistant.outcome import Outcome
from bot.channels.aibot import lease, replies
from bot.channels.aibot.connection import Lost, Patience
from bot.channels.aibot.frames import LARGEST
from bot.channels.aibot.write import write_stream
from bot.inbox import answered
from bot.message import Message, Reply
from server.line.keeper import TAKEN, Keeper
from server.line.pace import Pace, Waits
from server.line.talk import LOST, UNHEARD
from server.twin.robot import Robot
from server.twin.robot_line import cut, repeat, swap_calls
from tests.fakes.clock import FakeClock
from tests.server.line.conftest import QUICK, MakeKeeper


def said_by_robot(robot: Robot, chat: str = "wangfang") -> list[str]:
    return [each.text for each in robot.chats.of(chat) if not each.from_member]


def reopened(robot: Robot, times: int) -> None:
    robot.chats.wait_for(lambda: robot.line.subscribed >= times and robot.line.is_up)


def test_a_line_that_broke_is_opened_again(keeper: Keeper, robot: Robot) -> None:
    for number in range(2, 5):
        robot.line.drop()
        reopened(robot, number)
    assert "已打卡" in robot.say("wangfang", "打卡").text


def test_history_that_comes_again_is_answered_once(
    keeper: Keeper, robot: Robot
) -> None:
    robot.line.faults.redelivers = "all"
    robot.say("wangfang", "打卡")
    robot.say("wangfang", "我的打卡")
    robot.line.drop()
    reopened(robot, 2)
    robot.say("wangfang", "排行")
    assert len(said_by_robot(robot)) == 3


def test_another_process_does_not_answer_history_again(
    keeper: Keeper, make_keeper: MakeKeeper, robot: Robot
) -> None:
    robot.line.faults.redelivers = "all"
    robot.say("wangfang", "打卡")
    keeper.stop()
    make_keeper()
    reopened(robot, 2)
    robot.say("wangfang", "排行")
    assert len(said_by_robot(robot)) == 2


def test_a_message_that_comes_three_times_is_answered_once(
    keeper: Keeper, robot: Robot
) -> None:
    robot.line.faults.mangle = repeat
    robot.say("wangfang", "打卡")
    robot.say("wangfang", "我的打卡")
    assert len(said_by_robot(robot)) == 2


@pytest.mark.parametrize(
    "junk", ["", "not JSON", "[]", "{}", '{"headers": {}}', "[" * 100_000, "\x00"]
)
def test_what_is_no_frame_is_passed_over(
    keeper: Keeper, robot: Robot, junk: str
) -> None:
    robot.line.send_text(junk)
    assert "已打卡" in robot.say("wangfang", "打卡").text
    assert robot.line.subscribed == 1


def test_ten_megabytes_are_passed_over(keeper: Keeper, robot: Robot) -> None:
    whole = {"cmd": "aibot_msg_callback", "headers": {"req_id": "x"}, "body": {}}
    robot.line.send_text(json.dumps(whole | {"more": "x" * (10 * LARGEST)}))
    assert "已打卡" in robot.say("wangfang", "打卡").text
    assert robot.line.subscribed == 1


def test_frames_cut_in_half(keeper: Keeper, robot: Robot) -> None:
    robot.line.faults.mangle = cut
    assert "已打卡" in robot.say("wangfang", "打卡").text


def test_messages_out_of_order_are_each_answered(keeper: Keeper, robot: Robot) -> None:
    """They carry no time: what comes first is answered first, and each once."""
    robot.line.faults.mangle = swap_calls()
    first, second = robot.tell("wangfang", "打卡"), robot.tell("wangfang", "我的打卡")
    robot.await_answer(first)
    robot.await_answer(second)
    told = [each.answers for each in robot.chats.of("wangfang") if each.answers]
    assert told == [second.body["msgid"], first.body["msgid"]]


def test_events_and_answers_out_of_order(keeper: Keeper, robot: Robot) -> None:
    """Whoever spoke before she is said to have come in is not welcomed any more."""
    robot.line.faults.mangle = swap_calls()
    robot.enter("wangfang")
    asked = robot.tell("wangfang", "打卡")
    assert "已打卡" in robot.await_answer(asked).text
    robot.chats.wait_for(lambda: keeper._talk.is_idle)
    assert len(said_by_robot(robot)) == 1


@pytest.mark.parametrize("off", [timedelta(days=-400), timedelta(hours=9)])
def test_the_platforms_clock_is_off(
    keeper: Keeper, robot: Robot, clock: FakeClock, off: timedelta
) -> None:
    """What it says of the time counts for nothing: a day is ours."""
    robot.clock = robot.line.clock = robot.chats.clock = lambda: clock.now() + off
    robot.await_answer(robot.enter("wangfang"))
    assert "已打卡" in robot.say("wangfang", "打卡").text
    assert "连续 1 天" in robot.say("wangfang", "我的打卡").text


def test_control_characters_in_a_frame(keeper: Keeper, robot: Robot) -> None:
    robot.line.faults.mangle = lambda text: [text.replace("打卡", "\x07打卡\x1f")]
    assert "已打卡" in robot.say("wangfang", "打卡").text


def test_for_another_robot(keeper: Keeper, robot: Robot) -> None:
    request = robot.line.call(
        {"aibotid": "bot-2", "msgtype": "text", "from": {"userid": "wangfang"}}
    )
    robot.say("wangfang", "打卡")
    assert robot.chats.answer_to(str(request.body.get("msgid"))) is None


def test_answer_waits_for_the_next_line(
    keeper: Keeper, robot: Robot, assistant: Assistant
) -> None:
    """It was never heard, and its request is over: it goes as a message of its own."""
    robot.line.faults.redelivers = ""
    held = keeper._talk._desk.answer

    async def drop_first(message: Message, _: object = None) -> Outcome:
        robot.line.drop()
        while keeper.is_up:
            await sleep(0.01)
        return await held(message)

    keeper._talk._desk.answer = drop_first  # type: ignore[method-assign,assignment]
    robot.tell("wangfang", "打卡")
    robot.chats.wait_for(lambda: "已打卡" in "".join(said_by_robot(robot)))
    assert len(said_by_robot(robot)) == 1


def test_an_answer_that_was_perhaps_heard_is_not_said_twice(
    make_keeper: MakeKeeper, robot: Robot
) -> None:
    """The platform took it and did not say so; then the line broke."""
    keeper = make_keeper(patience=Patience(beat=5, ack=0.2, open=2))
    reopened(robot, 1)
    robot.line.faults.deaf = True
    robot.say("wangfang", "打卡")
    robot.line.faults.deaf = False
    robot.line.drop()
    reopened(robot, 2)
    robot.say("wangfang", "我的打卡")
    robot.chats.wait_for(lambda: keeper._talk.is_idle)
    assert sum("已打卡" in each for each in said_by_robot(robot)) == 1


def test_too_late_is_not_said_any_more(
    keeper: Keeper, robot: Robot, assistant: Assistant, clock: FakeClock
) -> None:
    leave(assistant, "late", "迟到的回答")
    clock.wait(minutes=11)
    robot.line.drop()
    reopened(robot, 2)
    robot.say("wangfang", "打卡")
    assert "迟到的回答" not in said_by_robot(robot)


def test_what_a_dead_process_left_is_said_by_the_next(
    make_keeper: MakeKeeper, robot: Robot, assistant: Assistant
) -> None:
    """Its request is known still: the bubble of its name gets its end."""
    robot.line.faults.forgets = False
    first = robot.line.remember({"msgid": "begun", "from": {"userid": "wangfang"}})
    leave(assistant, "begun", "这是完整的回答", req_id=first.req_id)
    robot.line.faults.redelivers = ""
    make_keeper()
    robot.chats.wait_for(lambda: "这是完整的回答" in said_by_robot(robot))


def test_kill_between_begin_and_end_of_a_bubble(
    make_keeper: MakeKeeper, robot: Robot, assistant: Assistant
) -> None:
    """The message comes again; its bubble, begun by the dead, is ended, once."""
    request = robot.tell("wangfang", "支部大会多久开一次", msgid="half")
    robot.chats.wait_for(lambda: robot.line._waiting)
    body = write_stream("half", "支部大会……", finish=False)
    robot.chats.answer(request, body)
    make_keeper()
    told = robot.await_answer(request)
    assert told.is_finished
    assert "季度" in told.text
    assert len(said_by_robot(robot)) == 1


def test_what_nobody_answered_is_asked_for_again(
    make_keeper: MakeKeeper,
    robot: Robot,
    assistant: Assistant,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("server.line.talk.REDELIVERED_WITHIN", 0.05)
    robot.chats.greeted.add("wangfang")
    with assistant.storage.write() as session:
        replies.begin(session, message_of("lost"), assistant.clock.now())
    make_keeper()
    robot.chats.wait_for(lambda: said_by_robot(robot) == [UNHEARD])


def test_a_sealed_answer_cannot_be_said_by_another(
    make_keeper: MakeKeeper,
    robot: Robot,
    assistant: Assistant,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("server.line.talk.REDELIVERED_WITHIN", 0.05)
    robot.line.faults.forgets = False
    told = {"msgid": "sealed-one", "from": {"userid": "wangfang"}}
    first = robot.line.remember(told)
    robot.line.faults.redelivers = ""
    leave(assistant, "sealed-one", "sealed:xxxx", req_id=first.req_id)
    make_keeper()
    robot.chats.wait_for(lambda: said_by_robot(robot) == [LOST])


def test_replaced_by_a_stranger_we_do_not_fight(
    keeper: Keeper, robot: Robot, assistant: Assistant
) -> None:
    robot.line.faults.zombie = True  # heartbeats go on being acknowledged
    robot.line.replace()
    robot.chats.wait_for(lambda: keeper._state.fault == TAKEN)
    reopened(robot, 2)
    assert "已打卡" in robot.say("wangfang", "打卡").text


def test_waits_of_who_is_replaced_again_and_again_grow() -> None:
    waits = Waits(Pace(30, 900, 600), draw=lambda: 1.0)
    assert [waits.next(1.0) for _ in range(7)] == [30, 60, 120, 240, 480, 900, 900]
    assert waits.next(601.0) == 30


@pytest.mark.thorough
def test_hung_up_on_a_thousand_times(robot: Robot, make_keeper: MakeKeeper) -> None:
    """Each line is closed as soon as it is open; nothing is left over of any."""
    robot.line.faults.hangs_up = 1000
    keeper = make_keeper(rhythm=replace(QUICK, lost=Pace(0.0001, 0.0002, 5.0)))
    robot.chats.wait_for(lambda: robot.line.subscribed >= 1001, 120)
    assert "已打卡" in robot.say("wangfang", "打卡").text
    assert robot.line.subscribed == 1001
    assert len(keeper._talk._tasks) < 10


def test_waits_grow_while_a_line_is_closed_at_once(
    robot: Robot, make_keeper: MakeKeeper
) -> None:
    robot.line.faults.hangs_up = 5
    keeper = make_keeper(rhythm=replace(QUICK, lost=Pace(0.001, 0.01, 5.0)))
    reopened(robot, 6)
    assert keeper._waits[Lost]._tries > 0
    assert "已打卡" in robot.say("wangfang", "打卡").text


def test_waits_differ_between_a_thousand() -> None:
    drawn = {round(Waits(Pace(1, 30, 30)).next(0.0), 3) for _ in range(1000)}
    assert len(drawn) > 200
    assert min(drawn) >= 0.5
    assert max(drawn) <= 1.0


def test_silence_is_met_with_a_new_line(make_keeper: MakeKeeper, robot: Robot) -> None:
    """Heartbeats are acknowledged, nothing comes: a new line brings what waited."""
    make_keeper(rhythm=replace(QUICK, renew=0.3))
    reopened(robot, 1)
    robot.line.fall_silent()
    request = robot.tell("wangfang", "打卡")
    assert "已打卡" in robot.await_answer(request).text
    assert robot.line.subscribed >= 2


def test_wrong_secret_is_named_and_tried_seldom(
    make_keeper: MakeKeeper, robot: Robot, assistant: Assistant
) -> None:
    robot.line.faults.refuses = 853000
    keeper = make_keeper(assistant)
    robot.chats.wait_for(lambda: "secret 不对" in keeper._state.fault)
    robot.line.faults.refuses = 0
    reopened(robot, 1)


def test_heartbeats_without_an_answer_end_the_line(
    make_keeper: MakeKeeper, robot: Robot
) -> None:
    make_keeper(patience=Patience(beat=0.05, ack=0.1, open=2))
    reopened(robot, 1)
    robot.line.faults.slow = 0.5
    robot.chats.wait_for(lambda: robot.line.subscribed >= 2)
    robot.line.faults.slow = 0


def test_two_processes_take_turns(
    keeper: Keeper, make_keeper: MakeKeeper, robot: Robot, assistant: Assistant
) -> None:
    other = make_keeper()
    robot.say("wangfang", "打卡")
    assert robot.line.subscribed == 1
    assert not other.is_up
    keeper.stop()
    reopened(robot, 2)
    assert "连续" in robot.say("wangfang", "我的打卡").text


def test_a_dead_holders_line_is_taken(
    make_keeper: MakeKeeper, robot: Robot, assistant: Assistant
) -> None:
    """Whoever died does not count any more, whatever its clock said."""
    now = assistant.clock.now()
    with assistant.storage.write() as session:
        seen = lease.look(session, now)
        assert lease.take(session, seen, "dead", now)
    make_keeper()
    reopened(robot, 1)


def test_of_two_who_see_the_same_one_takes_it(assistant: Assistant) -> None:
    now = assistant.clock.now()
    with assistant.storage.write() as session:
        seen = lease.look(session, now)
        assert lease.take(session, seen, "one", now)
        assert not lease.take(session, seen, "other", now)
        assert not lease.count_up(session, "other", lease.State(), now)


def leave(assistant: Assistant, msgid: str, text: str, req_id: str = "gone") -> None:
    """Leave an answer unsaid, as a process does that dies right after its commit."""
    message = message_of(msgid, req_id)
    now = assistant.clock.now()
    with assistant.storage.write() as session:
        replies.begin(session, message, now)
        answered.remember(session, message, Reply(text), now)


def message_of(msgid: str, req_id: str = "gone") -> Message:
    return Message("aibot", "wangfang", msgid, fields={"req_id": req_id})
