"""A question about records → which of them it means, and in words."""

from dataclasses import dataclass, replace
from pathlib import Path

from bot.branch.people.members import party_branch
from bot.branch.records.kind import Kind
from bot.branch.records.organisations import Register
from bot.branch.records.search import Query
from bot.command import Ask
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.slots.company import find_asked, name_unknown
from bot.understanding.slots.past_span import Span, find_past_span
from bot.understanding.slots.people_named import find_people
from bot.understanding.slots.scope import Scope
from handlers.records.view import only_of, where

WORDS = Path(__file__).with_name("asking.py")
MINE, UP = Lexicon(WORDS, "mine"), Lexicon(WORDS, "up")


@dataclass(frozen=True)
class Question:
    """query: which records; words: how that is said: 今年，王芳，维萨."""

    query: Query
    words: str

    @property
    def title(self) -> str:
        return f"{self.query.kind.title}（{self.words}）"


def read_question(ask: Ask, kind: Kind, text: str) -> Question:
    """Read which records a text means: whose and when it says."""
    span = find_past_span(text, ask.now)
    query = Query(kind, where(ask), only_of=only_of(ask, kind))
    if span:
        query = replace(query, first=span.first, last=span.last)
        text = f"{text[: span.start]} {text[span.end :]}"
    if kind.organisation:
        query = replace(query, organisation=_company(ask, text))
    whose = "" if query.only_of is None else "和您有关的"
    if kind.people:
        query, whose = _with_member(ask, query, text, whose)
    choices = {}
    for each in kind.choices:
        if value := each.find(text):
            upward = each.ordered and UP.stands_in(text)
            choices[each.name] = each.from_up(value) if upward else (value,)
    query = replace(query, choices=choices)
    return Question(query, _say(query, span, whose))


def _company(ask: Ask, text: str) -> str:
    """Name the company that is asked about, on file or not; "" for none."""
    named = Register(ask.session, party_branch(ask.session, ask.member)).find(text)
    if named:
        return named.name
    return find_asked(ask.slots.get("company", "")) or name_unknown(text)


def _with_member(ask: Ask, query: Query, text: str, else_: str) -> tuple[Query, str]:
    """Narrow to whoever is named, or speaks; say whose they are, else what is given."""
    people = find_people(Scope(ask.session, query.branch), text).people
    if people and people[0].id != ask.member.id:
        return replace(query, member=people[0].id), people[0].name
    if people or MINE.stands_in(text):
        return replace(query, member=ask.member.id), "您"
    return query, else_


def _say(query: Query, span: Span | None, whose: str) -> str:
    said = [span.words if span else "", whose, query.organisation]
    for each in query.kind.choices:
        if values := query.choices.get(each.name):
            said.append(f"{values[-1]}以上" if len(values) > 1 else values[0])
    return "，".join(filter(None, said)) or "全部"
