"""What a check-in says of itself: on which platform, how much, and the free words."""

import re
from collections.abc import Sequence
from pathlib import Path

from bot.branch.study.checkins import Amount, Study
from bot.understanding.sentences.lexicon import Lexicon

PLATFORMS = (
    "学习强国",
    "江苏先锋",
    "苏州先锋",
    "共产党员网",
    "智慧党建",
    "党员教育",
    "干部网络学院",
)
UNITS = (
    "分钟|小时|钟头|刻钟|学时|积分|分|页|章|节|篇|遍|讲|集|课时|天"
    "|[Mm]in(?:ute)?s?(?![a-z])|[Hh](?:ours?)?(?![a-z])"
)
SAME = {"钟头": "小时", "m": "分钟", "h": "小时"}
QUARTER = 15  # minutes
DIGITS = {each: at for at, each in enumerate("零一二三四五六七八九")} | {"两": 2}
NUMBER = r"\d{1,5}(?:\.\d)?|[零一二两三四五六七八九十百]{1,6}|半"
AMOUNT = re.compile(
    r"(?<![第零一二两三四五六七八九十百\d.])(?:"  # 第二十三章 is no thirteen chapters
    rf"(?P<hours>{NUMBER})\s*个?(?:小时|钟头)零?(?P<minutes>{NUMBER})\s*分钟?"
    rf"|(?P<score>\d{{1,5}}(?:\.\d)?)\s*/\s*\d{{1,5}}\s*(?P<points>积分|分)(?!钟)"
    rf"|(?P<whole>\d{{1,5}}|[一二两三四五六七八九十]{{1,3}})个半\s*(?P<of>{UNITS})"
    rf"|(?P<number>{NUMBER})\s*(?:个|拉)?(?P<unit>{UNITS})(?P<half>半)?)"
)
LASTING = ("分钟", "小时", "学时", "课时", "天")
"""Units of time: they count where something else is told as well."""
CALLED = {"强国": "学习强国", "xxqg": "学习强国", "灯塔": "灯塔在线"}
SPENT = Lexicon(Path(__file__), "spent")
AT_END = re.compile(r"(?<![\d.])(\d{1,3}(?:\.\d)?)\s*$")
WIDE = {0xFF10 + digit: str(digit) for digit in range(10)}
WIDE |= {ord("俩"): "两", ord("仨"): "三"}
"""How figures are read, character by character: also 俩钟头."""


def read_study(text: str) -> Study:
    """Read platform and amount out of free words; what is not there stays None."""
    note = " ".join(text.split())
    platform = find_platform(note)
    rest = note.replace(platform, " ") if platform else note
    platform = platform or _find_called(note)
    amounts = read_amounts(rest)
    lasted = [each for each in amounts if each.unit in LASTING]
    return Study(note, platform, next(iter([*lasted, *amounts]), None))


def find_platform(text: str) -> str | None:
    return next((each for each in PLATFORMS if each in text), None)


def _find_called(text: str) -> str | None:
    """Find a platform by what people call it: 强国, xxqg."""
    low = text.lower()
    return next((name for word, name in CALLED.items() if word in low), None)


def read_amounts(text: str) -> Sequence[Amount]:
    """Read all amounts: 3篇文章 20分钟 has two, 1小时20分 is one."""
    return [_amount(found) for found in AMOUNT.finditer(text.translate(WIDE))]


def read_amount(text: str) -> Amount | None:
    """Read the first amount: digits or Chinese numerals, "半小时", "一个半小时"."""
    return next(iter(read_amounts(text)), None)


def without_amount(text: str) -> str:
    """Leave a blank in the place of the first amount, and of what only leads to it.

    花了两个小时的党史学习 was of 党史学习.
    """
    found = AMOUNT.search(text.translate(WIDE))
    if found is None:
        return text
    before = text[: found.start()]
    if SPENT.stands_last(before.rstrip()):
        before = SPENT.cut_end(before)
    return f"{before} {text[found.end() :].removeprefix('的')}"


def put_amount(text: str, words: str) -> str:
    """Put an amount in the place of the one that it corrects; of none, at the end.

    That is the one of the same unit, else the one that counts: 是30分钟 corrects the
    minutes of 3篇文章 20分钟, and 是4篇 the articles.
    """
    new = read_amount(words)
    places = list(AMOUNT.finditer(text.translate(WIDE)))
    if new is None or not places:
        return f"{text} {words}"
    at = [_amount(each) for each in places].index(_corrected(text, new))
    return f"{text[: places[at].start()]}{words}{text[places[at].end() :]}"


def _corrected(text: str, new: Amount) -> Amount:
    every = read_amounts(text)
    alike = (each for each in every if each.unit == new.unit)
    lasted = (each for each in every if (each.unit in LASTING) == (new.unit in LASTING))
    return next(alike, next(lasted, every[0]))


def _amount(found: re.Match[str]) -> Amount:
    if found["hours"]:
        return Amount(_number(found["hours"]) * 60 + _number(found["minutes"]), "分钟")
    if found["score"]:
        return Amount(float(found["score"]), found["points"])
    if found["whole"]:
        return Amount(_number(found["whole"]) + 0.5, _unit(found["of"]))
    number = _number(found["number"]) + (0.5 if found["half"] else 0)
    if found["unit"] == "刻钟":
        return Amount(number * QUARTER, "分钟")
    return Amount(number, _unit(found["unit"]))


def _unit(said: str) -> str:
    return SAME.get(said if said in SAME else said[0].lower(), said)


def part_number(text: str) -> tuple[str, float | None]:
    """Part a bare number from the end of a text: 登记学时 4."""
    found = AT_END.search(text)
    return (text[: found.start()], float(found[1])) if found else (text, None)


def _number(text: str) -> float:
    if text == "半":
        return 0.5
    if text[0].isascii():
        return float(text)
    total, digit = 0, 0
    for char in text:
        if char in DIGITS:
            digit = DIGITS[char]
        else:
            total += (digit or 1) * {"十": 10, "百": 100}[char]
            digit = 0
    return float(total + digit)
