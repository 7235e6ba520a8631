"""Orders to tell somebody something are broadcasts, whoever is named."""

import pytest

from bot.branch.people.members import Role
from bot.understanding.reading import Understanding

ORDERS = """
    通知王芳、李伟：明天来办公室
    通知王芳、李韦：明天来办公室
    通知周星星：明天来
    请通知孙老师：明天开会
    通知机关党支部：明天开会
    通知全体党员，除了李伟：明天开会
    通知除了李伟以外的党员：明天开会
    通知没回复的：请尽快回复
    通知没回复的人：请尽快回复
    给没回复的发通知：请尽快回复
    给王芳、李伟发个通知，明天来办公室
    给李伟、王芳发通知：明天来
    向第一党小组发通知，明天交思想汇报
    通知王芳，明天来
    转告王芳、李伟，明天下午三点开会
    告诉李伟：下午来拿材料
    帮我告诉一下李伟：下午来
    麻烦转告王芳：材料不用交了
    通知王芳：别忘了带身份证
"""
NO_ORDERS = """
    通知怎么发
    通知说：明天开会
    通知上说：周三开会
    通知里写：明天开会
    通知内容：明天开会
    告诉我：怎么发通知
    不要通知王芳：明天来
    别给王芳发通知：她来了
    昨天通知王芳：明天来
    书记通知王芳：明天来
    谁通知王芳：明天来
    能不能通知王芳：明天来
    如果通知王芳：明天来，会怎样
    给王芳发通知了吗
    通知王芳：明天来吗？
    给王芳发个通知，好不好
    通知发给谁：全体党员还是支委
"""


@pytest.mark.parametrize("text", ORDERS.split())
def test_order_is_a_broadcast(understanding: Understanding, text: str) -> None:
    assert understanding.read(text).intent == "broadcast"


@pytest.mark.parametrize("text", NO_ORDERS.split())
def test_talk_about_it_is_none(understanding: Understanding, text: str) -> None:
    assert understanding.read(text).intent != "broadcast"


def test_members_tell_nobody_so(understanding: Understanding) -> None:
    reading = understanding.read("转告王芳：材料不用交了", Role.MEMBER)
    assert reading.intent != "broadcast"
