"""The values that cross every border: what was said, what is answered, what is sent."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, TypeAlias

UNDERSTOOD = 1000
"""Characters of a text that are understood; what comes after them is content."""
OTHER_DIGIT = re.compile(r"[^\D0-9０-９]")
AT_A_WORD = 100  # characters that the end of it may be earlier, to stand after a word


@dataclass(frozen=True)
class Message:
    """One thing that one person said or pressed in one channel.

    kind: text, image, voice, video, location, link, event, or what the platform
    newly invented. group: the group chat that it was said in, where others read the
    answer; "" alone. event: the event's name, lower case. key: the button or menu key.
    ticket: lets the pressed card be changed, once. fields: the rest, as it came.
    """

    channel: str
    sender: str
    id: str
    kind: str = "text"
    text: str = ""
    event: str = ""
    key: str = ""
    ticket: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    conversation: str = ""
    group: str = ""

    @property
    def thread(self) -> str:
        """Whose open question this may answer."""
        return self.conversation or f"{self.channel}:{self.sender}"

    @cached_property
    def head(self) -> str:
        """What is understood of the text: all of it, if it is not very long.

        It ends with a letter or a character, so that nothing of the text is lost where
        marks are taken off its end. Figures are in digits that everybody can read.
        """
        end = UNDERSTOOD
        if len(self.text) <= end:
            return read_digits(self.text)
        while end > UNDERSTOOD - AT_A_WORD and not self.text[end - 1].isalnum():
            end -= 1
        return read_digits(self.text[:end])

    @property
    def rest(self) -> str:
        """What follows the head: content of a notice, or nothing that counts."""
        return self.text[len(self.head) :]


@dataclass(frozen=True)
class Reply:
    """What a member reads; `changed` when something was recorded, sent or cancelled.

    passages: parts of the text, word for word, that only quote what everybody may read
    and may be put in other words; never a word about a member.
    """

    text: str
    changed: bool = False
    passages: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class Text:
    text: str
    kind: Literal["text"] = "text"


@dataclass(frozen=True)
class GroupText:
    """A text for a whole group; mentions: the user ids that it calls, or "@all"."""

    text: str
    mentions: tuple[str, ...] = ()
    kind: Literal["group_text"] = "group_text"


@dataclass(frozen=True)
class Button:
    """A button of a card; pressing it comes back as an event with this key."""

    text: str
    key: str


@dataclass(frozen=True)
class Card:
    """A card with buttons; `lines` are (label, value) pairs under the text.

    url: the page that a press on the card itself opens; "" for none. links: addresses
    that a press on a line of its own opens.
    """

    title: str
    text: str
    buttons: tuple[Button, ...]
    source: str = ""
    lines: tuple[tuple[str, str], ...] = ()
    url: str = ""
    links: tuple[str, ...] = ()
    kind: Literal["card"] = "card"


@dataclass(frozen=True)
class CardUpdate:
    """Grey out the buttons of a card that somebody pressed."""

    ticket: str
    button: str
    kind: Literal["card_update"] = "card_update"


@dataclass(frozen=True)
class Recall:
    """Take back what the platform gave these receipts for."""

    receipts: tuple[str, ...]
    kind: Literal["recall"] = "recall"


@dataclass(frozen=True)
class Picture:
    """A picture or file kept in the database under its attachment id."""

    attachment: int
    kind: Literal["picture", "file"] = "picture"


@dataclass(frozen=True)
class Fetch:
    """Get the bytes of a picture that a member sent, before the platform drops them."""

    attachment: int
    kind: Literal["fetch"] = "fetch"


Content: TypeAlias = Text | GroupText | Card | CardUpdate | Recall | Picture | Fetch


def read_digits(text: str) -> str:
    """Write the digits of other scripts, ٣ and 𝟗, as ours: patterns take them so."""
    return OTHER_DIGIT.sub(lambda digit: str(int(digit[0])), text)


def pack(content: Content) -> dict[str, Any]:
    """Write a content as JSON values."""
    match content:
        case Card():
            return {
                "kind": content.kind,
                "title": content.title,
                "text": content.text,
                "source": content.source,
                "url": content.url,
                "buttons": [[each.text, each.key] for each in content.buttons],
                "lines": [list(each) for each in content.lines],
                "links": list(content.links),
            }
        case _:
            return dict(vars(content))


def unpack(body: Mapping[str, Any]) -> Content:
    """Read what `pack` wrote."""
    match body["kind"]:
        case "text":
            return Text(body["text"])
        case "group_text":
            return GroupText(body["text"], tuple(body["mentions"]))
        case "card":
            return Card(
                title=body["title"],
                text=body["text"],
                source=body["source"],
                url=body["url"],
                buttons=tuple(Button(*each) for each in body["buttons"]),
                lines=tuple((label, value) for label, value in body["lines"]),
                links=tuple(body.get("links", ())),  # older letters have none
            )
        case "card_update":
            return CardUpdate(body["ticket"], body["button"])
        case "recall":
            return Recall(tuple(body["receipts"]))
        case "fetch":
            return Fetch(body["attachment"])
        case kind:
            return Picture(body["attachment"], kind)
