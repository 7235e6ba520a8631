"""Callbacks sealed beforehand, so that the client costs nothing while it measures."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from server.twin.crypto import Seal
from server.twin.replies import open_reply
from server.twin.xml import write

CORP, AGENT, SECRET, TOKEN = "wwbench", 1000002, "benchsecret", "benchtoken"
KEY = "bench" * 8 + "abc"
# Hardly two members write the same: nothing may be won by remembering a text.
STUDIES = (
    "打卡 学习强国 {0}分",
    "打卡 江苏先锋 {0}分钟",
    "打卡 读完党章第一章，很有收获，记了{0}条",
    "打卡 第{0}天",
)
FIRST_ID = 6_000_000_000_000_000_000

SEAL = Seal.of(TOKEN, KEY, CORP)


@dataclass(frozen=True)
class Batch:
    """Whole HTTP requests, each with a message id of its own."""

    requests: tuple[bytes, ...]


def userid(number: int) -> str:
    return f"m{number:04d}"


def seal_checkins(
    first: int,
    count: int,
    people: int,
    now: datetime,
    texts: Sequence[str] = STUDIES,
) -> Batch:
    """Seal check-ins numbered from `first`, of one member after another."""
    at, numbers = int(now.timestamp()), range(first, first + count)
    return Batch(tuple(_request(number, people, at, texts) for number in numbers))


def open_answers(bodies: Sequence[bytes]) -> list[str]:
    """Decrypt passive replies to what the member reads; "" for no reply."""
    opened = [open_reply(SEAL, body.decode()) for body in bodies]
    return [str(fields.get("Content", "")) for fields in opened]


def _request(number: int, people: int, at: int, texts: Sequence[str]) -> bytes:
    xml = write(
        {
            "ToUserName": CORP,
            "FromUserName": userid(number % people),
            "CreateTime": at,
            "MsgType": "text",
            "Content": texts[number % len(texts)].format(number % 9973),
            "MsgId": FIRST_ID + number,
            "AgentID": AGENT,
        }
    )
    encrypted = SEAL.close(xml)
    nonce = str(secrets.randbelow(10**10))
    query = urlencode(
        {
            "signature": SEAL.sign(str(at), nonce, ""),  # what 公众号 sends beside it
            "msg_signature": SEAL.sign(str(at), nonce, encrypted),
            "timestamp": at,
            "nonce": nonce,
        }
    )
    envelope = {"ToUserName": CORP, "AgentID": str(AGENT), "Encrypt": encrypted}
    body = write(envelope).encode()
    head = (
        f"POST /wecom/callback?{query} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Content-Type: text/xml\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
