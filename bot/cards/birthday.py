"""The political-birthday card of one member, on a phone or printed on A5."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.calendar.party_age import anniversary
from bot.calendar.say import say_date
from bot.cards.phrases import cut_paragraphs, cut_phrases
from bot.cards.sheet import PLAIN, Sheet, check_length, draw
from bot.cards.wishes import choose_wishes
from bot.errors import Refusal
from bot.files.print.fonts import leave_drawable, leave_drawable_line, make_one_line

LONGEST_WISHES, MOST_PARAGRAPHS = 200, 8
LONGEST_NAME, LONGEST_LINE, LONGEST_MOTTO = 26.0, 42.0, 36.0
"""Ems: at the smallest size that is still read, twenty units, this fits the sheet."""


@dataclass(frozen=True)
class BirthdayCard:
    """What is written on the card; `years` 0 is the joining day itself.

    wishes: None for those that belong to the years.
    """

    name: str
    joined: date
    years: int
    party_age: int | None
    branch: str
    wishes: str | None = None
    motto: str = ""
    signature: str = ""
    notes: tuple[tuple[str, str], ...] = ()
    """What colleagues wrote: who, and what."""
    on: date | None = None
    """The day printed at the foot; None: the anniversary itself."""


def draw_birthday_card(card: BirthdayCard, sheet: Sheet = PLAIN) -> bytes:
    """Draw the card as PNG or PDF; equal cards give equal bytes.

    A sign that no face has is left out; for a character a frame stands with its sound.
    Raises Refusal, naming what is wrong, when a text is too long to be set legibly:
    the sender then greets in words.
    """
    return draw(gather_values(card), sheet)


def gather_values(card: BirthdayCard) -> dict[str, Any]:
    """Gather what the template reads. Raises Refusal for a text that is too long."""
    card = _clean(card)
    _check(card)
    names = (card.name, card.branch, *(who for who, _ in card.notes))
    notes = [(cut_phrases(f"“{said}”", names), who) for who, said in card.notes]
    return {
        "kind": "single",
        "title": "政治生日",
        "name": card.name,
        "sun": ("光荣", "入党", "第一天")
        if card.years == 0
        else ("入党", str(card.years), "周年"),
        "facts": _list_facts(card),
        "wishes": cut_paragraphs(card.wishes or "", names),
        "notes": notes,
        "motto": card.motto,
        "branch": card.branch,
        "signature": card.signature,
        "day": say_date(_day(card)),
    }


def _clean(card: BirthdayCard) -> BirthdayCard:
    """Strip what has no shape and what cannot be drawn; choose the wishes."""
    wishes = card.wishes
    if wishes is None:
        wishes = choose_wishes(card.years, card.party_age)
    notes = (
        (make_one_line(who), leave_drawable_line(said)) for who, said in card.notes
    )
    return replace(
        card,
        name=leave_drawable_line(card.name),
        branch=leave_drawable_line(card.branch),
        wishes=leave_drawable(wishes),
        motto=leave_drawable_line(card.motto),
        signature=leave_drawable_line(card.signature),
        notes=tuple((who, said) for who, said in notes if said),
    )


def _check(card: BirthdayCard) -> None:
    check_length("姓名", card.name, LONGEST_NAME)
    check_length("落款", card.branch, LONGEST_LINE)
    check_length("落款", card.signature, LONGEST_LINE)
    check_length("口号", card.motto, LONGEST_MOTTO)
    wishes = card.wishes or ""
    if len(wishes) > LONGEST_WISHES:
        raise Refusal(
            f"组织寄语太长（{len(wishes)}字），贺卡上放不下，"
            f"请缩短到{LONGEST_WISHES}字以内。"
        )
    if wishes.count("\n") >= MOST_PARAGRAPHS:
        raise Refusal(f"组织寄语最多分{MOST_PARAGRAPHS}行，请合并几行。")


def _day(card: BirthdayCard) -> date:
    return card.on or anniversary(card.joined, card.joined.year + card.years)


def _list_facts(card: BirthdayCard) -> list[tuple[str, str]]:
    """List the joining date, and the party age where there is one."""
    facts = [("入党日期", say_date(card.joined))]
    if card.party_age is not None:
        facts.append(
            ("党龄", f"{card.party_age} 年" if card.party_age else "不满 1 年")
        )
    return facts
