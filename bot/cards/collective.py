"""The collective political-birthday card: everybody of a month or a quarter."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.calendar.say import say_date
from bot.cards.phrases import cut_paragraphs
from bot.cards.sheet import PLAIN, Sheet, check_length, draw
from bot.errors import Refusal
from bot.files.print.fonts import leave_drawable, leave_drawable_line

MOST_PEOPLE = 60
WISHES = "祝同志们政治生日快乐！愿我们不忘入党初心，在一线行动、在行动中出彩。"
ONE_COLUMN = 8
"""So many people stand in one column, with their days written out."""
LONGEST_WISHES, LONGEST_OF_MANY, MANY = 200, 120, 24
LONGEST_NAME, LONGEST_PERIOD, LONGEST_LINE = 32.0, 12.0, 42.0


@dataclass(frozen=True)
class Celebrant:
    """One member on a collective card; `years` 0: joined this year."""

    name: str
    joined: date
    years: int


@dataclass(frozen=True)
class CollectiveCard:
    """What is written on the card; people stand in the order given."""

    people: tuple[Celebrant, ...]
    period: str
    """What stands in the sun: 七月, 第三季度."""
    branch: str
    on: date
    wishes: str = WISHES
    signature: str = ""


def draw_collective_card(card: CollectiveCard, sheet: Sheet = PLAIN) -> bytes:
    """Draw the card as PNG or PDF; equal cards give equal bytes.

    Raises Refusal for nobody, for more than 60 people, and for texts too long to be
    set legibly.
    """
    return draw(gather_values(card), sheet)


def gather_values(card: CollectiveCard) -> dict[str, Any]:
    """Gather what the template reads. Raises Refusal as the card is refused."""
    if not 1 <= len(card.people) <= MOST_PEOPLE:
        raise Refusal(f"集体贺卡可写1到{MOST_PEOPLE}人，现在是{len(card.people)}人。")
    card = _clean(card)
    _check(card)
    short = len(card.people) > ONE_COLUMN
    return {
        "kind": "group",
        "title": "集体政治生日",
        "sun": (str(card.on.year), card.period, f"{len(card.people)}位"),
        "people": [
            {
                "name": each.name,
                "halves": halve(each.name),
                "day": f"{each.joined:%Y.%m.%d}" if short else say_date(each.joined),
                "years": write_years(each.years),
            }
            for each in card.people
        ],
        "wishes": cut_paragraphs(card.wishes, (card.branch,)),
        "branch": card.branch,
        "signature": card.signature,
        "day": say_date(card.on),
    }


def _clean(card: CollectiveCard) -> CollectiveCard:
    people = (
        replace(each, name=leave_drawable_line(each.name)) for each in card.people
    )
    return replace(
        card,
        people=tuple(people),
        period=leave_drawable_line(card.period),
        branch=leave_drawable_line(card.branch),
        wishes=leave_drawable(card.wishes),
        signature=leave_drawable_line(card.signature),
    )


def _check(card: CollectiveCard) -> None:
    for each in card.people:
        check_length(f"姓名“{each.name}”", each.name, LONGEST_NAME)
    check_length("时间", card.period, LONGEST_PERIOD)
    check_length("落款", card.branch, LONGEST_LINE)
    check_length("落款", card.signature, LONGEST_LINE)
    most = LONGEST_OF_MANY if len(card.people) > MANY else LONGEST_WISHES
    if len(card.wishes) > most:
        raise Refusal("人数多、寄语长，集体贺卡上放不下，请缩短寄语。")


def write_years(years: int) -> str:
    return f"{years} 周年" if years else "新入党"


def halve(name: str) -> tuple[str, str]:
    """Cut a long name after the dot nearest its middle, or in the middle."""
    middle = (len(name) + 1) // 2
    dots = [place + 1 for place, char in enumerate(name[:-1]) if char == "·"]
    cut = min(dots, key=lambda place: abs(place - middle), default=middle)
    return name[:cut], name[cut:]
