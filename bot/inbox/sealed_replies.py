"""Replies that must not be readable where they are kept: sealed with the message.

Who has the database alone cannot open one: the key is made of the app's secret and of
the message's own words, and those words are kept nowhere. The same message, asked
again by the platform, opens it.
"""

import base64
import hmac
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken

from bot.message import Message

MARK = "sealed:"


def seal(text: str, message: Message, secret: bytes) -> str:
    return MARK + _lock(message, secret).encrypt(text.encode()).decode()


def unseal(kept: str | None, message: Message, secret: bytes) -> str | None:
    """Return what was kept; None if it is sealed and the message is another."""
    if kept is None or not kept.startswith(MARK):
        return kept
    try:
        return _lock(message, secret).decrypt(kept[len(MARK) :].encode()).decode()
    except InvalidToken:
        return None


def _lock(message: Message, secret: bytes) -> Fernet:
    parts = (message.channel, message.id, message.sender, message.text, message.key)
    words = "\0".join(parts).encode()
    return Fernet(base64.urlsafe_b64encode(hmac.digest(secret, words, sha256)))
