"""Two people of one name: asked back by what tells them apart, or named by account."""

import pytest

from bot.branch.members import add_member, link
from bot.branch.tree import find_branch
from tests.conftest import LONG_AGO
from tests.people import BRANCH, GROUP
from tests.stage import Stage

TWINS = (("zhangwei1", BRANCH), ("zhangwei2", GROUP), ("zwei.teach", GROUP))


@pytest.fixture
def twins(stage: Stage) -> Stage:
    with stage.assistant.storage.write() as session:
        for account, where in TWINS:
            branch = find_branch(session, where)
            assert branch
            link(add_member(session, "张伟", branch, LONG_AGO), account)
    stage.move_to("2026-03-14 10:00")
    return stage


def test_the_name_is_asked_back_and_answered_by_number(twins: Stage) -> None:
    asked = twins.say("赵敏", "通知张伟：明天来开会")
    assert asked.splitlines() == [
        "有 3 位“张伟”，是哪一位？",
        "1. 智能制造教工党支部",
        "2. 第一党小组，账号尾号 wei2",
        "3. 第一党小组，账号尾号 each",
        "回数字就行，或者回账号。",
    ]
    shown = twins.say("赵敏", "2")
    assert "发给智能制造教工党支部zhangwei2，共 1 人（张伟）" in shown
    assert "明天来开会" in shown
    assert "正在发，共 1 人" in twins.say("赵敏", "确认")


@pytest.mark.parametrize(
    "said",
    [
        "通知zhangwei2：明天来开会",
        "通知ZhangWei2：明天来开会",
        "给zhangwei2发个通知，明天来开会",
        "通知王芳和zhangwei2：明天来开会",
    ],
)
def test_the_account_is_as_good_as_a_name(twins: Stage, said: str) -> None:
    shown = twins.say("赵敏", said)
    assert "【预览】" in shown
    assert "张伟" in shown
    assert shown.count("明天来开会") == 1


def test_an_improvement_asks_back_too(twins: Stage) -> None:
    twins.say("赵敏", "通知大家：明天来开会")
    assert "是哪一位" in twins.say("赵敏", "除了张伟")
    shown = twins.say("赵敏", "zhangwei1")
    assert "共 8 人" in shown
    assert twins.say("赵敏", "取消") == "好的，没有发。"


def test_leaving_and_other_matters(twins: Stage) -> None:
    twins.say("赵敏", "通知张伟：明天来开会")
    assert "4" not in twins.say("赵敏", "4").split("\n")[0]
    assert twins.say("赵敏", "取消") == "好的，没有发。"


def test_elsewhere_the_account_is_asked_for(twins: Stage) -> None:
    told = twins.say("赵敏", "修改祝福 张伟 祝您生日快乐")
    assert "请用账号代替姓名再说一次，例：zhangwei1" in told
