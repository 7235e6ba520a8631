"""What only tells of something done, and what calls, asks, denies or orders."""

import pytest

from bot.branch.people.members import Role
from bot.understanding.reading import Understanding

TELLS = """
    党章第一章
    准则和条例
    《论党的自我革命》
    微党课《榜样9》
    不忘初心主题教育读本
    习近平新时代中国特色社会主义思想
    和支部同志一起参观了纪念馆
    学习了谈心谈话制度
    刚听完书记讲的党课
    今天学的是入党誓词的由来
    30分钟
"""
DOES_NOT = """
    谢谢
    嗯
    在吗
    帮助
    入党誓词
    我的打卡
    撤销
    好的
    学的是什么来着
    党章有多少条
    下周会议几点
    学了党章有用吗
    还没学
    王芳说她没学
    听说王芳学了党章
    刚才手滑了
    今天太累了
    晚点再说
    请大家明天带党章
    帮我告诉书记我晚点到
    把这事忘了吧
    提醒我明天交材料
    书记说要交材料
    明天我来不了
    如果学了党章就好了
"""


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


@pytest.mark.parametrize("role", [Role.MEMBER, Role.SECRETARY])
@pytest.mark.parametrize("text", _lines(TELLS))
def test_what_tells_of_something(
    understanding: Understanding, text: str, role: Role
) -> None:
    assert understanding.read(text, role).tells()


@pytest.mark.parametrize("role", [Role.MEMBER, Role.SECRETARY])
@pytest.mark.parametrize("text", _lines(DOES_NOT))
def test_what_is_no_content(
    understanding: Understanding, text: str, role: Role
) -> None:
    assert not understanding.read(text, role).tells()
