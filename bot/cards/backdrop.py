"""What lies under the text: one painted sheet for each style and size, kept."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import pi, sin
from random import Random

from PIL import Image, ImageDraw

from bot.cards.fonts import open_font
from bot.cards.ornament import (
    Colour,
    Point,
    Stencil,
    glow,
    mix,
    notched_frame,
    rays,
    ridge,
    seed_spiral,
    vertical_gradient,
)
from bot.cards.sheet import SIZES, Size, SizeName
from bot.cards.styles import FOIL, STYLES, VERMILION, Head, HeadName, StyleName

LACQUER = (122, 14, 16)
RICE = (248, 243, 231)
SEAL = "不忘初心"


@dataclass(frozen=True)
class Land:
    """A band of land or silk: its mean height above the foot, in units, and swing."""

    level: float
    swing: float
    waves: float
    start: float
    colour: Colour
    shade: int = 255


SILK = (
    Land(138, 26, 0.9, 0.0, (226, 70, 44), 26),
    Land(98, 30, 0.9, 0.9, (226, 70, 44), 36),
    Land(60, 20, 0.9, 2.1, (226, 70, 44), 50),
)
PAPER_HILLS = (
    Land(92, 26, 1.2, 0.4, (240, 230, 211)),
    Land(58, 20, 1.2, 2.6, (232, 216, 192)),
)
DAWN_HILLS = (
    Land(64, 22, 1.1, 3.3, (255, 238, 212)),
    Land(36, 16, 1.3, 0.6, (253, 224, 184)),
)
SKY = (
    (0.0, (196, 58, 32)),
    (0.46, (232, 112, 54)),
    (0.82, (250, 182, 100)),
    (1.0, (255, 216, 150)),
)
"""From the top of the sheet to the horizon."""
RANGES = (
    (88, 30, (250, 200, 132)),
    (64, 34, (255, 224, 176)),
    (40, 38, (255, 248, 234)),
)
"""Height above the body, bulge and colour of each range of hills before the sun."""


@lru_cache(maxsize=6)
def open_backdrop(style: StyleName, head: HeadName, size: SizeName) -> Image.Image:
    """Paint the sheet once; callers draw on a copy.

    Six are kept: an A5 sheet is 13 MB, and is painted anew in a third of a second.
    """
    painters: dict[StyleName, Callable[[Head, Size], Image.Image]] = {
        "red": _paint_red,
        "paper": _paint_paper,
        "dawn": _paint_dawn,
    }
    return painters[style](STYLES[style].heads[head], SIZES[size])


def _paint_red(head: Head, size: Size) -> Image.Image:
    image = Image.new("RGB", (size.width, size.height), LACQUER)
    centre, radius = _find_sun(head, size)
    glow(image, centre, size.u(1000), (198, 40, 30))
    beams = Stencil(image)
    for beam in rays(centre, size.u(1500), 48, 0.34):
        beams.shape(beam, 13)
    beams.press((255, 190, 120))
    _lay_land(image, size, SILK)
    foil = vertical_gradient(image.size, [(0, FOIL[0]), (1, FOIL[1])])
    frame = Stencil(image)
    for inset, width in ((36, 3.2), (50, 1.3)):
        edge = size.u(inset)
        box = (edge, edge, size.width - edge, size.height - edge)
        frame.path(notched_frame(box, size.u(40)), width * size.u(10) / 10)
    frame.press(foil)
    ring = (radius * 0.94, radius * 1.36)
    _sow_seeds(image, centre, ring, radius * 0.053, foil)
    return image


def _paint_paper(head: Head, size: Size) -> Image.Image:
    image = Image.new("RGB", (size.width, size.height), RICE)
    _scatter_fibres(image, size)
    centre, radius = _find_sun(head, size)
    ring = (radius * 0.9, radius * 1.26)
    _sow_seeds(image, centre, ring, radius * 0.05, VERMILION)
    _lay_land(image, size, PAPER_HILLS)
    ImageDraw.Draw(image).rectangle((0, 0, size.width, size.u(18)), fill=VERMILION)
    for seal in head.seals:
        left, top, side = (size.u(one) for one in seal)
        _press_seal(image, (left, top), side)
    return image


def _paint_dawn(head: Head, size: Size) -> Image.Image:
    horizon = size.u(head.body_top - RANGES[0][0]) / size.height
    sky = [(share * horizon, colour) for share, colour in SKY]
    image = vertical_gradient((size.width, size.height), sky)
    centre, radius = _find_sun(head, size)
    glow(image, centre, radius * 3.4, (255, 232, 170))
    ring = (radius * 1.1, radius * 1.52)
    _sow_seeds(image, centre, ring, radius * 0.056, (255, 246, 214))
    disc = Stencil(image)
    disc.dot(centre, radius)
    top, foot = ((centre[1] + sign * radius) / size.height for sign in (-1, 1))
    disc.press(
        vertical_gradient(image.size, [(top, (255, 251, 232)), (foot, (255, 212, 120))])
    )
    for above, bulge, colour in RANGES:
        land = Stencil(image)
        crest = _crest(size, head.body_top - above, bulge)
        land.shape(ridge(size.width, crest, size.height))
        land.press(colour)
    _lay_land(image, size, DAWN_HILLS)
    return image


def _find_sun(head: Head, size: Size) -> tuple[Point, float]:
    x, y, radius = head.sun
    return (size.u(x), size.u(y)), size.u(radius)


def _lay_land(image: Image.Image, size: Size, bands: tuple[Land, ...]) -> None:
    for band in bands:
        land = Stencil(image, (0, size.height - size.u(200), size.width, size.height))
        land.shape(ridge(size.width, _wave(size, band), size.height), band.shade)
        land.press(band.colour)


def _wave(size: Size, band: Land) -> Callable[[float], float]:
    def height(t: float) -> float:
        lift = band.swing * sin(2 * pi * t * band.waves + band.start)
        return size.height - size.u(band.level + lift)

    return height


def _crest(size: Size, level: float, bulge: float) -> Callable[[float], float]:
    def height(t: float) -> float:
        lift = bulge * sin(pi * t) - 16 * sin(2 * pi * t + bulge)
        return (level - lift) * size.width / 1080

    return height


def _sow_seeds(
    image: Image.Image,
    centre: Point,
    ring: tuple[float, float],
    step: float,
    paint: Colour | Image.Image,
) -> None:
    """Sow a ring of seeds that swell towards its middle and thin out at the rim."""
    edge = ring[1] + step * 2
    area = (centre[0] - edge, centre[1] - edge, centre[0] + edge, centre[1] + edge)
    seeds = Stencil(image, area)
    for at, way in seed_spiral(centre, ring, step):
        swell = sin(pi * min(1.0, way * 0.8 + 0.16))
        seeds.dot(at, step * (0.14 + 0.44 * swell))
    seeds.press(paint)


def _scatter_fibres(image: Image.Image, size: Size) -> None:
    """Scatter the short fibres of rice paper; the seed keeps every sheet alike."""
    chance, pen = Random(1921), ImageDraw.Draw(image)
    for _ in range(420):
        x, y = chance.uniform(0, size.width), chance.uniform(0, size.height)
        dx, dy = (chance.uniform(-1, 1) * size.u(16) for _ in range(2))
        tone = mix(RICE, (222, 206, 180), chance.uniform(0.2, 0.7))
        pen.line((x, y, x + dx, y + dy), fill=tone, width=max(1, size.u(1)))


def _press_seal(image: Image.Image, corner: tuple[int, int], side: int) -> None:
    """Press a square leisure seal; it reads down, and from right to left."""
    x, y = corner
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((x, y, x + side, y + side), side // 9, fill=VERMILION)
    edge = side // 14
    inner = (x + edge, y + edge, x + side - edge, y + side - edge)
    pen.rounded_rectangle(inner, side // 14, outline=RICE, width=max(1, side // 40))
    font = open_font("serif", round(side * 0.36))
    for number, char in enumerate(SEAL):
        column, row = 0.69 - 0.38 * (number // 2), 0.31 + 0.38 * (number % 2)
        at = (x + side * column, y + side * row)
        pen.text(at, char, RICE, font, anchor="mm", stroke_width=side * 0.006)
