"""The seal against the vectors that Tencent and wechatpy published."""

import struct
from base64 import b64encode

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from hypothesis import given, settings
from hypothesis import strategies as st

from server.twin.crypto import Seal, Unreadable
from server.twin.xml import read

OFFICIAL = Seal.of(
    "QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "wx5823bf96d3bd56c7"
)
WECHATPY = Seal.of(
    "123456", "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR", "wx49f0ab532d5d035a"
)
V1 = (
    "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvna"
    "qQ=="
)
V2 = (
    "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3"
    "QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48"
    "kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izo"
    "un1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUa"
    "x5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl"
    "/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q=="
)
V3 = (
    "4ByGGj+sVCYcvGeQYhaKIk1o0pQRNbRjxybjTGblXrBaXlTXeOo1+bXFXDQQb1o6co6Yh9Bv41n7hOchLF6p"
    "+Q=="
)
V4_MESSAGE = """<xml>
<MsgType><![CDATA[text]]></MsgType>
<Content><![CDATA[test]]></Content>
<FromUserName><![CDATA[wx49f0ab532d5d035a]]></FromUserName>
<ToUserName><![CDATA[messense]]></ToUserName>
<AgentID>1</AgentID>
<CreateTime>1411525903</CreateTime>
</xml>"""
V4 = (
    "9s4gMv99m88kKTh/H8IdkOiMg6bisoy3ypwy9H4hvSPe9nsGaqyw5hhSjdYbcrKk+j3nba4HMOTzHrluLBYq"
    "xgNcBqGsL8GqxlhZgURnAtObvesEl5nZ+uBE8bviY0LWke8Zy9V/QYKxNV2FqllNXcfmstttyIkMKCCmVbCF"
    "M2JTF5wY0nFhHZSjPUL2Q1qvSUCUld+/WIXrx0oyKQmpB6o8NRrrNrsDf03oxI1p9FxUgMnwKKZeOA/uu+2I"
    "EvEBtb7muXsVbwbgX05UPPJvFurDXafG0RQyPR+mf1nDnAtQmmNOuiR5MIkdQ39xn1vWwi1O5oazPoQJz0nT"
    "YjxxEE8kv3kFxtAGVRe3ypD3WeK2XeFYFMNMpatF9XiKzHo3"
)


def test_the_official_url_check() -> None:
    OFFICIAL.check(
        "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3", "1409659589", "263014780", V1
    )
    assert OFFICIAL.open(V1) == "1616140317555161061"
    assert OFFICIAL.close("1616140317555161061", b"c41b64491c2468d0") == V1


def test_the_official_message() -> None:
    OFFICIAL.check(
        "477715d11cdb4164915debcba66cb864d751f3e6", "1409659813", "1372623149", V2
    )
    message = OFFICIAL.open(V2)
    fields = read(message)
    assert fields["Content"] == "hello"
    assert fields["MsgId"] == "4561255354251345929"
    assert OFFICIAL.close(message, b"0960688932c47ef1") == V2


def test_the_url_check_of_wechatpy() -> None:
    WECHATPY.check(
        "dd6b9c95b495b3f7e2901bfbc76c664930ffdb96", "1411443780", "437374425", V3
    )
    assert WECHATPY.open(V3) == "5927782489442352469"


def test_the_reply_of_wechatpy() -> None:
    assert WECHATPY.close(V4_MESSAGE, b"1234567890123456") == V4
    signature = WECHATPY.sign("1411525903", "461056294", V4)
    assert signature == "407518b7649e86ef23978113f92d27afa9296533"


@given(st.text(max_size=100))
@settings(deadline=None, max_examples=50)
def test_what_was_closed_opens(message: str) -> None:
    assert OFFICIAL.open(OFFICIAL.close(message)) == message


def test_a_wrong_signature_is_refused() -> None:
    with pytest.raises(Unreadable, match="signature"):
        OFFICIAL.check("0" * 40, "1409659589", "263014780", V1)


def test_an_envelope_for_another_is_refused() -> None:
    other = Seal(OFFICIAL.token, OFFICIAL.key, "another")
    with pytest.raises(Unreadable, match="receive id"):
        other.open(V1)


def _encrypted(plain: bytes) -> str:
    encryptor = Cipher(AES(OFFICIAL.key), CBC(OFFICIAL.key[:16])).encryptor()
    return b64encode(encryptor.update(plain) + encryptor.finalize()).decode()


def _padded(plain: bytes) -> bytes:
    count = 32 - len(plain) % 32
    return plain + bytes([count]) * count


@pytest.mark.parametrize(
    ("encrypted", "why"),
    [
        ("?", "not base64"),
        ("", "whole blocks"),
        (b64encode(b"x" * 16).decode(), "whole blocks"),
        (_encrypted(b"x" * 31 + b"\x00"), "padding"),
        (_encrypted(b"x" * 31 + b"\x21"), "padding"),
        (_encrypted(b"x" * 31 + b"\x02"), "padding"),
        (_encrypted(_padded(b"x")), "too short"),
        (_encrypted(_padded(b"r" * 16 + struct.pack(">I", 99) + b"x")), "length"),
        (
            _encrypted(
                _padded(
                    b"r" * 16
                    + struct.pack(">I", 1)
                    + b"\xff"
                    + OFFICIAL.receive_id.encode()
                )
            ),
            "not UTF-8",
        ),
    ],
)
def test_a_broken_envelope_is_refused(encrypted: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        OFFICIAL.open(encrypted)
