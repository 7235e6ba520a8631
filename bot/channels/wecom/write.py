"""What we send → WeCom's JSON (path/90236) and passive XML (path/90241)."""

import re
from typing import Any

from bot.channels.xml import clean, write_xml
from bot.message import Card, CardUpdate, Text
from bot.outbox.limits import TEXT_CHARS, TITLE_CHARS, whole_text

# The duplicate check compares requests and remembers at most 14,400 s. Two letters of
# the same words to the same people are two: their batches get different intervals.
REMEMBER, SPREAD = 14400, 3600
# Lines of a card and an address in one (path/90236); how much of it fits into a line.
ABOVE, ON_PAGE = "全文在上一条。", "（点开看全文）"
MOST_LINES, LONGEST_ADDRESS, SHOWN_ADDRESS = 6, 1024, 30


def write_reply(user: str, corp_id: str, text: str, at: int) -> str:
    """Write a passive text reply."""
    return write_xml(
        {
            "ToUserName": user,
            "FromUserName": corp_id,
            "CreateTime": at,
            "MsgType": "text",
            "Content": text,
        }
    )


def write_text(content: Text | str) -> dict[str, Any]:
    text = content if isinstance(content, str) else content.text
    return {"msgtype": "text", "text": {"content": clean(text)}}


def write_media(kind: str, media_id: str) -> dict[str, Any]:
    msgtype = "image" if kind == "picture" else "file"
    return {"msgtype": msgtype, msgtype: {"media_id": media_id}}


def write_card(card: Card, reference: str) -> dict[str, Any]:
    """Write a button_interaction card; its task id is the letter's reference."""
    body: dict[str, Any] = {
        "card_type": "button_interaction",
        "task_id": reference,
        "main_title": {"title": _short(card.title, TITLE_CHARS)},
        "sub_title_text": _write_body(card),
        "button_list": [
            {"text": each.text, "type": 0, "style": 1, "key": each.key}
            for each in card.buttons
        ],
    }
    if card.url:
        body["card_action"] = {"type": 1, "url": card.url}
    if card.source:
        body["source"] = {"desc": card.source}
    if lines := [*_lines(card), *_links(card)][:MOST_LINES]:
        body["horizontal_content_list"] = lines
    return {"msgtype": "template_card", "template_card": body}


def _write_body(card: Card) -> str:
    """Write what a card shows under its title; it repeats nothing that went before."""
    if whole_text(card):
        return ABOVE
    if len(card.text) <= TEXT_CHARS:
        return clean(card.text)
    return _short(card.text, TEXT_CHARS - len(ON_PAGE)) + ON_PAGE


def _lines(card: Card) -> list[dict[str, Any]]:
    return [{"keyname": label, "value": value} for label, value in card.lines]


def _links(card: Card) -> list[dict[str, Any]]:
    """Write a line for each address (type 1); what has no room stands in the text."""
    fit = [each for each in card.links if len(each) <= LONGEST_ADDRESS]
    return [
        {
            "type": 1,
            "keyname": f"链接{number}" if len(fit) > 1 else "链接",
            "value": _short(re.sub("^https?://", "", each), SHOWN_ADDRESS),
            "url": each,
        }
        for number, each in enumerate(fit, 1)
    ]


def write_update(update: CardUpdate, agent_id: int, users: list[str]) -> dict[str, Any]:
    """Write the body of message/update_template_card (path/94888)."""
    return {
        "userids": users,
        "agentid": agent_id,
        "response_code": update.ticket,
        "button": {"replace_name": update.button},
    }


def address(
    body: dict[str, Any], agent_id: int, users: list[str], reference: str
) -> dict[str, Any]:
    """Add to whom it goes, and ask for the duplicate check."""
    number = int(reference.partition("-")[0].removeprefix("b"))
    return body | {
        "touser": "|".join(users),
        "agentid": agent_id,
        "enable_duplicate_check": 1,
        "duplicate_check_interval": REMEMBER - number % SPREAD,
    }


def _short(text: str, limit: int) -> str:
    text = clean(text)
    return text if len(text) <= limit else text[: limit - 1] + "…"
