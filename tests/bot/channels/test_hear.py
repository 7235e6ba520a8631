"""Every message and event of path/90239, 90240 and 90970 becomes a Message."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.wecom.hear import ID_CHARS, read_message
from bot.errors import BadCallback
from bot.message import Message
from tests.bot.channels.events import CARD, CHOSEN, EVENTS, KEY, Case, name_case

CORP = "wwtest"
NOBODY: Mapping[str, str] = {}


def xml(inside: str, sender: str = "WangFang", at: int = 1409659813) -> str:
    return (
        f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName>"
        f"<FromUserName><![CDATA[{sender}]]></FromUserName>"
        f"<CreateTime>{at}</CreateTime>{inside}<AgentID>1000002</AgentID></xml>"
    )


def hear(inside: str, sender: str = "WangFang", at: int = 1409659813) -> Message:
    return read_message(xml(inside, sender, at), CORP)


def of_event(name: str, more: str = "", sender: str = "WangFang") -> Message:
    kind = "<MsgType><![CDATA[event]]></MsgType>"
    return hear(f"{kind}<Event><![CDATA[{name}]]></Event>{more}", sender)


@pytest.mark.parametrize(
    ("kind", "inside", "text", "fields"),
    [
        (
            "text",
            "<Content><![CDATA[ 打卡 ]]></Content>",
            "打卡",
            {"Content": " 打卡 "},
        ),
        ("text", "<Content></Content>", "", {"Content": ""}),
        ("text", "<Content><![CDATA[a]]]]><![CDATA[>b]]></Content>", "a]]>b", NOBODY),
        (
            "image",
            "<PicUrl><![CDATA[https://p/1]]></PicUrl><MediaId>m1</MediaId>",
            "",
            {"PicUrl": "https://p/1", "MediaId": "m1"},
        ),
        (
            "voice",
            "<MediaId>m2</MediaId><Format>amr</Format>",
            "",
            {"MediaId": "m2", "Format": "amr"},
        ),
        (
            "video",
            "<MediaId>m3</MediaId><ThumbMediaId>m4</ThumbMediaId>",
            "",
            {"MediaId": "m3", "ThumbMediaId": "m4"},
        ),
        (
            "location",
            "<Location_X>23.134</Location_X><Location_Y>113.358</Location_Y>"
            "<Scale>20</Scale><Label><![CDATA[位置信息]]></Label>"
            "<AppType>wxwork</AppType>",
            "",
            {"Location_X": "23.134", "Location_Y": "113.358", "Label": "位置信息"},
        ),
        (
            "link",
            "<Title><![CDATA[题]]></Title><Description><![CDATA[述]]></Description>"
            "<Url><![CDATA[https://a/?b=1&c=2]]></Url><PicUrl></PicUrl>",
            "",
            {"Title": "题", "Description": "述", "Url": "https://a/?b=1&c=2"},
        ),
        ("hologram", "<Depth>3</Depth>", "", {"Depth": "3"}),
    ],
)
def test_every_message(
    kind: str, inside: str, text: str, fields: Mapping[str, str]
) -> None:
    heard = hear(f"<MsgType>{kind}</MsgType>{inside}<MsgId>4561255354251345929</MsgId>")
    assert (heard.channel, heard.sender, heard.kind) == ("wecom", "wangfang", kind)
    assert (heard.id, heard.text) == ("4561255354251345929", text)
    assert (heard.event, heard.key, heard.ticket) == ("", "", "")
    assert heard.fields.items() >= fields.items()
    assert heard.thread == "wecom:wangfang"


@pytest.mark.parametrize("case", EVENTS, ids=map(name_case, EVENTS))
def test_every_event(case: Case) -> None:
    heard = of_event(case.name, case.inside, case.sender)
    assert (heard.kind, heard.event) == ("event", case.name.lower())
    assert (heard.sender, heard.key) == (case.sender.lower(), case.key)
    assert heard.ticket == ("code" if case.name.startswith("template_card") else "")
    assert heard.text == ""
    assert heard.fields.items() >= case.fields.items()
    assert heard == of_event(case.name, case.inside, case.sender), "a retry is the same"


def test_an_event_without_a_name() -> None:
    heard = hear("<MsgType>event</MsgType>")
    assert (heard.kind, heard.event) == ("event", "")


def test_a_retry_has_the_id_of_the_first() -> None:
    first, retry = (of_event("click", KEY.format("checkin")) for _ in range(2))
    assert first.id == retry.id
    upper = hear("<MsgType>event</MsgType><Event>click</Event>", "WANGFANG").sender
    assert upper == first.sender


def test_different_clicks_of_one_second_have_different_ids() -> None:
    pressed = KEY.format("receipt:7") + CARD
    clicks = [
        of_event("click", KEY.format("checkin")),
        of_event("click", KEY.format("undo")),
        of_event("view", KEY.format("checkin")),
        of_event("click", KEY.format("checkin"), "LiWei"),
        of_event("template_card_event", pressed),
        of_event("template_card_event", pressed.replace("b7", "b8")),
        of_event("template_card_event", pressed.replace("code", "edoc")),
        of_event(
            "template_card_event", pressed + CHOSEN.format("<OptionId>1</OptionId>")
        ),
        of_event(
            "template_card_event", pressed + CHOSEN.format("<OptionId>2</OptionId>")
        ),
        hear("<MsgType>event</MsgType><Event>click</Event>", at=1409659814),
    ]
    assert len({click.id for click in clicks}) == len(clicks)


def test_an_id_always_fits_the_inbox() -> None:
    number = "9" * 300
    told = hear(f"<MsgType>text</MsgType><MsgId>{number}</MsgId>")
    assert told.id == number[:ID_CHARS]
    long = "u" * 300
    one, two = (
        hear(f"<MsgType>event</MsgType><EventKey>{key}</EventKey>", long)
        for key in "ab"
    )
    assert max(len(one.id), len(two.id)) <= ID_CHARS
    assert long not in one.id, "the id stands in the log"
    assert one.id != two.id


@pytest.mark.parametrize(
    "document",
    [
        xml("<MsgType>text</MsgType>").replace(CORP, "wwother"),
        xml("<MsgType>text</MsgType>").replace("ToUserName", "To"),
        xml(""),
        xml("<MsgType></MsgType>"),
        xml("<MsgType><a>text</a></MsgType>"),
        xml("<MsgType>text</MsgType>", sender=""),
        xml("<MsgType>text</MsgType>").replace("FromUserName", "From"),
        "",
        "你好",
        '{"MsgType": "text"}',
    ],
)
def test_what_names_no_corp_sender_or_type_is_refused(document: str) -> None:
    with pytest.raises(BadCallback):
        read_message(document, CORP)


def test_a_repeated_type_counts_once() -> None:
    heard = hear("<MsgType>text</MsgType><MsgType>event</MsgType><MsgId>1</MsgId>")
    assert heard.kind == "text"


NAMES = st.sampled_from(
    ["ToUserName", "FromUserName", "MsgType", "MsgId", "Event", "EventKey", "Content"]
)
WORDS = st.sampled_from(["text", "event", "click", CORP, "1", "", "<a>1</a>", "你好"])


@given(inside=st.lists(st.tuples(NAMES, WORDS)))
@settings(deadline=None, max_examples=50)
def test_any_elements_are_a_message_or_refused(inside: list[tuple[str, str]]) -> None:
    told = "".join(f"<{name}>{word}</{name}>" for name, word in inside)
    try:
        heard = read_message(f"<xml><ToUserName>{CORP}</ToUserName>{told}</xml>", CORP)
    except BadCallback:
        return
    assert heard.sender
    assert heard.kind
    assert 0 < len(heard.id) <= ID_CHARS


@pytest.mark.parametrize("agent", ["1000003", "0", "1000002 ", "x"])
def test_what_is_for_another_app_is_refused(agent: str) -> None:
    told = xml("<MsgType>text</MsgType><Content>打卡</Content>")
    there = told.replace("<AgentID>1000002<", f"<AgentID>{agent}<")
    with pytest.raises(BadCallback, match="another app"):
        read_message(there, CORP, 1000002)


def test_what_is_for_this_app_or_names_none_is_heard() -> None:
    told = xml("<MsgType>text</MsgType><Content>打卡</Content>")
    nameless = told.replace("<AgentID>1000002</AgentID>", "")
    for document in (told, nameless):
        assert read_message(document, CORP, 1000002).text == "打卡"
