"""What somebody says to the robot, as JSON → a Message, whatever its kind.

Kinds and events: https://developer.work.weixin.qq.com/document/path/100719 and 101027.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any, NamedTuple

from bot.channels.json import read_json
from bot.errors import BadCallback
from bot.message import Message
from bot.text.accounts import is_encrypted

CHANNEL = "aibot"
ID_CHARS = 128  # as many as the inbox keeps
LONGEST_USERID = 128
CALLED = re.compile(r"@\S+(?:\s+|$)")
"""How a robot is called in a group; its name has no blank in what is sent."""
OVERHEARD = "overheard"
"""What we make of what is said in a group and not to us: nobody answers it."""
MEDIA = {"image": "image", "file": "file", "video": "file"}
"""What is made of each: a film comes as a file does, by its address."""
MOST_PICTURES = 9
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Ticket(NamedTuple):
    """What lets a pressed card be changed: the request to answer, and the card."""

    req_id: str
    task_id: str

    def __str__(self) -> str:
        return f"{CHANNEL}:{self.req_id}:{self.task_id}"

    @classmethod
    def read(cls, text: str) -> "Ticket":
        _, req_id, task_id = text.split(":", 2)
        return cls(req_id, task_id)


def read_body(text: str | bytes) -> Mapping[str, Any]:
    """Read a decrypted callback. Raises BadCallback."""
    try:
        told = read_json(text)
    except ValueError as error:
        raise BadCallback("no JSON") from error
    if not isinstance(told, dict):
        raise BadCallback("no JSON object")
    return told


def read_message(
    body: Mapping[str, Any], req_id: str = "", bot_id: str = ""
) -> Message:
    """Read a message or event. Raises BadCallback if it names no sender or type.

    Also if it is for another robot than bot_id. req_id: of the frame that it came in.
    """
    if bot_id and body.get("aibotid") not in (None, "", bot_id):
        raise BadCallback("for another robot", setting="bot_id")
    sender, kind = _text(_table(body, "from"), "userid"), _text(body, "msgtype")
    if not sender or not kind or len(sender) > LONGEST_USERID:
        raise BadCallback("no sender or no type")
    chat = _text(body, "chatid") if _text(body, "chattype") == "group" else ""
    fields = {"req_id": req_id, "address": _text(body, "response_url")}
    message = Message(
        channel=CHANNEL,
        # User ids have no case (path/90236), encrypted ones do.
        sender=sender if is_encrypted(sender) else sender.casefold(),
        id=(_text(body, "msgid") or _digest(body))[:ID_CHARS],
        kind=kind,
        fields={name: value for name, value in fields.items() if value},
        group=chat,
    )
    if kind == "stream":  # asks whether there is more of an answer that had its end
        return replace(message, kind="event", event=kind)
    if kind == "event":
        return _read_event(message, body, req_id)
    return _read_content(message, body)


def list_pictures(message: Message) -> list[Message]:
    """Make what stood in one message with a text messages of their own, to be heard."""
    parts = json.loads(message.fields.get("pictures", "[]"))
    return [
        replace(
            message,
            id=f"{message.id[: ID_CHARS - 4]}#{number}",
            kind="image",
            text="",
            fields=_without_pictures(message.fields) | {"MediaId": source},
        )
        for number, source in enumerate(parts, 1)
    ]


def _without_pictures(fields: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in fields.items() if name != "pictures"}


def _read_event(message: Message, body: Mapping[str, Any], req_id: str) -> Message:
    told = _table(body, "event")
    event = _text(told, "eventtype").lower()
    pressed = _table(told, "template_card_event") or told
    ticket = ""
    if task := _text(pressed, "task_id"):
        ticket = str(Ticket(req_id, task))
    fields = dict(message.fields)
    if feedback := _table(told, "feedback_event"):
        fields |= {"feedback": json.dumps(feedback, ensure_ascii=False)}
    return replace(
        message,
        event=event,
        key=_text(pressed, "event_key"),
        ticket=ticket,
        fields=fields,
    )


def _read_content(message: Message, body: Mapping[str, Any]) -> Message:
    fields, kind = dict(message.fields), message.kind
    if kind in MEDIA:
        medium = _table(body, kind)
        fields |= {"MediaId": _source(medium), "name": _text(medium, "filename")}
        return replace(message, kind=MEDIA[kind], fields=fields)
    text, pictures = _words(body, kind)
    if pictures:
        fields["pictures"] = json.dumps(pictures[:MOST_PICTURES])
    if message.group:
        text, called = CALLED.subn("", text, count=1)
        if not called:
            return replace(message, kind="event", event=OVERHEARD)
    text = CONTROL.sub("", text).strip()
    if kind == "mixed" and (text or not pictures):
        kind = "text"
    return replace(message, kind=kind, text=text, fields=fields)


def _words(body: Mapping[str, Any], kind: str) -> tuple[str, list[str]]:
    """Return the text of a message, and where its pictures are."""
    if kind != "mixed":
        return _text(_table(body, kind), "content"), []
    items = _table(body, "mixed").get("msg_item")
    texts, pictures = [], []
    for each in items if isinstance(items, list) else []:
        if not isinstance(each, dict):
            continue
        if each.get("msgtype") == "text":
            texts.append(_text(_table(each, "text"), "content"))
        elif source := _source(_table(each, "image")):
            pictures.append(source)
    return "\n".join(texts), pictures


def _source(medium: Mapping[str, Any]) -> str:
    """Write where a medium is, and with which key it opens: for five minutes."""
    url = _text(medium, "url")
    if not url:
        return ""
    where = {"url": url, "key": _text(medium, "aeskey")}
    return json.dumps(where)


def _table(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = told.get(name)
    return found if isinstance(found, dict) else {}


def _text(told: Mapping[str, Any], name: str) -> str:
    found = told.get(name)
    return found if isinstance(found, str) else ""


def _digest(body: Mapping[str, Any]) -> str:
    """Name what has no id by all that it says: a retry says the same."""
    told = json.dumps(body, sort_keys=True, ensure_ascii=False)
    return f"event:{sha256(told.encode()).hexdigest()[:24]}"
