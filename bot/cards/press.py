"""Printing a laid-out sheet on its backdrop, to the bytes of a PNG."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from io import BytesIO

from PIL import Image, ImageDraw

from bot.cards.fonts import choose_face, open_font
from bot.cards.ornament import Colour, vertical_gradient
from bot.cards.sheet import Layout, Line
from bot.cards.styles import Paint, Style
from bot.cards.typeset import cut_clusters, measure_cluster

_unprinted: ContextVar[bool] = ContextVar("unprinted", default=False)
BLANK = b"\x89PNG\r\n\x1a\n"


@contextmanager
def unprinted() -> Iterator[None]:
    """Have cards checked and not drawn: where nobody will look at them."""
    token = _unprinted.set(True)
    try:
        yield
    finally:
        _unprinted.reset(token)


def is_unprinted() -> bool:
    return _unprinted.get()


def print_sheet(layout: Layout, style: Style, backdrop: Image.Image) -> bytes:
    image = backdrop.copy()
    pen = ImageDraw.Draw(image)
    for rule in layout.rules:
        box = rule.box
        pen.rectangle(
            (box.left, box.top, box.right - 1, box.bottom - 1),
            fill=_flatten(style.paints["rule"]),
        )
    for line in layout.lines:
        _print_line(image, pen, line, style.paints[line.ink])
    return encode_png(image, layout.size.dpi)


def encode_png(image: Image.Image, dpi: int) -> bytes:
    out = BytesIO()
    image.save(out, "PNG", compress_level=3, dpi=(dpi, dpi))
    return out.getvalue()


def _flatten(paint: Paint) -> Colour:
    return paint if isinstance(paint[0], int) else paint[1]


def _print_line(
    image: Image.Image, pen: ImageDraw.ImageDraw, line: Line, paint: Paint
) -> None:
    if isinstance(paint[0], int):
        _write(pen, line, (0.0, 0.0), paint)
        return
    box = line.box
    edge = line.hand.size // 3
    left, top = int(box.left) - edge, int(box.top) - edge
    mask = Image.new("L", (int(box.width) + 2 * edge, line.hand.size + 2 * edge), 0)
    _write(ImageDraw.Draw(mask), line, (left, top), 255)
    foil = vertical_gradient(mask.size, [(0.3, paint[0]), (0.75, paint[1])])
    image.paste(foil, (left, top), mask)


def _write(
    pen: ImageDraw.ImageDraw,
    line: Line,
    origin: tuple[float, float],
    fill: Colour | int,
) -> None:
    x, y = line.x - origin[0], line.baseline - origin[1]
    hand = line.hand
    for cluster in cut_clusters(line.text):
        font = open_font(choose_face(hand.face, cluster[0]), hand.size)
        pen.text(
            (x, y),
            cluster,
            fill,
            font,
            anchor="ls",
            stroke_width=hand.weight * hand.size,
        )
        x += measure_cluster(cluster, hand) + hand.tracking * hand.size + line.gap
