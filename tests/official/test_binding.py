"""How an openid becomes a member's, and how it ceases to be."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.assistant.strangers import HOW_TO_BIND, STRANGER
from bot.branch.people.binding import OTHER, TOO_MANY, TRIES, WRONG
from bot.maintenance.verify import verify
from server.twin.official.account import Account
from tests.people import ELSEWHERE, find_member
from tests.stage import Stage

UNKNOWN = f"{STRANGER}\n{HOW_TO_BIND}"


def code_of(stage: Stage, name: str, said: str = "绑定微信") -> str:
    found = re.search("[0-9]{6}", stage.say(name, said))
    assert found
    return found[0]


@pytest.mark.parametrize("typed", ["{}", "绑定 {}", "绑定微信{}", " {} "])
def test_a_code_binds_whoever_types_it(
    stage: Stage, account: Account, typed: str
) -> None:
    code = code_of(stage, "王芳")
    answer = account.say("oWang", typed.format(code))
    assert answer.text.startswith("绑定好了，王芳。")
    assert "已打卡" in account.say("oWang", "打卡 读书").text
    assert account.say("oLi", code).text == WRONG  # once
    assert "您绑定了微信（公众号）" in "".join(stage.arrived())
    assert verify(stage.assistant.storage) == []


def test_a_code_scanned_binds_who_follows_by_it(stage: Stage, account: Account) -> None:
    code = code_of(stage, "王芳")
    assert account.follow("oWang", f"bind:{code}").text.startswith("绑定好了")
    code = code_of(stage, "李伟")
    assert account.scan("oLi", f"bind:{code}").text.startswith("绑定好了")


def test_a_code_ends_after_ten_minutes(stage: Stage, account: Account) -> None:
    code = code_of(stage, "王芳")
    stage.clock.wait(minutes=10)
    assert account.say("oWang", code).text == WRONG
    assert account.say("oWang", "我的信息").text == UNKNOWN


def test_a_new_code_voids_the_old_one(stage: Stage, account: Account) -> None:
    old = code_of(stage, "王芳")
    new = code_of(stage, "王芳")
    if old != new:
        assert account.say("oWang", old).text == WRONG
    assert account.say("oWang", new).text.startswith("绑定好了")


def test_guessing_is_rationed(stage: Stage, account: Account) -> None:
    code = code_of(stage, "王芳")
    wrong = "000000" if code != "000000" else "000001"
    for _ in range(TRIES):
        assert account.say("oNobody", wrong).text == WRONG
    assert account.say("oNobody", code).text == TOO_MANY
    assert account.say("oWang", code).text.startswith("绑定好了")
    stage.clock.wait(minutes=61)
    assert account.say("oNobody", wrong).text == WRONG


def test_of_all_together_guessing_is_rationed_too(
    stage: Stage, account: Account
) -> None:
    code = code_of(stage, "王芳")
    wrong = "000000" if code != "000000" else "000001"
    for number in range(25):
        account.add(f"o{number}")
        for _ in range(4):
            account.say(f"o{number}", wrong)
    assert account.say("oLi", wrong).text == TOO_MANY


def test_one_member_one_openid(stage: Stage, account: Account) -> None:
    account.say("oWang", code_of(stage, "王芳"))
    assert "您收消息的方式" in stage.say("王芳", "绑定微信")
    code = code_of(stage, "李伟")
    assert "绑定了别人" in account.say("oWang", f"绑定 {code}").text
    assert account.say("oLi", code).text.startswith("绑定好了，李伟")


def test_two_phones_with_one_code(stage: Stage, account: Account) -> None:
    code = code_of(stage, "王芳")
    with ThreadPoolExecutor(2) as together:
        told = list(
            together.map(lambda each: account.say(each, code).text, ["oWang", "oLi"])
        )
    assert sum(each.startswith("绑定好了") for each in told) == 1
    assert sum(each in (WRONG, OTHER) for each in told) == 1


def test_one_phone_with_two_codes_at_once(stage: Stage, account: Account) -> None:
    """Two messages of one openid: it is one member's, and the other is told so."""
    codes = [code_of(stage, "王芳"), code_of(stage, "李伟")]
    with ThreadPoolExecutor(2) as together:
        told = list(together.map(lambda each: account.say("oWang", each).text, codes))
    assert sum(each.startswith("绑定好了") for each in told) == 1
    who = "王芳" if told[0].startswith("绑定好了") else "李伟"
    assert who in account.say("oWang", "我的信息").text


@pytest.mark.parametrize("where", ["wecom", "official"])
def test_unbinding_by_either(stage: Stage, account: Account, where: str) -> None:
    account.say("oWang", code_of(stage, "王芳"))
    if where == "wecom":
        assert stage.say("王芳", "解绑微信").startswith("解绑了")
    else:
        assert account.say("oWang", "解绑微信").text.startswith("解绑了")
    assert account.say("oWang", "我的信息").text == UNKNOWN
    assert "没有绑定" in stage.say("王芳", "解绑微信")


def test_a_secretary_gives_a_code_for_who_has_no_wecom(
    stage: Stage, account: Account
) -> None:
    kept = stage.assistant
    with kept.storage.write() as session:
        member = find_member(session, "何雪")
        member.userid = member.account = None
    code = code_of(stage, "赵敏", "给何雪一个绑定码")
    assert account.say("oLi", code).text.startswith("绑定好了，何雪")
    assert "赵敏" in account.say("oLi", "谁看过我的信息").text
    assert "说“解绑何雪的微信”" in stage.say("赵敏", "给何雪一个绑定码")
    assert "解绑了何雪的微信" in stage.say("赵敏", "解绑何雪的微信")


def test_nobody_else_gives_a_code(stage: Stage, account: Account) -> None:
    assert "要由" in stage.say("王芳", "给李伟一个绑定码")
    assert ELSEWHERE in stage.say("赵敏", f"给{ELSEWHERE}一个绑定码")
    assert not re.search("[0-9]{6}", stage.say("赵敏", f"给{ELSEWHERE}一个绑定码"))


def test_who_left_is_a_stranger_again(stage: Stage, account: Account) -> None:
    account.say("oWang", code_of(stage, "王芳"))
    code = code_of(stage, "李伟")
    with stage.assistant.storage.write() as session:
        find_member(session, "王芳").state = "left"
        find_member(session, "李伟").state = "left"
    assert account.say("oWang", "我的信息").text == UNKNOWN
    assert account.say("oLi", code).text == WRONG


def test_where_letters_go_first_is_said(stage: Stage, account: Account) -> None:
    account.say("oWang", code_of(stage, "王芳"))
    assert "先发到您的微信" in account.say("oWang", "我用微信看").text
    assert "公众号，通知先发到这里" in account.say("oWang", "我的绑定").text
    assert "先发到企业微信" in stage.say("王芳", "我用企业微信看")
    assert "企业微信，通知先发到这里" in stage.say("王芳", "我的绑定")


def test_a_notice_reaches_each_once_and_is_answered_by_word(
    stage: Stage, account: Account
) -> None:
    account.say("oWang", code_of(stage, "王芳"))
    account.say("oWang", "我用微信看")
    stage.arrived()
    stage.say("赵敏", "通知全体党员：周五下午两点在201开会，收到请回复")
    stage.say("赵敏", "确认")
    stage.arrived()
    pushed = [each.text for each in account.phone("oWang").pushed()]
    assert len(pushed) == 1
    assert "周五下午两点" in pushed[0]
    assert not any("周五" in e.text for e in stage.world.phone("wangfang").pushed())
    assert any("周五" in str(e.text) for e in stage.world.phone("liwei").pushed())
    assert "收到" in account.say("oWang", "收到").text
    assert "王芳" not in stage.say("赵敏", "谁没回复")
