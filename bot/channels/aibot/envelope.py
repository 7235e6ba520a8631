"""The sealed envelope of the robot's callbacks: JSON, and nobody for a receiver.

https://developer.work.weixin.qq.com/document/path/101033. The seal is the app's.
"""

import json
from collections.abc import Mapping

from bot.channels.aibot.hear import read_body
from bot.channels.envelope import MAX_BODY, Seal, Sealed
from bot.errors import BadCallback, TooLarge

NOBODY = ""
SIGNED = ("msg_signature", "timestamp", "nonce")


def open_body(seal: Seal, query: Mapping[str, str], body: bytes) -> str:
    """Return the message inside the body of a callback. Raises BadCallback."""
    if len(body) > MAX_BODY:
        raise TooLarge(f"{len(body)} bytes")
    told = read_body(body)
    cipher = told.get("encrypt")
    if missing := [name for name in SIGNED if not query.get(name)]:
        raise BadCallback(f"no {missing[0]}")
    if not isinstance(cipher, str) or not cipher:
        raise BadCallback("nothing encrypted")
    signature, timestamp, nonce = (query[name] for name in SIGNED)
    return seal.open(Sealed(signature, timestamp, nonce, cipher))


def close_body(seal: Seal, text: str, at: int, nonce: str) -> str:
    """Write the envelope of an answer: under the nonce of what it answers."""
    cipher, signature = seal.encrypt(text, at, nonce)
    return json.dumps(
        {
            "encrypt": cipher,
            "msgsignature": signature,
            "timestamp": at,
            "nonce": nonce,
        }
    )
