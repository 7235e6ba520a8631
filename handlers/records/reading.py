"""A sentence → what it says of a record's fields; what no field takes is its content.

Each reader cuts its own words out of the text and leaves a gap, so that what one has
taken no other takes again.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias

from bot.branch.people.members import party_branch
from bot.branch.people.tree import Branch
from bot.branch.records.fields import (
    Amount,
    Choice,
    Day,
    Field,
    Link,
    Number,
    Organisation,
    People,
    Phone,
    Value,
    Words,
)
from bot.branch.records.kind import Kind
from bot.branch.records.organisations import Register
from bot.command import Ask
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.slots.clauses import list_clauses
from bot.understanding.slots.company import find_company
from bot.understanding.slots.measures import (
    find_measure,
    find_total,
    read_alone,
    read_sum,
)
from bot.understanding.slots.people_named import find_people, may_be_name
from bot.understanding.slots.scope import Scope
from bot.understanding.slots.taken import GAP, Taken, take_alone, take_out
from bot.understanding.slots.written import find_link, find_paper_number, find_phone
from handlers.records import days

HERE = Path(__file__)
LEAD, TO, TRAIL = (Lexicon(HERE, name) for name in ("lead", "lead.to", "trail"))
EDGES = " \n，,。；;："


@dataclass
class Heard:
    """values: what fields were told. rest: the content. unsure: what must be asked.

    alias: what the organisation was called, where it is known by another name.
    """

    values: dict[str, Value] = field(default_factory=dict)
    rest: str = ""
    unsure: dict[str, str] = field(default_factory=dict)
    alias: str = ""

    def take(self, start: int, end: int) -> None:
        self.rest = take_out(self.rest, start, end)


Read: TypeAlias = Callable[[Field, Heard], None]
"""Takes what a text tells of a field out of it."""


@dataclass(frozen=True)
class Reader:
    """Reads for somebody: with the names and companies of her own branch."""

    ask: Ask
    kind: Kind
    whole: str
    besides: dict[str, Value] = field(default_factory=dict)
    """What the last answer told of other fields: 第一季度 ends in March."""

    def read(self, text: str) -> Heard:
        """Read all that a text tells; whole: also with what called the command."""
        heard = Heard(rest=text)
        self._titled(heard)
        for sort, read in self._readers():
            for each in self.kind.all(sort):
                if each.name not in heard.values:
                    read(each, heard)
        heard.rest = content(heard.rest, list(self.by_word))
        return heard

    def _titled(self, heard: Heard) -> None:
        """Read clauses that say of which field they are: 场所：数控实训室."""
        kept = []
        for clause in self._clauses(heard.rest):
            word, told = self._part(clause.strip())
            named = self.by_word.get(word)
            value = None
            if named and told.strip() and named.name not in heard.values:
                value, _ = self.answer(named, told.strip())
            if named and value:
                heard.values[named.name] = value
            kept.append(GAP if value else clause)
        heard.rest = "，".join(kept)

    def _clauses(self, text: str) -> Iterator[str]:
        """Part a text into clauses, also where white space stands before a title."""
        for clause in list_clauses(text):
            starts = [hit.start("title") for hit in self._titles.finditer(clause)]
            yield from (clause[a:b] for a, b in pairwise([0, *starts, len(clause)]))

    def _part(self, clause: str) -> tuple[str, str]:
        """Part a clause into the title that it begins with, and what is told of it."""
        for mark in ("：", ":"):
            word, found, told = clause.partition(mark)
            if found:
                return word, told
        hit = self._titles.match(f" {clause}")
        return (hit["title"], clause[hit.end() - 1 :]) if hit else (clause, "")

    @cached_property
    def _titles(self) -> re.Pattern[str]:
        """Match a title of words after white space, with 是 or a colon behind it."""
        titles = [word for each in self.kind.all(Words) for word in each.words]
        names = sorted((word for word in titles if len(word) > 1), key=len)
        either = "|".join(map(re.escape, reversed(names))) or "(?!)"
        return re.compile(rf"\s(?P<title>{either})(?:是|为|就叫|叫|：|:)")

    @cached_property
    def by_word(self) -> Mapping[str, Field]:
        return {word: each for each in self.kind.fields for word in each.words}

    def answer(self, field: Field, text: str) -> tuple[Value | None, str]:
        """Read what answers the question for a field, and what it says besides."""
        heard = Heard(rest=text)
        for sort, read in self._readers():
            if isinstance(field, sort):
                read(field, heard)
                found = heard.values.pop(field.name, None)
                self.besides.update(heard.values)
                if found is None and isinstance(field, People) and field.outsiders:
                    named = field.read(text)
                    found = [each for each in named if may_be_name(each[1])]
                    return found, ""
                if found is None and isinstance(field, Organisation):
                    return _bare(text), ""
                if found is None and isinstance(field, Amount):
                    return read_alone(_bare(text)), ""
                return found, content(heard.rest)
        return _bare(text), ""

    def _readers(self) -> Iterator[tuple[type[Field], Read]]:
        """Yield what takes each sort of field out of a text, in this order."""
        yield Link, _copied(find_link)
        yield Phone, _copied(find_phone)
        yield Number, _copied(find_paper_number)
        yield Organisation, self._organisation
        yield Day, self._day
        yield Amount, self._amount
        yield People, self._people
        yield Choice, self._choice

    def _organisation(self, field: Field, heard: Heard) -> None:
        assert isinstance(field, Organisation)
        said = self.ask.slots.get("firm", "")
        found = find_company(self._register, heard.rest, field.bodies, said)
        if found:
            heard.values[field.name] = found.name
            heard.alias = found.alias or heard.alias
            heard.take(found.start, found.end)

    def _day(self, field: Field, heard: Heard) -> None:
        assert isinstance(field, Day)
        if field.ends:
            return  # told by the stretch that it ends
        said = days.find_day(self.kind, field, heard.rest, self.whole, self.ask.now)
        if said is None:
            return
        heard.take(*said.span)
        ending = next((each for each in self.kind.all(Day) if each.ends), None)
        if said.is_single:
            heard.values[field.name] = said.first.isoformat()
        elif field.today and not field.month and said.says_no_day(self.ask.now.date()):
            return  # 今年 says no day
        elif ending and ending.ends == field.name:
            heard.values[field.name] = said.first.isoformat()
            heard.values[ending.name] = said.last.isoformat()
        else:
            what = "个月" if field.month else "天"
            heard.unsure[field.name] = f"“{said.words}”的哪一{what}？"

    def _amount(self, field: Field, heard: Heard) -> None:
        assert isinstance(field, Amount)
        per_day = self.ask.config.study.hours_per_day
        units = dict(field.units or {field.unit: 1.0})
        if "天" in units:
            units["天"] = per_day
        found = find_measure(heard.rest, units)
        if found is None and "元" in units:
            found = find_total(heard.rest)
        if found:
            heard.values[field.name] = round(found.number, 2)
            heard.take(found.start, found.end)
            return
        slots = self.ask.slots
        bare = ".".join(slots[each] for each in ("n", "cents") if each in slots)
        at = heard.rest.rfind(bare)
        if bare and at >= 0 and (number := read_sum(bare)):
            heard.values[field.name] = number
            heard.take(at, at + len(bare))

    def _people(self, field: Field, heard: Heard) -> None:
        assert isinstance(field, People)
        found = find_people(self._scope, heard.rest, but=self.ask.speaker.name)
        if found.unsure:
            heard.unsure[field.name] = found.unsure
        if found.people:
            heard.values[field.name] = [[who.id, who.name] for who in found.people]
        heard.rest = found.rest

    def _choice(self, field: Field, heard: Heard) -> None:
        assert isinstance(field, Choice)
        if (told := field.find(self.whole)) is None:
            return
        heard.values[field.name] = told
        words = [word for each in field.options for word in each.words]
        left = take_alone(heard.rest, words)
        if len(content(left)) != 1:  # 调了半天机床: what was done to a word of it
            heard.rest = left

    @cached_property
    def _branch(self) -> Branch:
        return party_branch(self.ask.session, self.ask.member)

    @cached_property
    def _register(self) -> Register:
        return Register(self.ask.session, self._branch)

    @cached_property
    def _scope(self) -> Scope:
        return Scope(self.ask.session, self._branch)


def _copied(find: Callable[[str], Taken | None]) -> Read:
    """Read a field that is told letter by letter."""

    def read(field: Field, heard: Heard) -> None:
        if found := find(heard.rest):
            heard.values[field.name] = found.value
            heard.take(found.start, found.end)

    return read


def content(text: str, titles: Sequence[str] = ()) -> str:
    """Put together what no field took, without small words at its edges.

    titles: what fields are called; at the end of a piece it says only what follows.
    """
    return "".join(_cut(_without_title(each, titles)) for each in text.split(GAP))


def _cut(piece: str) -> str:
    """Cut the small words off; 帮 is one where nobody is left whom it is for."""
    left = rest = LEAD.cut_start(TRAIL.cut_end(piece))
    while (more := LEAD.cut_start(TO.cut_start(rest))) != rest:
        rest = more
    return left if rest else ""


def _without_title(piece: str, titles: Sequence[str]) -> str:
    """Take off the title that a piece ends with: 场所 of …，场所：, say."""
    bare = piece[:-1] if piece.endswith((":", "：", "是")) else piece
    for title in titles:
        left = bare.removesuffix(title)
        if left != bare and (not left or left[-1] in EDGES):
            return left
    return piece


def is_vague(kind: Kind, field: Words, text: str) -> bool:
    """Tell whether words say too little: 省赛一等奖 names no contest."""
    if not field.vague or not text:
        return not text
    said = [word for each in kind.choices for of in each.options for word in of.words]
    for word in sorted((*said, *field.vague), key=len, reverse=True):
        text = text.replace(word, "")
    return len(text.strip("的了在《》")) < 2


def without(small: tuple[str, ...], text: str) -> str:
    """Take words that say nothing off the beginning of a content."""
    if not small:
        return text
    longest_first = sorted(small, key=len, reverse=True)
    bare = text.lstrip(f"{EDGES}、")
    while ahead := next(filter(bare.startswith, longest_first), ""):
        bare = bare.removeprefix(ahead).lstrip(f"{EDGES}、")
    return bare.strip("，,。了")


def _bare(text: str) -> str:
    return " ".join(text.split()).strip("。，,；; ")
