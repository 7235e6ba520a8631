"""A year's first moment and the one after its last, by the clock on some wall."""

from datetime import datetime, tzinfo


def moments_of(
    first: int, last: int | None = None, zone: tzinfo | None = None
) -> tuple[datetime, datetime]:
    """Return when a year, or several, begin, and when the year after them does."""
    after = (first if last is None else last) + 1
    return datetime(first, 1, 1, tzinfo=zone), datetime(after, 1, 1, tzinfo=zone)
