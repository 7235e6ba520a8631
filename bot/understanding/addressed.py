"""Orders to tell somebody something: 通知王芳：明天来 · 给李伟发个通知，下午开会.

Whoever is named is meant, known or not: the command asks back about names, and shows
a preview. A question, a denial or a report of somebody else's order never starts so.
"""

import re

from bot.understanding.names import Call
from bot.understanding.openers import match_at, starts
from bot.understanding.speech import MARKS
from bot.understanding.text import Said
from bot.understanding.words.masks import mask

INTENT = "broadcast"
NOBODY = (
    r"(?![,、]|我|俺|咱|你|您|自己|书记[:,]|[说里上中的了过是不怎吗写]|内容|时间|标题"
    r"|要求)"
)
NOTICE = r"(?:发送?|群发|发布|下发)(?:一)?(?:个|条|则|份)?(?:通知|消息|公告)"
FORMS = (
    re.compile(
        rf"(?:通知|告知|告诉|转告)(?:一下)?{NOBODY}"
        r"(?P<who>[^:?。!;《“]{1,60})(?:(?<![0-9]):(?=.)|:(?=[^0-9]))"
    ),
    re.compile(rf"[给向]{NOBODY}(?P<who>[^:?。!;《“]{{1,60}}?){NOTICE}[:,](?=.)"),
)
BY_NAME = re.compile(
    rf"(?:通知|告知|告诉|转告)(?:一下)?{NOBODY}(?P<who>[^:?。!;《“]{{2,40}}?),(?=.)"
)
VERB = re.compile("通知|告知|告诉|转告|[给向]")
NAMES = re.compile(r"P(?:[、,和跟与及]P)*(?:老师|同志)?")


def find_order(said: Said) -> Call | None:
    """Find such an order at the start of a text."""
    if not VERB.search(said.text):
        return None
    places = starts(said.text)
    for form in FORMS:
        found = match_at(form, said.text, places)
        if found and not MARKS["疑问"].search(found["who"]):
            return _call(said, found)
    named = match_at(BY_NAME, said.text, places)
    if named and NAMES.fullmatch(mask(named["who"] + ",").removesuffix(",")):
        return _call(said, named)
    return None


def _call(said: Said, found: re.Match[str]) -> Call:
    words = said.part(found.start("who"), len(said.text))
    return Call(
        INTENT, "通知", 0, found.end(), kind="addressed", sure=True, words=words
    )
