"""The words of several letters, put into one."""

from collections.abc import Sequence
from datetime import datetime

from bot.calendar.say import say_day
from bot.message import Card, Content

# A text message takes 2,048 bytes (path/90236), a character of Chinese three.
MOST_BYTES = 1950
OPENING = "这几天没打扰您，攒下的几件事放在一起："


def write(texts: Sequence[str], opening: str = OPENING) -> str:
    """Put several letters into one text, each as whole as there is room for."""
    room = MOST_BYTES - len(opening.encode())
    limit = max(len(text.encode()) for text in texts)
    while _size(texts, limit) > room:
        limit = limit * 9 // 10
    shown = [f"{at}. {_cut(text, limit)}" for at, text in enumerate(texts, 1)]
    return "\n".join([opening, *shown]) if len(shown) > 1 else _cut(texts[0], limit)


def _words(content: Content) -> str:
    match content:
        case Card():
            lines = [f"{label}：{value}" for label, value in content.lines]
            return "\n".join([content.title, content.text, *lines]).strip()
        case _:
            return str(getattr(content, "text", "")).strip()


def write_dated(
    said: Sequence[tuple[Content, datetime]], now: datetime, opening: str = OPENING
) -> str:
    """Put the words of several letters, with when they were written, into one text."""
    zone = now.tzinfo
    texts = [_dated(_words(each), at.astimezone(zone), now) for each, at in said]
    return write(texts, opening)


def _dated(text: str, written: datetime, now: datetime) -> str:
    """Say of which day a text is, if not of today."""
    if written.date() == now.date():
        return text
    return f"{say_day(written.date(), now.date())}：{text}"


def _size(texts: Sequence[str], limit: int) -> int:
    return sum(min(len(text.encode()), limit + 6) + 5 for text in texts)


def _cut(text: str, limit: int) -> str:
    if len(text.encode()) <= limit:
        return text
    return text.encode()[:limit].decode(errors="ignore").rstrip() + "……"
