"""Role and branch are asked again whenever something is answered or pressed."""

from collections.abc import Callable

import pytest

from bot.branch.notices import notices
from bot.branch.people import offices
from bot.branch.people.members import Role, grant
from bot.branch.people.tree import find_branch
from bot.config.settings import Config, Notices
from tests.people import BRANCH, OTHER_BRANCH, find_member
from tests.server.browser import ADDRESS, Phone
from tests.server.test_enclose import DOOR
from tests.stage import Stage

VOID = "您的职务或支部刚有变动"
QUESTIONS = (
    ("发通知 周五下午三点开会", "确认"),
    ("发通知", "周五下午三点开会"),
    ("通知大家周五开会", "就这么发吧"),
    ("提醒大家明天九点交心得", "确认"),
    ("撤回通知", "确认"),
    ("记住：报销找李老师", "确认"),
    ("学习安排：3月16日 学党章", "确认"),
    ("登记李伟为入党积极分子", "今天"),
)


@pytest.fixture
def config(request: pytest.FixtureRequest, config: Config) -> Config:
    server = config.server.model_copy(update={"public_url": ADDRESS})
    least = 2 if "approval" in request.node.name else 0
    changed = {"server": server, "notices": Notices(approve_from=least)}
    return config.model_copy(update=changed)


@pytest.fixture(autouse=True)
def _morning(stage: Stage) -> None:
    stage.move_to("2026-03-14 10:00")


def demote(stage: Stage, name: str = "赵敏") -> None:
    with stage.assistant.storage.write() as session:
        offices.revoke_all(session, find_member(session, name))


def move(stage: Stage, name: str = "赵敏") -> None:
    """Make somebody the secretary of another branch instead."""
    with stage.assistant.storage.write() as session:
        member, branch = find_member(session, name), find_branch(session, OTHER_BRANCH)
        assert branch
        offices.revoke_all(session, member)
        member.branch_id = branch.id
        grant(session, member, Role.SECRETARY, branch)


def sent(stage: Stage) -> dict[str, int]:
    """Count what reached the phones."""
    stage.delivery.deliver_all()
    people = ("zhaomin", "chenjing", "wangfang", "liwei", "sunli")
    return {each: len(stage.world.phone(each).pushed()) for each in people}


@pytest.mark.parametrize("lose", [demote, move])
@pytest.mark.parametrize(("said", "answer"), QUESTIONS)
def test_an_open_question_is_void_for_who_holds_less(
    stage: Stage, said: str, answer: str, lose: Callable[[Stage], None]
) -> None:
    if said == "撤回通知":
        stage.say("赵敏", "发通知 先发一条")
        stage.say("赵敏", "确认")
    stage.say("赵敏", said)
    before = sent(stage)
    lose(stage)
    assert VOID in stage.say("赵敏", answer)
    assert sent(stage) == before
    assert VOID not in stage.say("赵敏", answer), "said once"
    assert sent(stage) == before
    with stage.assistant.storage.read() as session:
        states = {each.state for each in notices.every(session)}
    assert states <= {"sent"}, "nothing was withdrawn"


@pytest.mark.parametrize(("said", "answer"), QUESTIONS[:2])
def test_who_holds_what_was_held_is_heard(stage: Stage, said: str, answer: str) -> None:
    stage.say("赵敏", said)
    with stage.assistant.storage.write() as session:
        branch = find_branch(session, BRANCH)
        assert branch
        grant(session, find_member(session, "赵敏"), Role.COMMITTEE, branch)
    assert VOID not in stage.say("赵敏", answer)


def test_a_member_s_question_stays_hers_whatever_becomes_of_her(stage: Stage) -> None:
    stage.say("王芳", "免打扰")
    move(stage, "王芳")
    assert VOID not in stage.say("王芳", "到明天")


def test_another_text_is_heard_and_the_question_told_void(stage: Stage) -> None:
    stage.say("赵敏", "发通知 周五下午三点开会")
    demote(stage)
    heard = stage.say("赵敏", "打卡 读了党章")
    assert heard.startswith("打卡成功") or "已打卡" in heard
    assert VOID in heard


def test_what_was_offered_is_not_done_for_who_lost_it(stage: Stage) -> None:
    stage.say("赵敏", "发通知 先发一条")
    stage.say("赵敏", "确认")
    demote(stage)
    for order in ("撤回通知", "催一下", "谁没回复", "取消提醒", "群里@没回复的"):
        assert "要由书记来做" in stage.say("赵敏", order) or order == "取消提醒"


@pytest.mark.parametrize("lose", [demote, move])
def test_the_page_of_a_draft_is_closed(
    stage: Stage, lose: Callable[[Stage], None]
) -> None:
    found = DOOR.search(stage.say("赵敏", "通知第一党小组：交学习笔记"))
    assert found
    hers = Phone(stage.assistant, stage.world, "zhaomin")
    assert hers.open(found[1]).status_code == 200
    lose(stage)
    assert hers.get(found[1]).status_code == 403


@pytest.mark.parametrize("lose", [demote, move])
def test_an_approval_asks_the_author_s_office_too(
    stage: Stage, lose: Callable[[Stage], None]
) -> None:
    stage.say("赵敏", "发通知 周五下午三点开会")
    assert "审批后发出" in stage.say("赵敏", "确认")
    stage.delivery.deliver_all()
    lose(stage)
    before = sent(stage)
    key = stage._key("chenjing", "同意")
    stage.world.press("chenjing", key)
    assert sent(stage)["wangfang"] == before["wangfang"]
    with stage.assistant.storage.read() as session:
        assert notices.find(session, 1).state == "awaiting"
    stage.world.press("chenjing", stage._key("chenjing", "不同意"))
    with stage.assistant.storage.read() as session:
        assert notices.find(session, 1).state == "withdrawn"


def test_an_approval_is_not_given_by_who_may_no_more(stage: Stage) -> None:
    stage.say("赵敏", "发通知 周五下午三点开会")
    stage.say("赵敏", "确认")
    stage.delivery.deliver_all()
    demote(stage, "陈静")
    stage.world.press("chenjing", stage._key("chenjing", "同意"))
    with stage.assistant.storage.read() as session:
        assert notices.find(session, 1).state == "awaiting"
