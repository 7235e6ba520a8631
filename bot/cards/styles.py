"""The three looks of a card: colours, and where the head of the sheet stands."""

from dataclasses import dataclass
from typing import Literal

from bot.cards.ornament import Colour
from bot.cards.sheet import Ink, Side
from bot.errors import Refusal

StyleName = Literal["red", "paper", "dawn"]
HeadName = Literal["single", "group"]
Paint = Colour | tuple[Colour, Colour]
"""One colour, or two that run from the top of a line to its foot, like foil."""

FOIL = ((255, 240, 196), (226, 172, 92))
IVORY = (255, 246, 228)
VERMILION = (176, 38, 30)
SOOT = (46, 38, 34)
MAROON = (110, 26, 22)


@dataclass(frozen=True)
class Spot:
    """A line of the title, and where its baseline stands."""

    text: str
    x: float
    y: float
    size: float
    tracking: float
    side: Side = "center"


@dataclass(frozen=True)
class Head:
    """The upper part of a sheet."""

    titles: tuple[Spot, ...]
    sun: tuple[float, float, float]
    """Centre and radius of the round in which the years stand."""
    body_top: float
    seals: tuple[tuple[float, float, float], ...] = ()
    """Left, top and side of each square seal."""


@dataclass(frozen=True)
class Style:
    """A look; all lengths are in units of 1/1080 of the sheet's width."""

    name: StyleName
    paints: dict[Ink, Paint]
    side: Side
    margins: tuple[float, float, float, float]
    heads: dict[HeadName, Head]


RED = Style(
    name="red",
    paints={
        "title": FOIL,
        "hero": FOIL,
        "name": IVORY,
        "label": (240, 190, 120),
        "body": (255, 236, 214),
        "accent": (246, 205, 140),
        "foot": (250, 214, 160),
        "rule": (190, 104, 60),
    },
    side="center",
    margins=(116, 84, 116, 104),
    heads={
        "single": Head((Spot("政治生日", 540, 158, 64, 0.5),), (540, 388, 150), 602),
        "group": Head((Spot("集体政治生日", 540, 152, 54, 0.36),), (540, 312, 98), 456),
    },
)

PAPER = Style(
    name="paper",
    paints={
        "title": SOOT,
        "hero": VERMILION,
        "name": SOOT,
        "label": (150, 118, 96),
        "body": (66, 55, 48),
        "accent": VERMILION,
        "foot": (88, 72, 62),
        "rule": (214, 194, 168),
    },
    side="left",
    margins=(124, 84, 124, 148),
    heads={
        "single": Head(
            (
                Spot("政治", 124, 260, 124, 0.12, "left"),
                Spot("生日", 124, 408, 124, 0.12, "left"),
            ),
            (776, 314, 168),
            566,
            ((432, 338, 82),),
        ),
        "group": Head(
            (
                Spot("集体", 124, 170, 46, 0.3, "left"),
                Spot("政治生日", 124, 288, 96, 0.08, "left"),
            ),
            (826, 234, 112),
            418,
            ((552, 226, 74),),
        ),
    },
)

DAWN = Style(
    name="dawn",
    paints={
        "title": ((255, 252, 240), (255, 236, 204)),
        "hero": (176, 48, 22),
        "name": MAROON,
        "label": (186, 112, 66),
        "body": (92, 52, 38),
        "accent": (196, 74, 32),
        "foot": (122, 70, 48),
        "rule": (240, 208, 168),
    },
    side="center",
    margins=(116, 64, 116, 108),
    heads={
        "single": Head((Spot("政治生日", 540, 130, 62, 0.5),), (540, 368, 130), 596),
        "group": Head((Spot("集体政治生日", 540, 116, 52, 0.36),), (540, 290, 94), 468),
    },
)

STYLES: dict[str, Style] = {style.name: style for style in (RED, PAPER, DAWN)}


def choose_style(name: str) -> Style:
    """Find a look by its name, or refuse with those that there are."""
    if name not in STYLES:
        raise Refusal(f"没有“{name}”这种贺卡样式，可选：{'、'.join(STYLES)}。")
    return STYLES[name]
