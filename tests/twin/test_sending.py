"""message/send: who gets it, who is named, what is cut, dropped and suppressed."""

import json
from typing import Any

import pytest

from server.twin import samples
from server.twin.people import Member
from server.twin.world import World
from tests.twin.corp import AGENT, Api, Clock, button_card


def texts(world: World, userid: str) -> list[str]:
    return [bubble.text for bubble in world.phone(userid).bubbles]


def test_a_text_reaches_the_phone(api: Api, world: World) -> None:
    mark = world.mark()
    got = api.send(touser="LISI|wangfang|lisi")
    assert (got["errcode"], got["invaliduser"]) == (0, "")
    assert texts(world, "lisi") == texts(world, "WangFang") == ["大家好"]
    (bubble,) = world.phone("lisi").pushed(since=mark)
    assert bubble.msgid == got["msgid"]
    assert world.phone("lisi").pushed(since=world.mark()) == []


def test_who_cannot_be_reached_is_named(api: Api, world: World) -> None:
    got = api.send(touser="lisi|Nobody|hidden|left|Unlicensed")
    assert got["errcode"] == 0
    assert got["invaliduser"] == "nobody|hidden|left"
    assert got["unlicenseduser"] == "unlicensed"
    assert texts(world, "hidden") == texts(world, "unlicensed") == []


def test_nobody_can_be_reached(api: Api) -> None:
    got = api.send(touser="nobody|unlicensed")
    assert got["errcode"] == 81013
    assert "msgid" not in got


def test_all_and_a_department_with_those_below(api: Api, world: World) -> None:
    assert api.send(touser="@all", toparty="99")["unlicenseduser"] == "unlicensed"
    assert api.send(toparty="2|99|x", totag="1")["invalidparty"] == "99|x"
    assert api.send(toparty="3", totag="7")["invalidtag"] == "7"
    assert len(texts(world, "lisi")) == 3
    assert len(texts(world, "wangfang")) == 2


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"touser": ""}, 82001),
        ({"touser": "|".join(map(str, range(1001)))}, 40032),
        ({"toparty": "|".join(map(str, range(101)))}, 82002),
        ({"totag": "|".join(map(str, range(101)))}, 82003),
        ({"agentid": 7}, 301002),
        ({"agentid": "x"}, 40056),
        ({"msgtype": "hologram"}, 40008),
        ({"text": "bare"}, 40063),
        ({"text": {"content": ""}}, 44004),
    ],
)
def test_a_wrong_request(api: Api, more: dict[str, Any], code: int) -> None:
    assert api.send(**more)["errcode"] == code


@pytest.mark.parametrize("raw", [b"", b"{", b"[1]", b"\xff"])
def test_what_is_no_json(api: Api, raw: bytes) -> None:
    url = f"{api.world.api_base}/cgi-bin/message/send"
    got = api.http.post(url, params={"access_token": api.token}, data=raw).json()
    assert got["errcode"] == 40035
    assert "Warning: wrong json format." in got["errmsg"]
    assert got["errmsg"].endswith("devtool/query?e=40035")


def test_a_long_text_is_cut_at_2048_bytes(api: Api, world: World) -> None:
    api.send(part={"content": "好" * 700})
    assert texts(world, "lisi") == ["好" * 682]


@pytest.mark.parametrize(
    ("kind", "part", "code"),
    [
        ("markdown", {"content": "好" * 683}, 45002),
        ("markdown", {}, 44004),
        ("textcard", {"description": "d", "url": "http://x"}, 41016),
        ("textcard", {"title": "t", "url": "http://x"}, 41033),
        ("textcard", {"title": "t", "description": "d"}, 40063),
        ("textcard", {"title": "t", "description": "d", "url": "x"}, 45034),
        (
            "textcard",
            {"title": "t", "description": "d", "url": "http://" + "x" * 2048},
            45002,
        ),
        ("news", {}, 40063),
        ("news", {"articles": [{"title": "t", "url": "http://x"}] * 9}, 45008),
        ("news", {"articles": [{"title": "t"}]}, 40063),
        ("news", {"articles": [{"url": "http://x"}]}, 41016),
        ("mpnews", {"articles": [{"title": "t", "thumb_media_id": "x"}]}, 40007),
        ("image", {"media_id": "x"}, 40007),
        ("template_card", {"card_type": "other"}, 42031),
    ],
)
def test_a_wrong_message(api: Api, kind: str, part: dict[str, Any], code: int) -> None:
    assert api.send(kind, part)["errcode"] == code


def test_cards_and_articles_show(api: Api, world: World) -> None:
    card = {"title": "长" * 50, "description": "<div>一</div><br>二", "url": "http://x"}
    api.send("textcard", card)
    api.send("news", {"articles": [{"title": "甲", "url": "http://x"}] * 2})
    api.send("news", {"articles": [{"title": "小", "appid": "a", "pagepath": "p"}]})
    api.send("markdown", {"content": "**粗**"})
    assert texts(world, "lisi") == [f"{'长' * 42}\n一\n二", "甲\n甲", "小", "**粗**"]
    assert (world.phone("lisi").bubbles[0].card or {})["btntxt"] == "详情"


@pytest.mark.parametrize(
    ("kind", "content", "label"),
    [
        ("image", samples.PNG, "[图片]"),
        ("voice", samples.AMR, "[语音]"),
        ("video", samples.MP4, "[视频]"),
        ("file", b"any bytes", "[文件]名单.xlsx"),
    ],
)
def test_media_show(
    api: Api, world: World, kind: str, content: bytes, label: str
) -> None:
    media_id = api.upload(kind, content, "名单.xlsx")["media_id"]
    assert api.send(kind, {"media_id": media_id})["errcode"] == 0
    (bubble,) = world.phone("lisi").bubbles
    assert (bubble.text, bubble.media_id) == (label, media_id)


def test_a_page_article_needs_its_picture(api: Api, world: World) -> None:
    thumb = api.upload("image", samples.PNG)["media_id"]
    article = {"title": "文", "thumb_media_id": thumb}
    assert api.send("mpnews", {"articles": [article]})["errcode"] == 40063
    too_long = article | {"content": "x" * (666 * 1024 + 1)}
    assert api.send("mpnews", {"articles": [too_long]})["errcode"] == 45002
    api.send("mpnews", {"articles": [article | {"content": "<p>文</p>"}]})
    assert texts(world, "lisi") == ["文"]


def test_the_same_request_again_is_not_delivered(
    api: Api, world: World, clock: Clock
) -> None:
    part = {"content": "只此一次"}
    send: dict[str, Any] = {"touser": "lisi|nobody", "enable_duplicate_check": 1}
    assert "msgid" in api.send(part=part, **send)
    clock.move(seconds=1799)
    again = api.send(part=part, **send)
    assert (again["errcode"], again["invaliduser"]) == (0, "nobody")
    assert "msgid" not in again
    assert len(texts(world, "lisi")) == world.outgoing.suppressed == 1
    clock.move(seconds=1)
    api.send(part=part, **send)
    assert len(texts(world, "lisi")) == 2


def test_the_interval_has_its_most(api: Api, world: World, clock: Clock) -> None:
    send: dict[str, Any] = {"enable_duplicate_check": 1}
    send["duplicate_check_interval"] = 99999
    api.send(**send)
    clock.move(hours=3, minutes=59)
    api.login()
    api.send(**send)
    assert len(texts(world, "lisi")) == 1
    clock.move(minutes=1)
    api.login()
    api.send(**send)
    assert len(texts(world, "lisi")) == 2


def test_without_the_check_all_are_delivered(api: Api, world: World) -> None:
    api.send()
    api.send()
    assert len(texts(world, "lisi")) == 2


def test_a_refused_request_can_come_again(api: Api, world: World) -> None:
    world.outgoing.daily_limit = 0
    assert api.send(enable_duplicate_check=1)["errcode"] == 45009
    world.outgoing.daily_limit = 1
    assert api.send(enable_duplicate_check=1)["errcode"] == 0
    assert len(texts(world, "lisi")) == 1


def test_more_than_30_a_minute_are_dropped(
    api: Api, world: World, clock: Clock
) -> None:
    got = [api.send() for _ in range(32)]
    assert {answer["errcode"] for answer in got} == {0}
    assert len(texts(world, "lisi")) == 30
    assert world.outgoing.dropped == 2
    clock.move(seconds=61)
    api.send()
    assert len(texts(world, "lisi")) == 31


def test_more_than_1000_an_hour_are_dropped(world: World, clock: Clock) -> None:
    body = {"touser": "lisi", "msgtype": "text", "agentid": AGENT}
    raw = json.dumps(body | {"text": {"content": "x"}}).encode()
    for _ in range(1001):
        world.outgoing.send(raw)
        clock.move(seconds=3)
    assert len(texts(world, "lisi")) == 1000


def test_the_account_has_a_daily_ceiling(api: Api, world: World, clock: Clock) -> None:
    world.outgoing.daily_limit = 3
    assert api.send(touser="lisi|wangfang")["errcode"] == 0
    assert api.send(touser="lisi|wangfang")["errcode"] == 45009
    assert api.send()["errcode"] == 0
    clock.move(days=1)
    api.login()
    assert api.send(touser="lisi|wangfang")["errcode"] == 0


def test_cards_do_not_show_in_personal_wechat(api: Api, world: World) -> None:
    sent = api.send("template_card", button_card(), touser="weixin|lisi")
    api.send("markdown", {"content": "m"}, touser="weixin")
    api.send(touser="weixin")
    phone = world.phone("weixin")
    assert [bubble.kind for bubble in phone.bubbles] == ["text"]
    assert [bubble.kind for bubble in phone.unseen] == ["template_card", "markdown"]
    assert world.phone("lisi").find(sent["msgid"]) is not None


def test_a_new_member_is_reached(api: Api, world: World) -> None:
    world.add_member(Member("new", "辛来"))
    assert api.send(touser="new")["errcode"] == 0
    world.people.remove("NEW")
    assert api.send(touser="new")["errcode"] == 81013
