"""A question about records → which of them it means, and in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from bot.branch.people.members import Member, party_branch
from bot.branch.people.tree import Branch
from bot.branch.records.fields import Organisation, Words
from bot.branch.records.kind import Kind
from bot.branch.records.organisations import Register
from bot.branch.records.search import Query
from bot.command import Ask
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.slots.company import find_asked, find_place, name_unknown
from bot.understanding.slots.past_span import Span, find_past_span
from bot.understanding.slots.people_named import find_people
from bot.understanding.slots.scope import Scope
from handlers.records.view import only_of, where

WORDS = Path(__file__).with_name("asking.py")
MINE, UP, FIRMS, NAMED, NAMED_LEAD = (
    Lexicon(WORDS, each) for each in ("mine", "up", "firms", "named", "named.lead")
)
LEAST = 3
"""Signs of what records are called; fewer are a sort of them: 大奖."""


@dataclass(frozen=True)
class Question:
    """query: which records; words: how that is said: 今年，王芳，维萨."""

    query: Query
    words: str

    @property
    def title(self) -> str:
        return f"{self.query.kind.title}（{self.words}）"


@dataclass(frozen=True)
class Inquiry:
    """What a question says, read once for whichever kinds it may be about."""

    ask: Ask
    text: str

    def of(self, kind: Kind) -> Question:
        """Tell which records of a kind are meant: whose and when it says."""
        query = Query(kind, self._where, only_of=only_of(self.ask, kind))
        if span := self._span:
            query = replace(query, first=span.first, last=span.last)
        if kind.organisation:
            company = self._company(kind.organisation)
            # the place whose companies are asked about, where no company is
            said = "" if company else self.ask.slots.get("company", "")
            query = replace(query, organisation=company, place=find_place(said))
        whose = "" if query.only_of is None else "和您有关的"
        if kind.people and self._person:
            query = replace(query, member=self._person.id)
            whose = "您" if self._person.id == self.ask.member.id else self._person.name
        query = replace(query, choices=self._choices(kind))
        if kind.organisation and self._means_firms(query):
            query = replace(query, firms=True)
        query = replace(query, titled=self._titled(kind))
        return Question(query, _say(query, span, whose))

    def _titled(self, kind: Kind) -> str:
        """Return what the records that are asked for are called; "" for any."""
        hit = NAMED.find(self._bare)
        if hit is None or kind.few or kind.first(Words) is None:
            return ""
        options = [of for each in kind.choices for of in each.options]
        words = [word for each in options for word in each.words]
        said = NAMED_LEAD.cut_start(hit["it"] or hit["those"])
        for word in sorted(words, key=len, reverse=True):
            said = said.removeprefix(word).removeprefix("的")
        ours = (kind.title, kind.short, *kind.together, *words)
        return "" if said in ours or len(said) < LEAST else said

    def _means_firms(self, query: Query) -> bool:
        """Whether companies are asked about, none by name nor as a choice's value."""
        said = [value for each in query.choices.values() for value in each]
        named = query.organisation or query.place or any(map(FIRMS.stands_in, said))
        return not named and FIRMS.stands_in(self._bare)

    def _choices(self, kind: Kind) -> Mapping[str, Sequence[str]]:
        found = {}
        for each in kind.choices:
            if value := each.find(self._bare):
                upward = each.ordered and UP.stands_in(self._bare)
                found[each.name] = each.from_up(value) if upward else (value,)
        return found

    @cached_property
    def _where(self) -> Branch:
        return where(self.ask)

    @cached_property
    def _span(self) -> Span | None:
        return find_past_span(self.text, self.ask.now)

    @cached_property
    def _bare(self) -> str:
        """The text without its time."""
        span = self._span
        return (
            f"{self.text[: span.start]} {self.text[span.end :]}" if span else self.text
        )

    def _company(self, field: Organisation) -> str:
        """Find the company that is asked about, on file or not; "" for none."""
        branch = party_branch(self.ask.session, self.ask.member)
        named = Register(self.ask.session, branch).find(self._bare)
        if named:
            return named.name
        said = self.ask.slots.get("company", "")
        return find_asked(said) or name_unknown(self._bare, field.bodies)

    @cached_property
    def _person(self) -> Member | None:
        """Whoever is named, or speaks of herself."""
        people = find_people(Scope(self.ask.session, self._where), self._bare).people
        if people:
            return people[0]
        return self.ask.member if MINE.stands_in(self._bare) else None


def _say(query: Query, span: Span | None, whose: str) -> str:
    said = [span.words if span else "", whose, query.organisation]
    if query.place:
        said.append(f"名称里有“{query.place}”的")
    if query.firms:
        said.append("只算企业")
    if query.titled:
        said.append(query.titled)
    for each in query.kind.choices:
        if values := query.choices.get(each.name):
            said.append(f"{values[-1]}以上" if len(values) > 1 else values[0])
    return "，".join(filter(None, said)) or "全部"
