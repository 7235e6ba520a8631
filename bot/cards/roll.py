"""A roll of names in columns: who, since when, how many years."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.cards.parts import Frame, write_date
from bot.cards.sheet import ASCENT, Block, Box, Line, Rule, place
from bot.cards.typeset import Hand, measure, shrink_to_fit
from bot.errors import Refusal

COLUMN_GAP = 44
LEAST_PITCH, MOST_PITCH = 28, 92
"""How near and how far rows may stand, in units."""
LARGEST = {1: 44, 2: 34, 3: 22}
"""The largest name by the number of columns, in units."""


@dataclass(frozen=True)
class Celebrant:
    """One member on a collective card; `years` 0: joined this year."""

    name: str
    joined: date
    years: int


@dataclass(frozen=True)
class Cell:
    """The box of one member, in pixels."""

    left: float
    width: float
    pitch: float
    columns: int


def set_roll(frame: Frame, people: Sequence[Celebrant], room: float) -> Block | None:
    """Set the names in one to three columns; None when the room is too small."""
    columns = count_columns(len(people))
    rows = -(-len(people) // columns)
    pitch = min(room / rows, frame.size.u(MOST_PITCH))
    if pitch < frame.size.u(LEAST_PITCH):
        return None
    gap = frame.size.u(COLUMN_GAP)
    width = (frame.margins.width - gap * (columns - 1)) / columns
    lines: list[Line] = []
    rules: list[Rule] = []
    for number, person in enumerate(people):
        column, row = divmod(number, rows)
        cell = Cell(frame.margins.left + column * (width + gap), width, pitch, columns)
        lines += [
            replace(line, baseline=line.baseline + row * pitch)
            for line in _set_member(frame, cell, person)
        ]
        rules.append(_underline(frame, cell, row))
    return Block(rows * pitch, tuple(lines), tuple(rules))


def count_columns(people: int) -> int:
    return 1 if people <= 8 else 2 if people <= 40 else 3


def _set_member(frame: Frame, cell: Cell, person: Celebrant) -> list[Line]:
    middle, right = cell.pitch / 2, cell.left + cell.width
    largest = frame.size.u(LARGEST[cell.columns])
    large = Hand(round(min(cell.pitch * 0.6, largest)), "serif", 0.04, 0.006)
    small = Hand(round(large.size * 0.66))
    years = place(
        write_years(person.years),
        small,
        "accent",
        (right, _center(small, middle)),
        "right",
    )
    day = place(
        write_date(person.joined) if cell.columns == 1 else f"{person.joined:%Y.%m.%d}",
        small,
        "label",
        (right - measure("99 周年", small) - small.size * 0.8, years.baseline),
        "right",
    )
    room = day.x - cell.left - small.size * 0.8
    box = Box(cell.left, 0, cell.left + room, cell.pitch)
    return [*_set_name(frame, person.name, large, box), day, years]


def write_years(years: int) -> str:
    return f"{years} 周年" if years else "新入党"


def _set_name(frame: Frame, name: str, hand: Hand, box: Box) -> list[Line]:
    """Set a name in its place: in one line, smaller, or at last in two lines."""
    middle = (box.top + box.bottom) / 2
    if fitted := shrink_to_fit(name, hand, box.width, round(hand.size * 0.6)):
        return [Line(name, fitted, "name", box.left, _center(fitted, middle))]
    height = box.bottom - box.top
    half = replace(hand, size=round(min(height * 0.37, hand.size * 0.8)), tracking=0.0)
    parts = _halve(name)
    fitted = shrink_to_fit(max(parts, key=len), half, box.width, frame.size.u(9))
    if fitted is None:
        raise Refusal(f"姓名“{name}”太长，集体贺卡上放不下。")
    return [
        Line(part, fitted, "name", box.left, _center(fitted, box.top + height * share))
        for part, share in zip(parts, (0.28, 0.72), strict=True)
    ]


def _halve(name: str) -> tuple[str, str]:
    """Cut a long name after the dot nearest its middle, or in the middle."""
    middle = (len(name) + 1) // 2
    dots = [place + 1 for place, char in enumerate(name[:-1]) if char == "·"]
    cut = min(dots, key=lambda place: abs(place - middle), default=middle)
    return name[:cut], name[cut:]


def _center(hand: Hand, middle: float) -> float:
    """Find the baseline of a line whose em box is centred on `middle`."""
    return middle + (ASCENT - 0.5) * hand.size


def _underline(frame: Frame, cell: Cell, row: int) -> Rule:
    foot, thick = cell.pitch * (row + 1), max(1, frame.size.u(1))
    return Rule(Box(cell.left, foot - thick, cell.left + cell.width, foot))
