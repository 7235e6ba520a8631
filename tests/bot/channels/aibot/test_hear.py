"""What is said to the robot, as JSON; and its sealed envelope."""

import json
from typing import Any

import pytest

from bot.channels.aibot.envelope import close_body, open_body
from bot.channels.aibot.frames import BadFrame, read_frame
from bot.channels.aibot.hear import Ticket, list_pictures, read_body, read_message
from bot.channels.envelope import Seal
from bot.errors import BadCallback, TooLarge

# path/101033's form, computed with our code and @wecom/crypto (V5).
TOKEN, KEY = "QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
V5 = {
    "msg_signature": "e84eeb6d61a649d33d7725806eaf20ac43bdd0e0",
    "timestamp": "1409659813",
    "nonce": "1372623149",
}
V5_BODY = json.dumps(
    {
        "encrypt": "sKqRbbiSUnDhFHOvPjtUMe7nZQLvWGuW5hHYLUwERrdEZ8idHNVDhmTgVpIdxON"
        "BtS/vd4pG70e9JhtqNf76igcfNMo7rUA5DVXLL2K2V9Jl0BLWgp6ZO15mRuhFzdoqwtj5pMRVGUB"
        "UmQl5h/yugq6MiBOC/TigRggYIV/h5S7TNt+U+pvwMfS5xBFBHo+CcZGXaqlBYCTpPvCgHdyC+DG"
        "VyFykTJQtjLCIf7Ch2veAg0MoadBHSc4SAbyzUU8j"
    }
).encode()


@pytest.fixture
def seal() -> Seal:
    return Seal(TOKEN, KEY, "")


def body(kind: str = "text", **more: Any) -> dict[str, Any]:
    return {
        "msgid": "M1",
        "aibotid": "B1",
        "chattype": "single",
        "from": {"userid": "ZhangSan"},
        "msgtype": kind,
        **more,
    }


def group(text: str) -> dict[str, Any]:
    return {"chattype": "group", "chatid": "G", "text": {"content": text}}


def test_v5(seal: Seal) -> None:
    message = read_message(read_body(open_body(seal, V5, V5_BODY)))
    told = (message.id, message.sender, message.text, message.fields["address"])
    assert told == ("M1", "zhangsan", "你好", "http://127.0.0.1/r")


def test_answer_is_sealed_under_the_nonce_of_the_question(seal: Seal) -> None:
    told = json.loads(close_body(seal, '{"a": 1}', 1409659813, "1372623149"))
    assert sorted(told) == ["encrypt", "msgsignature", "nonce", "timestamp"]
    assert (told["nonce"], told["timestamp"]) == ("1372623149", 1409659813)
    query = {"msg_signature": told["msgsignature"], **V5}
    query |= {"msg_signature": told["msgsignature"]}
    again = json.dumps({"encrypt": told["encrypt"]}).encode()
    assert open_body(seal, query, again) == '{"a": 1}'


@pytest.mark.parametrize(
    "forged", [b"", b"x", b"[]", b"{}", b'{"encrypt": 1}', b'{"encrypt": "AAAA"}']
)
def test_forged(seal: Seal, forged: bytes) -> None:
    with pytest.raises(BadCallback):
        open_body(seal, V5, forged)


def test_too_large(seal: Seal) -> None:
    with pytest.raises(TooLarge):
        open_body(seal, V5, b"x" * 65 * 1024)


def test_unsigned(seal: Seal) -> None:
    with pytest.raises(BadCallback, match="no msg_signature"):
        open_body(seal, {}, V5_BODY)


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"from": {"userid": "a"}},
        {"msgtype": "text"},
        {"from": "a", "msgtype": "text"},
        {"from": {"userid": 1}, "msgtype": "text"},
        {"from": {"userid": "x" * 129}, "msgtype": "text"},
    ],
)
def test_of_nobody(odd: dict[str, Any]) -> None:
    with pytest.raises(BadCallback):
        read_message(odd)


@pytest.mark.parametrize("kind", ["text", "mixed", "image", "voice", "file", "event"])
@pytest.mark.parametrize("content", [None, 1, "x", [], {}, {"content": 3}])
def test_odd_contents_are_heard_all_the_same(kind: str, content: object) -> None:
    assert read_message(body(kind, **{kind: content})).sender == "zhangsan"


def test_for_another_robot() -> None:
    with pytest.raises(BadCallback, match="another robot"):
        read_message(body(text={"content": "x"}), bot_id="B2")


def test_in_a_group_the_call_is_no_part_of_what_is_said() -> None:
    said: dict[str, Any] = {
        "chattype": "group",
        "chatid": "G",
        "text": {"content": "@向阳 打卡 @李伟"},
    }
    message = read_message(body(**said))
    assert (message.group, message.text) == ("G", "打卡 @李伟")


def test_in_a_group_what_calls_nobody_is_not_for_us() -> None:
    said: dict[str, Any] = {
        "chattype": "group",
        "chatid": "G",
        "text": {"content": "打卡"},
    }
    message = read_message(body(**said))
    assert (message.kind, message.event) == ("event", "overheard")


def test_voice_comes_as_its_words() -> None:
    message = read_message(body("voice", voice={"content": "打卡"}))
    assert (message.kind, message.text) == ("voice", "打卡")


def test_mixed_is_its_text_and_then_its_pictures() -> None:
    items = [
        {"msgtype": "text", "text": {"content": "发通知"}},
        {"msgtype": "image", "image": {"url": "http://x/1", "aeskey": "k"}},
        {"msgtype": "text", "text": {"content": "周五开会"}},
        {"msgtype": "image", "image": {"url": "http://x/2"}},
        "odd",
    ]
    message = read_message(body("mixed", mixed={"msg_item": items}))
    assert (message.kind, message.text) == ("text", "发通知\n周五开会")
    pictures = list_pictures(message)
    assert [each.id for each in pictures] == ["M1#1", "M1#2"]
    assert {each.kind for each in pictures} == {"image"}
    told = json.loads(pictures[0].fields["MediaId"])
    assert told == {"url": "http://x/1", "key": "k"}


def test_pressed_card() -> None:
    pressed = {"event_key": "receipt:1:收到", "task_id": "b1-2"}
    event = {"eventtype": "template_card_event", "template_card_event": pressed}
    message = read_message(body("event", event=event), "req-1")
    assert (message.event, message.key) == ("template_card_event", "receipt:1:收到")
    assert Ticket.read(message.ticket) == Ticket("req-1", "b1-2")


def test_what_has_no_id_is_known_by_all_that_it_says() -> None:
    event = {"eventtype": "enter_chat"}
    first, again = (
        read_message(body("event", event=event) | {"msgid": None}) for _ in range(2)
    )
    assert first.id == again.id
    assert first.id.startswith("event:")


def test_asking_for_more_of_a_stream_is_no_message() -> None:
    assert read_message(body("stream", stream={"id": "s"})).kind == "event"


def test_encrypted_account_keeps_its_case() -> None:
    user = "woAJ2GCAAAXtWyujaWJHDDGi0mACHAAA"
    told = body(text={"content": "x"}) | {"from": {"userid": user}}
    assert read_message(told).sender == user


@pytest.mark.parametrize("text", ["", "1", '{"headers": []}', '{"cmd": "ping"}'])
def test_no_frame(text: str) -> None:
    with pytest.raises(BadFrame):
        read_frame(text)
