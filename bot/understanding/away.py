"""Being away, and not to be reminded of study: 我出差了这周别提醒学习.

Only of oneself, only stated: whoever asks, supposes or speaks of another is not away.
"""

import re

from bot.understanding.names import Call
from bot.understanding.speech import MARKS
from bot.understanding.text import Said
from bot.understanding.words.masks import mask

INTENT = "study.leave"
AWAY = (
    r"(?:出差|出国|外出|[休请][^,。]{0,3}假|[病产婚丧]假|生病|病了|住院|手术|不在学校"
    r"|回老家)"
)
BEFORE = re.compile(
    r"(?:我|俺|本人|T|N|[这那][几两]天|因为|因|由于|正在|要|在|去|得|了|[,。])*"
)
OTHERS = re.compile("[他她]|们|大家|同志|老师|全体")
BACK = re.compile("回来[了啦]|回校了|刚回|刚好|好了|出院|恢复|销假")
STOPPED = r"(?:停|断|关|取消|少|漏|忘|耽误|落)"
QUIET = (
    r"(?:(?:先)?(?:别|不要|不用|不必|甭)(?:再|给我)?(?:提醒|催|发|推送?)(?:我)?(?:去|的)?.{0,4}学习"
    rf"|学习(?:的)?(?:提醒|推送|的?事)?.{{0,4}}?(?:先|就)?(?:(?:别|不要|不用)(?!再?{STOPPED})|停)"
    r"|不(?:参加)?学习)"
)
FORMS = (
    re.compile(rf"{AWAY}.{{0,10}}?{QUIET}"),
    re.compile(rf"{QUIET}[^没不未]{{0,8}}?{AWAY}"),
)
AFTER = re.compile(
    r"(?:T|N|[一两三四五六七八九十半]+个?(?:天|周|星期|月)|我|[了吧啊哈哦呢的]|谢谢|提醒|推送|消息|催|发|推|打扰|给|再|先|停|一?下"
    r"|[到至]|为止|期间|去|[,。!~])*"
)
FORBIDDEN = ("疑问", "假设", "转述", "玩笑")


def find_leave(said: Said) -> Call | None:
    """Find that whoever speaks is away and wants no reminder of study."""
    text = said.text
    if "学习" not in text or OTHERS.search(text) or BACK.search(text):
        return None
    if any(MARKS[mark].search(text) for mark in FORBIDDEN):
        return None
    found = next((hit for form in FORMS if (hit := form.search(text))), None)
    if found is None or not BEFORE.fullmatch(mask(text[: found.start()])):
        return None
    if not AFTER.fullmatch(mask(text[found.end() :])):
        return None
    words = said.raw.strip()
    return Call(INTENT, "学习", 0, len(text), "addressed", sure=True, words=words)
