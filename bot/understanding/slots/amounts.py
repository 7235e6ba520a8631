"""What a check-in says of itself: on which platform, how much, and the free words."""

import re

from bot.branch.study.checkins import Amount, Study

PLATFORMS = (
    "学习强国",
    "江苏先锋",
    "苏州先锋",
    "共产党员网",
    "智慧党建",
    "党员教育",
    "干部网络学院",
)
UNITS = "分钟|小时|学时|积分|分|页|章|节|篇|遍|讲|集|课时|天"
DIGITS = {each: at for at, each in enumerate("零一二三四五六七八九")} | {"两": 2}
NUMBER = r"\d{1,5}(?:\.\d)?|[零一二两三四五六七八九十百]{1,6}|半"
AMOUNT = re.compile(
    r"(?<![第零一二两三四五六七八九十百\d.])"  # 第二十三章 is no thirteen chapters
    rf"(?P<number>{NUMBER})\s*(?:个)?(?P<unit>{UNITS})(?P<half>半)?"
)
AND_A_HALF = re.compile(rf"([一两二三\d])个半\s*({UNITS})")
AT_END = re.compile(r"(?<![\d.])(\d{1,3}(?:\.\d)?)\s*$")
WIDE = {0xFF10 + digit: str(digit) for digit in range(10)}


def read_study(text: str) -> Study:
    """Read platform and amount out of free words; what is not there stays None."""
    note = " ".join(text.split())
    platform = find_platform(note)
    rest = note.replace(platform, " ") if platform else note
    return Study(note, platform, read_amount(rest))


def find_platform(text: str) -> str | None:
    return next((each for each in PLATFORMS if each in text), None)


def read_amount(text: str) -> Amount | None:
    """Read the first amount: digits or Chinese numerals, "半小时", "一个半小时"."""
    text = text.translate(WIDE)
    if found := AND_A_HALF.search(text):
        return Amount(_number(found[1]) + 0.5, found[2])
    found = AMOUNT.search(text)
    if found is None:
        return None
    number = _number(found["number"]) + (0.5 if found["half"] else 0)
    return Amount(number, found["unit"])


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
