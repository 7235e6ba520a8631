"""The sealed envelope: known ones open, ours open again, all others are refused."""

import base64
import struct
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.envelope import MAX_BODY, Seal, Sealed
from bot.channels.wecom.hear import read_message
from bot.channels.xml import first, read_xml
from bot.errors import BadCallback, TooLarge
from server.twin.crypto import Seal as WeComs
from tests.bot.channels.vectors import V1, V2, V3, V4, Vector

TOKEN, KEY, CORP = V1.token, V1.key, V1.corp_id
OURS = Seal(TOKEN, KEY, CORP)
THEIRS = WeComs.of(TOKEN, KEY, CORP)


def envelope(cipher: str) -> tuple[dict[str, str], bytes]:
    """Sign whatever is inside: what a thief of the token could send."""
    query = {
        "msg_signature": THEIRS.sign("1", "n", cipher),
        "timestamp": "1",
        "nonce": "n",
    }
    return query, f"<xml><Encrypt>{cipher}</Encrypt></xml>".encode()


def encrypted(plain: bytes) -> str:
    """Encrypt bytes that need not be framed or padded as they should."""
    encryptor = THEIRS._cipher().encryptor()
    return base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()


def framed(message: bytes, receiver: str = CORP, length: int | None = None) -> bytes:
    size = len(message) if length is None else length
    return b"r" * 16 + struct.pack(">I", size) + message + receiver.encode()


def padded(plain: bytes) -> bytes:
    size = 32 - len(plain) % 32
    return plain + bytes([size]) * size


@pytest.mark.parametrize("vector", [V1, V3])
def test_a_known_handshake_opens(vector: Vector) -> None:
    query = vector.query | {"echostr": vector.cipher}
    assert vector.seal.open_echo(query) == vector.plain


def test_a_handshake_whose_plus_signs_came_bare() -> None:
    echo = V1.cipher.replace("+", " ")
    assert " " in echo
    assert V1.seal.open_echo(V1.query | {"echostr": echo}) == V1.plain


def test_a_known_message_opens() -> None:
    plain = V2.seal.open_body(V2.query, V2.body)
    assert len(plain.encode()) == 284
    assert plain == V2.plain
    heard = read_message(plain, V2.corp_id)
    assert (heard.sender, heard.id, heard.text) == (
        "mycreate",
        "4561255354251345929",
        "hello",
    )


def test_a_known_reply_opens_and_bears_our_signature() -> None:
    sealed = Sealed(V4.signature, V4.timestamp, V4.nonce, V4.cipher)
    assert V4.seal.open(sealed) == V4.plain
    assert (
        WeComs.of(V4.token, V4.key, V4.corp_id).close(V4.plain, b"1234567890123456")
        == V4.cipher
    )


@pytest.mark.thorough
@given(text=st.text(), nonce=st.text("0123456789abcdef", min_size=1))
@settings(deadline=None, max_examples=50)
def test_what_we_close_opens_on_both_sides(text: str, nonce: str) -> None:
    tree = read_xml(OURS.close(text, 1411525903, nonce))
    cipher, stamp = first(tree, "Encrypt"), first(tree, "TimeStamp")
    THEIRS.check(first(tree, "MsgSignature"), stamp, nonce, cipher)
    assert THEIRS.open(cipher) == text
    assert OURS.open(Sealed(first(tree, "MsgSignature"), stamp, nonce, cipher)) == text


def test_the_same_text_never_looks_the_same_twice() -> None:
    once, again = (OURS.close("收到", 1, "n") for _ in range(2))
    assert once != again


@pytest.mark.parametrize("left", range(34))
def test_every_length_of_padding(left: int) -> None:
    """With nothing left over, a whole block of 32 is added."""
    text = "a" * (64 - 16 - 4 - len(CORP) + left)
    tree = read_xml(OURS.close(text, 1, "n"))
    cipher = first(tree, "Encrypt")
    assert len(base64.b64decode(cipher)) == 64 + (32 if left < 32 else 64)
    query, body = envelope(cipher)
    assert OURS.open_body(query, body) == text


def test_an_unlucky_signature_is_refused() -> None:
    query, body = envelope(THEIRS.close("hi"))
    for name in query:
        wrong = query | {name: query[name][:-1] + "x"}
        with pytest.raises(BadCallback, match="signature"):
            OURS.open_body(wrong, body)
    with pytest.raises(BadCallback, match="signature"):
        Seal("other", KEY, CORP).open_body(query, body)


@pytest.mark.parametrize("name", ["msg_signature", "timestamp", "nonce"])
def test_a_missing_or_empty_value_is_refused(name: str) -> None:
    query, body = envelope(THEIRS.close("hi"))
    for broken in ({n: v for n, v in query.items() if n != name}, query | {name: ""}):
        with pytest.raises(BadCallback, match=name):
            OURS.open_body(broken, body)


@pytest.mark.parametrize(
    "cipher",
    [
        pytest.param("not base64!", id="no base64"),
        pytest.param("你好", id="no ascii"),
        pytest.param("QUJD", id="three bytes"),
        pytest.param("====", id="only padding"),
        pytest.param(base64.b64encode(b"x" * 33).decode(), id="no whole block"),
        pytest.param(base64.b64encode(b"x" * 64).decode(), id="noise"),
        pytest.param(encrypted(b"\x20" * 32), id="nothing but padding"),
        pytest.param(encrypted(padded(b"r" * 16)), id="no length"),
        pytest.param(encrypted(framed(b"a" * 9) + b"\0"), id="padding of zero"),
        pytest.param(encrypted(b"\x21" * 64), id="padding of 33"),
        pytest.param(encrypted(padded(framed(b"hi"))[:-2] + b"\x01\x02"), id="uneven"),
        pytest.param(
            encrypted(framed(b"h" * 10, length=10)[:-16] + b"\x10" * 16 + b"\x10" * 16),
            id="cut short",
        ),
        pytest.param(encrypted(padded(framed(b"hi", length=3))), id="length too big"),
        pytest.param(encrypted(padded(framed(b"hi", length=1))), id="length too small"),
        pytest.param(encrypted(padded(framed(b"hi", length=2**32 - 1))), id="4 GiB"),
        pytest.param(encrypted(padded(framed(b"hi", receiver="ww2"))), id="other corp"),
        pytest.param(encrypted(padded(framed(b"hi", receiver=""))), id="no corp"),
        pytest.param(encrypted(padded(framed(b"\xff\xfe"))), id="no UTF-8"),
    ],
)
def test_a_signed_but_broken_envelope_is_refused(cipher: str) -> None:
    query, body = envelope(cipher)
    with pytest.raises(BadCallback):
        OURS.open_body(query, body)
    with pytest.raises(BadCallback):
        OURS.open_echo(query | {"echostr": cipher})


def test_the_empty_message_is_a_message() -> None:
    query, body = envelope(THEIRS.close(""))
    assert OURS.open_body(query, body) == ""


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\0",
        b"<xml>",
        b"<xml/>",
        b"<xml>text</xml>",
        b"<xml><Encrypt></Encrypt></xml>",
        b"<xml><Encrypt><a>b</a></Encrypt></xml>",
        b"<other><Encrypt>abc</Encrypt></other>",
        b'{"Encrypt": "abc"}',
        "<xml><Encrypt>你</Encrypt></xml>".encode("gbk"),
        *(
            f'<?xml version="1.0" encoding="{name}"?><xml><a>b</a></xml>'.encode()
            for name in ("gbk", "hex", "no-such", "utf-7", "utf-16", "unicode_escape")
        ),
    ],
)
def test_a_body_that_is_no_envelope_is_refused(body: bytes) -> None:
    """Also one that names an encoding of its own, which expat would look up."""
    query, _ = envelope(THEIRS.close("hi"))
    with pytest.raises(BadCallback):
        OURS.open_body(query, body)


def test_a_body_is_at_most_64_kibibytes() -> None:
    query, _ = envelope("x")
    with pytest.raises(TooLarge):
        OURS.open_body(query, b" " * (MAX_BODY + 1))
    with pytest.raises(BadCallback) as refused:
        OURS.open_body(query, b" " * MAX_BODY)
    assert not isinstance(refused.value, TooLarge)


NAMES = st.sampled_from(["msg_signature", "timestamp", "nonce", "echostr", "x"])
ANY_TEXT = st.text(st.characters(), max_size=50)  # also half a surrogate pair
QUERIES = st.dictionaries(NAMES, ANY_TEXT)
FULL = st.fixed_dictionaries(
    dict.fromkeys(("msg_signature", "timestamp", "nonce", "echostr"), ANY_TEXT)
)
INSIDE = st.binary(max_size=80).map(base64.b64encode) | st.binary()
BODIES = st.binary() | INSIDE.map(
    lambda raw: b"<xml><Encrypt>" + raw + b"</Encrypt></xml>"
)


@given(query=QUERIES | FULL, body=BODIES)
@settings(deadline=None, max_examples=50)
def test_nothing_but_a_refusal(query: Mapping[str, str], body: bytes) -> None:
    with pytest.raises(BadCallback):
        OURS.open_body(query, body)
    with pytest.raises(BadCallback):
        OURS.open_echo(query)


@given(plain=st.binary(max_size=100))
@settings(deadline=None, max_examples=50)
def test_nothing_but_a_refusal_of_what_is_signed(plain: bytes) -> None:
    query, body = envelope(encrypted(padded(plain)))
    with pytest.raises(BadCallback):
        OURS.open_body(query, body)


@pytest.mark.parametrize("name", ["msg_signature", "timestamp", "nonce", "echostr"])
def test_half_a_surrogate_pair_is_refused(name: str) -> None:
    cipher = THEIRS.close("hi")
    query = envelope(cipher)[0] | {"echostr": cipher}
    with pytest.raises(BadCallback):
        OURS.open_echo(query | {name: "\ud83d"})
