"""Whether what somebody says to have done was on a day that is over: …，是昨天的."""

from datetime import datetime
from pathlib import Path

from bot.text.parts import part_at
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.when import find_period

PAUSES = "，,。；;！!~～— \t\n\u3000"
HERE = Path(__file__)
POINTS = Lexicon(HERE, "points")
OF_IT = Lexicon(HERE, "of_it")
DONE_THEN = Lexicon(HERE, "done_then")


def other_day(words: str, now: datetime) -> str:
    """Return the words for the day that is meant, "" where it is today.

    A day within what was studied is none: 昨天的会议精神 may be studied today. Neither
    is one that is only counted: 打卡 第3天.
    """
    clauses = part_at(words, PAUSES)
    for place, clause in enumerate(clauses):
        period = find_period(clause, now, "past")
        if period is None or period.end.date() > now.date():
            continue
        first, last = period.span
        if clause[first:last].startswith("第"):
            continue
        before, after = clause[:first], clause[last:]
        leads = place == 0 and not before and DONE_THEN.find_at(after)
        tells = POINTS.fit(before) and OF_IT.fit(after)
        if leads or (tells and (place or not after or after[0] == "的")):
            return clause[first:last]
    return ""
