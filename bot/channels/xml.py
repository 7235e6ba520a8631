"""XML as WeCom sends and reads it: no DTD, no depth, no injection."""

import re
from collections.abc import Mapping
from typing import TypeAlias
from xml.parsers import expat

from bot.errors import BadCallback

MAX_DEPTH = 8
# XML 1.0 knows no other control characters than tab, line feed and carriage return.
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Tree: TypeAlias = dict[str, list["Tree | str"]]


class _Reader:
    """Builds a tree in which every element is a list: one or many look alike."""

    def __init__(self, most: int | None) -> None:
        self.most, self.begun = most, 0
        self.stack: list[tuple[Tree, list[str]]] = [({}, [])]

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self.stack) > MAX_DEPTH:
            raise BadCallback("XML nested too deep")
        self.begun += 1
        if self.most and self.begun > self.most:
            raise BadCallback("XML with too many elements")
        self.stack.append(({}, []))

    def end(self, name: str) -> None:
        children, texts = self.stack.pop()
        value: Tree | str = children or "".join(texts)
        self.stack[-1][0].setdefault(name, []).append(value)

    def text(self, text: str) -> None:
        self.stack[-1][1].append(text)


def _refuse_dtd(*declaration: object) -> None:
    raise BadCallback("XML with a DTD")


def read_xml(document: str | bytes, most: int | None = None) -> Tree:
    """Read the children of the root element `xml`. Raises BadCallback.

    most: so many elements, for what anybody may have written.
    """
    reader = _Reader(most)
    parser = expat.ParserCreate("utf-8")  # whatever the document calls itself
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _refuse_dtd
    try:
        parser.Parse(document, True)  # noqa: FBT003  # expat takes no keywords
    except (expat.ExpatError, UnicodeError) as error:
        raise BadCallback(f"not XML: {error}") from error
    root = reader.stack[0][0].get("xml", [""])[0]
    if isinstance(root, str):
        raise BadCallback("no <xml> with anything in it")
    return root


def first(tree: Tree, name: str) -> str:
    """Return the text of the first child of that name; "" if there is none."""
    found = tree.get(name, [""])[0]
    return found if isinstance(found, str) else ""


def flatten(tree: Tree, prefix: str = "") -> dict[str, str]:
    """Name every text by its path: {"ScanCodeInfo/ScanType": "qrcode"}.

    Repeated elements are joined by commas.
    """
    flat: dict[str, str] = {}
    for name, values in tree.items():
        for value in values:
            found = (
                {prefix + name: value}
                if isinstance(value, str)
                else flatten(value, f"{prefix}{name}/")
            )
            for path, text in found.items():
                flat[path] = f"{flat[path]},{text}" if path in flat else text
    return flat


def write_xml(values: Mapping[str, str | int]) -> str:
    """Write a flat document: numbers bare, texts as unbreakable CDATA."""
    parts = [
        f"<{name}>{value if isinstance(value, int) else _cdata(value)}</{name}>"
        for name, value in values.items()
    ]
    return f"<xml>{''.join(parts)}</xml>"


def clean(text: str) -> str:
    """Drop the characters that no XML document may hold."""
    return NOT_XML.sub("", text)


def _cdata(text: str) -> str:
    harmless = clean(text).replace("]]>", "]]]]><![CDATA[>")
    return f"<![CDATA[{harmless}]]>"
