"""Whether what somebody says to have done was on a day that is over: …，是昨天的."""

import re
from datetime import datetime

from bot.understanding.when import find_period

CLAUSE = re.compile(r"[，,。；;！!\s~～—]+")
POINTS = re.compile(r"(?:[那这]天?|都|就|可|还|我)*(?:是|算|说的是|指的是)?(?:在)?")
OF_IT = re.compile(
    r"的?(?:成绩|得分|分数|分|内容|学习|打卡|[学看读听打拿得做]的|那[天回次]|事)?[的了呢吧]*"
)
DONE_THEN = re.compile(
    r"的?(?:[补学看读听忘漏拿得](?!习.{0,4}精神)|参加|打卡|没|自学|晚上?|早上?|上午|下午|$)"
)


def other_day(words: str, now: datetime) -> str:
    """Return the words for the day that is meant, "" where it is today.

    A day within what was studied is none: 昨天的会议精神 may be studied today. Neither
    is one that is only counted: 打卡 第3天.
    """
    clauses = [each for each in CLAUSE.split(words) if each]
    for place, clause in enumerate(clauses):
        period = find_period(clause, now, "past")
        if period is None or period.end.date() > now.date():
            continue
        first, last = period.span
        if clause[first:last].startswith("第"):
            continue
        before, after = clause[:first], clause[last:]
        leads = place == 0 and not before and DONE_THEN.match(after)
        tells = POINTS.fullmatch(before) and OF_IT.fullmatch(after)
        if leads or (tells and (place or not after or after[0] == "的")):
            return clause[first:last]
    return ""
