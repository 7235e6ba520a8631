"""Somebody unknown, and accounts that are encrypted: the secretary says who it is."""

import pytest

from bot.assistant.answering import Assistant
from server.line.keeper import Keeper
from server.twin.robot import Robot, encrypted_userid
from server.twin.robot_chat import Said
from tests.fakes.clock import FakeClock

pytestmark = pytest.mark.usefixtures("letters")

WANG = encrypted_userid("wangfang")


def card(robot: Robot, chat: str = "zhaomin") -> Said:
    found: Said = robot.chats.wait_for(
        lambda: next((each for each in robot.chats.of(chat) if each.card), None)
    )
    return found


def button(robot: Robot, text: str) -> str:
    told = card(robot).card
    assert told
    return next(
        str(each["key"]) for each in told["button_list"] if each["text"] == text
    )


def unasked(robot: Robot, chat: str) -> list[str]:
    return [each.text for each in robot.chats.of(chat) if each.unasked]


def test_encrypted_account_is_known_after_the_secretary_said_so(
    keeper: Keeper, robot: Robot
) -> None:
    robot.say("zhaomin", "打卡")
    assert "还不认识您" in robot.say(WANG, "打卡").text
    assert "已经请书记确认" in robot.say(WANG, "我是王芳").text
    told = str(card(robot).card)
    assert "账号是加密的" in told
    assert "王芳" in told
    assert "还在等书记确认" in robot.say(WANG, "打卡").text
    robot.press("zhaomin", button(robot, "是本人"))
    robot.chats.wait_for(lambda: unasked(robot, WANG))
    assert "您是王芳" in unasked(robot, WANG)[0]
    assert "已打卡" in robot.say(WANG, "打卡").text


def test_case_of_an_encrypted_account_is_kept(keeper: Keeper, robot: Robot) -> None:
    mixed = "woAbCdEfGhIjKlMnOpQrStUvWxYz0123"
    robot.say("zhaomin", "打卡")
    robot.say(mixed, "我是王芳")
    robot.press("zhaomin", button(robot, "是本人"))
    robot.chats.wait_for(lambda: unasked(robot, mixed))


def test_whoever_is_not_known_is_not_answered_any_more(
    keeper: Keeper, robot: Robot
) -> None:
    robot.say("zhaomin", "打卡")
    robot.say("stranger", "我是李伟")
    assert "账号 stranger" in str(card(robot).card)
    robot.press("zhaomin", button(robot, "不认识"))
    robot.say("zhaomin", "排行")
    assert "没有认出您" in robot.say("stranger", "打卡").text


def test_nothing_is_learnt_of_the_roster(keeper: Keeper, robot: Robot) -> None:
    """A name that is on it and one that is not get the same answer."""
    known = robot.say("someone", "我是王芳").text
    assert robot.say("another", "我是张三丰").text == known


def test_secretary_says_who_it_is_in_words(keeper: Keeper, robot: Robot) -> None:
    robot.say("zhaomin", "打卡")
    robot.say("someone", "我叫小王")
    told = robot.say("zhaomin", "谁等我认").text
    assert "说自己是小王（账号 someone" in told
    number = told.split("\n")[1].split(" ")[0]
    assert "认作李伟" in robot.say("zhaomin", f"认人 {number} 是李伟").text
    assert "已打卡" in robot.say("someone", "打卡").text
    assert robot.say("zhaomin", "谁等我认").text == "没有等您认的人。"


def test_one_member_is_not_known_twice(keeper: Keeper, robot: Robot) -> None:
    robot.say("zhaomin", "打卡")
    robot.say("wangfang", "打卡")  # the account of the roster
    robot.say("someone", "我是王芳")
    robot.press("zhaomin", button(robot, "是本人"))
    robot.chats.wait_for(lambda: keeper._talk.is_idle)
    assert "还在等书记确认" in robot.say("someone", "打卡").text


def test_strangers_do_not_flood_the_secretary(
    keeper: Keeper, robot: Robot, assistant: Assistant, clock: FakeClock
) -> None:
    robot.say("zhaomin", "打卡")
    for number in range(25):
        robot.say(f"flood{number}", "我是王芳")
    told = robot.say("zhaomin", "谁等我认").text
    assert "等您认的有 20 位" in told
