"""The text as the grammar reads it: one width, one spelling, no idle spaces.

What merely sounds like time (三会一课, 七一勋章, 提醒一下) is blotted out.
"""

import re
from dataclasses import dataclass

from bot.message import read_digits

LONGEST = 1000
BLOT = "□"

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SPELLING = _WIDE | str.maketrans(
    "點鐘號週禮後兩個時間從開毎　〜～—–－‐",
    "点钟号周礼后两个时间从开每 ~~----",
)
_IDLE_SPACE = re.compile(r"(?<!\d)\s+|\s+(?!\d)")
_NO_TIME = re.compile(
    r"三会一课|两学一做|两个一百年|[五七]个一|一岗双责|十月革命|一日游"
    r"|(?:五四|七一|八一|一二九|三八|十一)(?:运动|精神|勋章|讲话|奖章|路|表彰|红旗手|届)"
    r"|[一两二三四五六七八九几]点(?:建议|意见|想法|要求|体会|心意|问题|希望|内容|原因|感受)"
    r"|[早晚快慢多少大小好差有]一?点(?!半|钟|\d|[零一二三四五]?十)"
    r"|(?<![周期拜十月午晚])一下(?!午)|(?:早上|上午|中午|下午|晚上)好|[今往此]后"
    r"|(?:(?<!上)线[上下]|网上|马上)(?=[周星礼个月])"
    r"|(?<![\d点时:.])\d+(?:\.\d+)?(?:[%元岁]|分(?!钟|之))"
    r"|(?<!党的)生日|日程|日常|日记|日子|(?<![今明昨每])日报(?!名|到|告|道(?!德))"
    r"|(?<![今明后前昨每])天气|天津|天安门"
)


_HOUR = r"[\d零〇一二两三四五六七八九十]{1,3}[点时:]"
_DAWN = re.compile(rf"(?<=[今明后])朝(?={_HOUR})")
_DAWN_DAY = re.compile(r"(?<=[今明后])朝(?=[上下中]午|早|晚|傍晚|[去来要把]|记得)")
"""明朝 is tomorrow in Wu, and its morning before an hour; 明朝历史 is no time."""


@dataclass(frozen=True)
class Words:
    """The cleaned text, and where each of its characters stood in the original."""

    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Find the place in the original of a stretch of the cleaned text."""
        return self.places[start], self.places[end - 1] + 1


def clean(text: str) -> Words:
    """Spell uniformly; a space survives only between two digits."""
    plain = read_digits(text[:LONGEST]).translate(_SPELLING).replace("名天", "明天")
    joined, places = plain, tuple(range(len(plain)))
    if gaps := [gap.span() for gap in _IDLE_SPACE.finditer(plain)]:
        idle = {place for gap in gaps for place in range(*gap)}
        places = tuple(place for place in places if place not in idle)
        joined = "".join(plain[place] for place in places)
    joined = _DAWN_DAY.sub("天", _DAWN.sub("早", joined))
    return Words(_NO_TIME.sub(lambda found: BLOT * len(found[0]), joined), places)
