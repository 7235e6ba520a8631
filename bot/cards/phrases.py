"""A text cut into phrases, which stay together on a line (短语断行)."""

import re
from collections.abc import Collection, Iterable
from functools import cache
from importlib import import_module
from itertools import pairwise
from typing import Any

OPENING = "（《〈「『【〔“‘([{"
CLOSING = "，。、；：？！）》〉」』】〕”’…—·～％℃,.;:?!)]}%"
AFTER = "的了着过们地得吗呢吧啊呀中上下里内外年月日号"
"""Single characters that belong to what stands before them; others, to what follows."""
WHOLE = (
    *("入党", "初心", "向日葵", "太阳", "同志", "党龄", "党员", "党组织", "党支部"),
    *("共产党", "一线", "预备期", "转正", "周年", "不忘", "牢记", "不停", "光荣"),
    *("政治生日", "后来人", "年华", "第一步", "一个个", "答卷", "同心", "绽放"),
)
"""Words of such texts that the model cuts."""
WESTERN = re.compile(r"[0-9A-Za-z][0-9A-Za-z.:/@_+\-]*")
LONGEST, LONGEST_NAME = 9, 18


def cut_paragraphs(text: str, names: Collection[str] = ()) -> list[list[str]]:
    """Cut each line of a text into phrases. Joined, they give the line.

    No phrase begins with closing punctuation or 的, none ends with opening
    punctuation, and none of the names is cut, unless longer than a line may be.
    """
    lines = (" ".join(line.split()) for line in text.splitlines())
    return [cut_phrases(line, names) for line in lines if line]


def cut_phrases(line: str, names: Collection[str] = ()) -> list[str]:
    """Cut one line into phrases; see `cut_paragraphs`."""
    whole = sorted({*WHOLE, *filter(None, names)}, key=len, reverse=True)
    kept = set[int]()
    for found in re.finditer("|".join(map(re.escape, whole)), line):
        kept.update(range(found.start() + 1, found.end()))
    for found in WESTERN.finditer(line):
        kept.update(range(found.start() + 1, found.end()))
    pieces = _cut_at(line, (each for each in _breaks(line) if each not in kept))
    return [short for piece in _join(pieces) for short in _shorten(piece, names)]


@cache
def _parser() -> Any:
    """Load the model where it is first asked for: not every process asks."""
    return import_module("budoux").load_default_simplified_chinese_parser()


def _breaks(line: str) -> list[int]:
    """Tell where the line may be cut: where the model says, and after a pause."""
    ends = set[int]()
    at = 0
    for piece in _parser().parse(line):
        at += len(piece)
        ends.add(at)
    ends |= {n for n in range(1, len(line)) if line[n - 1] in CLOSING}
    return sorted(
        n
        for n in ends
        if 0 < n < len(line) and line[n] not in CLOSING and line[n - 1] not in OPENING
    )


def _cut_at(line: str, breaks: Iterable[int]) -> list[str]:
    ends = [0, *breaks, len(line)]
    return [line[a:b] for a, b in pairwise(ends) if a < b]


def _join(pieces: Iterable[str]) -> list[str]:
    """Join single characters to the phrase that they belong to."""
    joined: list[str] = []
    for piece in pieces:
        before = joined[-1] if joined else ""
        leans = piece[0] in AFTER and len(piece.rstrip(CLOSING)) == 1
        waits = len(before) == 1 or (len(before) == 2 and before[0] in OPENING)
        paused = bool(before) and before[-1] in CLOSING
        if before and not paused and (leans or waits) and len(before) < LONGEST:
            joined[-1] += piece
        else:
            joined.append(piece)
    return joined


def _shorten(phrase: str, names: Collection[str]) -> list[str]:
    """Cut what no line could take whole; signs stay with what they close or open."""
    most = LONGEST_NAME if any(name and name in phrase for name in names) else LONGEST
    if len(phrase) <= most + 3 or (WESTERN.fullmatch(phrase) and len(phrase) <= most):
        return [phrase]
    short: list[str] = []
    for char in phrase:
        if short and (
            len(short[-1]) < most or char in CLOSING or short[-1][-1] in OPENING
        ):
            short[-1] += char
        else:
            short.append(char)
    return short
