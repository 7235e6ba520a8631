"""Days and moments as browsers' own fields have them; where none is, words are read."""

from datetime import date, datetime

from bot.errors import Refusal
from bot.understanding.when import read_when
from server.web.console.desk import Desk

YEARS = range(1900, 2200)
NOT_A_TIME = "“{said}”不像时间，例：2026-03-05 15:00。"
NOT_A_DAY = "“{said}”不像日期，例：2026-03-05。"


def read_moment(desk: Desk, name: str) -> datetime | None:
    """Read a field for a moment; None where nothing is in it. Raises Refusal."""
    said = desk.sent.get(name, "").strip()
    if not said:
        return None
    try:
        moment = datetime.fromisoformat(said.replace("/", "-"))
    except ValueError:
        return _read_words(desk, said)
    if moment.year not in YEARS:
        raise Refusal(NOT_A_TIME.format(said=said[:20]))
    return moment.replace(tzinfo=desk.now.tzinfo)


def read_day(desk: Desk, name: str) -> date | None:
    """Read a field for a day; None where nothing is in it. Raises Refusal."""
    said = desk.sent.get(name, "").strip()
    if not said:
        return None
    try:
        day = date.fromisoformat(said.replace("/", "-"))
    except ValueError:
        raise Refusal(NOT_A_DAY.format(said=said[:20])) from None
    if day.year not in YEARS:
        raise Refusal(NOT_A_DAY.format(said=said[:20]))
    return day


def as_field(moment: datetime | None) -> str:
    """Write a moment as the browser's field holds it."""
    return f"{moment:%Y-%m-%dT%H:%M}" if moment else ""


def _read_words(desk: Desk, said: str) -> datetime:
    """Read 周五下午三点, where a browser has no field for moments."""
    when = read_when(said, desk.now)
    if when.recurring or when.unclear or not when.next:
        raise Refusal(NOT_A_TIME.format(said=said[:20]))
    return when.next[0]
