"""A number with its unit: 3小时, 1小时20分钟, 26块5, 两个半天, 一下午, 20个人, 18位."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.when.numbers import find_number, read_number

NUMERALS = "零一二两俩三仨四五六七八九十百"
HERE = Path(__file__)
TOTAL = Lexicon(HERE, "total")
WITHOUT_UNIT = re.compile(r"\s*(\d{1,6}(?:\.\d{1,2})?)(?![\d.个人月天年号日点时分])")
HALF_DAY = Lexicon(HERE, "half_day")
ALONE = re.compile(r"[0-9]{1,7}(?:\.[0-9]{1,2})?|[零一二两三四五六七八九十百千]{1,8}")
SHORT_OF_A_HUNDRED = Lexicon(HERE, "short_of_a_hundred")
WHOLE_DAY = Lexicon(HERE, "whole_day")
DECIMAL = re.compile(r"\d{1,6}\.\d{1,2}")

MONEY = {"角": 0.1, "毛": 0.1, "分": 0.01}
HOUR = {"刻钟": 0.25, "刻": 0.25, "分": 1 / 60}
PARTS: Mapping[str, Mapping[str, float]] = {
    **dict.fromkeys(("元", "块", "块钱"), MONEY),
    **dict.fromkeys(("小时", "钟头"), HOUR),
}
"""By unit: what may follow it at once, and how much of it that is."""
TENTHS = ("元", "块")
"""Units after which a bare digit is so many tenths: 26块5."""
PART = re.compile(
    rf"[零又加和\s]*(?P<number>\d{{1,2}}|[{NUMERALS}]{{1,3}})"
    r"(?P<unit>角|毛|刻钟|刻|分(?!钟))钱?"
)
TENTH = re.compile(
    rf"(?P<number>\d|[一二两三四五六七八九])(?![\d.{NUMERALS}年月日号个位人次天])"
)


@dataclass(frozen=True)
class Measure:
    """number: in what the units are counted in; start, end: where it stands."""

    number: float
    start: int
    end: int


def find_measure(text: str, units: Mapping[str, float]) -> Measure | None:
    """Find the first number with one of the units. units: how many each is.

    What follows it at once in a smaller unit is of the same: 1小时20分钟.
    """
    if day := units.get("天"):
        if hit := HALF_DAY.find(text):
            many = _read(hit["many"]) if hit["many"] else 1.0
            return Measure(many * day / 2, *hit.span())
        if hit := WHOLE_DAY.find(text):
            return Measure(day, *hit.span())
    names = "|".join(sorted(map(re.escape, units), key=len, reverse=True))
    number = rf"\d{{1,6}}(?:\.\d{{1,2}})?|[{NUMERALS}]{{1,6}}|半"
    one = rf"(?P<number>{number})\s*个?(?P<half>半)?(?P<unit>{names})(?P<more>半)?"
    hit = re.search(rf"(?<![第{NUMERALS}\d.]){one}", text)
    if hit is None:
        return None
    total, end, size = _count(hit, units), hit.end(), units[hit["unit"]]
    for more in re.compile(rf"[零又加和\s]*{one}").finditer(text, end):
        if more.start() != end or units[more["unit"]] >= size:
            break
        total, end, size = total + _count(more, units), more.end(), units[more["unit"]]
    if end == hit.end():
        part, end = _find_parts(text, end, hit["unit"])
        total += part * units[hit["unit"]]
    return Measure(total, hit.start(), end)


def find_total(text: str) -> Measure | None:
    """Find a sum that has no unit, after a word for it: 总共240, 一共86."""
    hit = TOTAL.find(text)
    number = hit and WITHOUT_UNIT.match(text, hit.end())
    if not hit or not number:
        return None
    return Measure(float(number[1]), hit.start(), number.end())


def _find_parts(text: str, at: int, unit: str) -> tuple[float, int]:
    """Return how much of a unit follows it at once, as 5角, and where that ends."""
    parts, total = PARTS.get(unit, {}), 0.0
    tenth = TENTH.match(text, at) if unit in TENTHS else None
    if tenth and not PART.match(text, at):
        return _read(tenth["number"]) / 10, tenth.end()
    while (more := PART.match(text, at)) and more["unit"] in parts:
        total, at = total + _read(more["number"]) * parts[more["unit"]], more.end()
    return total, at


def _count(hit: re.Match[str], units: Mapping[str, float]) -> float:
    half = 0.5 if hit["half"] or hit["more"] else 0.0
    return (_read(hit["number"]) + half) * units[hit["unit"]]


def _read(text: str) -> float:
    if text == "半":
        return 0.5
    return float(text) if text[0].isascii() else float(read_number(text))


def read_sum(said: str) -> float | None:
    """Read a number that has no unit: 一百二 is 120; None where it is none."""
    if DECIMAL.fullmatch(said):
        return float(said)
    short = SHORT_OF_A_HUNDRED.fit(said)
    number = find_number(f"{said}十" if short else said)
    return float(number) if number else None


def read_alone(said: str) -> float | None:
    """Read a number that is all that is said: 50, 四十二; None for anything else."""
    if not ALONE.fullmatch(said):
        return None
    return float(said) if said[0].isascii() else read_sum(said)
