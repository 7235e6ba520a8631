"""What is said of an election → who stands, how many seats, what came of it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.branch.meetings.quorum import Votes
from bot.branch.people.members import Member
from bot.errors import Refusal
from bot.text.parts import PAUSES, part_at
from bot.understanding.sentences.forms import Forms
from bot.understanding.slots.person import find_named
from bot.understanding.slots.scope import Scope
from bot.understanding.slots.votes import read_votes
from bot.understanding.when.numbers import NUMBER, find_number
from handlers.meetings.clauses import EDGES

FORMS = Forms(Path(__file__))
BETWEEN = "、和,，;；\n"
STANDS = re.compile("^(?:候选人|候选)(?:名单)?(?:是|为|有)?[:： ]*")
LEADING = re.compile(rf"[:： ]*(?:得|得票|赞成)?[:： ]*({NUMBER})\s*票")


@dataclass
class Told:
    """What was told, by the name of its figure, and the votes of each by name."""

    figures: dict[str, int] = field(default_factory=dict)
    votes: dict[str, Votes] = field(default_factory=dict)


def read_standing(scope: Scope, said: str) -> tuple[list[Member], int]:
    """Read who stands, and how many are chosen; 0 where that is not said.

    Raises Refusal for a name that is nobody's here.
    """
    people, seats = list[Member](), 0
    for each in _pieces(said):
        found = FORMS.find(each)
        if found and found.template.intent == "seats":
            seats = find_number(found.slots["n"]) or 0
        else:
            people.append(scope.find_member(STANDS.sub("", each).strip(EDGES)))
    return people, seats


def _pieces(said: str) -> Iterator[str]:
    whole = STANDS.sub("", said.strip(EDGES))
    return (
        each.strip(EDGES)
        for each in part_at(whole.replace("以及", "、"), BETWEEN)
        if each.strip(EDGES)
    )


def read_told(scope: Scope, said: str) -> Told:
    """Read the figures of a count. Raises Refusal for a clause that is none."""
    told = Told()
    for each in part_at(said, PAUSES):
        clause = each.strip(EDGES)
        found = FORMS.find(clause) if clause else None
        if found:
            number = find_number(found.slots["n"])
            told.figures[found.template.intent] = number or 0
        elif clause:
            told.votes.update(_read_votes(scope, clause))
    return told


def _read_votes(scope: Scope, clause: str) -> Mapping[str, Votes]:
    """Read what one who stood got: 王芳11票, 王芳赞成9不赞成1弃权1."""
    named = find_named(scope, clause)
    if named is None or named.before.strip(EDGES):
        raise Refusal(f"“{clause}”没有看懂，没有出报告。每人写姓名和票数，票数用数字。")
    rest = named.after
    if leading := LEADING.match(rest):
        _, more = read_votes(rest[leading.end() :])
        votes = more or Votes(0)
        number = find_number(leading[1]) or 0
        return {named.member.called: Votes(number, votes.against, votes.abstain)}
    _, votes_told = read_votes(rest)
    if votes_told is None:
        raise Refusal(
            f"“{clause}”里没有票数，没有出报告。每人写姓名和票数，票数用数字。"
        )
    return {named.member.called: votes_told}
