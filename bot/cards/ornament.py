"""Ornament drawn by code: the seed spiral of a sunflower, ridges, frames, a seal.

All abstract on purpose: the Party's emblem and flag are regulated and never drawn.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from math import cos, pi, sin, sqrt

from PIL import Image, ImageDraw

Colour = tuple[int, int, int]
Point = tuple[float, float]
Corners = tuple[float, float, float, float]

SMOOTH = 3
"""How many times larger shapes are drawn before they are reduced: their smooth edge."""
GOLDEN_ANGLE = pi * (3 - sqrt(5))


class Stencil:
    """A surface in sheet coordinates whose shapes come out with smooth edges."""

    def __init__(self, image: Image.Image, area: Corners | None = None) -> None:
        self._image = image
        area = area or (0, 0, *image.size)
        self._left, self._top = int(area[0]), int(area[1])
        self._size = (int(area[2]) - self._left, int(area[3]) - self._top)
        large = (self._size[0] * SMOOTH, self._size[1] * SMOOTH)
        self._mask = Image.new("L", large, 0)
        self._pen = ImageDraw.Draw(self._mask)

    def _scale(self, points: Sequence[Point]) -> list[Point]:
        return [
            ((x - self._left) * SMOOTH, (y - self._top) * SMOOTH) for x, y in points
        ]

    def dot(self, centre: Point, radius: float, shade: int = 255) -> None:
        [(x, y)] = self._scale([centre])
        r = radius * SMOOTH
        self._pen.ellipse((x - r, y - r, x + r, y + r), fill=shade)

    def shape(self, points: Sequence[Point], shade: int = 255) -> None:
        self._pen.polygon(self._scale(points), fill=shade)

    def path(self, points: Sequence[Point], width: float, shade: int = 255) -> None:
        self._pen.line(
            self._scale(points), fill=shade, width=round(width * SMOOTH), joint="curve"
        )

    def press(self, paint: Colour | Image.Image) -> None:
        """Lay the paint, one colour or a picture of the sheet's size, on the sheet."""
        mask = self._mask.reduce(SMOOTH)
        area = (self._left, self._top, *self._corner())
        if isinstance(paint, Image.Image):
            self._image.paste(paint.crop(area), area, mask)
        else:
            self._image.paste(paint, area, mask)

    def _corner(self) -> tuple[int, int]:
        return self._left + self._size[0], self._top + self._size[1]


def seed_spiral(
    centre: Point, ring: tuple[float, float], step: float
) -> Iterator[tuple[Point, float]]:
    """Yield sunflower seeds between two radii, each with its way outwards, 0 to 1."""
    inner, outer = ring
    first, last = int((inner / step) ** 2) + 1, int((outer / step) ** 2)
    for number in range(first, last + 1):
        radius, angle = step * sqrt(number), number * GOLDEN_ANGLE
        at = (centre[0] + radius * cos(angle), centre[1] + radius * sin(angle))
        yield at, (radius - inner) / (outer - inner)


def rays(
    centre: Point, reach: float, count: int, openness: float
) -> Iterator[list[Point]]:
    """Yield thin triangles that open from a centre; `openness` is the lit share."""
    for number in range(count):
        middle, half = 2 * pi * number / count, pi / count * openness
        yield [
            centre,
            *(
                (centre[0] + reach * cos(a), centre[1] + reach * sin(a))
                for a in (middle - half, middle + half)
            ),
        ]


def notched_frame(box: Corners, notch: float) -> list[Point]:
    """Trace a rectangle whose corners are hollowed by quarter circles."""
    left, top, right, bottom = box
    corners = [
        (left, top, 90),
        (right, top, 180),
        (right, bottom, 270),
        (left, bottom, 0),
    ]
    path: list[Point] = []
    for x, y, start in corners:
        for degree in range(start, start - 91, -6):
            angle = degree * pi / 180
            path.append((x + notch * cos(angle), y + notch * sin(angle)))
    return [*path, path[0]]


def ridge(width: float, height: Callable[[float], float], floor: float) -> list[Point]:
    """Trace a hill's outline from left to right, closed along the floor."""
    tops = [(width * i / 160, height(i / 160)) for i in range(161)]
    return [(0, floor), *tops, (width, floor)]


def vertical_gradient(
    size: tuple[int, int], stops: Sequence[tuple[float, Colour]]
) -> Image.Image:
    """Paint from the top down through (share of height, colour) stops."""
    column = Image.new("RGB", (1, size[1]))
    for y in range(size[1]):
        column.putpixel((0, y), _mix_stops(y / max(1, size[1] - 1), stops))
    return column.resize(size)


def glow(image: Image.Image, centre: Point, reach: float, colour: Colour) -> None:
    """Let a colour shine from a point and fade to nothing at `reach`."""
    wide = int(reach * 2)
    # Pillow's radial gradient is 181 at the middle of an edge.
    fade = [round(255 * max(0.0, 1 - value / 181) ** 2) for value in range(256)]
    light = Image.radial_gradient("L").point(fade)
    mask = light.resize((wide, wide), Image.Resampling.BICUBIC)
    image.paste(colour, (int(centre[0] - reach), int(centre[1] - reach)), mask)


def mix(one: Colour, other: Colour, share: float) -> Colour:
    r, g, b = (round(a + (z - a) * share) for a, z in zip(one, other, strict=True))
    return r, g, b


def _mix_stops(at: float, stops: Sequence[tuple[float, Colour]]) -> Colour:
    for (low, one), (high, other) in pairwise(stops):
        if at <= high:
            return mix(one, other, max(0.0, at - low) / (high - low))
    return stops[-1][1]
