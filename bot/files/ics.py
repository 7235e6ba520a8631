"""A calendar as a file that phones subscribe to (RFC 5545).

What writes it loads with the first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib import import_module

MIME = "text/calendar; charset=utf-8"


@dataclass(frozen=True)
class Entry:
    """One thing in a calendar. key: the same for the same thing at each look.

    starts, ends: moments, or days (the end is the first day after it). said: beside it.
    """

    key: str
    title: str
    starts: datetime | date
    ends: datetime | date
    place: str = ""
    said: str = ""
    cancelled: bool = False


def write_calendar(name: str, entries: Sequence[Entry], now: datetime) -> bytes:
    """Write a calendar; whoever subscribes asks for it again some hours later."""
    told: bytes = import_module("bot.files.ics_writing").write(name, entries, now)
    return told
