"""What is copied letter by letter: a link, a number to call, that of a paper."""

import re
from pathlib import Path

from bot.files.roster.words import PHONE
from bot.text.links import locate
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.slots.taken import Taken

HERE = Path(__file__)
CALLABLE = re.compile(rf"{PHONE.pattern}|(?<!\d)0\d{{2,3}}-?\d{{7,8}}(?!\d)")
PAPER = Lexicon(HERE, "paper")
CALLED = Lexicon(HERE, "called")


def find_link(text: str) -> Taken | None:
    """Find the first address of a page."""
    found = next(locate(text), None)
    if found is None:
        return None
    start, address = found
    return Taken(address, start, start + len(address))


def find_phone(text: str) -> Taken | None:
    """Find the first number to call, of a mobile or with its area: 0512-66001234."""
    hit = CALLABLE.search(text)
    return Taken(hit[0], *hit.span()) if hit else None


def find_paper_number(text: str) -> Taken | None:
    """Find the number that a paper bears: 苏教发〔2026〕3号, 合同号 HT-2026-3."""
    hit = PAPER.find(text)
    if hit is None:
        return None
    return Taken(hit["no"] or CALLED.cut(hit[0]), *hit.span())
