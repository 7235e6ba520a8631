"""What each platform takes: how many at once, how often, and what it notices."""

from dataclasses import dataclass
from datetime import timedelta

from bot.message import Card, Content, GroupText, Text
from bot.text.split import cut_text

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
TEXT_BYTES = 2048  # beyond it WeCom cuts, if need be inside a character
TITLE_CHARS, TEXT_CHARS = 36, 160  # what a card shows of its title and its text


@dataclass(frozen=True)
class Limits:
    """A channel's limits; the defaults are the most careful ones.

    batch_size: recipients of one call. notices_repeats: the platform drops what it has
    already; where it does not, what is uncertain is never sent again. rations: (span,
    messages) to one recipient.
    """

    batch_size: int = 1
    notices_repeats: bool = False
    rations: tuple[tuple[timedelta, int], ...] = ()


CAREFUL = Limits()
LIMITS = {
    "wecom": Limits(
        batch_size=1000,  # touser of message/send (path/90236)
        notices_repeats=True,
        rations=((MINUTE, 30), (HOUR, 1000)),  # what is over is dropped (path/90312)
    ),
    "aibot": Limits(rations=((MINUTE, 30), (HOUR, 1000))),  # as an app's: none are told
    "robot": Limits(rations=((MINUTE, 20),)),  # path/99110
}


def limits_of(channel: str) -> Limits:
    return LIMITS.get(channel, CAREFUL)


def weigh(content: Content) -> int:
    """Count the messages that a content is for each recipient."""
    match content:
        case Text(text) | GroupText(text):
            return len(cut_text(text, TEXT_BYTES))
        case Card() as card:
            whole = whole_text(card)
            return 1 + (len(cut_text(whole, TEXT_BYTES)) if whole else 0)
        case _:
            return 1


def whole_text(card: Card) -> str:
    """Return what is longer than a card shows and goes in front of it; "" for none.

    Where the card opens a page, it is there.
    """
    if card.url:
        return ""
    if len(card.title) > TITLE_CHARS:
        return f"{card.title}\n{card.text}"
    return card.text if len(card.text) > TEXT_CHARS else ""
