"""A callback of the official account → a Message, in each of its three modes.

Types and events: developers.weixin.qq.com, 接收普通消息 and 接收事件推送.
"""

import hmac
from collections.abc import Mapping, Sequence
from hashlib import sha256

from wechatpy.utils import WeChatSigner

from bot.channels.envelope import MAX_BODY, Seal
from bot.channels.xml import Tree, first, flatten, read_xml
from bot.errors import BadCallback, TooLarge
from bot.message import Message

CHANNEL = "official"
ELEMENTS = 256  # in compatible mode the message stands beside its sealed form
ID_CHARS = 128  # as many as the inbox keeps
SEALED_BY = "@key"
"""The field that says which of our keys a message was sealed with; no XML name."""
KINDS = {"shortvideo": "video"}
SCENE = "qrscene_"


def sign(token: str, timestamp: str, nonce: str) -> str:
    signer = WeChatSigner()
    signer.add_data(token, timestamp, nonce)
    return str(signer.signature)


def check_signature(token: str, query: Mapping[str, str]) -> None:
    """Refuse a query that the account did not sign: it covers no body."""
    names = ("signature", "timestamp", "nonce")
    if missing := [name for name in names if not query.get(name)]:
        raise BadCallback(f"no {missing[0]}")
    try:
        expected = sign(token, query["timestamp"], query["nonce"]).encode()
        right = hmac.compare_digest(expected, query["signature"].encode())
    except UnicodeError as error:  # half a surrogate pair
        raise BadCallback("not text") from error
    if not right:
        raise BadCallback("wrong signature")


def is_sealed(query: Mapping[str, str]) -> bool:
    return query.get("encrypt_type", "raw") == "aes"


def open_body(
    seals: Sequence[Seal], query: Mapping[str, str], body: bytes
) -> tuple[str, int]:
    """Decrypt with the key that fits; return what it says, and which key that was."""
    for number, seal in enumerate(seals):
        try:
            return seal.open_body(query, body, ELEMENTS), number
        except TooLarge:
            raise
        except BadCallback as error:
            if not error.setting or number == len(seals) - 1:
                raise
    raise BadCallback("sealed, and there is no key", setting="encoding_aes_key")


def read_plain(body: bytes) -> str:
    """Take a body in plain text."""
    if len(body) > MAX_BODY:
        raise TooLarge(f"{len(body)} bytes")
    try:
        return body.decode()
    except UnicodeError as error:
        raise BadCallback("not text") from error


def read_message(xml: str, sealed_by: int | None = None) -> Message:
    """Read a message or event. Raises BadCallback if it names no sender or type."""
    tree = read_xml(xml)
    sender, kind = first(tree, "FromUserName"), first(tree, "MsgType")
    if not sender or not kind:
        raise BadCallback("no sender or no type")
    event = first(tree, "Event").lower() if kind == "event" else ""
    fields = flatten(tree)
    if sealed_by is not None:
        fields[SEALED_BY] = str(sealed_by)
    text = first(tree, "Recognition" if kind == "voice" else "Content")
    return Message(
        channel=CHANNEL,
        sender=sender,
        id=(first(tree, "MsgId") or _event_id(tree))[:ID_CHARS],
        kind=KINDS.get(kind, kind),
        text=text.strip(),
        event=event,
        key=first(tree, "EventKey").removeprefix(SCENE),
        fields=fields,
    )


def _event_id(tree: Tree) -> str:
    """Make the id that messages have and events have not: of all that it says."""
    names = sorted(flatten(tree).items())
    told = "\n".join(f"{name}={value}" for name, value in names)
    digest, when = sha256(told.encode()).hexdigest()[:24], first(tree, "CreateTime")
    return f"event:{digest}:{when}"
