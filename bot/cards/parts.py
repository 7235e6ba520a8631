"""The parts that both cards are made of: title, sun, prose, closing lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.calendar.say import say_date
from bot.cards.sheet import ASCENT, Block, Box, Ink, Layout, Line, Size, place
from bot.cards.styles import Head, Style
from bot.cards.typeset import (
    Hand,
    balance,
    break_lines,
    measure,
    shrink_to_fit,
    spread,
)
from bot.errors import Refusal

LEADING = 1.7
"""Line height of prose, in ems."""
DIGIT_HEIGHT = 0.73
"""Height of a figure above the baseline, in ems."""


@dataclass(frozen=True)
class Frame:
    """What every part needs to stand: the size, the look, and the margins in pixels."""

    size: Size
    style: Style
    head: Head

    @property
    def margins(self) -> Box:
        left, top, right, bottom = (self.size.u(one) for one in self.style.margins)
        return Box(left, top, self.size.width - right, self.size.height - bottom)

    @property
    def anchor(self) -> float:
        """The x at which lines of the body stand, by the side of the style."""
        middle = (self.margins.left + self.margins.right) / 2
        return self.margins.left if self.style.side == "left" else middle

    @property
    def body_top(self) -> int:
        return self.size.u(self.head.body_top)


def set_line(frame: Frame, text: str, hand: Hand, ink: Ink) -> Block:
    """Set one line on the body's side; the block is as high as its em."""
    at = (frame.anchor, ASCENT * hand.size)
    return Block(hand.size, (place(text, hand, ink, at, frame.style.side),))


def set_fitted(frame: Frame, text: str, hand: Hand, ink: Ink, *, what: str) -> Block:
    """Set one line, shrunk to the margins; refused when it would become unreadable."""
    smallest = frame.size.u(20)
    fitted = shrink_to_fit(text, hand, frame.margins.width, smallest)
    if fitted is None:
        raise Refusal(f"{what}太长（{len(text)}字），贺卡上放不下，请缩短。")
    return set_line(frame, text, fitted, ink)


def set_title(frame: Frame) -> list[Line]:
    u = frame.size.u
    return [
        place(
            spot.text,
            Hand(u(spot.size), "serif", spot.tracking, 0.01),
            "title",
            (u(spot.x), u(spot.y)),
            spot.side,
        )
        for spot in frame.head.titles
    ]


def set_sun(frame: Frame, above: str, middle: str, below: str) -> list[Line]:
    """Set the words in the round: small, large, small."""
    x, y, radius = (frame.size.u(one) for one in frame.head.sun)
    large = shrink_to_fit(
        middle, Hand(round(radius * 0.94), weight=0.012), radius * 1.36, radius // 4
    )
    if large is None:
        raise Refusal(f"“{middle}”太长，贺卡上放不下，请缩短。")
    small = Hand(round(radius * 0.2), "serif", 0.3, 0.008)
    rise = DIGIT_HEIGHT * large.size / 2
    top, foot = y - rise - radius * 0.16, y + rise + radius * 0.32
    return [
        place(above, small, "hero", (x, top), "center"),
        place(middle, large, "hero", (x, y + rise), "center"),
        place(below, small, "hero", (x, foot), "center"),
    ]


def set_prose(frame: Frame, text: str, units: float, ink: Ink = "body") -> Block:
    """Set wishes: balanced, justified lines that keep to the margins."""
    hand = Hand(frame.size.u(units))
    width = balance(text, hand, frame.margins.width)
    paragraphs = break_lines(text, hand, width)
    single = sum(map(len, paragraphs)) == 1
    left = (
        frame.margins.left if frame.style.side == "left" else frame.anchor - width / 2
    )
    lines: list[Line] = []
    baseline = ASCENT * hand.size
    for paragraph in paragraphs:
        for number, text_line in enumerate(paragraph, start=1):
            last = number == len(paragraph)
            gap = 0.0 if last else spread(text_line, hand, width)
            x = left
            if single and frame.style.side == "center":
                x = frame.anchor - measure(text_line, hand) / 2
            lines.append(Line(text_line, hand, ink, x, baseline, gap))
            baseline += LEADING * hand.size
    height = baseline - (LEADING - 1 + ASCENT) * hand.size if lines else 0
    return Block(height, tuple(lines))


def set_closing(frame: Frame, words: Sequence[str], on: date) -> Block:
    """Set who greets and the day, at the foot, the last line the day."""
    u = frame.size.u
    lines: list[Line] = []
    height = 0.0
    for number, words_line in enumerate([*filter(None, words), write_date(on)]):
        hand = Hand(u(30 if number == 0 else 26), "serif", 0.06)
        fitted = set_fitted(frame, words_line, hand, "foot", what="落款")
        lines += fitted.moved(height).lines
        height += fitted.height + u(16)
    return Block(height - u(16), tuple(lines))


def bind(frame: Frame, head: Sequence[Line], blocks: Sequence[Block]) -> Layout:
    """Gather what stands on the sheet."""
    lines = [*head, *(line for block in blocks for line in block.lines)]
    rules = [rule for block in blocks for rule in block.rules]
    return Layout(frame.size, frame.margins, tuple(lines), tuple(rules))


def write_date(day: date) -> str:
    return say_date(day)
