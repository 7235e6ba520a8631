"""A conversation over the robot's line, from frame to bubble."""

from datetime import timedelta

from bot.assistant.answering import Assistant
from bot.channels.aibot import feedback
from server.line.keeper import Keeper
from server.twin.robot import Robot
from server.twin.robot_chat import Said


def test_a_check_in(keeper: Keeper, robot: Robot) -> None:
    assert "已打卡" in robot.say("wangfang", "打卡").text


def test_account_has_no_case(keeper: Keeper, robot: Robot) -> None:
    robot.chats.greeted.add("WangFang")
    assert "已打卡" in robot.say("WangFang", "打卡").text


def test_answer_is_one_finished_bubble(keeper: Keeper, robot: Robot) -> None:
    told = robot.say("wangfang", "打卡")
    assert (told.kind, told.is_finished, told.times) == ("stream", True, 1)


def test_what_was_spoken_is_echoed(keeper: Keeper, robot: Robot) -> None:
    told = robot.await_answer(robot.speak("wangfang", "打卡"))
    assert told.text.startswith("（听到的是：打卡）\n")
    assert "已打卡" in told.text


def test_welcome_only_the_first_time(keeper: Keeper, robot: Robot) -> None:
    told = robot.await_answer(robot.enter("wangfang"))
    assert "打卡" in told.text
    robot.enter("wangfang")
    robot.say("wangfang", "打卡")  # after which everything before it was heard
    assert len([each for each in robot.chats.of("wangfang") if each.text]) == 3


def test_in_a_group_only_who_is_called_answers(keeper: Keeper, robot: Robot) -> None:
    robot.say_in_group("wangfang", "group-1", "打卡", called=False)
    told = robot.await_answer(
        robot.say_in_group("wangfang", "group-1", "支部大会多久开一次")
    )
    assert "季度" in told.text
    assert len(robot.chats.of("group-1")) == 3


def test_what_is_about_oneself_goes_to_the_single_chat(
    keeper: Keeper, robot: Robot
) -> None:
    robot.say("wangfang", "打卡")
    told = robot.await_answer(robot.say_in_group("wangfang", "group-1", "我的打卡"))
    assert told.text == "单独回复您了，请看我们的单聊。"
    alone: Said = robot.chats.wait_for(lambda: unasked(robot, "wangfang"))
    assert "只有您自己看得到" in alone.text


def test_who_never_wrote_alone_is_asked_to(keeper: Keeper, robot: Robot) -> None:
    told = robot.await_answer(robot.say_in_group("wangfang", "group-1", "我的打卡"))
    assert told.text == "这件事不在群里说：请打开和我的单聊，在那里问我。"


def test_one_persons_messages_are_answered_in_order(
    keeper: Keeper, robot: Robot
) -> None:
    asked = [robot.tell("wangfang", f"我的打卡 {number}") for number in range(20)]
    for each in asked:
        robot.await_answer(each)
    told = [each.answers for each in robot.chats.of("wangfang") if each.answers]
    assert told == [each.body["msgid"] for each in asked]


def test_feedback_is_kept_and_not_answered(
    keeper: Keeper, robot: Robot, assistant: Assistant
) -> None:
    told = robot.say("wangfang", "支部大会多久开一次")
    robot.judge("wangfang", told.answers, 2, "少了一句")
    robot.say("wangfang", "打卡")
    with assistant.storage.read() as session:
        since = assistant.clock.now() - timedelta(days=1)
        found = feedback.count(session, since)
        words = [each.words for each in feedback.list_words(session, since)]
    assert (found.bad, found.reasons) == (1, {"不完整": 1, "有错误": 1})
    assert words == ["少了一句"]


def unasked(robot: Robot, chat: str) -> Said | None:
    return next((each for each in robot.chats.of(chat) if each.unasked), None)
