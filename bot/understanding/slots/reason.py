"""Why somebody stays away: 周三的会我去不了，要监考 → 监考."""

import re
from datetime import datetime

from bot.understanding.when import find_when
from bot.understanding.words.masks import mask

OPENING = re.compile(
    r"^(?:书记|您好|你好|请问|不好意思|跟书记|跟您|跟组织|向支部|帮我|请|我|俺|想|要|得|需要|申请|会|能|请个|请一天|请半天"
    r"|请假|假|一次|个|一下|说声|也|还是|恐怕|可能|[，,。：:、 ])*"
)
SAYS_AWAY = re.compile(
    r"(?:我|俺|得|想|要|需要|跟您|跟书记|跟组织|申请)*(?:请(?:个|一次|一天|半天)?假|告假|去不了|来不了|去不成|来不成|不能来|不能去|参加不了"
    r"|不能参加|没法参加|不能到会?|到不了|赶不过去|不参加|不去|缺席)(?:了|一次|一下|吧)*"
)
OF_ITSELF = r"(?<![一-龥])|(?<=[的个次天日午晚早场周一二三四五六])"
"""Before 会 where it is the meeting, and not the end of 家长会 or 说明会."""
MEETING = re.compile(
    r"(?:这次|本次|本周|那天|那个|下次)?的?(?:支部党员大会|支部大会|党员大会|支部会|支委会|党小组会|党课|主题党日(?:活动)?|组织生活会"
    rf"|民主评议会|集中学习|学习|活动|(?:{OF_ITSELF})(?:大会|开会|会议|会))(?:那天)?(?!议室|诊)"
)
WHY = re.compile(r"^(?:因为|原因是?|由于|是因为)[:：]?|(?:所以|，因此).*$")
EDGES = " \t\n，,。；;：:、！!的了"
ENDS = EDGES.removesuffix("的了")  # 孩子病了


def read_reason(text: str, now: datetime) -> str:
    """Take the reason out of words that say so: without day, meeting and 请假.

    At most 200 characters; "" where none is given.
    """
    said = text
    for found in reversed(find_when(said, now)):
        left, right = said[: found.span[0]], said[found.span[1] :]
        if MEETING.match(right.strip(EDGES)) or SAYS_AWAY.match(right.strip(EDGES)):
            said = f"{left}，{right}"
        elif not left.strip(EDGES) or OPENING.fullmatch(left):
            said = f"{left}{right}" if _is_of_meeting(right) else said
    said = SAYS_AWAY.sub("，", MEETING.sub("，", said))
    pieces = [
        OPENING.sub("", each).lstrip(EDGES).rstrip(ENDS)
        for each in re.split("[，,。；;：: ]", said)
    ]
    said_why = [each for each in pieces if each and mask(each) != "T"]
    whole = "，".join(WHY.sub("", each) for each in said_why)
    return whole.lstrip(EDGES).rstrip(ENDS)[:200]


def _is_of_meeting(right: str) -> bool:
    return MEETING.search(right) is not None
