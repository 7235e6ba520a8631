"""The fixed days of the year, as the rule book has them."""

from functools import cache

from bot.calendar.yearly_days import YearlyDay
from bot.rulebook.load import load_shipped
from bot.rulebook.rule import Rule

PREFIX = "day."


@cache
def fixed_days() -> tuple[YearlyDay, ...]:
    """List them in the order of the year."""
    found = [_read(each) for each in load_shipped() if each.id.startswith(PREFIX)]
    return tuple(sorted(found, key=lambda day: (day.month, day.day)))


def _read(rule: Rule) -> YearlyDay:
    value = rule.value
    called = value["called"]
    assert isinstance(called, tuple)
    return YearlyDay(
        key=rule.id,
        month=int(rule.decimal("month")),
        day=int(rule.decimal("day")),
        name=str(value["name"]),
        called=tuple(map(str, called)),
        since=int(rule.decimal("since")) if "since" in value else None,
        deed=str(value["deed"]),
    )
