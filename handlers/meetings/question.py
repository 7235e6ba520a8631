"""What is said of a poll → its question: purpose, choices, how many, until when."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.branch.ballots.polls import Question
from bot.command import Ask
from bot.errors import Refusal
from bot.text.parts import PAUSES, part_at
from bot.understanding.sentences.forms import Forms
from bot.understanding.when import find_when
from bot.understanding.when.numbers import find_number
from handlers.meetings.clauses import EDGES

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
BETWEEN = "、/／；;\n,，"
EITHER = ("/", "／", "或者", "或", "还是")
"""Between choices that are said in one clause: 烈士陵园或者沙家浜."""
BY_FIGURES = ("most", "places", "ranked", "points")
"""Clauses that say how many are chosen, or how they are ranked."""
BETWEEN_POINTS = "、,，/ "
PLACES = 3
"""Places of a ranking where nobody says how many."""
LASTS = timedelta(days=3)
CLOSING_HOUR = 18


def read_question(ask: Ask, said: str) -> Question:
    """Read a question with its choices, as far as they are said."""
    text, listed = _part_choices(said.replace("：", ":"))
    clauses = [each for each in part_at(text, PAUSES) if each.strip(EDGES)]
    apart = [each for each in clauses[1:] if FORMS.find(each)]
    text = "，".join(each for each in clauses if each not in apart)
    purpose = next((of for word, of in PURPOSES.items() if word in text), ASKING)
    question = Question(purpose, text.strip(EDGES), (), usual_close(ask.now))
    for each in apart:
        question = read_change(ask, question, each.strip(EDGES)) or question
    choices = []
    for each in filter(None, (each.strip(EDGES) for each in part_at(listed, BETWEEN))):
        changed = read_change(ask, question, each)
        question = changed or question
        choices += [] if changed else [each]
    return _fit_places(replace(question, choices=tuple(choices)))


def _part_either(clause: str) -> str:
    """Put one mark between all choices of a clause."""
    for each in EITHER:
        clause = clause.replace(each, "、")
    return clause


def _fit_places(question: Question) -> Question:
    """Rank no more places than there are choices, where nobody said how many."""
    most = len(question.choices)
    usual = question.points == tuple(range(PLACES, 0, -1))
    if not usual or not 0 < most < PLACES:
        return question
    return replace(question, points=question.points[-most:], most=most)


def _part_choices(said: str) -> tuple[str, str]:
    """Part a question from what is listed: after a colon, or in a clause of its own."""
    text, colon, listed = said.partition(":")
    if colon:
        return text, listed
    pieces = [each for each in part_at(said, PAUSES) if each.strip(EDGES)]
    for at, each in enumerate(pieces[1:], 1):
        listed = _part_either(each)
        if "、" in listed and FORMS.find(each) is None:
            return "，".join(pieces[:at]), "，".join([listed, *pieces[at + 1 :]])
    return said, ""


def read_change(ask: Ask, question: Question, said: str) -> Question | None:
    """Hear how many may be chosen, or when it ends; None for other words."""
    found = FORMS.find(said)
    if found is None:
        return None
    if found.template.intent == "secret":
        return question  # it always is
    if found.template.intent in BY_FIGURES:
        return _read_figures(question, found.template.intent, found.slots)
    times = find_when(found.slots["when"], ask.now)
    if not times:
        return None
    if times[0].unclear:
        raise Refusal(times[0].unclear)
    closes_at = times[0].next[0]
    if times[0].date_only:
        closes_at = _in_the_evening(closes_at)
    return replace(question, closes_at=closes_at)


def _read_figures(
    question: Question, of: str, slots: Mapping[str, str]
) -> Question | None:
    """Read how many are chosen or ranked, or what the places are worth."""
    if of == "points":
        said = part_at(slots["words"], BETWEEN_POINTS)
        points = tuple(find_number(each.removesuffix("分")) or 0 for each in said)
        return replace(question, points=points, most=len(points))
    number = find_number(slots["n"]) if "n" in slots else PLACES
    if not number:
        return None
    points = tuple(range(number, 0, -1)) if of != "most" else ()
    return replace(question, most=number, points=points)


def usual_close(now: datetime) -> datetime:
    return _in_the_evening(now + LASTS)


def _in_the_evening(day: datetime) -> datetime:
    """Close at the end of the working day where only the day is said."""
    return day.replace(hour=CLOSING_HOUR, minute=0, second=0, microsecond=0)
