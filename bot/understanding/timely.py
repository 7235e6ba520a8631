"""Orders to be reminded: 每月5号提醒交党费 · 提醒我明早九点交心得 · 明早六点叫我起床.

Nothing but times and polite words stands before the verb, and whoever or whatever
follows it is meant. A question, a denial, a report of somebody else never reads so.
"""

import re

from bot.understanding.names import OPENER, Call
from bot.understanding.openers import match_at, starts
from bot.understanding.speech import MARKS
from bot.understanding.text import Said, normalise
from bot.understanding.words.masks import mask

INTENT = "remind"
TIME_SIGNS = (
    r"(?:工作日|星期|礼拜|季度|分钟|小时|钟头|国庆|春节|元旦|五一|七一|中秋|端午"
    r"|除夕|清明|重阳|冬至|腊月|正月|农历|阴历|开始|连续|为止|接下来|未来"
    r"|放?[寒暑]假|放假|开学|[上下]班|[下上]旬|月初|过完?年|教师节|建军节|劳动节|青年节"
    r"|[0-9零一二两三四五六七八九十半刻年月日号点周早上晚下午中傍凌晨今明后大每天个第最底末"
    r"前时分钟的在本这过之以内隔逢到从起:、和,.-]|节(?!点))"
)
SOMEBODY = (
    r"(?:我(?!们?的|们?[了过没])|大家|各位|全体|所有|支委|委员|党员|预备|正式党员|积极分子"
    r"|第?[0-9一二三四五六七八九十]{1,2}(?:党)?小?组|各党小组|组长)"
)
OTHERS = r"(?:大家|各位|全体|所有)"
NOTHING_SAID = (
    r"(?![了过的吗么呢是会功列清那这方几谁取不别关删改没有设目好真太发又老也都只还能可要,。!:]"
    r"|一下$|$)"
)
FORMS = (
    re.compile(
        rf"(?:别忘了?|记得)?(?<!的)"
        rf"(?:提醒(?:一[下声])?|(?:叫醒?|喊)(?=我)){SOMEBODY}(?=.)"
    ),
    re.compile(
        rf"{TIME_SIGNS}{{2}}(?<!的)"
        rf"提醒{NOTHING_SAID}"
    ),
    re.compile(
        rf"{TIME_SIGNS}{{2}}(?<!的)"
        rf"(?:(?:叫|喊)(?:一[下声])?{OTHERS}|催(?:一下)?(?:{OTHERS})?交?(?=党费))(?=.)"
    ),
)
WHAT_FIRST = re.compile(
    rf"(?!{OPENER.pattern}|.*(?:不|别|没|取消|[暂停减]|关|改|列)"
    r"|支部|学校|机器人|系统|平台|书记|组织|上级|手机|闹钟)[一-龥]{2,8},?"
    rf"每{TIME_SIGNS}{{1,16}}(?<!的)提醒(?:一[下声])?(?:{SOMEBODY})?[吧啊哦]?$"
)
TIMES = re.compile(TIME_SIGNS)
SET_FOR = re.compile(
    r"(?:给|为|帮)(?P<who>[^,。:给为帮]{1,12}?)(?:设置?|定|加|建)"
    r"(?:一?个|一下|条)?(?:定时)?提醒(?=.)"
)
KEPT = re.compile(
    rf"^(?:请|麻烦(?:你|您)?)*(?:帮|替|给)我记(?:着|住|得)[,:]?(?=.*{TIME_SIGNS}{{2}})"
)
SET_AT = re.compile(
    rf"(?:设置?|定|加|建)(?:一?个|一?条){TIME_SIGNS}{{2,16}}"
    r"的(?:定时)?提醒[:,]?(?=.)"
)
POLITELY_ASKED = (
    re.compile(r"^(?:请问|麻烦)?(?:你|您)?(?:能不能|可不可以|能否|可否|可以|能)"),
    re.compile(r"(?:可以吗|行不行|行吗|好吗|好不好|可不可以|成吗|吗|\?)+$"),
)
VERB = re.compile(r"提醒(?:一[下声])?|叫醒?|喊|催|记(?:着|住|得)")
FORBIDDEN = ("疑问", "假设", "转述", "评说", "玩笑", "忘记")
NOT_AFTER = re.compile(r"[^,。;]{0,8}(?:取消|删掉|不用|不要|别再|改[到成为]|烦)")


def find_reminder(said: Said) -> Call | None:
    """Find such an order at the start of a text."""
    text = said.text
    if not VERB.search(text) or any(
        MARKS[mark].search(text.replace("别忘", "")) for mark in FORBIDDEN
    ):
        return None
    places = starts(text)
    set_up = any(match_at(form, text, places) for form in (SET_FOR, SET_AT))
    if set_up or KEPT.match(text):
        words = said.raw.strip()
        return Call(INTENT, "提醒", 0, len(text), "addressed", sure=True, words=words)
    timed = starts(text, TIMES)
    tried = [match_at(form, text, timed) for form in FORMS]
    for found in filter(None, (*tried, WHAT_FIRST.match(text))):
        if not NOT_AFTER.match(text, found.end()) and not _of_somebody(text):
            words = _without_verb(said, found.end())
            end = len(text)
            return Call(INTENT, "提醒", 0, end, "addressed", sure=True, words=words)
    return None


def is_request(text: str) -> bool:
    """Whether a question is such an order, put politely: 能不能每月5号提醒大家."""
    bare = text
    for form in POLITELY_ASKED:
        bare = form.sub("", bare)
    return bare != text and find_reminder(normalise(bare)) is not None


def _of_somebody(text: str) -> bool:
    """Tell if a text begins with a name: 王芳每月5号提醒大家 tells of somebody."""
    return mask(text).startswith("P")


def _without_verb(said: Said, end: int) -> str:
    """Give the particulars: what stands before the verb and after it."""
    *_, verb = VERB.finditer(said.text, 0, end)
    if verb[0] == "催":  # what is to be said then
        return said.part(0, len(said.text))
    ahead, rest = said.part(0, verb.start()), said.part(verb.end(), len(said.text))
    return f"{ahead} {rest}".strip()
