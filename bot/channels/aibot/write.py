"""What we say → the robot's JSON (path/101031, 101138, @wecom/aibot-node-sdk 1.0.7)."""

import re
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from bot.channels.wecom.write import write_card as write_app_card
from bot.channels.xml import clean
from bot.message import Card

STREAM_BYTES = 20480
"""UTF-8 of one answer or message (path/101031, 101138)."""
THINK = re.compile(r"<(/?think)", re.IGNORECASE)
DONE = "done"  # the key of a button that was pressed: of no command


def stream_of(mark: str) -> str:
    """Name the bubble of an answer: the same for whoever goes on with it."""
    return f"stream_{sha256(mark.encode()).hexdigest()[:24]}"


def write_stream(
    mark: str, text: str, *, finish: bool = True, feedback: str = ""
) -> dict[str, Any]:
    """Write an answer, whole each time: it takes the place of what was shown before.

    mark: names it for ever. feedback: under which a member's opinion comes back.
    """
    stream: dict[str, Any] = {
        "id": stream_of(mark),
        "finish": finish,
        "content": plain(text),
    }
    if feedback:
        stream["feedback"] = {"id": feedback}
    return {"msgtype": "stream", "stream": stream}


def write_welcome(text: str) -> dict[str, Any]:
    return {"msgtype": "text", "text": {"content": clean(text)}}


def write_markdown(text: str) -> dict[str, Any]:
    return {"msgtype": "markdown", "markdown": {"content": plain(text)}}


def write_media(kind: str, media_id: str) -> dict[str, Any]:
    msgtype = "image" if kind == "picture" else "file"
    return {"msgtype": msgtype, msgtype: {"media_id": media_id}}


def write_card(card: Card, reference: str) -> dict[str, Any]:
    """Write a card with buttons: an app's, whose buttons are all of one type."""
    body = write_app_card(card, reference)
    for each in body["template_card"]["button_list"]:
        del each["type"]
    return body


def write_update(
    card: Card, reference: str, words: str, users: Sequence[str] = ()
) -> dict[str, Any]:
    """Write a card anew, with what came of pressing it on its only button.

    users: for whom, in a group; for all where none is named.
    """
    told = write_card(card, reference)["template_card"]
    told["button_list"] = [{"text": words, "style": 2, "key": DONE}]
    body: dict[str, Any] = {"response_type": "update_template_card"}
    if users:
        body["userids"] = list(users)
    return body | {"template_card": told}


def plain(text: str) -> str:
    """Leave nothing in a text that the client would fold away as thinking."""
    return THINK.sub(r"＜\1", clean(text))
