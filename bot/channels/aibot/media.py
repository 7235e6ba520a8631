"""Pictures and files: those of members fetched and opened, ours sent up in parts."""

import binascii
import json
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from hashlib import md5
from typing import Any
from urllib.parse import unquote

import requests
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from bot.channels.aibot import frames
from bot.channels.aibot.frames import Frame
from bot.channels.http import TIMEOUTS, Answered, exchange, open_session
from bot.errors import DeliveryError

BLOCK = 32
MOST_BYTES = 20 * 1024 * 1024 + BLOCK  # as much as any of our doors takes
PART = 512 * 1024
MOST_PARTS = 100
OVER = "图片或文件已失效：平台只保留五分钟"

Speak = Callable[[str, Mapping[str, Any]], Frame]


class LargerThanTaken(DeliveryError):
    """A medium has more bytes than any of our doors takes."""


class Library:
    """Where the robot's media are: addresses that are good for minutes, and the line.

    key: opens what members send by callback; a line's media bring their own. speak:
    says something over the line, and waits.
    """

    def __init__(self, speak: Speak, key: str = "") -> None:
        self._speak, self._key = speak, key

    def call(
        self,
        _method: str,
        _path: str,
        *,
        params: dict[str, Any] | None = None,
        files: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Send a file up the line. Raises DeliveryError."""
        kind = (params or {}).get("type", "file")
        name, content, _ = (files or {})["media"]
        return {"media_id": _send_up(str(kind), name, content, self._speak)}

    def download(self, media_id: str) -> bytes:
        """Fetch and open what a message named: an address, and its key."""
        return fetch_file(json.loads(media_id), self._key)[1]


def fetch_file(where: Mapping[str, str], key: str) -> tuple[str, bytes]:
    """Fetch and open a medium; return its name, "" if it has none, and its bytes.

    where: its url, and its key if it brings one. Raises DeliveryError.
    """
    with open_session() as http:
        answer = _get(http, where["url"])
    opener = where.get("key") or key
    content = open_medium(answer.body, opener) if opener else answer.body
    return _name_of(answer.disposition), content


def _get(http: requests.Session, url: str) -> Answered:
    try:
        answer = exchange(http, "get", url, most=MOST_BYTES, timeout=TIMEOUTS)
    except requests.exceptions.ContentDecodingError as error:
        raise LargerThanTaken("图片或文件太大", permanent=True) from error
    except (requests.RequestException, ValueError) as error:
        permanent = isinstance(error, ValueError)  # no address, or none of HTTP
        raise DeliveryError("取不到图片或文件", permanent=permanent) from error
    if answer.status in (403, 404, 410):
        raise DeliveryError(OVER, permanent=True)
    if answer.status != 200:
        raise DeliveryError(f"取不到图片或文件（HTTP {answer.status}）")
    return answer


def _name_of(disposition: str) -> str:
    """Read a file's name out of a header (RFC 6266), as bytes of UTF-8 or escaped."""
    escaped = re.search(r"filename\*=UTF-8''([^;\s]+)", disposition, re.IGNORECASE)
    if escaped:
        return unquote(escaped[1])
    found = re.search(r'filename="?([^";]+)"?', disposition, re.IGNORECASE)
    if found is None:
        return ""
    raw = unquote(found[1].strip())
    try:
        return raw.encode("latin-1").decode()
    except UnicodeError:
        return raw


def open_medium(content: bytes, key: str) -> bytes:
    """Open what is sealed with AES-256-CBC, padded to 32. Raises DeliveryError.

    key: base64, of 43 or 44 characters; its first half is where the chain begins.
    """
    try:
        opener = b64decode(key.rstrip("=") + "=")
        cipher = Cipher(AES(opener), CBC(opener[:16])).decryptor()
        padded = cipher.update(content) + cipher.finalize()
    except (binascii.Error, ValueError) as error:
        raise DeliveryError("图片或文件解不开", permanent=True) from error
    size = padded[-1] if padded else 0
    if not 1 <= size <= BLOCK or padded[-size:] != bytes([size]) * size:
        raise DeliveryError("图片或文件解不开", permanent=True)
    return padded[:-size]


def _send_up(kind: str, name: str, content: bytes, speak: Speak) -> str:
    """Send bytes up the line: announced, in parts, concluded."""
    parts = [content[at : at + PART] for at in range(0, len(content), PART)]
    if not 0 < len(parts) <= MOST_PARTS:
        raise DeliveryError("图片或文件是空的或太大", permanent=True)
    begun = speak(
        frames.UPLOAD_BEGIN,
        {
            "type": kind,
            "filename": name,
            "total_size": len(content),
            "total_chunks": len(parts),
            "md5": md5(content, usedforsecurity=False).hexdigest(),
        },
    )
    upload = {"upload_id": str(begun.body.get("upload_id", ""))}
    for number, part in enumerate(parts):
        told = {"chunk_index": number, "base64_data": b64encode(part).decode()}
        speak(frames.UPLOAD_PART, upload | told)
    media_id = speak(frames.UPLOAD_END, upload).body.get("media_id")
    if not media_id:
        raise DeliveryError("机器人平台没有收下图片或文件")
    return str(media_id)
