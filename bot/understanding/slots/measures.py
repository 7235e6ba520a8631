"""A number with its unit: 3小时, 一个半小时, 半天, 一下午, 20个人, 18位."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.understanding.when.numbers import read_number

NUMERALS = "零一二两三四五六七八九十百"
HALF_DAY = re.compile(r"(?:一个?|整个?)(?:上午|下午|晚上|早上)|半天")
WHOLE_DAY = re.compile(r"一?整天|整整一天")


@dataclass(frozen=True)
class Measure:
    """number: in what the units are counted in; start, end: where it stands."""

    number: float
    start: int
    end: int


def find_measure(text: str, units: Mapping[str, float]) -> Measure | None:
    """Find the first number with one of the units. units: how many each is."""
    if day := units.get("天"):
        for form, part in ((HALF_DAY, 0.5), (WHOLE_DAY, 1.0)):
            if hit := form.search(text):
                return Measure(part * day, *hit.span())
    names = "|".join(sorted(map(re.escape, units), key=len, reverse=True))
    number = rf"\d{{1,6}}(?:\.\d{{1,2}})?|[{NUMERALS}]{{1,6}}|半"
    form = re.compile(
        rf"(?<![第{NUMERALS}\d.])(?P<number>{number})\s*个?(?P<half>半)?(?P<unit>{names})"
        r"(?P<more>半)?"
    )
    hit = form.search(text)
    if hit is None:
        return None
    half = 0.5 if hit["half"] or hit["more"] else 0.0
    return Measure((_read(hit["number"]) + half) * units[hit["unit"]], *hit.span())


def _read(text: str) -> float:
    if text == "半":
        return 0.5
    return float(text) if text[0].isascii() else float(read_number(text))
