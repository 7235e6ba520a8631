"""Why somebody stays away: 周三的会我去不了，要监考 → 监考."""

import re
from datetime import datetime
from pathlib import Path

from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.when import find_when
from bot.understanding.words.masks import mask

HERE = Path(__file__)
OPENING = Lexicon(HERE, "opening")
SAYS_AWAY = Lexicon(HERE, "says_away")
MEETING = Lexicon(HERE, "meeting")
WHY = Lexicon(HERE, "why")
EDGES = " \t\n，,。；;：:、！!的了"
ENDS = EDGES.removesuffix("的了")  # 孩子病了


def read_reason(text: str, now: datetime) -> str:
    """Take the reason out of words that say so: without day, meeting and 请假.

    At most 200 characters; "" where none is given.
    """
    said = text
    for found in reversed(find_when(said, now)):
        left, right = said[: found.span[0]], said[found.span[1] :]
        if MEETING.find_at(right.strip(EDGES)) or SAYS_AWAY.find_at(right.strip(EDGES)):
            said = f"{left}，{right}"
        elif not left.strip(EDGES) or OPENING.fit(left):
            said = f"{left}{right}" if _is_of_meeting(right) else said
    said = SAYS_AWAY.cut(MEETING.cut(said, "，"), "，")
    pieces = [
        OPENING.cut(each).lstrip(EDGES).rstrip(ENDS)
        for each in re.split("[，,。；;：: ]", said)
    ]
    said_why = [each for each in pieces if each and mask(each) != "T"]
    whole = "，".join(WHY.cut(each) for each in said_why)
    return whole.lstrip(EDGES).rstrip(ENDS)[:200]


def _is_of_meeting(right: str) -> bool:
    return MEETING.find(right) is not None
