"""Group robots (群机器人): one way, into a group chat (path/99110).

A recipient is a robot's name in the settings. The robot's address is its only secret:
it is in no error, no log and no repr.
"""

import json
from base64 import b64encode
from collections.abc import Sequence
from datetime import timedelta
from hashlib import md5
from typing import Any

import requests

from bot.channels import Envelope
from bot.channels.http import (
    JSON,
    TIMEOUTS,
    Answered,
    exchange,
    open_session,
    was_never_sent,
)
from bot.channels.json import read_json
from bot.channels.wecom import errcodes
from bot.channels.wecom.write import write_text
from bot.config import settings as config
from bot.errors import DeliveryError
from bot.message import Content, GroupText, Picture, Text
from bot.outbox import Outcome
from bot.outbox.attachments import PICTURES, Attachment
from bot.outbox.limits import TEXT_BYTES
from bot.storage.database import Storage
from bot.text.split import cut_text

NONSENSE = "群机器人答非所问"
FETCHED_AFTER = timedelta(seconds=10)
PICTURE_BYTES = 2 * 1024 * 1024


class Robots:
    """All robots of the settings.

    They notice no repeat: an envelope has one of them, and what perhaps arrived must
    not be sent again.
    """

    def __init__(
        self,
        settings: Sequence[config.Robot],
        storage: Storage,
        timeouts: tuple[float, float] = TIMEOUTS,
    ) -> None:
        """timeouts: seconds to connect, and to wait for the next byte."""
        self._urls = {each.name: each.url for each in settings}
        self._storage = storage
        self._timeouts = timeouts
        self._http = open_session()

    def send(self, envelope: Envelope) -> Outcome:
        """Send what is left of it; the receipt counts the parts that are there."""
        (name,) = envelope.users
        bodies = self._write(envelope.content)
        there = int(envelope.receipt or 0)
        for number, body in enumerate(bodies[there:], there):
            try:
                self._post(name, body)
            except DeliveryError as error:
                error.receipt = str(number)
                raise
        return Outcome()

    def _post(self, name: str, body: dict[str, Any]) -> None:
        response = self._ask(name, json.dumps(body).encode())
        status = response.status
        if status != requests.codes.ok:
            told = f"群机器人答复 HTTP {status}"
            raise DeliveryError(told, uncertain=status >= 500)
        try:
            code = int(read_json(response.body)["errcode"])
        except (KeyError, TypeError, ValueError):
            raise DeliveryError(NONSENSE, uncertain=True) from None
        if code:
            error = errcodes.to_error(code, "群机器人没有发成")
            error.everywhere = False  # each robot has limits and an address of its own
            raise error

    def _ask(self, name: str, body: bytes) -> Answered:
        """Post; a failure is raised without its cause, which names the address."""
        if name not in self._urls:
            raise DeliveryError(f"设置里没有叫“{name}”的群机器人", permanent=True)
        try:
            return exchange(
                self._http,
                "post",
                self._urls[name].get_secret_value(),
                data=body,
                headers=JSON,
                timeout=self._timeouts,
            )
        except requests.RequestException as error:
            failure = DeliveryError(
                f"连不上群机器人（{type(error).__name__}）",
                uncertain=not was_never_sent(error),
            )
        raise failure

    def _write(self, content: Content) -> list[dict[str, Any]]:
        """Write a text in parts, or a picture with its bytes."""
        match content:
            case GroupText(text, mentions):
                return _write_text(text, mentions)
            case Text(text):
                return _write_text(text, ())
            case Picture(number, "picture"):
                return [_write_picture(self._load(number))]
            case _:
                raise DeliveryError("群机器人只能发文字和图片", permanent=True)

    def _load(self, number: int) -> bytes:
        with self._storage.read() as session:
            found = session.get(Attachment, number)
            if found is None:
                raise DeliveryError("要发的图片已经不在了", permanent=True)
            if found.content is None:  # a letter of its own fetches it
                raise DeliveryError("图片还没有取到", wait=FETCHED_AFTER)
            return found.content


def _write_text(text: str, mentions: Sequence[str]) -> list[dict[str, Any]]:
    """Write a text in parts; the last one calls those who are mentioned."""
    bodies = [write_text(part) for part in cut_text(text, TEXT_BYTES)]
    if mentions:
        bodies[-1]["text"]["mentioned_list"] = list(mentions)
    return bodies


def _write_picture(content: bytes) -> dict[str, Any]:
    """Write a picture: JPG or PNG of at most 2 MB before it is coded (path/99110)."""
    if not content.startswith(PICTURES):
        raise DeliveryError("群机器人只发 JPG 和 PNG 图片", permanent=True)
    if len(content) > PICTURE_BYTES:
        raise DeliveryError("图片超过 2 MB，群机器人发不了", permanent=True)
    digest = md5(content, usedforsecurity=False).hexdigest()
    coded = b64encode(content).decode()
    return {"msgtype": "image", "image": {"base64": coded, "md5": digest}}
