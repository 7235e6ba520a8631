"""Writes calendars (RFC 5545)."""

from collections.abc import Sequence
from datetime import datetime

from icalendar import Calendar, Event

from bot.files.ics import Entry

MAKER = "-//xiangyang//branch calendar//ZH"


def write(name: str, entries: Sequence[Entry], now: datetime) -> bytes:
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
