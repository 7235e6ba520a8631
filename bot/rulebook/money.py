"""A sum of money as people write it: 8000, 8千2, 八千二, 1.2万, 一万二千五."""

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal

DIGITS = {char: at for at, char in enumerate("零一二三四五六七八九")} | {"两": 2}
UNITS = (("q", 1000), ("b", 100), ("s", 10))
MOST = Decimal(100_000_000)
LEAST = Decimal(100)
TEN_THOUSAND, THOUSAND = Decimal(10_000), Decimal(1000)
JIAO, FEN = Decimal("0.1"), Decimal("0.01")

ONE = "一二两三四五六七八九"
WORDLY = "个年月天次共般下直起样定些"
"""After one of these signs, 一 and 两 belong to the word: 八千一个月 is 8000."""

DIGIT = rf"(?:[二三四五六七八九]|[一两](?![{WORDLY}]))"
WHOLE = (
    rf"\d+(?:\.\d+)?(?:[百千万kw](?:\d+|{DIGIT}|[零十百千万])*)?"
    rf"|(?:{DIGIT}|十)(?:{DIGIT}|[零十百千万])*(?:(?<=[百千万])\d+)?"
)
RUN = re.compile(
    rf"(?<![\da-z.第])(?P<whole>{WHOLE})(?![\da-z])"
    rf"(?P<yuan>元|块钱|块|圆)?(?(yuan)零?(?:(?P<jiao>\d|{DIGIT})[角毛])?"
    rf"(?:(?P<fen>\d|{DIGIT})分)?)"
)
NUMBER = rf"\d+(?:\.\d+)?|[{ONE}]"
SECTION = re.compile(
    rf"(?:(?P<q>{NUMBER})[千k])?零?(?:(?P<b>{NUMBER})百)?零?"
    rf"(?:(?P<s>{NUMBER})?(?P<ten>十))?零?(?P<rest>{NUMBER})?"
)
NOT_MONEY = re.compile(
    r"个|年|月|日|号|岁|次|人|天|%|‰|届|条|点|时|分|小时|学时|倍|周|级|名|步|后|代|季|期|档|位|字|页|章|篇|米|公里|票"
)
VAGUE = re.compile(r"多|来|出头|以上|以下|以内|上下|几|开外|余|半")
VAGUE_BEFORE = re.compile(r"(?:不到|近|超过|不足|不满|负|几|(?<!\d)-)$")
DATE_OR_TIME = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}:\d{2}")


def read_amount_of_money(text: str) -> Decimal | None:
    """Read the one sum in yuan that a text names.

    None if it names none, several that differ, or only a vague one (八千多, 不到一万),
    as the rate depends on the exact sum.
    """
    sums = {amount for _, amount in _sums(_fold(text))}
    found = sums.pop() if len(sums) == 1 else None
    return found if found is not None and 0 < found < MOST else None


def names_money(text: str) -> bool:
    """Whether a text names any sum, be it a vague one or several."""
    return any(True for _ in _sums(_fold(text)))


def replace_money(text: str, by: str) -> str:
    """Write a sign in place of every sum, or nothing, so that it is not kept."""
    folded = _fold(text)
    for run, _ in reversed(list(_sums(folded))):
        folded = folded[: run.start()] + by + folded[run.end() :]
    return folded


def _fold(text: str) -> str:
    """Fold widths and case; drop spaces, dates and the commas between thousands."""
    folded = unicodedata.normalize("NFKC", text).lower()
    folded = re.sub(r"\s+", "", folded).replace("〇", "零").replace("俩", "两")
    folded = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", folded)
    return DATE_OR_TIME.sub("/", folded)


def _sums(text: str) -> Iterator[tuple[re.Match[str], Decimal | None]]:
    """Yield each sum with where it stands; None for a vague one."""
    for run in RUN.finditer(text):
        after = text[run.end() :]
        amount = _read_run(run)
        if amount is None or (not run["yuan"] and not _is_sum(amount, after)):
            continue
        vague = VAGUE.match(after) or VAGUE_BEFORE.search(text[: run.start()])
        yield run, None if vague else amount


def _is_sum(amount: Decimal, after: str) -> bool:
    """Whether a number without 元 is a sum: not 29 in 2月29, not 8000 in 8000字."""
    return amount >= LEAST and not NOT_MONEY.match(after)


def _read_run(run: re.Match[str]) -> Decimal | None:
    """Read a sum; None for a numeral that is only part of a word, as 一 in 一下."""
    number = run["whole"]
    if not run["yuan"] and not re.search(r"\d|[百千万]", number):
        return None
    whole = _read_number(number)
    if whole is None:
        return None
    return whole + _digit(run["jiao"]) * JIAO + _digit(run["fen"]) * FEN


def _read_number(written: str) -> Decimal | None:
    """Read 8千2 and 一万二 as 8200 and 12000; None if it is no number."""
    head, ten_thousands, tail = _halve(written)
    if not ten_thousands:
        return _read_section(head)
    above, below = _read_section(head), _read_section(tail) if tail else Decimal(0)
    if above is None or below is None:
        return None
    if len(tail) == 1:
        below *= THOUSAND
    return above * TEN_THOUSAND + below


def _halve(written: str) -> tuple[str, str, str]:
    """Split a number at its 万."""
    return written.replace("w", "万").partition("万")


def _read_section(written: str) -> Decimal | None:
    """Read a number below 万; a last bare digit is tenths of the unit before it."""
    found = SECTION.fullmatch(written)
    if not written or found is None:
        return None
    total, least = Decimal(0), Decimal(1)
    for name, unit in UNITS:
        if found[name]:
            total, least = total + _digit(found[name]) * unit, Decimal(unit)
    if found["ten"] and not found["s"]:
        total, least = total + 10, Decimal(10)
    rest = _digit(found["rest"])
    if total and rest < 10 and written[-2:-1] != "零":
        rest *= least / 10
    return total + rest


def _digit(number: str | None) -> Decimal:
    return Decimal(DIGITS.get(number, number) if number else 0)
