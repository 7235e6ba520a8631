"""The frames of the long connection: JSON with a command, or an answer to one.

{cmd, headers: {req_id}, body} goes both ways; {headers: {req_id}, errcode, errmsg}
acknowledges (path/101463, @wecom/aibot-node-sdk 1.0.7).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.channels.json import read_json

LARGEST = 1024 * 1024
"""Characters of a frame that are read: a message is at most a few thousand."""

SUBSCRIBE, PING = "aibot_subscribe", "ping"
ANSWER, WELCOME = "aibot_respond_msg", "aibot_respond_welcome_msg"
UPDATE, SEND = "aibot_respond_update_msg", "aibot_send_msg"
UPLOAD_BEGIN, UPLOAD_PART, UPLOAD_END = (
    f"aibot_upload_media_{step}" for step in ("init", "chunk", "finish")
)
MESSAGE, EVENT = "aibot_msg_callback", "aibot_event_callback"


class BadFrame(Exception):
    """What came is no frame; the text says why, and quotes nothing of it."""


@dataclass(frozen=True)
class Frame:
    """errcode: None of what is no acknowledgement."""

    cmd: str
    req_id: str
    body: Mapping[str, Any] = field(default_factory=dict)
    errcode: int | None = None
    errmsg: str = ""

    @property
    def is_call(self) -> bool:
        return self.cmd in (MESSAGE, EVENT)

    @property
    def event(self) -> str:
        """The event's name, "" of what is none."""
        told = self.body.get("event")
        return str(told.get("eventtype", "")) if isinstance(told, Mapping) else ""


def read_frame(text: str | bytes) -> Frame:
    """Read what came in. Raises BadFrame."""
    if len(text) > LARGEST:
        raise BadFrame("too large")
    try:
        told = read_json(text)
    except ValueError as error:
        raise BadFrame("not JSON") from error
    if not isinstance(told, dict):
        raise BadFrame("no object")
    headers, body = told.get("headers"), told.get("body")
    if not isinstance(headers, dict) or not isinstance(headers.get("req_id"), str):
        raise BadFrame("no req_id")
    code = told.get("errcode")
    return Frame(
        str(told.get("cmd") or ""),
        headers["req_id"],
        body if isinstance(body, dict) else {},
        code if isinstance(code, int) else None,
        str(told.get("errmsg") or ""),
    )


def write_frame(cmd: str, req_id: str, body: Mapping[str, Any] | None = None) -> str:
    frame: dict[str, Any] = {"cmd": cmd, "headers": {"req_id": req_id}}
    if body is not None:
        frame["body"] = body
    return json.dumps(frame, ensure_ascii=False)
