"""The four digits on the screen at the door: others every minute.

Nothing of them is kept: whoever knows the meeting's door reckons them anew.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest, new
from typing import Literal, TypeAlias

from sqlalchemy.orm import Session

from bot.branch.meetings.meetings import Meeting

MINUTE = timedelta(minutes=1)
DIGITS = 4
LONGEST = 18
"""Digits of what a database takes as a number."""
Purpose: TypeAlias = Literal["sign-in", "minutes"]


def page_of(meeting: Meeting, purpose: Purpose = "sign-in") -> str:
    """Name a page of a meeting: its number, and what nobody guesses.

    It is not the door itself: whoever scans it must not tell the next minute's digits.
    """
    sign = new(meeting.door.encode(), purpose.encode(), sha256).hexdigest()[:32]
    return f"{meeting.id}-{sign}"


def find_page(
    session: Session, page: str, purpose: Purpose = "sign-in"
) -> Meeting | None:
    """Find the meeting whose page an address names; None for any other address."""
    number, _, _ = page.partition("-")
    known = number.isdecimal() and len(number) <= LONGEST
    meeting = session.get(Meeting, int(number)) if known else None
    if meeting is None:
        return None
    theirs = page_of(meeting, purpose).encode()
    return meeting if compare_digest(page.encode(), theirs) else None


def code_of(meeting: Meeting, now: datetime) -> str:
    """Tell the code of a minute."""
    minute = int(now.timestamp()) // 60
    sign = new(meeting.door.encode(), str(minute).encode(), sha256).digest()
    return f"{int.from_bytes(sign[:8], 'big') % 10**DIGITS:0{DIGITS}d}"


def is_good(meeting: Meeting, said: str, now: datetime) -> bool:
    """Tell whether a code is this minute's or the one before: typing takes a while."""
    good = [code_of(meeting, at) for at in (now, now - MINUTE)]
    return any(compare_digest(said, each) for each in good)


def was_good(meeting: Meeting, said: str, now: datetime, within: int = 30) -> bool:
    """Tell whether a code was good within some minutes: it was typed too late."""
    return any(
        compare_digest(said, code_of(meeting, now - MINUTE * back))
        for back in range(2, within)
    )
