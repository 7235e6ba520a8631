"""Orders about the branch's own 节点, as they are said aloud.

帮我加个纪念日：12月20日建校日 · 把支部成立日加进节点，每年6月18日 · 我们支部成立日是
6月18号，帮我记上 · 删掉建校日这个节点.
"""

import re

from bot.understanding.names import Call
from bot.understanding.openers import match_at, starts
from bot.understanding.speech import MARKS, denials
from bot.understanding.text import Said

ADD, REMOVE = "observances.add", "observances.remove"
OF_OURS = r"(?:支部|我们|咱们|本支部)?(?:自己)?的?"
THING = r"(?:节点|纪念日|重要日子)"
CALENDAR = rf"(?:{THING}|日历|{THING}日历)(?:里面?|中|上)?"
PUT = r"(?:加|添加|添|新增|增加|记|放|设)"
NUMERAL = r"[\d一二三四五六七八九十]+"
DIGIT = r"[\d一二三四五六七八九十]"
DATE = rf"(?=.*(?<={DIGIT})月{DIGIT})"
LATER = (
    rf"[,:(]?(?:日期|时间)?[是在为]?每?年?的?(?:{NUMERAL}月{NUMERAL}[日号]?)?"
    r"\)?[里中吧啊哦,。!]*$"
)
OTHER = '?“”"「」'
ADDED = (
    rf"{PUT}(?:一?个|一下|下)?{OF_OURS}{THING}[:,]?{DATE}.{{4,}}$",
    rf"(?:[把将]|(?={NUMERAL}月{NUMERAL}))[^{OTHER}把将让叫说会]{{2,24}}?{PUT}(?:到|进|入|在|上)"
    rf"{OF_OURS}{CALENDAR}{LATER}",
)
NOTED = (
    rf"(?![今明去后]年)[^{OTHER}把将让叫说,。:]{{2,20}}(?:纪念日|成立日|建校日|院庆|校庆)定[在为于]{DATE}.{{4,12}}[日号]?$",
    rf"{DATE}.{{2,24}}[是在为].{{4,12}}[日号],?(?:请|麻烦)?(?:帮我|给我|替我)?"
    rf"(?:{PUT})(?:上|下|一下|(?:到|进|入|在){OF_OURS}{CALENDAR})[吧啊哦]*$",
)
REMOVED = (
    rf"(?:删除|删掉?|去掉|取消)(?P<name>[^,。:]{{2,20}}?)这?个?{THING}[吧了]*$",
    rf"(?:把|将)(?P<name>[^,。:]{{2,20}}?)(?:从)?(?:这个|那个|的)?{THING}"
    r"(?:里面?|中)?(?:给)?(?:删掉?了?|删除|去掉|取消)[吧了]*$",
)
FORMS = tuple(
    (intent, re.compile(form))
    for intent, forms in ((ADD, (*ADDED, *NOTED)), (REMOVE, REMOVED))
    for form in forms
)
FRAME = re.compile(
    rf"^(?:请|麻烦(?:你|您)?|帮我|帮忙|给我|替我|把|将|再|我想|我要)+"
    rf"|{PUT}(?:一?个|一下|下)?(?:到|进|入|在|上)?{OF_OURS}{CALENDAR}[：:，,\s]*"
    rf"|[，,\s]*(?:请|麻烦)?(?:帮我|给我|替我)?{PUT}(?:上|下|一下)[吧啊哦]*[。！!]?$"
)
FORBIDDEN = ("疑问", "假设", "转述", "没定", "玩笑", "忘记", "过去", "已经")
LEFT_OVER = re.compile(rf"节点|日历|提醒|帮我|记上|加上|{DIGIT}月{DIGIT}|[?？]")


def find_kept_day(said: Said) -> Call | None:
    """Find such an order; what asks, denies, supposes or tells of it is none."""
    text = said.text
    if not re.search(f"{THING}|日历|{PUT}(?:上|下|一下)|日定|庆定", text):
        return None
    if denials(text) or any(MARKS[mark].search(text) for mark in FORBIDDEN):
        return None
    places = starts(text)
    for intent, form in FORMS:
        if found := match_at(form, text, places):
            words = said.raw.strip()
            if intent == REMOVE:
                words = found["name"]
            return Call(
                intent, "节点", 0, len(text), "addressed", sure=True, words=words
            )
    return None


def without_frame(text: str) -> str:
    """Leave the day and its name: 12月20日建校日."""
    bare = text.strip()
    while (shorter := FRAME.sub("", bare, count=1)) != bare:
        bare = shorter
    return bare
