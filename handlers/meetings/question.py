"""What is said of a poll → its question: purpose, choices, how many, until when."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.branch.ballots.polls import Question
from bot.command import Ask
from bot.errors import Refusal
from bot.understanding.sentences.forms import Forms
from bot.understanding.when import find_when
from bot.understanding.when.numbers import find_number

FORMS = Forms(Path(__file__))
PURPOSES = {
    "测评": "测评",
    "评议": "测评",
    "推优": "推优",
    "评优": "推优",
    "优秀": "推优",
}
"""By a word of the question: what the poll is for; else 征求意见."""
ASKING = "征求意见"
BETWEEN = re.compile("[、/／；;\n,，]")
LASTS = timedelta(days=3)
EDGES = " \t\n，,。；;：:、"
NO_HOUR = "几点截止？例：明天下午六点截止"


def read_question(ask: Ask, said: str) -> Question:
    """Read a question with its choices, as far as they are said."""
    text, _, listed = said.replace("：", ":").partition(":")
    purpose = next((of for word, of in PURPOSES.items() if word in text), ASKING)
    question = Question(purpose, text.strip(EDGES), (), usual_close(ask.now))
    choices = []
    for each in filter(None, (each.strip(EDGES) for each in BETWEEN.split(listed))):
        changed = read_change(ask, question, each)
        question = changed or question
        choices += [] if changed else [each]
    return replace(question, choices=tuple(choices))


def read_change(ask: Ask, question: Question, said: str) -> Question | None:
    """Hear how many may be chosen, or when it ends; None for other words."""
    found = FORMS.find(said)
    if found is None:
        return None
    if found.template.intent == "most":
        number = find_number(found.slots["n"])
        return replace(question, most=number) if number else None
    times = find_when(found.slots["when"], ask.now)
    if not times:
        return None
    if times[0].unclear or times[0].date_only:
        raise Refusal(times[0].unclear or NO_HOUR)
    return replace(question, closes_at=times[0].next[0])


def usual_close(now: datetime) -> datetime:
    return (now + LASTS).replace(hour=18, minute=0, second=0, microsecond=0)
