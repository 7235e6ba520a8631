"""After sending: recalled within a day, greyed or replaced once a response code."""

from typing import Any

import pytest

from server.twin.world import World
from tests.twin.conftest import App
from tests.twin.corp import AGENT, Api, Clock, button_card


@pytest.fixture
def sent(api: Api) -> dict[str, Any]:
    got = api.send("template_card", button_card(), touser="lisi|wangfang")
    assert got["errcode"] == 0
    return got


def update(api: Api, sent: dict[str, Any], **more: Any) -> dict[str, Any]:
    body = {"agentid": AGENT, "response_code": sent["response_code"]}
    body |= {"userids": ["lisi"], "button": {"replace_name": "已收到"}} | more
    return api.post("message/update_template_card", body)


def test_a_button_greys_on_one_phone(
    api: Api, world: World, sent: dict[str, Any]
) -> None:
    assert update(api, sent, userids=["LISI", "nobody"])["invaliduser"] == ["nobody"]
    assert world.phone("lisi").bubbles[0].button == "已收到"
    assert world.phone("wangfang").bubbles[0].button == ""


def test_a_change_is_news_to_who_watches(
    api: Api, world: World, sent: dict[str, Any]
) -> None:
    mark = world.mark()
    update(api, sent)
    ((owner, bubble),) = world.phones.since(mark)
    assert (owner, bubble.button) == ("lisi", "已收到")
    assert world.phone("lisi").pushed(since=mark) == []


@pytest.mark.parametrize(
    "whom", [{"atall": 1}, {"partyids": [2]}, {"userids": ["lisi", "wangfang"]}]
)
def test_it_greys_on_all_phones(
    api: Api, world: World, sent: dict[str, Any], whom: dict[str, Any]
) -> None:
    update(api, sent, **({"userids": []} | whom))
    shown = [world.phone(userid).bubbles[0].button for userid in ("lisi", "wangfang")]
    assert shown == ["已收到", "已收到"]


def test_a_response_code_works_once(api: Api, sent: dict[str, Any]) -> None:
    assert update(api, sent)["errcode"] == 0
    assert update(api, sent)["errcode"] == 60140


def test_a_response_code_lives_72_hours(
    api: Api, sent: dict[str, Any], clock: Clock
) -> None:
    clock.move(hours=72)
    api.login()
    assert update(api, sent)["errcode"] == 60140


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"response_code": "x"}, 60140),
        ({"agentid": 1}, 301002),
        ({"button": {}}, 40058),
        ({"button": "x"}, 40058),
        ({"userids": []}, 82101),
        ({"userids": ["weixin"]}, 82102),
        ({"userids": ["x"] * 1001}, 40032),
        ({"template_card": {"card_type": "x"}}, 42031),
    ],
)
def test_a_wrong_update_leaves_the_code_usable(
    api: Api, sent: dict[str, Any], more: dict[str, Any], code: int
) -> None:
    assert update(api, sent, **more)["errcode"] == code
    assert update(api, sent)["errcode"] == 0


def test_a_card_is_replaced_by_another(
    api: Api, world: World, sent: dict[str, Any]
) -> None:
    new = {
        "card_type": "text_notice",
        "main_title": {"title": "会议取消"},
        "card_action": {"type": 1, "url": "http://x"},
        "replace_text": "已读",
    }
    assert update(api, sent, template_card=new)["errcode"] == 0
    bubble = world.phone("lisi").bubbles[0]
    assert (bubble.text, bubble.button) == ("会议取消", "已读")
    assert (bubble.card or {})["task_id"] == "t1"
    assert world.phone("wangfang").bubbles[0].text == "党支部大会\n周三下午两点"


def test_a_vote_may_be_updated_without_its_button(
    api: Api, sent: dict[str, Any]
) -> None:
    vote = {
        "card_type": "vote_interaction",
        "main_title": {"title": "投票"},
        "checkbox": {"question_key": "q", "option_list": [{"id": "1", "text": "甲"}]},
    }
    assert update(api, sent, template_card=vote)["errcode"] == 0


def test_a_notice_has_no_button_to_grey(api: Api) -> None:
    notice = {
        "card_type": "text_notice",
        "main_title": {"title": "题"},
        "card_action": {"type": 1, "url": "http://x"},
    }
    assert "response_code" not in api.send("template_card", notice)
    menu = {"action_list": [{"text": "不再提醒", "key": "off"}]}
    with_menu = notice | {"action_menu": menu, "task_id": "t9"}
    assert update(api, api.send("template_card", with_menu))["errcode"] == 40058


def test_a_message_is_recalled(api: Api, world: World) -> None:
    sent = api.send(touser="lisi|weixin")
    assert api.post("message/recall", {"msgid": sent["msgid"]})["errcode"] == 0
    assert world.phone("lisi").bubbles[0].recalled
    # the copy in personal WeChat stays (path/94867)
    assert not world.phone("weixin").bubbles[0].recalled


def test_only_its_own_and_only_within_a_day(api: Api, clock: Clock) -> None:
    assert api.post("message/recall", {"msgid": "x"})["errcode"] == 40058
    sent = api.send()
    clock.move(hours=24)
    api.login()
    recalled = api.post("message/recall", {"msgid": sent["msgid"]})
    assert recalled["errcode"] == 42052


# --- pressing


@pytest.fixture
def card(talk: World) -> Api:
    api = Api(talk)
    api.login()
    assert api.send("template_card", button_card())["errcode"] == 0
    return api


def test_a_press_is_an_event_with_a_code_of_its_own(
    talk: World, app: App, card: Api
) -> None:
    app.reply = lambda _: ""
    talk.press("lisi", "ack")
    (heard,) = app.heard
    assert heard["Event"] == "template_card_event"
    assert (heard["EventKey"], heard["TaskId"]) == ("ack", "t1")
    assert heard["CardType"] == "button_interaction"
    got = update(card, {"response_code": heard["ResponseCode"]})
    assert got["errcode"] == 0
    with pytest.raises(ValueError, match="any more"):
        talk.press("lisi", "ack")


def test_a_text_in_answer_to_a_press_is_not_shown(
    talk: World, app: App, card: Api
) -> None:
    answer = talk.press("lisi", "ack")
    assert (answer.text, answer.shown) == ("听到：", False)
    assert len(talk.phone("lisi").bubbles) == 1


def test_in_the_other_reading_a_press_is_answered(
    talk: World, app: App, card: Api
) -> None:
    talk.replies_to_cards = True
    app.reply = lambda _: {
        "MsgType": "update_button",
        "Button": {"ReplaceName": "已收到"},
    }
    assert talk.press("lisi", "ack").shown
    assert talk.phone("lisi").bubbles[0].button == "已收到"


def test_a_card_in_answer_replaces_the_card(talk: World, app: App, card: Api) -> None:
    talk.replies_to_cards = True
    new = {
        "CardType": "text_notice",
        "MainTitle": {"Title": "已登记"},
        "HorizontalContentList": {"Type": "3", "KeyName": "谁", "UserId": "lisi"},
        "CardAction": {"Type": 1, "Url": "http://x", "AppId": "a"},
        "JumpList": [{"Title": "一"}, {"Title": "二"}],
        "ReplaceText": "完成",
    }
    app.reply = lambda _: {"MsgType": "update_template_card", "TemplateCard": new}
    assert talk.press("lisi", "ack").shown
    bubble = talk.phone("lisi").bubbles[0]
    assert bubble.card == {
        "task_id": "t1",
        "card_type": "text_notice",
        "main_title": {"title": "已登记"},
        "horizontal_content_list": [{"type": 3, "keyname": "谁", "userid": "lisi"}],
        "card_action": {"type": 1, "url": "http://x", "appid": "a"},
        "jump_list": [{"title": "一"}, {"title": "二"}],
        "replace_text": "完成",
    }
    assert bubble.button == "完成"


def test_an_update_in_answer_to_a_text_changes_nothing(talk: World, app: App) -> None:
    app.reply = lambda _: {"MsgType": "update_button", "Button": {"ReplaceName": "x"}}
    assert not talk.say("lisi", "嗨").shown


def test_choices_travel_with_the_button(talk: World, app: App, card: Api) -> None:
    options = [{"id": "1", "text": "能"}, {"id": "2", "text": "不能"}]
    vote = {
        "card_type": "vote_interaction",
        "main_title": {"title": "能来吗"},
        "task_id": "v1",
        "checkbox": {"question_key": "q", "option_list": options},
        "submit_button": {"text": "提交", "key": "go"},
    }
    card.send("template_card", vote)
    talk.press("lisi", "go", {"q": ["1", "2"]})
    selected = app.heard[0]["SelectedItems"]["SelectedItem"]
    assert selected == {"QuestionKey": "q", "OptionIds": {"OptionId": ["1", "2"]}}


def test_the_menu_of_a_card_is_another_event(talk: World, app: App, card: Api) -> None:
    menu = {"action_list": [{"text": "不再提醒", "key": "off"}]}
    card.send("template_card", button_card("t2", action_menu=menu))
    assert talk.press("lisi", "off").shown
    assert app.heard[0]["Event"] == "template_card_menu_event"


def test_only_what_is_there_can_be_pressed(talk: World, card: Api) -> None:
    with pytest.raises(ValueError, match="no card with a button"):
        talk.press("lisi", "other")
    with pytest.raises(ValueError, match="no button other"):
        talk.press("lisi", "other", bubble=talk.phone("lisi").bubbles[0])
    talk.phone("lisi").bubbles[0].recalled = True
    with pytest.raises(ValueError, match="any more"):
        talk.press("lisi", "ack")
