"""WeCom's seal: who signed an envelope, and what is inside it (path/90968)."""

import binascii
import secrets
import struct
from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import sha1
from hmac import compare_digest
from typing import Self

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

BLOCK = 32
PREFIX = 16
LENGTH = 4


class Unreadable(Exception):
    """An envelope is not what its sender should have sent; the text says why."""


@dataclass(frozen=True, repr=False)
class Seal:
    token: str
    key: bytes
    receive_id: str

    @classmethod
    def of(cls, token: str, encoding_aes_key: str, receive_id: str) -> Self:
        return cls(token, b64decode(encoding_aes_key + "="), receive_id)

    def sign(self, timestamp: str, nonce: str, encrypted: str) -> str:
        parts = sorted(x.encode() for x in (self.token, timestamp, nonce, encrypted))
        return sha1(b"".join(parts), usedforsecurity=False).hexdigest()

    def check(self, signature: str, timestamp: str, nonce: str, encrypted: str) -> None:
        wanted = self.sign(timestamp, nonce, encrypted)
        if not compare_digest(wanted.encode(), signature.encode()):
            raise Unreadable("the signature does not match")

    def close(self, message: str, prefix: bytes = b"") -> str:
        """Encrypt; the 16 random bytes may be given, to repeat a known envelope."""
        text = message.encode()
        plain = (prefix or secrets.token_hex(PREFIX // 2).encode()) + struct.pack(
            ">I", len(text)
        )
        plain += text + self.receive_id.encode()
        count = BLOCK - len(plain) % BLOCK
        encryptor = self._cipher().encryptor()
        padded = plain + bytes([count]) * count
        return b64encode(encryptor.update(padded) + encryptor.finalize()).decode()

    def open(self, encrypted: str) -> str:
        plain = _unpadded(self._decrypted(encrypted))
        if len(plain) < PREFIX + LENGTH:
            raise Unreadable("the envelope is too short")
        (length,) = struct.unpack_from(">I", plain, PREFIX)
        start = PREFIX + LENGTH
        text, rest = plain[start : start + length], plain[start + length :]
        if len(text) != length:
            raise Unreadable("the length is wrong")
        if rest != self.receive_id.encode():
            raise Unreadable("the receive id is not ours")
        try:
            return text.decode()
        except UnicodeDecodeError as error:
            raise Unreadable("the text is not UTF-8") from error

    def _decrypted(self, encrypted: str) -> bytes:
        try:
            sealed = b64decode(encrypted, validate=True)
        except (binascii.Error, ValueError) as error:
            raise Unreadable("the envelope is not base64") from error
        if not sealed or len(sealed) % BLOCK:
            raise Unreadable("the envelope is not whole blocks of 32")
        decryptor = self._cipher().decryptor()
        return decryptor.update(sealed) + decryptor.finalize()

    def _cipher(self) -> Cipher[CBC]:
        return Cipher(AES(self.key), CBC(self.key[:16]))


def _unpadded(padded: bytes) -> bytes:
    count = padded[-1]
    if not 1 <= count <= BLOCK or padded[-count:] != bytes([count]) * count:
        raise Unreadable("the padding is wrong")
    return padded[:-count]
