"""The XML of callbacks, written and read: lists are repeated siblings, no DTD."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from xml.parsers.expat import ExpatError, ParserCreate

from server.twin.crypto import Unreadable

# What XML 1.0 cannot carry in any spelling; WeCom's own clients never send it.
FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
DEEPEST = 16


def write(fields: Mapping[str, Any]) -> str:
    """Write `<xml>` with text in CDATA, numbers bare, mappings nested."""
    return f"<xml>{''.join(_elements(fields))}</xml>"


def _elements(fields: Mapping[str, Any]) -> Iterator[str]:
    for name, value in fields.items():
        for one in value if isinstance(value, list) else [value]:
            yield f"<{name}>{_inside(one)}</{name}>"


def _inside(value: Any) -> str:
    if isinstance(value, Mapping):
        return "".join(_elements(value))
    if isinstance(value, str):
        text = FORBIDDEN.sub("", value).replace("]]>", "]]]]><![CDATA[>")
        return f"<![CDATA[{text}]]>"
    return str(value)


class _Reader:
    def __init__(self) -> None:
        self.names: list[str] = []
        self.texts: list[list[str]] = []
        self.children: list[dict[str, Any]] = [{}]

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        if len(self.names) == DEEPEST:
            raise Unreadable("the XML is nested too deep")
        self.names.append(name)
        self.texts.append([])
        self.children.append({})

    def end(self, name: str) -> None:
        self.names.pop()
        text = "".join(self.texts.pop())
        value: Any = self.children.pop() or text
        siblings = self.children[-1]
        if name not in siblings:
            siblings[name] = value
        elif isinstance(siblings[name], list):
            siblings[name].append(value)
        else:
            siblings[name] = [siblings[name], value]

    def text(self, piece: str) -> None:
        self.texts[-1].append(piece)

    def refuse(self, *_declared: object) -> None:
        raise Unreadable("the XML has a document type")


def read(text: str) -> dict[str, Any]:
    """Read the children of `<xml>`; a repeated element becomes a list."""
    reader, parser = _Reader(), ParserCreate()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = reader.refuse
    try:
        parser.Parse(text, True)  # noqa: FBT003  # expat takes no names
    except ExpatError as error:
        raise Unreadable(f"not XML: {error}") from error
    match reader.children[0]:
        case {"xml": dict(inside)}:
            return inside
    raise Unreadable("the XML has no content under its root")
