"""A file that a member sent by chat: fetched before the transaction that reads it."""

import io
import json
import pickle
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Any, TypeVar

from bot.channels.aibot.media import LargerThanTaken, fetch_file
from bot.command import Ask
from bot.errors import DeliveryError, Refusal
from bot.message import Message
from bot.outbox import attachments

T = TypeVar("T")

GONE = "这个文件没有取到（平台只保留五分钟），请再发一次。"
NOT_KEPT = "刚才那个文件已经不在了，请再发一次。"
NAME_ALONE = "公众号不把文件交给我，只告诉我名字（{name}）。"
BY_ROBOT = "请在企业微信里发给智能机器人。"
NEITHER = "请换成图片、链接或文字发来。"
TOO_LARGE = "这个文件超过 20 MB，聊天里收不下。"
INSIDE = {"xl/": ".xlsx", "word/": ".docx", "ppt/": ".pptx"}
BEGINS = (
    (b"%PDF", ".pdf"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"\x89PNG", ".png"),
    (b"\xd0\xcf\x11\xe0", ".xls"),
)


@dataclass(frozen=True)
class File:
    name: str
    content: bytes

    @property
    def ending(self) -> str:
        return PurePosixPath(self.name).suffix.lower()

    @property
    def stem(self) -> str:
        """Its name without the ending."""
        return PurePosixPath(self.name).stem


def is_handed(message: Message) -> bool:
    """Tell whether a platform hands over what was sent, and not only its name."""
    return bool(message.fields.get("MediaId"))


def name_alone(ask: Ask) -> File:
    """Return a file of which only the name came: 公众号's file messages."""
    return File(ask.message.fields.get("Title", "").strip() or "没有名字", b"")


def say_not_handed(ask: Ask, door: str = "") -> str:
    """Say that the file itself did not come. door: how it comes in instead."""
    other = BY_ROBOT if ask.config.aibot else NEITHER
    return f"{NAME_ALONE.format(name=name_alone(ask).name)}{door or other}"


def read_file(ask: Ask) -> File:
    """Return the file that a message brings. Raises Refusal if it cannot be had."""
    source, robot = ask.message.fields.get("MediaId", ""), ask.config.aibot
    if not source:
        raise Refusal(say_not_handed(ask))
    key = robot.encoding_aes_key if robot else None
    secret = key.get_secret_value() if key else ""
    fetch = partial(_fetch, source, secret)
    told = ask.made.get(f"file:{ask.message.id}", fetch)
    found: File | str = pickle.loads(told or b"")  # what we wrote just now
    if isinstance(found, str):
        raise Refusal(found)
    said = found.name or ask.message.fields.get("name", "")
    return File(said or f"文件{_guess_ending(found.content)}", found.content)


def read_apart(ask: Ask, file: File, read: Callable[[str, bytes], T]) -> T:
    """Have a file read before the transaction: a child process opens it, for long.

    read: gets its name and its bytes; its Refusal is raised here.
    """
    mark = sha256(file.name.encode() + file.content).hexdigest()
    told = ask.made.get(f"read:{mark}", partial(_read, file, read))
    found: T | Refusal = pickle.loads(told or b"")  # what we wrote just now
    if isinstance(found, Refusal):
        raise found
    return found


def _read(file: File, read: Callable[[str, bytes], Any]) -> bytes:
    try:
        return pickle.dumps(read(file.name, file.content))
    except Refusal as refusal:
        return pickle.dumps(Refusal(str(refusal)))


def keep_file(ask: Ask, file: File) -> int:
    """Keep a file until the word is said; what is never asked for goes in two days."""
    mime = "application/octet-stream"
    return attachments.keep_private(
        ask.session, file.name, mime, file.content, ask.now, source="chat"
    )


def load_file(ask: Ask, number: int) -> File:
    """Return what was kept. Raises Refusal if it is gone."""
    found = attachments.get(ask.session, number)
    content = found.bytes_kept if found else None
    if found is None or content is None:
        raise Refusal(NOT_KEPT)
    return File(found.name, content)


def _fetch(source: str, key: str) -> bytes:
    """Fetch a file; why it could not be had is an answer too."""
    try:
        return pickle.dumps(File(*fetch_file(json.loads(source), key)))
    except LargerThanTaken:
        return pickle.dumps(TOO_LARGE)
    except DeliveryError:
        return pickle.dumps(GONE)


def _guess_ending(content: bytes) -> str:
    """Tell by its bytes what a file is that has no name."""
    if content.startswith(b"PK"):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                inside = packed.namelist()
        except zipfile.BadZipFile:
            inside = []
        for start, ending in INSIDE.items():
            if any(each.startswith(start) for each in inside):
                return ending
        return ".zip"
    found = (ending for start, ending in BEGINS if content.startswith(start))
    return next(found, ".txt")
