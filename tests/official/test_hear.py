"""What the official account calls us with, in each of its modes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import requests
from wechatpy.crypto import WeChatCrypto

from bot.assistant.strangers import STRANGER
from bot.channels.official import Official
from bot.channels.official.hear import sign
from bot.config.settings import Official as OfficialSettings
from bot.errors import BadCallback
from bot.message import Reply
from server.twin.official.account import Account
from server.twin.replies import open_reply
from server.twin.xml import read
from tests.official.conftest import KEY, bind, settings
from tests.stage import Stage

MESSAGE = (
    "<xml><ToUserName>gh_1</ToUserName><FromUserName>oWang</FromUserName>"
    "<CreateTime>1</CreateTime><MsgType>text</MsgType>"
    "<Content>帮助</Content><MsgId>77</MsgId></xml>"
)
MODES = ("plain", "compatible", "safe")


@pytest.mark.parametrize(
    ("timestamp", "nonce", "signature"),
    [
        ("1714036504", "1514711492", "f464b24fc39322e44b38aa78f5edd27bd1441696"),
        ("1714037059", "486452656", "899cf89e464efb63f54ddac96b0a0a235f53aa78"),
    ],
)
def test_signatures_of_the_documentation(
    timestamp: str, nonce: str, signature: str
) -> None:
    assert sign("AAAAA", timestamp, nonce) == signature


def test_the_address_is_verified(stage: Stage, account: Account) -> None:
    assert account.caller.verify_url().ok
    account.token = "other"
    assert account.caller.verify_url().status == 403


@pytest.mark.parametrize("mode", MODES)
def test_a_member_is_answered_in_every_mode(
    stage: Stage, account: Account, mode: str
) -> None:
    account.mode = mode
    bind(stage, "王芳", "oWang")
    answer = account.say("oWang", "打卡")
    assert answer.shown
    assert "打卡" in answer.text
    again = account.say("oWang", "我的打卡")
    assert "1" in again.text


@pytest.mark.parametrize("mode", MODES)
def test_what_needs_no_answer_gets_success(
    stage: Stage, account: Account, mode: str
) -> None:
    account.mode = mode
    bind(stage, "王芳", "oWang")
    for event in ("VIEW", "LOCATION", "TEMPLATESENDJOBFINISH", "unsubscribe"):
        answer = account.event("oWang", event, EventKey="x")
        assert (answer.status, answer.body, answer.attempts) == (200, "success", 1)


def test_strangers_learn_nothing(stage: Stage, account: Account) -> None:
    for said in ("打卡", "我的通知", "王芳的电话", "帮助"):
        assert account.say("oNobody", said).text.startswith(STRANGER.split("\n")[0])
    for answer in (account.picture("oNobody"), account.voice("oNobody", "打卡")):
        assert answer.text.startswith(STRANGER.split("\n")[0])


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("hours", [-20, 20])
def test_a_clock_that_is_hours_off(
    stage: Stage, account: Account, mode: str, hours: int
) -> None:
    """Sealed, a day either way is let pass; in plain text only minutes are."""
    account.mode = mode
    bind(stage, "王芳", "oWang")
    account.caller._clock = lambda: stage.clock.now() + timedelta(hours=hours)
    answer = account.say("oWang", "打卡")
    assert (answer.status, answer.shown) == ((403, False), (200, True))[mode != "plain"]


@pytest.mark.parametrize("mode", MODES)
def test_three_tries_of_one_message_are_one(
    stage: Stage, account: Account, mode: str
) -> None:
    account.mode = mode
    bind(stage, "王芳", "oWang")
    number = account.next_id()
    with ThreadPoolExecutor(3) as together:
        told = list(
            together.map(
                lambda _: account.say("oWang", "打卡", msg_id=number).text, range(3)
            )
        )
    assert len(set(told)) == 1
    assert "1 次" in account.say("oWang", "我的打卡").text


def test_while_the_key_is_changed_both_are_read(stage: Stage, account: Account) -> None:
    kept, told = stage.assistant, settings(account)
    told |= {"encoding_aes_key": "n" * 43, "old_encoding_aes_key": KEY}
    channel = Official(OfficialSettings(**told), kept.storage, kept.clock, "支部")
    for key in (KEY, "n" * 43):
        account.encoding_aes_key = key
        query, body = account.caller.sealed("oWang", MESSAGE)
        message = channel.hear(query, body)
        reply = channel.reply(query, message, Reply("好"))
        assert open_reply(account.caller.seal, reply)["Content"] == "好"
    account.encoding_aes_key = "p" * 43
    query, body = account.caller.sealed("oWang", MESSAGE)
    with pytest.raises(BadCallback):
        channel.hear(query, body)


def test_without_a_key_it_is_told_which_setting_is_missing(
    stage: Stage, account: Account
) -> None:
    """Neither with the current key nor with the one before."""
    kept, told = stage.assistant, settings(account)
    told |= {"encoding_aes_key": None}
    channel = Official(OfficialSettings(**told), kept.storage, kept.clock, "支部")
    query, body = account.caller.sealed("oWang", MESSAGE)
    with pytest.raises(BadCallback) as refused:
        channel.hear(query, body)
    assert refused.value.setting == "encoding_aes_key"


def test_wechatpy_reads_our_replies(stage: Stage, account: Account) -> None:
    bind(stage, "王芳", "oWang")
    query, body = account.caller.sealed(
        "oWang",
        MESSAGE,
    )
    answer = requests.post(account.callback_url, params=query, data=body, timeout=5)
    crypto = WeChatCrypto(account.token, KEY, account.app_id)
    assert "<FromUserName>oWang</FromUserName>" in crypto.decrypt_message(
        body.decode(), query["msg_signature"], query["timestamp"], query["nonce"]
    )
    outer = read(answer.text)
    inner = crypto.decrypt_message(
        answer.text, outer["MsgSignature"], outer["TimeStamp"], outer["Nonce"]
    )
    assert "<ToUserName><![CDATA[oWang]]></ToUserName>" in inner


def test_no_other_words_under_a_signature_once_used(
    stage: Stage, account: Account
) -> None:
    account.mode = "plain"
    bind(stage, "王芳", "oWang")
    xml = (
        "<xml><ToUserName>gh_1</ToUserName><FromUserName>{}</FromUserName>"
        "<CreateTime>1</CreateTime><MsgType>text</MsgType>"
        "<Content>{}</Content><MsgId>{}</MsgId></xml>"
    )
    query, body = account.caller.sealed("oNobody", xml.format("oNobody", "你好", 5))
    url = account.callback_url
    assert requests.post(url, params=query, data=body, timeout=5).ok
    assert requests.post(url, params=query, data=body, timeout=5).ok
    forged = xml.format("oWang", "我的数据", 6)
    answer = requests.post(url, params=query, data=forged.encode(), timeout=5)
    assert (answer.status_code, answer.text) == (403, "")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<xml>",
        b"\xff\xfe",
        b"<xml><MsgType>text</MsgType></xml>",
        b"<!DOCTYPE x [<!ENTITY a 'b'>]><xml><FromUserName>&a;</FromUserName></xml>",
        b"{}",
        b"<xml>" + b"<a>" * 30 + b"</a>" * 30 + b"</xml>",
    ],
)
def test_what_is_no_message_is_refused(
    stage: Stage, account: Account, body: bytes
) -> None:
    account.mode = "plain"
    query, _ = account.caller.sealed("oWang", "<xml></xml>")
    answer = requests.post(account.callback_url, params=query, data=body, timeout=5)
    assert (answer.status_code, answer.text) == (403, "")


def test_too_large_a_body(stage: Stage, account: Account) -> None:
    query, _ = account.caller.sealed("oWang", "<xml></xml>")
    body = b"<xml>" + b"a" * 70_000
    answer = requests.post(account.callback_url, params=query, data=body, timeout=5)
    assert answer.status_code == 413


def test_what_is_said_aloud_is_read_and_echoed(stage: Stage, account: Account) -> None:
    bind(stage, "王芳", "oWang")
    answer = account.voice("oWang", "打卡")
    assert answer.text.startswith("（听到的是：打卡）\n")
    assert "1 次" in account.say("oWang", "我的打卡").text
    assert "只看得懂文字" in account.voice("oWang").text


def test_other_kinds_get_a_kind_answer(stage: Stage, account: Account) -> None:
    bind(stage, "王芳", "oWang")
    assert "图片收到了" in account.picture("oWang").text
    assert "位置收到了" in account.location("oWang").text
    assert "链接收到了" in account.link("oWang", "学习", "https://example.org").text


def test_menu_and_follow(stage: Stage, account: Account) -> None:
    bind(stage, "王芳", "oWang")
    assert "打卡" in account.click("oWang", "checkin").text
    assert "帮助" in account.follow("oWang").text
