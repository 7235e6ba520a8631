"""Backdrops are painted once, and the ornament keeps to its shape."""

from math import dist

import pytest
from PIL import Image

from bot.cards.backdrop import open_backdrop
from bot.cards.ornament import (
    Stencil,
    mix,
    notched_frame,
    seed_spiral,
    vertical_gradient,
)


def test_a_backdrop_is_painted_once() -> None:
    assert open_backdrop("paper", "single", "phone") is open_backdrop(
        "paper", "single", "phone"
    )
    assert open_backdrop("paper", "single", "phone") is not open_backdrop(
        "paper", "group", "phone"
    )


def test_seeds_lie_in_their_ring_and_not_upon_each_other() -> None:
    seeds = [at for at, _ in seed_spiral((100, 100), (50, 80), 6)]
    assert len(seeds) > 50
    assert all(50 <= dist(at, (100, 100)) <= 80 for at in seeds)
    assert all(dist(a, b) > 6 for i, a in enumerate(seeds) for b in seeds[:i])


def test_a_notched_frame_is_closed_and_hollow_at_the_corners() -> None:
    path = notched_frame((0, 0, 200, 100), 20)
    assert path[0] == path[-1]
    assert all(dist(p, c) >= 19.9 for p in path for c in [(0, 0), (200, 100)])
    assert all(-0.1 <= x <= 200.1 and -0.1 <= y <= 100.1 for x, y in path)


def test_a_gradient_begins_and_ends_with_its_colours() -> None:
    picture = vertical_gradient((2, 11), [(0.2, (0, 0, 0)), (0.8, (200, 100, 0))])
    assert picture.getpixel((0, 0)) == (0, 0, 0)
    assert picture.getpixel((1, 5)) == (100, 50, 0)
    assert picture.getpixel((0, 10)) == (200, 100, 0)


@pytest.mark.parametrize(("share", "grey"), [(0, 0), (0.5, 100), (1, 200)])
def test_mix(share: float, grey: int) -> None:
    assert mix((0, 0, 0), (200, 200, 200), share) == (grey, grey, grey)


def test_a_stencil_paints_only_its_shape_with_smooth_edges() -> None:
    picture = Image.new("RGB", (40, 40))
    stencil = Stencil(picture, (10, 10, 30, 30))
    stencil.dot((20, 20), 6.5)
    stencil.press((255, 255, 255))
    assert picture.getpixel((20, 20)) == (255, 255, 255)
    assert picture.getpixel((5, 5)) == (0, 0, 0)
    greys = {grey for _, grey in picture.convert("L").getcolors() or []}
    assert greys > {0, 255}
