"""Pictures over the line, both ways; cards and what becomes of them when pressed."""

import pytest
from sqlalchemy import select

from bot.assistant.answering import Assistant
from bot.outbox.attachments import Attachment
from server.line.keeper import Keeper
from server.twin.robot import Robot
from server.twin.robot_chat import Said
from server.twin.samples import PNG

pytestmark = pytest.mark.usefixtures("letters")


def kept(assistant: Assistant) -> bytes | None:
    with assistant.storage.read() as session:
        return session.scalar(select(Attachment.content))


def unasked(robot: Robot, chat: str, kind: str) -> Said | None:
    told = [each for each in robot.chats.of(chat) if each.unasked]
    return next((each for each in told if each.kind == kind), None)


def test_a_picture_goes_into_the_draft_and_on_to_the_phones(
    keeper: Keeper, robot: Robot, assistant: Assistant
) -> None:
    robot.say("wangfang", "打卡")
    robot.say("zhaomin", "发通知 给王芳：周五开会")
    assert "图片" in robot.await_answer(robot.picture("zhaomin", PNG)).text
    robot.chats.wait_for(lambda: kept(assistant) == PNG)
    robot.say("zhaomin", "确认")
    told = robot.chats.wait_for(lambda: unasked(robot, "wangfang", "image"))
    assert robot.line.media[told.text] == PNG


def test_a_text_with_its_pictures_is_one_answer(
    keeper: Keeper, robot: Robot, assistant: Assistant
) -> None:
    request = robot.mixed("zhaomin", "发通知 给王芳：周五开会", PNG)
    told = robot.await_answer(request).text
    assert told.count("【预览】") == 2  # of the text, and of it with the picture
    robot.chats.wait_for(lambda: kept(assistant) == PNG)


def test_pressed_card_says_what_came_of_it(keeper: Keeper, robot: Robot) -> None:
    robot.say("wangfang", "打卡")
    robot.say("zhaomin", "发通知 给王芳：周五开会")
    robot.say("zhaomin", "确认")
    card = robot.chats.wait_for(lambda: unasked(robot, "wangfang", "template_card"))
    robot.press("wangfang", card.card["button_list"][0]["key"])
    robot.chats.wait_for(lambda: card.card["button_list"][0]["key"] == "done")
    robot.press("wangfang", "done")  # does nothing, and harms nobody
    robot.say("wangfang", "我的打卡")


def test_who_never_wrote_gets_it_with_the_first_word(
    keeper: Keeper, robot: Robot
) -> None:
    robot.say("zhaomin", "发通知 给王芳：周五开会")
    robot.say("zhaomin", "确认")
    assert "送达 0" in robot.say("zhaomin", "谁没收到").text
    robot.say("wangfang", "打卡")
    assert robot.chats.wait_for(lambda: unasked(robot, "wangfang", "template_card"))
