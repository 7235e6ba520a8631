"""Whether words are a time and nothing else: 那就明早九点吧."""

import re
from datetime import datetime

from bot.understanding.when import find_when

AROUND_TIME = re.compile(r"(?:那就|就|还是|在|于|提醒|发|吧|再|[，,。！!\s])*")


def is_only_time(words: str, now: datetime) -> bool:
    whens = find_when(words, now)
    if not whens:
        return False
    first, last = whens[0].span[0], whens[-1].span[1]
    return AROUND_TIME.fullmatch(words[:first] + words[last:]) is not None
