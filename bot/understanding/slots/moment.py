"""Whether words are a time and nothing else: 那就明早九点吧."""

from datetime import datetime
from pathlib import Path

from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.when import find_when

HERE = Path(__file__)
AROUND_TIME = Lexicon(HERE, "around_time")


def is_only_time(words: str, now: datetime) -> bool:
    whens = find_when(words, now)
    if not whens:
        return False
    first, last = whens[0].span[0], whens[-1].span[1]
    return AROUND_TIME.fit(words[:first] + words[last:]) is not None
