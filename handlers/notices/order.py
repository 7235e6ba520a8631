"""The ways to order a notice: to whom, and what it says.

通知全体党员：周三开会 · 通知支委下午开会 · 给第一党小组发个通知，明天交思想汇报
"""

import re
from dataclasses import dataclass

from bot.understanding.slots.audience import Take
from bot.understanding.words.masks import TIME, mask
from bot.understanding.words.people import PERSON

PLEASE = r"^(?:请|麻烦您?你?|帮我|帮忙|帮|替我|你|再|先)*"
THING = r"(?:一)?(?:个|条|则|份)?群?(?:通知|消息|公告)"
SENDING = rf"(?:(?:发送?|群发|发布|下发|发出|广播){THING}|群发|广播)"
GAP = r"[：:，,\s]"
A_WORD = r"(?:一声|一下|知道)?"
FORMS = (
    re.compile(
        rf"{PLEASE}(?:给|向)(?P<who>.{{1,60}}?){SENDING}{GAP}*(?P<text>.*)$", re.S
    ),
    re.compile(
        rf"{PLEASE}[跟和向](?P<who>.{{1,60}}?)说(?:一声|一下)?{GAP}+(?P<text>.*)$", re.S
    ),
)
TELL = re.compile(
    rf"{PLEASE}(?:{SENDING}给|(?:通知|告知|告诉|转告|让)(?:一下)?(?!{GAP}|一下))(?P<rest>.+)$",
    re.S,
)
WHOLE = re.compile(rf"{PLEASE}(?:{SENDING}|通知(?:一下)?){GAP}*(?P<text>.*)$", re.S)
COLON = re.compile(r"(?P<who>[^：:\n]{1,60})(?<!\d)[：:]\s*(?P<text>.*)$", re.S)
LISTED = re.compile(r"[、，,（(\s]*(?:除|不包括|不含|和|跟|与|及|、)")
MARKS = " ：:，,\n"


@dataclass(frozen=True)
class Order:
    """who: the words for the audience, "" for all members; text: the notice."""

    who: str
    text: str


def read_order(said: str, take: Take) -> Order:
    """Take an order for a notice apart; what is no order is all text."""
    said = said.strip()
    for form in FORMS:
        if found := form.match(said):
            return Order(found["who"].strip(), found["text"].strip(MARKS))
    if found := TELL.match(said):
        return _told(found["rest"].strip(), take)
    if found := WHOLE.match(said):
        return Order("", found["text"].strip(MARKS))
    return Order("", said)


def _told(rest: str, take: Take) -> Order:
    """Part "王芳、李伟：明天来" and "支委下午开会"; an unknown name stays a name."""
    who, text = take(rest)
    colon = COLON.match(rest)
    if colon and (LISTED.match(text) if who else "T" not in mask(colon["who"])):
        return Order(colon["who"].strip(), colon["text"].strip(MARKS))
    if who:
        text = re.sub(rf"^{A_WORD}", "", text.lstrip())
        return Order(who, text.strip(MARKS))
    if named := PERSON.match(TIME.sub("T", rest)):
        return Order(named[0], rest[named.end() :].strip(MARKS))
    return Order("", rest.strip(MARKS))
