"""Group robots: what a webhook key may say into its group (path/99110)."""

import binascii
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import md5
from typing import Any

from server.twin.cards import check_robot_card, read_card
from server.twin.contents import Content, cut, read_content
from server.twin.errcode import Errcode
from server.twin.media import MEGA, Shelf, is_picture
from server.twin.phones import A_MINUTE, Bubble, Phone, Phones

PER_MINUTE = 20
TEXT, MARKDOWN = 2048, 4096
PICTURE = 2 * MEGA


@dataclass(eq=False)
class Robots:
    phones: Phones
    shelf: Shelf
    clock: Callable[[], datetime]
    groups: dict[str, str] = field(default_factory=dict)

    def add(self, key: str, group: str) -> Phone:
        """Put a robot into a group; what it says shows on the group's phone."""
        self.groups[key] = group
        return self.phones.of(f"group:{group}")

    def group(self, key: str | None) -> str:
        if key not in self.groups:
            raise Errcode(93000)
        return self.groups[str(key)]

    def send(self, key: str | None, body: Mapping[str, Any]) -> dict[str, Any]:
        phone, now = self.phones.of(f"group:{self.group(key)}"), self.clock()
        recent = [at for at in phone.pushed_at if now - at < A_MINUTE]
        if len(recent) >= PER_MINUTE:
            raise Errcode(45009)
        content = self._read(str(key), body)
        phone.pushed_at.append(now)
        bubble = Bubble(now, content.kind, content.text, content.card)
        bubble.media_id, bubble.msgid = content.media_id, f"robot{len(phone.bubbles)}"
        self.phones.put(phone, bubble)
        return {}

    def _read(self, key: str, body: Mapping[str, Any]) -> Content:
        kind = str(body.get("msgtype"))
        part = body.get(kind)
        if not isinstance(part, Mapping):
            raise Errcode(40008 if kind not in KINDS else 93017)
        match kind:
            case "text":
                return _read_text(part)
            case "markdown" | "markdown_v2":
                return _read_markdown(part)
            case "image":
                return self._read_picture(key, part)
            case "file" | "voice":
                medium = self.shelf.find(part.get("media_id"), kind, robot=key)
                label = "[文件]" if kind == "file" else "[语音]"
                return Content(kind, f"{label}{medium.name}", None, medium.id)
            case "template_card":
                check_robot_card(part)
                return Content(kind, read_card(part), dict(part))
            case "news":
                return read_content(body, self.shelf)
        raise Errcode(40008)

    def _read_picture(self, key: str, part: Mapping[str, Any]) -> Content:
        try:
            raw = b64decode(str(part.get("base64", "")), validate=True)
        except binascii.Error as error:
            raise Errcode(40058) from error
        if len(raw) > PICTURE:
            raise Errcode(93018)
        if md5(raw, usedforsecurity=False).hexdigest() != part.get("md5"):
            raise Errcode(40058)
        if not is_picture(raw):
            raise Errcode(40005)
        medium = self.shelf.put("image", "图片", raw, robot=key)
        return Content("image", "[图片]", None, medium.id)


KINDS = frozenset(
    [
        "text",
        "markdown",
        "markdown_v2",
        "image",
        "file",
        "voice",
        "template_card",
        "news",
    ]
)


def _read_text(part: Mapping[str, Any]) -> Content:
    if not part.get("content"):
        raise Errcode(44004)
    called = part.get("mentioned_list") or []
    calls = "".join(f" @{'所有人' if who == '@all' else who}" for who in called)
    return Content("text", cut(part["content"], TEXT) + calls, dict(part))


def _read_markdown(part: Mapping[str, Any]) -> Content:
    content = str(part.get("content") or "")
    if not content:
        raise Errcode(44004)
    if len(content.encode()) > MARKDOWN:
        raise Errcode(45002)
    return Content("markdown", content)
