"""The political-birthday card of one member, on a phone or printed on A5."""

from dataclasses import dataclass, replace
from datetime import date

from bot.calendar.party_age import anniversary
from bot.cards.backdrop import open_backdrop
from bot.cards.fonts import make_one_line, require_glyphs, strip_invisible
from bot.cards.parts import (
    Frame,
    bind,
    set_closing,
    set_fitted,
    set_prose,
    set_sun,
    set_title,
    write_date,
)
from bot.cards.press import BLANK, is_unprinted, print_sheet
from bot.cards.sheet import (
    ASCENT,
    SIZES,
    Block,
    Box,
    Layout,
    Line,
    Rule,
    Size,
    SizeName,
    place,
    stack,
)
from bot.cards.styles import Style, choose_style
from bot.cards.typeset import Hand, measure, shrink_to_fit
from bot.errors import Refusal

DEFAULT_WISHES = (
    "今天是您的政治生日。愿您常忆入党那天的庄严承诺，初心如磐，步履不停；"
    "在一线行动，在行动中出彩，像向日葵一样，始终朝着太阳生长。"
)
WISHES_SIZES = (37, 35, 33, 31, 29, 27, 25, 23)
"""Units, largest first: the first at which the wishes fit the sheet is taken."""


SMALLEST_NOTE = 22
"""Units: on A5 nine points, which an old comrade still reads."""


@dataclass(frozen=True)
class BirthdayCard:
    """What is written on the card; `years` 0 is the joining day itself."""

    name: str
    joined: date
    years: int
    party_age: int | None
    branch: str
    wishes: str = DEFAULT_WISHES
    motto: str = ""
    signature: str = ""
    notes: tuple[tuple[str, str], ...] = ()
    """What colleagues wrote: who, and what."""
    on: date | None = None
    """The day printed at the foot; None: the anniversary itself."""


def draw_birthday_card(
    card: BirthdayCard, style: str = "red", size: SizeName = "phone"
) -> bytes:
    """Draw the card as PNG; equal cards give equal bytes.

    Raises Refusal, naming what is wrong, when a character is in neither font or a text
    is too long to be set legibly: the sender then greets in words.
    """
    if is_unprinted():
        _clean(card)
        return BLANK
    look = choose_style(style)
    layout = lay_out_birthday(card, look, SIZES[size])
    return print_sheet(layout, look, open_backdrop(look.name, "single", size))


def warm_up() -> None:
    """Paint the usual sheet and open the fonts: the first card need not wait."""
    open_backdrop("red", "single", "phone")
    require_glyphs(DEFAULT_WISHES)


def lay_out_birthday(card: BirthdayCard, style: Style, size: Size) -> Layout:
    """Find the place of every line; draws nothing."""
    card = _clean(card)
    frame = Frame(size, style, style.heads["single"])
    closing = set_closing(frame, (card.branch, card.signature), _day(card))
    closing = closing.moved(frame.margins.bottom - closing.height)
    room = frame.margins.bottom - closing.height - frame.body_top
    body = _stack_body(frame, card, room)
    head = [*set_title(frame), *_sun_words(frame, card)]
    return bind(frame, head, [*body, closing])


def _clean(card: BirthdayCard) -> BirthdayCard:
    """Strip what has no shape, and refuse what neither font can draw."""
    clean = replace(
        card,
        name=make_one_line(card.name),
        branch=make_one_line(card.branch),
        wishes=strip_invisible(card.wishes),
        motto=make_one_line(card.motto),
        signature=make_one_line(card.signature),
        notes=tuple((make_one_line(who), make_one_line(s)) for who, s in card.notes),
    )
    noted = "".join(who + said for who, said in clean.notes)
    require_glyphs(
        clean.name + clean.branch + clean.wishes + clean.motto + clean.signature + noted
    )
    return clean


def _day(card: BirthdayCard) -> date:
    return card.on or anniversary(card.joined, card.joined.year + card.years)


def _sun_words(frame: Frame, card: BirthdayCard) -> list[Line]:
    if card.years == 0:
        return set_sun(frame, "光荣", "入党", "第一天")
    return set_sun(frame, "入党", str(card.years), "周年")


def _stack_body(frame: Frame, card: BirthdayCard, room: float) -> list[Block]:
    """Stack name, facts, wishes and motto at the largest size that leaves air."""
    for units in WISHES_SIZES:
        blocks = _body_blocks(frame, card, units)
        least = frame.size.u(30)
        spare = room - sum(block.height + least for block in blocks)
        if spare >= 0:
            each = min(spare / (len(blocks) + 1), frame.size.u(48))
            above = (spare - each * (len(blocks) - 1)) * 0.4
            return stack(
                blocks, frame.body_top + above, [least + each] * (len(blocks) - 1)
            )
    raise Refusal(
        f"组织寄语太长（{len(card.wishes)}字），贺卡上放不下，请缩短到200字以内。"
    )


def _body_blocks(frame: Frame, card: BirthdayCard, units: float) -> list[Block]:
    blocks = [_name_block(frame, card.name), _facts_block(frame, card)]
    if card.wishes:
        blocks.append(set_prose(frame, card.wishes, units))
    if card.notes:
        blocks.append(_notes_block(frame, card, units))
    if card.motto:
        hand = Hand(frame.size.u(27), "serif", 0.12, 0.008)
        motto = set_fitted(frame, card.motto, hand, "accent", what="口号")
        blocks.append(motto)
    return blocks


def _name_block(frame: Frame, name: str) -> Block:
    """Set the name large, opened up when it is short, with a small 同志 after it."""
    u = frame.size.u
    tracking = {2: 0.34, 3: 0.16}.get(len(name), 0.04)
    suffix, gap = Hand(u(34), "serif", 0.1), u(30)
    rest = frame.margins.width - measure("同志", suffix) - gap
    hand = shrink_to_fit(name, Hand(u(104), "serif", tracking, 0.009), rest, u(26))
    if hand is None:
        raise Refusal(f"姓名太长（{len(name)}字），贺卡上放不下。")
    width = measure(name, hand) + gap + measure("同志", suffix)
    left = frame.anchor if frame.style.side == "left" else frame.anchor - width / 2
    baseline = ASCENT * hand.size
    title = place("同志", suffix, "label", (left + width, baseline), "right")
    return Block(hand.size, (Line(name, hand, "name", left, baseline), title))


def _notes_block(frame: Frame, card: BirthdayCard, units: float) -> Block:
    """Set the colleagues' words under each other, smaller than the wishes."""
    said = "\n".join(f"“{text}”——{who}" for who, text in card.notes)
    return set_prose(frame, said, max(units * 0.82, SMALLEST_NOTE), "accent")


def _facts_block(frame: Frame, card: BirthdayCard) -> Block:
    """Set the joining date, and the party age where there is one, side by side."""
    facts = [("入党日期", write_date(card.joined))]
    if card.party_age is not None:
        facts.append(
            ("党龄", f"{card.party_age} 年" if card.party_age else "不满 1 年")
        )
    u = frame.size.u
    label, value = Hand(u(25), "serif", 0.2), Hand(u(40), "serif", 0.02, 0.006)
    height, column = u(92), u(384)
    left = frame.anchor
    if frame.style.side == "center":
        left -= column * (len(facts) - 1) / 2
    lines: list[Line] = []
    rules: list[Rule] = []
    for number, (name, words) in enumerate(facts):
        x = left + number * column
        lines.append(place(name, label, "label", (x, u(22)), frame.style.side))
        lines.append(place(words, value, "name", (x, u(82)), frame.style.side))
        if number:
            middle = x - (column / 2 if frame.style.side == "center" else u(44))
            rules.append(Rule(Box(middle, u(4), middle + max(1, u(2)), u(88))))
    return Block(height, tuple(lines), tuple(rules))
