"""Papers for people: what stands in a docx file, and writing it.

What draws it loads with the first: python-docx and lxml hold seven megabytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TypeAlias

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class Heading:
    text: str


@dataclass(frozen=True)
class Lines:
    """Paragraphs; without any, an empty line is left to be written on."""

    texts: Sequence[str]
    indent: bool = True


@dataclass(frozen=True)
class Head:
    """A table of two columns: what, and its value."""

    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Grid:
    """A table whose head row stands on every page. widths: in centimetres."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float]


Block: TypeAlias = Heading | Lines | Head | Grid


def write_paper(title: str, blocks: Sequence[Block]) -> bytes:
    """Write a paper; the same blocks give the same text."""
    drawn: bytes = import_module("bot.files.word_drawing").draw(title, blocks)
    return drawn
