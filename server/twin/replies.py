"""Passive replies: the envelope an app answers with, opened and judged (path/90241)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from server.twin.contents import Content, cut
from server.twin.crypto import Seal, Unreadable
from server.twin.media import Shelf
from server.twin.xml import read

TEXT = 2048
CARD_LISTS = frozenset(
    [
        "HorizontalContentList",
        "JumpList",
        "VerticalContentList",
        "ActionList",
        "ButtonList",
        "OptionList",
        "SelectList",
    ]
)


@dataclass(frozen=True)
class Answer:
    """What our webhook answered; `fault` says why WeCom would not show it.

    Status 0: no answer within the time, or no connection.
    """

    status: int = 0
    body: str = ""
    text: str = ""
    msg_type: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    attempts: int = 1
    shown: bool = False
    fault: str = ""

    @property
    def ok(self) -> bool:
        return self.status == 200 and not self.fault


def open_reply(seal: Seal, body: str) -> dict[str, Any]:
    """Verify and decrypt a reply; an empty body is "no reply"."""
    if not body:
        return {}
    envelope = read(body)
    names = ("MsgSignature", "TimeStamp", "Nonce", "Encrypt")
    if missing := [name for name in names if not isinstance(envelope.get(name), str)]:
        raise Unreadable(f"the envelope has no {missing[0]}")
    seal.check(*(envelope[name] for name in names))
    return read(seal.open(envelope["Encrypt"]))


def check_reply(fields: Mapping[str, Any], sender: str, receiver: str) -> None:
    """Check what all replies have in common; raises Unreadable."""
    if str(fields.get("ToUserName", "")).lower() != receiver.lower():
        raise Unreadable("ToUserName is not who spoke")
    if fields.get("FromUserName") != sender:
        raise Unreadable("FromUserName is not the corp")
    if not str(fields.get("CreateTime", "")).isdecimal():
        raise Unreadable("CreateTime is no number")
    if fields.get("MsgType") not in READERS:
        raise Unreadable(f"no passive reply of type {fields.get('MsgType')}")


def read_reply(fields: Mapping[str, Any], shelf: Shelf) -> Content:
    """Turn the reply into what a phone shows; raises Unreadable or Errcode."""
    return READERS[str(fields["MsgType"])](fields, shelf)


def _text(fields: Mapping[str, Any], _shelf: Shelf) -> Content:
    content = fields.get("Content")
    if not isinstance(content, str) or not content:
        raise Unreadable("Content is empty")
    return Content("text", cut(content, TEXT))


def _medium(kind: str, name: str, label: str) -> Callable[..., Content]:
    def read_medium(fields: Mapping[str, Any], shelf: Shelf) -> Content:
        part = _part(fields, name)
        medium = shelf.find(part.get("MediaId"), kind)
        card = {key.lower(): value for key, value in part.items()}
        return Content(kind, f"{label}{part.get('Title', '')}", card, medium.id)

    return read_medium


def _news(fields: Mapping[str, Any], _shelf: Shelf) -> Content:
    articles = _listed(_part(fields, "Articles").get("item"))
    if str(fields.get("ArticleCount")) != str(len(articles)) or len(articles) > 8:
        raise Unreadable("ArticleCount is not the number of articles")
    shown = [{key.lower(): text for key, text in one.items()} for one in articles]
    text = "\n".join(str(article.get("title", "")) for article in shown)
    return Content("news", text, {"articles": shown})


def _button(fields: Mapping[str, Any], _shelf: Shelf) -> Content:
    return Content("update_button", str(_part(fields, "Button").get("ReplaceName", "")))


def _card(fields: Mapping[str, Any], _shelf: Shelf) -> Content:
    card = snake(_part(fields, "TemplateCard"))
    return Content("update_template_card", "", card)


def _part(fields: Mapping[str, Any], name: str) -> dict[str, Any]:
    part = fields.get(name)
    if not isinstance(part, dict):
        raise Unreadable(f"{name} is missing")
    return part


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def snake(card: Mapping[str, Any]) -> dict[str, Any]:
    """Spell a reply's card (CardType) as the API spells it (card_type)."""
    spelled: dict[str, Any] = {}
    for name, value in card.items():
        listed = _listed(value) if name in CARD_LISTS else value
        spelled[_snake_name(name)] = _snake_value(listed)
    return spelled


def _snake_value(value: Any) -> Any:
    if isinstance(value, list):
        return [_snake_value(one) for one in value]
    if isinstance(value, Mapping):
        return snake(value)
    return int(value) if value in ("0", "1", "2", "3", "4") else value


def _snake_name(name: str) -> str:
    if name in ("AppId", "UserId", "KeyName", "CheckBox"):
        return name.lower()
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


READERS: dict[str, Callable[[Mapping[str, Any], Shelf], Content]] = {
    "text": _text,
    "image": _medium("image", "Image", "[图片]"),
    "voice": _medium("voice", "Voice", "[语音]"),
    "video": _medium("video", "Video", "[视频]"),
    "news": _news,
    "update_button": _button,
    "update_template_card": _card,
}
