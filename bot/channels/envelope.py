"""The sealed envelope around every callback and every passive reply.

Layout and signature: https://developer.work.weixin.qq.com/document/path/90968.
wechatpy computes the AES; what it leaves open is closed here: constant-time comparison,
validation of padding, length and receiver, one error.
"""

import base64
import binascii
import hmac
import re
import secrets
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha1

from wechatpy.crypto import WeChatCipher
from wechatpy.crypto.pkcs7 import PKCS7Encoder

from bot.channels.xml import first, read_xml
from bot.errors import BadCallback, TooLarge

MAX_BODY = 64 * 1024
ELEMENTS = 16  # the outer document has four (path/90968)
BLOCK = 32  # WeCom pads to 32 bytes, not to AES's 16
KEY = "encoding_aes_key"
PREFIX = 16  # random bytes in front
# What is signed stays signed: who kept a callback could send it again for ever. It must
# be refused before the inbox forgets that it was answered.
GOOD_FOR = timedelta(days=1)
SECONDS = re.compile("[0-9]{1,12}")
SEALED = (
    "<xml><Encrypt><![CDATA[{}]]></Encrypt><MsgSignature><![CDATA[{}]]></MsgSignature>"
    "<TimeStamp>{}</TimeStamp><Nonce><![CDATA[{}]]></Nonce></xml>"
)
ECHO = re.compile("[0-9]{1,32}")  # WeCom's has 19; a message is no number


@dataclass(frozen=True)
class Sealed:
    """The four values that a signature covers, and the signature."""

    signature: str
    timestamp: str
    nonce: str
    cipher: str


class Seal:
    """Opens and closes envelopes with one app's token and key.

    receive_id: the corp id (of an official account: the app id).
    """

    def __init__(self, token: str, encoding_aes_key: str, receive_id: str) -> None:
        self._token = token
        self._receive_id = receive_id.encode()
        self._cipher = WeChatCipher(base64.b64decode(encoding_aes_key + "="))

    def open_echo(self, query: Mapping[str, str]) -> str:
        """Return the number that proves to WeCom that the address is ours.

        Nothing else: a captured message in its place would be read out to who sent it.
        """
        cipher = query.get("echostr", "").replace(" ", "+")  # a "+" left bare
        echo = self.open(_sealed(query, cipher))
        if not ECHO.fullmatch(echo):
            raise BadCallback("an echo that is no number")
        return echo

    def seal_echo(self, echo: str, timestamp: int, nonce: str) -> dict[str, str]:
        """Write the query with which WeCom asks whether an address is ours."""
        cipher = self._encrypt(echo)
        return {
            "msg_signature": self._sign(str(timestamp), nonce, cipher),
            "timestamp": str(timestamp),
            "nonce": nonce,
            "echostr": cipher,
        }

    def open_body(
        self, query: Mapping[str, str], body: bytes, most: int = ELEMENTS
    ) -> str:
        """Return the message inside the body of a callback.

        most: elements that the outer document may have.
        """
        if len(body) > MAX_BODY:
            raise TooLarge(f"{len(body)} bytes")
        cipher = first(read_xml(body, most), "Encrypt")
        return self.open(_sealed(query, cipher))

    def open(self, sealed: Sealed) -> str:
        """Verify and decrypt. Raises BadCallback, whatever is wrong."""
        try:
            expected = self._sign(sealed.timestamp, sealed.nonce, sealed.cipher)
            right = hmac.compare_digest(expected.encode(), sealed.signature.encode())
        except UnicodeError as error:  # half a surrogate pair
            raise BadCallback("not text") from error
        if not right:
            raise BadCallback("wrong signature")
        return self._decrypt(sealed.cipher)

    def close(self, text: str, timestamp: int, nonce: str) -> str:
        """Write the envelope of a passive reply (path/90238)."""
        cipher, signature = self.encrypt(text, timestamp, nonce)
        return SEALED.format(  # base64, digits and our own nonce: nothing to escape
            cipher, signature, timestamp, nonce
        )

    def encrypt(self, text: str, timestamp: int, nonce: str) -> tuple[str, str]:
        """Return what is in an envelope, and its signature."""
        cipher = self._encrypt(text)
        return cipher, self._sign(str(timestamp), nonce, cipher)

    def _sign(self, timestamp: str, nonce: str, cipher: str) -> str:
        signed = "".join(sorted((self._token, timestamp, nonce, cipher)))
        return sha1(signed.encode(), usedforsecurity=False).hexdigest()

    def _encrypt(self, text: str) -> str:
        message = text.encode()
        plain = (
            secrets.token_bytes(PREFIX)
            + struct.pack(">I", len(message))
            + message
            + self._receive_id
        )
        padded = PKCS7Encoder.encode(plain)
        return base64.b64encode(self._cipher.encrypt(padded)).decode()

    def _decrypt(self, cipher: str) -> str:
        try:
            padded = self._cipher.decrypt(base64.b64decode(cipher, validate=True))
            return self._unframe(_unpad(padded)).decode()
        except (binascii.Error, struct.error, ValueError) as error:
            raise BadCallback("not encrypted with our key", setting=KEY) from error

    def _unframe(self, plain: bytes) -> bytes:
        start = PREFIX + 4
        (length,) = struct.unpack(">I", plain[PREFIX:start])
        message, receiver = plain[start : start + length], plain[start + length :]
        if len(message) != length:
            raise BadCallback("not as long as it says", setting=KEY)
        if receiver != self._receive_id:
            raise BadCallback("meant for somebody else", setting="corp_id")
        return message


def check_age(query: Mapping[str, str], now: datetime) -> None:
    """Refuse what was signed long ago, or long from now: that is kept for later."""
    signed = query.get("timestamp", "")
    if not SECONDS.fullmatch(signed):
        raise BadCallback("signed at no time")
    if abs(now.timestamp() - int(signed)) > GOOD_FOR.total_seconds():
        raise BadCallback("signed on another day", setting="clock")


def _unpad(padded: bytes) -> bytes:
    size = padded[-1] if padded else 0
    if len(padded) % BLOCK or not 1 <= size <= BLOCK:
        raise BadCallback("wrong padding", setting=KEY)
    if padded[-size:] != bytes([size]) * size:
        raise BadCallback("wrong padding", setting=KEY)
    return padded[:-size]


def _sealed(query: Mapping[str, str], cipher: str) -> Sealed:
    names = ("msg_signature", "timestamp", "nonce")
    if missing := [name for name in names if not query.get(name)]:
        raise BadCallback(f"no {missing[0]}")
    if not cipher:
        raise BadCallback("nothing encrypted")
    signature, timestamp, nonce = (query[name] for name in names)
    return Sealed(signature, timestamp, nonce, cipher)
