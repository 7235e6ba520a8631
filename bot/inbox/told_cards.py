"""Cards told in words where a platform has no buttons: whose words press them.

The last few of a conversation; a number is of the last one, as long as nothing else
was said since.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.inbox import focus
from bot.message import Card

KIND = "told_cards"
MOST = 5


@dataclass(frozen=True)
class Press:
    """A button that was meant. key: what its press comes with; title: of its card."""

    key: str
    title: str


def note(session: Session, thread: str, card: Card, now: datetime) -> None:
    """Remember a card's buttons."""
    if not card.buttons:
        return
    told = {
        "title": card.title,
        "buttons": [[each.text, each.key] for each in card.buttons],
        "fresh": True,
    }
    before = [{**each, "fresh": False} for each in _find(session, thread, now)]
    others = [each for each in before if each["buttons"] != told["buttons"]]
    _keep(session, thread, [told, *others][:MOST], now)


def press(session: Session, thread: str, said: str, now: datetime) -> Press | None:
    """Find the button that a text presses; its card is done with then."""
    cards = _find(session, thread, now)
    for at, card in enumerate(cards):
        for number, (text, key) in enumerate(card["buttons"], 1):
            by_number = card["fresh"] and said == str(number)
            if by_number or said == text:
                _keep(session, thread, cards[:at] + cards[at + 1 :], now)
                return Press(key, card["title"])
    if any(each["fresh"] for each in cards):
        stale = [{**each, "fresh": False} for each in cards]
        _keep(session, thread, stale, now)
    return None


def _find(session: Session, thread: str, now: datetime) -> list[dict[str, Any]]:
    found = focus.find(session, thread, KIND, now)
    return list(found["cards"]) if found else []


def _keep(
    session: Session, thread: str, cards: list[dict[str, Any]], now: datetime
) -> None:
    if cards:
        focus.note(session, thread, KIND, {"cards": cards}, now)
    else:
        focus.drop(session, thread, KIND)
