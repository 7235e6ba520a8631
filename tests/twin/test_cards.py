"""The five kinds of template card: what WeCom takes and with which code it refuses."""

from typing import Any

import pytest

from server.twin.cards import check_card, check_robot_card, read_card
from server.twin.errcode import Errcode
from server.twin.world import World
from tests.twin.corp import Api, button_card

ACTION = {"type": 1, "url": "http://x"}
OPTIONS = [{"id": "1", "text": "甲"}]
TEXT = {"card_type": "text_notice", "sub_title_text": "文", "card_action": ACTION}
NEWS = {
    "card_type": "news_notice",
    "main_title": {"title": "题"},
    "card_action": ACTION,
    "card_image": {"url": "http://x/1.png"},
}
BUTTON = button_card()
VOTE = {
    "card_type": "vote_interaction",
    "main_title": {"title": "题"},
    "task_id": "t",
    "checkbox": {"question_key": "q", "option_list": OPTIONS},
    "submit_button": {"text": "提交", "key": "go"},
}
MANY = {
    "card_type": "multiple_interaction",
    "main_title": {"title": "题"},
    "task_id": "t",
    "select_list": [{"question_key": "q", "option_list": OPTIONS}],
    "submit_button": {"text": "提交", "key": "go"},
}


@pytest.mark.parametrize("card", [TEXT, NEWS, BUTTON, VOTE, MANY])
def test_a_right_card_reaches_the_phone(
    api: Api, world: World, card: dict[str, Any]
) -> None:
    got = api.send("template_card", card)
    assert got["errcode"] == 0
    assert ("response_code" in got) == ("task_id" in card)
    assert world.phone("lisi").bubbles[0].card == card


def without(card: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in card.items() if key != name}


MENU = {"action_list": [{"text": "一", "key": "a"}]}
TWICE = {"action_list": [{"text": "一", "key": "a"}, {"text": "二", "key": "a"}]}
WRONG = [
    ({}, 42031),
    (TEXT | {"card_type": "poster"}, 42031),
    (without(TEXT, "card_action"), 42045),
    (TEXT | {"card_action": "x"}, 42045),
    (TEXT | {"card_action": {"type": 0}}, 42045),
    (TEXT | {"card_action": {"type": 3}}, 42045),
    (TEXT | {"card_action": {"type": 1}}, 42028),
    (TEXT | {"card_action": {"type": 2}}, 42030),
    (without(TEXT, "sub_title_text"), 42033),
    (TEXT | {"action_menu": MENU}, 42014),
    (TEXT | {"action_menu": MENU, "task_id": "有"}, 42014),
    (TEXT | {"action_menu": TWICE, "task_id": "t"}, 42051),
    (TEXT | {"action_menu": {"action_list": []}, "task_id": "t"}, 40058),
    (TEXT | {"action_menu": {"action_list": [{"text": "一"}]}}, 42039),
    (TEXT | {"horizontal_content_list": [{"keyname": "k"}] * 7}, 42035),
    (TEXT | {"horizontal_content_list": [{"value": "v"}]}, 42027),
    (TEXT | {"horizontal_content_list": [{"keyname": "k", "type": 1}]}, 42028),
    (TEXT | {"horizontal_content_list": [{"keyname": "k", "type": 2}]}, 42029),
    (TEXT | {"horizontal_content_list": [{"keyname": "k", "type": 3}]}, 42050),
    (TEXT | {"jump_list": [{"title": "t"}] * 4}, 42042),
    (TEXT | {"jump_list": [{"type": 0}]}, 42033),
    (TEXT | {"jump_list": [{"title": "t", "type": 1}]}, 42028),
    (TEXT | {"jump_list": [{"title": "t", "type": 2}]}, 42030),
    (TEXT | {"jump_list": [{"title": "t", "type": 9}]}, 40058),
    (without(NEWS, "main_title"), 42033),
    (without(NEWS, "card_image"), 42044),
    (NEWS | {"vertical_content_list": [{"title": "t"}] * 5}, 42036),
    (NEWS | {"vertical_content_list": [{"desc": "d"}]}, 42033),
    (without(BUTTON, "task_id"), 42014),
    (BUTTON | {"task_id": "x" * 129}, 42014),
    (BUTTON | {"main_title": {}}, 42033),
    (BUTTON | {"button_list": []}, 42038),
    (BUTTON | {"button_list": [{"text": "t", "key": "k"}] * 7}, 42038),
    (BUTTON | {"button_list": [{"key": "k"}]}, 42038),
    (BUTTON | {"button_list": [{"text": "t"}]}, 42039),
    (BUTTON | {"button_list": [{"text": "t", "key": "k" * 1025}]}, 42039),
    (BUTTON | {"button_list": [{"text": "t", "type": 1}]}, 42028),
    (BUTTON | {"card_action": {"type": 1}}, 42028),
    (BUTTON | {"button_selection": {"option_list": OPTIONS}}, 42043),
    (without(VOTE, "checkbox"), 42043),
    (VOTE | {"checkbox": {"question_key": "q", "option_list": []}}, 42037),
    (VOTE | {"checkbox": {"question_key": "q", "option_list": OPTIONS * 21}}, 42037),
    (VOTE | {"checkbox": {"question_key": "q", "option_list": [{"text": "t"}]}}, 42040),
    (VOTE | {"checkbox": {"question_key": "q", "option_list": [{"id": "1"}]}}, 42041),
    (without(VOTE, "submit_button"), 42049),
    (VOTE | {"submit_button": {"text": "提交"}}, 42046),
    (MANY | {"select_list": []}, 42047),
    (MANY | {"select_list": MANY["select_list"] * 4}, 42047),  # type: ignore[operator]
]


@pytest.mark.parametrize(("card", "code"), WRONG)
def test_a_wrong_card_is_refused(card: dict[str, Any], code: int) -> None:
    with pytest.raises(Errcode) as refused:
        check_card(card)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "card",
    [
        TEXT
        | {"card_action": {"type": 2, "appid": "a"}, "jump_list": [{"title": "t"}]},
        TEXT | {"horizontal_content_list": [{"keyname": "k", "value": "v"}] * 6},
        without(NEWS, "card_image") | {"image_text_area": {"image_url": "http://x"}},
        NEWS | {"vertical_content_list": [{"title": "t"}]},
        BUTTON | {"button_list": [{"text": "t", "type": 1, "url": "http://x"}]},
        BUTTON | {"button_selection": {"question_key": "q", "option_list": OPTIONS}},
        BUTTON | {"card_action": {"type": 0}},
    ],
)
def test_what_is_optional_may_be_there(card: dict[str, Any]) -> None:
    check_card(card)


def test_a_task_id_is_used_once(api: Api) -> None:
    assert api.send("template_card", BUTTON)["errcode"] == 0
    assert api.send("template_card", BUTTON)["errcode"] == 42014


def test_a_card_that_calls_back_needs_somewhere_to_call(api: Api, world: World) -> None:
    world.callback_url = ""
    assert api.send("template_card", BUTTON)["errcode"] == 43012
    assert api.send("template_card", TEXT)["errcode"] == 0


def test_a_card_is_read_aloud() -> None:
    card = {
        "main_title": {"title": "题", "desc": "述"},
        "sub_title_text": "文",
        "horizontal_content_list": [{"keyname": "时间", "value": "两点"}],
        "quote_area": {"quote_text": "引"},
        "vertical_content_list": [{"title": "一", "desc": "二"}],
    }
    assert read_card(card) == "题\n述\n文\n时间：两点\n引\n一\n二"


@pytest.mark.parametrize(
    ("card", "code"),
    [
        (BUTTON, 42031),
        (TEXT | {"action_menu": MENU}, 40058),
        (without(NEWS, "card_image"), 42044),
    ],
)
def test_a_robot_may_send_less(card: dict[str, Any], code: int) -> None:
    with pytest.raises(Errcode) as refused:
        check_robot_card(card)
    assert refused.value.code == code
