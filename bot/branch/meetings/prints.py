"""What is only printed of a meeting: the list to sign, the poster with its code."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.branch.meetings import papers
from bot.branch.meetings.meetings import Meeting
from bot.calendar.say import say_whole_moment
from bot.files.print import Values
from bot.files.qr import draw_code

HOW = "企业微信“扫一扫”，本人签到"
WIDTHS = (1, 2, 2, 2.4, 2, 2, 3)
HEIGHT = 10
"""Of a row to sign in, in millimetres."""


def print_sign_in(session: Session, meeting: Meeting, now: datetime) -> Values:
    """Fill the list to sign, with what is signed in already."""
    listed = papers.list_to_sign(session, meeting, now)
    return {
        "title": "签到表",
        "blocks": [
            {
                "kind": "lines",
                "lines": [f"{what}：{value}" for what, value in listed.head if value],
            },
            {
                "kind": "table",
                "heads": papers.SIGNS,
                "widths": WIDTHS,
                "rows": listed.rows,
                "height": HEIGHT,
            },
        ],
    }


def print_poster(meeting: Meeting, address: str, now: datetime) -> Values:
    """Fill the poster for the door. address: of the page behind its code."""
    at = say_whole_moment(meeting.starts_at.astimezone(now.tzinfo))
    return {
        "title": meeting.title,
        "lines": [at, *filter(None, (meeting.place,))],
        "code": draw_code(address),
        "how": HOW,
    }
