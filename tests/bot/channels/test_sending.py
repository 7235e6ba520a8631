"""Letters on their way to phones: every content, and what becomes of each recipient."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.channels import Envelope
from bot.channels.wecom import WeCom, read_users
from bot.channels.wecom.contacts import Department, Person
from bot.channels.wecom.errcodes import INVALID_USER, UNLICENSED_USER, to_error
from bot.config.settings import Config
from bot.errors import BadCallback, DeliveryError
from bot.message import Button, Card, CardUpdate, Content, GroupText, Recall, Text
from bot.outbox.limits import weigh
from bot.storage.database import Storage
from server.twin.people import Department as TwinDepartment
from server.twin.people import Member
from server.twin.phones import Bubble
from server.twin.world import World
from tests.fakes.clock import FakeClock

CARD = Card(
    "周五开会",
    "下午三点，三楼会议室",
    (Button("收到", "receipt:1"), Button("请假", "leave:1")),
    source="智能制造教工党支部",
    lines=(("时间", "3月6日"), ("地点", "三楼")),
)


@pytest.fixture
def wecom(
    config: Config, storage: Storage, clock: FakeClock, world: World
) -> Iterator[WeCom]:
    assert config.wecom
    world.callback_url = "http://127.0.0.1:9/cards-need-one"
    wecom = WeCom(config.wecom, storage, clock)
    with closing(wecom.client._http):
        yield wecom


def letter(content: Content, *users: str, reference: str = "b1") -> Envelope:
    return Envelope(content, users or ("wangfang",), reference)


def pushed(world: World, user: str = "wangfang") -> list[Bubble]:
    return world.phone(user).pushed()


def texts(world: World, user: str = "wangfang") -> list[str]:
    return [bubble.text for bubble in pushed(world, user)]


@pytest.mark.parametrize("content", [Text("周五开会\x0b👍"), GroupText("周五开会👍")])
def test_a_text_reaches_everybody_named(
    wecom: WeCom, world: World, content: Content
) -> None:
    outcome = wecom.send(letter(content, "wangfang", "liwei"))
    assert texts(world) == texts(world, "liwei") == ["周五开会👍"]
    assert texts(world, "chenjing") == []
    assert not outcome.refused
    assert outcome.receipt == pushed(world)[0].msgid


def test_a_long_text_comes_in_numbered_parts(wecom: WeCom, world: World) -> None:
    text = "\n".join(f"第{number}条 {'学' * 40}" for number in range(60))
    outcome = wecom.send(letter(Text(text)))
    parts = texts(world)
    assert len(parts) == 4
    assert all(len(part.encode()) <= 2048 for part in parts)
    bare = [part.removesuffix(f"（{at}/4）") for at, part in enumerate(parts, 1)]
    assert "\n".join(bare) == text
    assert outcome.receipt == ",".join(each.msgid for each in pushed(world))


def test_a_letter_of_which_a_part_went_out_is_uncertain(
    wecom: WeCom, world: World
) -> None:
    """The part is known again for hours only, so it must not be tried much later."""
    text = Text("同" * 600 + "\n" + "异" * 600)
    world.faults.add("message/send", "slow", seconds=0)
    world.faults.add("message/send", "errcode", code=45009)
    with pytest.raises(DeliveryError, match="45009") as failed:
        wecom.send(letter(text))
    assert failed.value.uncertain
    wecom.send(letter(text))
    assert [part[0] for part in texts(world)] == ["同", "异"]
    world.faults.add("message/send", "errcode", code=45009)
    with pytest.raises(DeliveryError, match="45009") as failed:
        wecom.send(letter(text, reference="b2"))
    assert not failed.value.uncertain


def test_whoever_missed_a_part_is_refused(wecom: WeCom, world: World) -> None:
    world.faults.add("message/send", "invalid_users", users=["liwei"])
    text = Text("同" * 600 + "\n" + "异" * 600)
    outcome = wecom.send(letter(text, "wangfang", "liwei"))
    assert outcome.refused == {"liwei": INVALID_USER}


def test_a_card(wecom: WeCom, world: World) -> None:
    wecom.send(letter(CARD, reference="b41"))
    (bubble,) = pushed(world)
    assert bubble.card == {
        "card_type": "button_interaction",
        "task_id": "b41",
        "source": {"desc": "智能制造教工党支部"},
        "main_title": {"title": "周五开会"},
        "sub_title_text": "下午三点，三楼会议室",
        "horizontal_content_list": [
            {"keyname": "时间", "value": "3月6日"},
            {"keyname": "地点", "value": "三楼"},
        ],
        "button_list": [
            {"text": "收到", "type": 0, "style": 1, "key": "receipt:1"},
            {"text": "请假", "type": 0, "style": 1, "key": "leave:1"},
        ],
    }
    wecom.send(letter(Card("短", "", CARD.buttons, url="https://a/"), reference="b42"))
    assert (pushed(world)[1].card or {})["card_action"] == {
        "type": 1,
        "url": "https://a/",
    }


@pytest.mark.parametrize(
    ("title", "text", "front"),
    [
        ("题" * 36, "文" * 160, []),
        ("题", "文" * 161, ["文" * 161]),
        ("题" * 37, "文", ["题" * 37 + "\n文"]),
    ],
)
def test_what_a_card_cannot_show_goes_in_front_of_it(
    wecom: WeCom, world: World, title: str, text: str, front: list[str]
) -> None:
    wecom.send(letter(Card(title, text, CARD.buttons)))
    *before, bubble = pushed(world)
    assert [each.text for each in before] == front
    assert bubble.card
    shown = bubble.card["main_title"]["title"], bubble.card["sub_title_text"]
    assert shown[0] == (title if len(title) <= 36 else title[:35] + "…")
    assert shown[1] == ("全文在上一条。" if front else text)


def test_a_card_with_a_page_is_one_message(wecom: WeCom, world: World) -> None:
    card = Card("题", "文" * 161, CARD.buttons, url="https://a/")
    wecom.send(letter(card))
    (bubble,) = pushed(world)
    shown = (bubble.card or {})["sub_title_text"]
    assert len(shown) == 160
    assert shown.endswith("文…（点开看全文）")
    assert weigh(card) == 1


def test_a_pressed_card_turns_grey(wecom: WeCom, world: World) -> None:
    wecom.send(letter(CARD, "wangfang", "liwei"))
    (bubble,) = pushed(world)
    ticket = world.outgoing.codes.issue(bubble.msgid)
    wecom.send(letter(CardUpdate(ticket, "已收到")))
    assert bubble.button == "已收到"
    assert pushed(world, "liwei")[0].button == ""
    with pytest.raises(DeliveryError, match="60140") as failed:
        wecom.send(letter(CardUpdate(ticket, "已收到")))
    assert failed.value.permanent


def test_a_recall_goes_on_where_one_is_gone(wecom: WeCom, world: World) -> None:
    receipt = wecom.send(letter(Text("错了"))).receipt
    wecom.send(letter(Recall(("gone", receipt))))
    assert pushed(world)[0].recalled
    world.faults.add("message/recall", "http", status=502)
    with pytest.raises(DeliveryError):
        wecom.send(letter(Recall((receipt,))))


def test_who_cannot_be_reached_is_refused_with_the_reason(
    wecom: WeCom, world: World
) -> None:
    world.add_member(Member("chenjing", "陈静", licensed=False))
    world.add_member(Member("hexue", "何雪", visible=False))
    outcome = wecom.send(letter(Text("会"), "wangfang", "chenjing", "hexue", "gone"))
    assert outcome.refused == {
        "hexue": INVALID_USER,
        "gone": INVALID_USER,
        "chenjing": UNLICENSED_USER,
    }
    assert texts(world) == ["会"]


def test_if_nobody_can_be_reached_it_is_hopeless(wecom: WeCom) -> None:
    with pytest.raises(DeliveryError, match="81013") as failed:
        wecom.send(letter(Text("会"), "gone", "away"))
    assert failed.value.permanent


def test_a_resent_letter_arrives_once(wecom: WeCom, world: World) -> None:
    """Delivered, but the answer was lost: WeCom's duplicate check closes the gap."""
    world.faults.add("message/send", "reset_after")
    with pytest.raises(DeliveryError) as failed:
        wecom.send(letter(Text("会")))
    assert failed.value.uncertain
    assert not wecom.send(letter(Text("会"))).refused
    assert texts(world) == ["会"]


def test_it_arrives_once_also_three_hours_later(
    wecom: WeCom, world: World, clock: FakeClock
) -> None:
    for number in (0, 1, 3599, 3600):
        wecom.send(letter(Text(str(number)), reference=f"b{number}"))
    clock.wait(hours=3)
    for number in (0, 1, 3599, 3600):
        wecom.send(letter(Text(str(number)), reference=f"b{number}"))
    assert len(texts(world)) == 4


def test_two_letters_of_the_same_words_are_two(wecom: WeCom, world: World) -> None:
    for reference in ("b1", "b2"):
        wecom.send(letter(Text("别忘了打卡"), reference=reference))
    assert texts(world) == ["别忘了打卡"] * 2


def test_a_text_with_half_a_surrogate_pair_arrives(wecom: WeCom, world: World) -> None:
    wecom.send(letter(Text("a\ud83db")))
    wecom.send(letter(Card("a", "b", (Button("收\ud83d到", "k"),)), reference="b2"))
    assert texts(world)[0] == "ab"
    assert (pushed(world)[1].card or {})["button_list"][0]["text"] == "收?到"


@pytest.mark.parametrize(
    ("code", "permanent", "wait"),
    [
        (-1, False, timedelta(seconds=5)),
        (45009, False, timedelta(seconds=65)),
        (45033, False, timedelta(seconds=5)),
        (40001, False, timedelta(minutes=10)),
        (60020, False, timedelta(minutes=10)),
        (60111, True, None),
        (40035, True, None),
        (42014, True, None),
        (42051, True, None),
        (45002, True, None),
        (81013, True, None),
        (42052, True, None),
        (987654, False, None),
    ],
)
def test_every_code_is_judged(
    code: int,
    permanent: bool,  # noqa: FBT001
    wait: timedelta | None,
) -> None:
    error = to_error(code, "words" * 100)
    assert (error.code, error.permanent, error.wait) == (code, permanent, wait)
    assert not error.uncertain
    assert f"（{code}）" in str(error)
    assert len(str(error)) < 120


def test_the_menu_is_put_under_the_chat(wecom: WeCom, world: World) -> None:
    wecom.create_menu([{"type": "click", "name": "打卡", "key": "checkin"}])
    assert world.menu[0]["key"] == "checkin"


def test_everybody_is_listed_once(wecom: WeCom, world: World) -> None:
    world.add_department(TwinDepartment(2, "第一党小组"))
    world.add_member(Member("LiWei", "李伟", departments=(1, 2)))
    assert wecom.contacts.departments() == [
        Department(1, "示例大学", 0),
        Department(2, "第一党小组", 1),
    ]
    people = wecom.contacts.people()
    assert Person("LiWei", "李伟", (1, 2)) in people
    assert len({person.userid.casefold() for person in people}) == len(people)


def test_a_member_is_recognised_by_a_code(wecom: WeCom, world: World) -> None:
    assert wecom.identify(world.tokens.give_code("wangfang")) == "wangfang"
    assert wecom.identify(world.tokens.give_code("visitor")) is None


def test_a_used_code_is_refused(wecom: WeCom, world: World) -> None:
    code = world.tokens.give_code("wangfang")
    wecom.identify(code)
    for bad in (code, "forged"):
        with pytest.raises(BadCallback):
            wecom.identify(bad)
    world.faults.add("auth/getuserinfo", "http")
    with pytest.raises(DeliveryError):
        wecom.identify("any")


def test_where_a_member_is_sent_to_be_recognised(wecom: WeCom, world: World) -> None:
    address = urlsplit(wecom.login_address("https://a.example/m/?x=1&y=2", "s1"))
    assert (address.hostname, address.fragment) == (
        "open.weixin.qq.com",
        "wechat_redirect",
    )
    query = parse_qs(address.query)
    assert query["appid"] == [world.corp_id]
    assert query["redirect_uri"] == ["https://a.example/m/?x=1&y=2"]
    assert (query["state"], query["scope"]) == (["s1"], ["snsapi_base"])


@pytest.mark.parametrize(
    "told", [[{"userid": "liwei"}], {"userid": "liwei"}, [["liwei"]], [None]]
)
def test_a_list_of_an_unknown_shape_counts_nobody_as_delivered(told: object) -> None:
    with pytest.raises(DeliveryError, match="认不出来") as raised:
        read_users(told, "invaliduser")
    assert raised.value.uncertain
    assert raised.value.detail


@pytest.mark.parametrize(
    ("told", "users"),
    [
        ("a|b", ["a", "b"]),
        (["a", "b"], ["a", "b"]),
        ([1001, "b"], ["1001", "b"]),
        ("", []),
        (None, []),
        ([], []),
    ],
)
def test_who_an_answer_names(told: object, users: list[str]) -> None:
    assert read_users(told, "invaliduser") == users
