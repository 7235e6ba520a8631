"""The collective political-birthday card: everybody of a month or a quarter."""

from dataclasses import dataclass, replace
from datetime import date

from bot.cards.backdrop import open_backdrop
from bot.cards.fonts import make_one_line, require_glyphs, strip_invisible
from bot.cards.parts import Frame, bind, set_closing, set_prose, set_sun, set_title
from bot.cards.press import BLANK, is_unprinted, print_sheet
from bot.cards.roll import Celebrant, set_roll
from bot.cards.sheet import SIZES, Block, Layout, Size, SizeName, stack
from bot.cards.styles import Style, choose_style
from bot.errors import Refusal

MOST_PEOPLE = 60
DEFAULT_WISHES = "祝同志们政治生日快乐！愿我们不忘入党初心，在一线行动、在行动中出彩。"
WISHES_SIZES = (34, 31, 28, 25, 22)
"""Units, largest first; a long roll starts at the third."""
LONG_ROLL = 24


@dataclass(frozen=True)
class CollectiveCard:
    """What is written on the card; people stand in the order given."""

    people: tuple[Celebrant, ...]
    period: str
    """What stands in the sun: 七月, 第三季度."""
    branch: str
    on: date
    wishes: str = DEFAULT_WISHES
    signature: str = ""


def draw_collective_card(
    card: CollectiveCard, style: str = "red", size: SizeName = "phone"
) -> bytes:
    """Draw the card as PNG; equal cards give equal bytes.

    Raises Refusal for nobody, for more than 60 people, for a character that is in
    neither font, and for texts too long to be set legibly.
    """
    if is_unprinted():
        _clean(card)
        return BLANK
    look = choose_style(style)
    layout = lay_out_collective(card, look, SIZES[size])
    return print_sheet(layout, look, open_backdrop(look.name, "group", size))


def lay_out_collective(card: CollectiveCard, style: Style, size: Size) -> Layout:
    """Find the place of every line; draws nothing."""
    if not 1 <= len(card.people) <= MOST_PEOPLE:
        raise Refusal(f"集体贺卡可写1到{MOST_PEOPLE}人，现在是{len(card.people)}人。")
    card = _clean(card)
    frame = Frame(size, style, style.heads["group"])
    closing = set_closing(frame, (card.branch, card.signature), card.on)
    closing = closing.moved(frame.margins.bottom - closing.height)
    room = frame.margins.bottom - closing.height - frame.body_top
    head = [
        *set_title(frame),
        *set_sun(frame, str(card.on.year), card.period, f"{len(card.people)}位"),
    ]
    return bind(frame, head, [*_stack_body(frame, card, room), closing])


def _clean(card: CollectiveCard) -> CollectiveCard:
    """Strip what has no shape, and refuse what neither font can draw."""
    clean = replace(
        card,
        people=tuple(replace(one, name=make_one_line(one.name)) for one in card.people),
        period=make_one_line(card.period),
        branch=make_one_line(card.branch),
        wishes=strip_invisible(card.wishes),
        signature=make_one_line(card.signature),
    )
    names = "".join(one.name for one in clean.people)
    require_glyphs(names + clean.period + clean.branch + clean.wishes + clean.signature)
    return clean


def _stack_body(frame: Frame, card: CollectiveCard, room: float) -> list[Block]:
    """Stack the roll and the wishes at the largest size that leaves the roll room."""
    gap = frame.size.u(36)
    for units in WISHES_SIZES[2 if len(card.people) > LONG_ROLL else 0 :]:
        prose = [set_prose(frame, card.wishes, units)] if card.wishes else []
        taken = sum(block.height + gap for block in prose) + gap
        roll = set_roll(frame, card.people, room - taken)
        if roll is None:
            continue
        each = (room - taken - roll.height) / (len(prose) + 2)
        top = frame.body_top + each * 0.7
        return stack([roll, *prose], top, [gap + each] * len(prose))
    raise Refusal("人数多、寄语长，集体贺卡上放不下，请缩短寄语。")
