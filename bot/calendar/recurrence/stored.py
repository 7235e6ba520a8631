"""A rule as one short line of a table: "1 monthly 08:00 workday=-1 until=2027-06-30".

The number in front is the form's version. A newer program reads every older form; one
that it does not know is Unreadable, never half understood.
"""

from collections.abc import Callable, Mapping
from datetime import date, time
from typing import Any

from bot.calendar.recurrence.points import Point
from bot.calendar.recurrence.rule import KINDS, Recurrence

VERSION = "1"


class Unreadable(ValueError):
    """No stored rule that this program knows."""


def to_stored(rule: Recurrence) -> str:
    shift = "workshift" if rule.shift_workdays else "shift"
    fields = {
        "days": _numbers(rule.weekdays),
        **(_point(rule.point) if rule.point else {}),
        "festival": rule.festival,
        "month": rule.month,
        "every": rule.interval if rule.interval != 1 else None,
        "from": rule.anchor,
        "until": rule.until,
        shift: rule.shift,
    }
    told = [f"{name}={value}" for name, value in fields.items() if value]
    return " ".join([VERSION, rule.kind, f"{rule.at:%H:%M}", *told])


def from_stored(line: str) -> Recurrence:
    """Read what to_stored wrote, of this or an older version. Raises Unreadable."""
    version, _, rest = line.partition(" ")
    read = _READERS.get(version)
    try:
        if read is None:
            raise ValueError(f"version {version!r}")
        return read(rest)
    except (ValueError, KeyError) as error:
        raise Unreadable(f"{line!r}: {error}") from error


def _read_1(line: str) -> Recurrence:
    kind, at, *words = line.split()
    found: dict[str, Any] = {}
    for word in words:
        name, _, value = word.partition("=")
        found |= _FIELDS[name](value)
    return Recurrence(KINDS[kind], time.fromisoformat(at), **found)


def _point(point: Point) -> dict[str, str]:
    name = f"weekday{point.weekday}" if point.of == "weekday" else point.of
    return {name: _numbers(point.numbers)}


def _numbers(numbers: tuple[int, ...]) -> str:
    return ",".join(map(str, numbers))


def _tuple(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(",")))


def _weekday_point(weekday: int) -> Callable[[str], dict[str, Any]]:
    return lambda text: {"point": Point("weekday", _tuple(text), weekday)}


_FIELDS: Mapping[str, Callable[[str], dict[str, Any]]] = {
    "days": lambda text: {"weekdays": _tuple(text)},
    "day": lambda text: {"point": Point("day", _tuple(text))},
    "workday": lambda text: {"point": Point("workday", _tuple(text))},
    **{f"weekday{day}": _weekday_point(day) for day in range(7)},
    "festival": lambda text: {"festival": text},
    "month": lambda text: {"month": int(text)},
    "every": lambda text: {"interval": int(text)},
    "from": lambda text: {"anchor": date.fromisoformat(text)},
    "until": lambda text: {"until": date.fromisoformat(text)},
    "shift": lambda text: {"shift": int(text)},
    "workshift": lambda text: {"shift": int(text), "shift_workdays": True},
}
_READERS: Mapping[str, Callable[[str], Recurrence]] = {"1": _read_1}
