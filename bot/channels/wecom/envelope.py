"""The sealed envelope around every callback and every passive reply.

Layout and signature: https://developer.work.weixin.qq.com/document/path/90968.
wechatpy computes the signature and the AES; what it leaves open is closed here:
constant-time comparison, validation of padding, length and receiver, one error.
"""

import base64
import binascii
import hmac
import secrets
import struct
from collections.abc import Mapping
from dataclasses import dataclass

from wechatpy.crypto import WeChatCipher
from wechatpy.crypto.pkcs7 import PKCS7Encoder
from wechatpy.utils import WeChatSigner

from bot.channels.wecom.xml import first, read_xml, write_xml
from bot.errors import BadCallback, TooLarge

MAX_BODY = 64 * 1024
BLOCK = 32  # WeCom pads to 32 bytes, not to AES's 16
KEY = "encoding_aes_key"
PREFIX = 16  # random bytes in front


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
        """Return the text that proves to WeCom that the address is ours."""
        cipher = query.get("echostr", "").replace(" ", "+")  # a "+" left bare
        return self.open(_sealed(query, cipher))

    def seal_echo(self, echo: str, timestamp: int, nonce: str) -> dict[str, str]:
        """Write the query with which WeCom asks whether an address is ours."""
        cipher = self._encrypt(echo)
        return {
            "msg_signature": self._sign(str(timestamp), nonce, cipher),
            "timestamp": str(timestamp),
            "nonce": nonce,
            "echostr": cipher,
        }

    def open_body(self, query: Mapping[str, str], body: bytes) -> str:
        """Return the message inside the body of a callback."""
        if len(body) > MAX_BODY:
            raise TooLarge(f"{len(body)} bytes")
        return self.open(_sealed(query, first(read_xml(body), "Encrypt")))

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
        cipher = self._encrypt(text)
        return write_xml(
            {
                "Encrypt": cipher,
                "MsgSignature": self._sign(str(timestamp), nonce, cipher),
                "TimeStamp": timestamp,
                "Nonce": nonce,
            }
        )

    def _sign(self, timestamp: str, nonce: str, cipher: str) -> str:
        signer = WeChatSigner()
        signer.add_data(self._token, timestamp, nonce, cipher)
        return str(signer.signature)

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
