"""Texts in parts that a platform takes, never cut inside a character."""

import re
from collections.abc import Iterable

FOLLOWS = "\n（未完，接着发）"
# A flag, or a character with its accents, its skin colour and what is joined to it.
SEEN_AS_ONE = re.compile(
    "(?:[\U0001f1e6-\U0001f1ff]{2}|.)"
    "(?:[\u0300-\u036f\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff]|\u200d.){0,8}",
    re.DOTALL,
)


def cut_text(text: str, limit: int) -> list[str]:
    """Cut a text into parts of at most `limit` bytes of UTF-8, never in a character.

    Several parts are numbered, so that each differs from the others: the platform
    drops a message that equals the last one.
    """
    if _weigh(text) <= limit:
        return [text]
    parts = [part for part in _fit(text, limit - _weigh("（999/999）")) if part]
    return [f"{part}（{at}/{len(parts)}）" for at, part in enumerate(parts, 1)]


def cut_head(text: str, limit: int) -> tuple[str, str]:
    """Split off what fits into `limit` bytes, saying that more follows."""
    text = text.strip("\n")
    if _weigh(text) <= limit:
        return text, ""
    head = _fit(text, limit - _weigh(FOLLOWS))[0]
    return head + FOLLOWS, text[len(head) :].lstrip("\n")


def _fit(text: str, limit: int) -> list[str]:
    parts: list[str] = []
    part, size = "", 0
    for piece in _pieces(text, limit):
        weight = _weigh(piece)
        if part and size + weight > limit:
            parts.append(part.strip("\n"))
            part, size = "", 0
        part, size = part + piece, size + weight
    return [*parts, part.strip("\n")]


def _pieces(text: str, limit: int) -> Iterable[str]:
    """Yield whole lines where they fit, else characters as people see them."""
    for line in text.splitlines(keepends=True):
        if _weigh(line) <= limit:
            yield line
        else:
            yield from (found[0] for found in SEEN_AS_ONE.finditer(line))


def _weigh(text: str) -> int:
    """Count the bytes of UTF-8; also of half a surrogate pair, which has none."""
    return len(text.encode(errors="surrogatepass"))
