"""往后推半个钟头, 提前一天: a meeting moved by so much from when it is to be."""

import re
from dataclasses import replace
from datetime import datetime

from bot.branch.meetings.plans import Plan
from bot.understanding.sentences.forms import Forms
from bot.understanding.when import find_when
from handlers.meetings.clauses import HERE

FORMS = Forms(HERE, "later", "earlier")
TAIL = re.compile(r"(?:开始?|[吧呗哈呀啊了])+$")
"""What a wish ends with, and is of nothing that it asks for."""
UNSURE = ("左右", "多", "来")


def read_shift(plan: Plan, said: str) -> Plan | None:
    """Move a plan by what is said; None where words say no certain distance."""
    found = FORMS.find(said)
    if found is None or plan.starts_at is None or plan.late:
        return None
    amount = TAIL.sub("", found.slots["words"].strip())
    at = _moved(plan.starts_at, amount, earlier=found.template.intent == "earlier")
    if at is None:
        return None
    ends_at = plan.ends_at and plan.ends_at + (at - plan.starts_at)
    return replace(plan, starts_at=at, ends_at=ends_at)


def _moved(at: datetime, amount: str, *, earlier: bool) -> datetime | None:
    """Go a distance on from a moment, or back: the hour stays where days are said."""
    read = find_when(f"{amount}后", at)
    whole = bool(read) and read[0].span == (0, len(amount) + 1)
    if not whole or read[0].unclear or not read[0].next or amount.endswith(UNSURE):
        return None
    later = read[0].next[0]
    if not earlier:
        return later
    return None if "工作日" in amount else at - (later - at)
