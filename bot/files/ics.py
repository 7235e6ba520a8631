"""A calendar as a file that phones subscribe to (RFC 5545)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from icalendar import Calendar, Event

MIME = "text/calendar; charset=utf-8"
MAKER = "-//xiangyang//branch calendar//ZH"


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
    calendar = Calendar()
    for what, value in (
        ("prodid", MAKER),
        ("version", "2.0"),
        ("method", "PUBLISH"),
        ("x-wr-calname", name),
        ("x-published-ttl", "PT6H"),
    ):
        calendar.add(what, value)
    for each in entries:
        calendar.add_component(_event(each, now))
    return bytes(calendar.to_ical())


def _event(entry: Entry, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{entry.key}@xiangyang")
    event.add("dtstamp", now)
    event.add("dtstart", entry.starts)
    event.add("dtend", entry.ends)
    event.add("summary", entry.title)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    for what, value in (("location", entry.place), ("description", entry.said)):
        if value:
            event.add(what, value)
    return event
