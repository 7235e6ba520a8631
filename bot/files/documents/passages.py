"""Blocks of text under headings → passages short enough to be quoted."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TypeAlias

Block: TypeAlias = tuple[str, str]
"""A heading and a text under it."""
LONGEST = 260
LONGEST_HEADING = 120
SENTENCE = re.compile(r"[^。！？!?；;\n]*[。！？!?；;\n]?")
# The lines of a PDF, which end so, break in the middle of a sentence.
BROKEN_LINE = re.compile(r"(?<=[\u4e00-\u9fff，、])[ \t]*\r\n[ \t]*(?=[\u4e00-\u9fff])")


@dataclass(frozen=True)
class Passage:
    """A piece that can be quoted. place: its heading, page or row; "" if none."""

    place: str
    text: str


def cut_passages(blocks: Iterable[Block]) -> list[Passage]:
    """Join the texts under one heading, and cut them at sentences."""
    return [
        Passage(heading[:LONGEST_HEADING], text)
        for heading, some in groupby(blocks, key=lambda block: block[0])
        for text in _cut("\n".join(text for _, text in some))
    ]


def _cut(text: str) -> Iterator[str]:
    joined = BROKEN_LINE.sub("", text.replace("\0", "")).replace("\r\n", "\n")
    piece = ""
    for sentence in _sentences(joined):
        if piece and len(piece) + len(sentence) > LONGEST:
            yield from _tidy(piece)
            piece = ""
        piece += sentence
    yield from _tidy(piece)


def _sentences(text: str) -> Iterator[str]:
    """Yield the sentences; one that is too long by itself in pieces."""
    for sentence in SENTENCE.findall(text):
        for start in range(0, len(sentence), LONGEST):
            yield sentence[start : start + LONGEST]


def _tidy(piece: str) -> Iterator[str]:
    lines = (" ".join(line.split()) for line in piece.splitlines())
    text = "\n".join(line for line in lines if line)
    if text:
        yield text
