"""The ways to order a notice: to whom, and what it says.

通知全体党员：周三开会 · 给第一党小组发个通知，明天交思想汇报 · 发通知 周五开会
"""

import re
from dataclasses import dataclass

from bot.understanding.audience import ALL_MEMBERS, EVERYBODY

PLEASE = r"^(?:请|麻烦你?|帮我|帮忙|替我|你)*"
A_NOTICE = r"(?:发送?|群发|发布|下发|发出)(?:一)?(?:个|条|则|份)?通知"
WHOLE = "|".join(sorted({*ALL_MEMBERS, *EVERYBODY}, key=len, reverse=True))
SAY = "(?:通知|告诉|转告)"
GAP = r"[：:，,\s]"
FORMS = (
    re.compile(
        rf"{PLEASE}(?:给|向)(?P<who>.{{1,60}}?){A_NOTICE}{GAP}*(?P<text>.*)$", re.S
    ),
    re.compile(
        rf"{PLEASE}{A_NOTICE}给(?P<who>[^：:]{{1,60}})[：:]\s*(?P<text>.*)$", re.S
    ),
    re.compile(rf"{PLEASE}{A_NOTICE}给(?P<who>\S{{1,40}}?){GAP}+(?P<text>.*)$", re.S),
    re.compile(rf"{PLEASE}{A_NOTICE}{GAP}*(?P<who>)(?P<text>.*)$", re.S),
    re.compile(
        rf"{PLEASE}{SAY}(?:一下)?(?P<who>[^：:\n]{{1,60}})[：:]\s*(?P<text>.*)$", re.S
    ),
    re.compile(
        rf"{PLEASE}{SAY}(?:一下)?(?P<who>(?:{WHOLE}))(?:们)?{GAP}*(?P<text>.*)$", re.S
    ),
    re.compile(
        rf"{PLEASE}{SAY}(?:一下)?(?P<who>[^，,\s]{{2,40}}){GAP}+(?P<text>.*)$", re.S
    ),
    re.compile(rf"{PLEASE}通知{GAP}*(?P<who>)(?P<text>.*)$", re.S),
)


@dataclass(frozen=True)
class Order:
    """who: the words for the audience, "" for all members; text: the notice."""

    who: str
    text: str


def read_order(said: str) -> Order:
    """Take an order for a notice apart; what is no order is all text."""
    for form in FORMS:
        if found := form.match(said.strip()):
            return Order(found["who"].strip(), found["text"].strip(" ：:，,\n"))
    return Order("", said.strip())
