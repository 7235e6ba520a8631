"""A sentence → what it says of a record's fields; what no field takes is its content.

Each reader cuts its own words out of the text and leaves a gap, so that what one has
taken no other takes again.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.branch.people.members import party_branch
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
from bot.understanding.slots.measures import find_measure, read_sum
from bot.understanding.slots.people_named import find_people
from bot.understanding.slots.scope import Scope
from bot.understanding.words.masks import TIME
from handlers.records import days
from handlers.records.company_names import NAMED, VAGUE, find_name, named_by

GAP = "\x1f"
CLAUSES = re.compile(r"[，,；;。\n]")
CALLED = re.compile(r"(?P<word>[一-龥]{2,8})[:：]\s*(?P<to>.+)")
NAME = re.compile(r"[一-龥·]{2,12}")
PHONE = re.compile(r"(?<!\d)(?:1\d{10}|0\d{2,3}-?\d{7,8})(?!\d)")
LINK = re.compile(r"https?://[!-~]+")
PAPER = re.compile(
    r"[一-龥A-Za-z]{0,12}[〔\[(（]\d{4}[〕\])）]\s*第?\d{1,5}号"
    r"|(?:编号|合同号|文号|证号|专利号)[:：是]?\s*(?P<no>[A-Za-z0-9（）()〔〕\[\].-]{3,30})"
)
PAPER_WORD = re.compile(r"^.{0,2}(?:文号|编号|证号)[:：是]?")
SMALL = (
    r"(?:去了?[一]?趟?|到了?|给|帮忙|帮着|帮[他她]们?|帮|在|为|往|赴|下|我们|咱们|他们|我|咱|俺|俩人?|两个?人|三个?人|几个?人|一起|一块儿?"
    r"|又|刚刚?|跟|和|与|带着?|同|及|、|，|,|。|的|了|是|每人|一人|人均|各|都|又|[一-龥]?登记|补记|记录|记"
    r"|一下|一笔|一次|一个|[:：;；]|\s|今|上午|下午|晚上|中午|早上)"
)
LEAD = re.compile(rf"^{SMALL}+")
TRAIL = re.compile(
    r"(?:[，,。;；、\s:：]|了|的|吧|啊|呢|哦|也?[帮给]我|给(?=[登记补])|麻烦|请|报一下"
    r"|(?:登记|记录)(?:一下|上去|上|下来)?|记(?:一下|上去|上|下来|一笔)|[登补记]一[下笔]|[登补]?记?[到进]台账里?)+$"
)


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
        self.rest = f"{self.rest[:start]}{GAP}{self.rest[end:]}"


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
        words = [word for each in self.kind.fields for word in each.words]
        heard.rest = content(heard.rest, words)
        return heard

    def _titled(self, heard: Heard) -> None:
        """Read clauses that say of which field they are: 场所：数控实训室."""
        kept = []
        for clause in CLAUSES.split(heard.rest):
            hit = CALLED.fullmatch(clause.strip())
            named = hit and self.by_word.get(hit["word"])
            if hit and named and named.name not in heard.values:
                value, _ = self.answer(named, hit["to"])
                if value:
                    heard.values[named.name] = value
                    kept.append(GAP)
                    continue
            kept.append(clause)
        heard.rest = "，".join(kept)

    @property
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
                    found = [each for each in named if NAME.fullmatch(each[1])]
                    return found, ""
                if found is None and isinstance(field, Organisation):
                    return _bare(text), ""
                return found, content(heard.rest)
        return _bare(text), ""

    def _readers(
        self,
    ) -> Iterator[tuple[type[Field], Callable[[Field, Heard], None]]]:
        yield Link, self._link
        yield Phone, self._phone
        yield Number, self._number
        yield Organisation, self._organisation
        yield Day, self._day
        yield Amount, self._amount
        yield People, self._people
        yield Choice, self._choice

    def _link(self, field: Field, heard: Heard) -> None:
        if hit := LINK.search(heard.rest):
            heard.values[field.name] = hit[0]
            heard.take(*hit.span())

    def _phone(self, field: Field, heard: Heard) -> None:
        if hit := PHONE.search(heard.rest):
            heard.values[field.name] = hit[0]
            heard.take(*hit.span())

    def _number(self, field: Field, heard: Heard) -> None:
        if hit := PAPER.search(heard.rest):
            heard.values[field.name] = hit["no"] or PAPER_WORD.sub("", hit[0])
            heard.take(*hit.span())

    def _organisation(self, field: Field, heard: Heard) -> None:
        assert isinstance(field, Organisation)
        register = Register(self.ask.session, self._branch)
        known = register.find(heard.rest)
        hit = NAMED.search(heard.rest)
        if field.bodies:
            hit = named_by(field.bodies).search(heard.rest) or hit
        said = hit["name"] if hit else ""
        while time := TIME.match(said):
            said = said[time.end() :]
        firm = self.ask.slots.get("firm", "")
        if not hit and not known and firm in heard.rest and (own := find_name(firm)):
            heard.values[field.name] = own
            heard.take(heard.rest.index(firm), heard.rest.index(firm) + len(firm))
            return
        if hit and len(said) > 1 and said not in VAGUE:
            name = register.same(said)
            if name or not (known and known.name in said):
                heard.values[field.name] = name or said
                heard.alias = said if name and said != name else ""
                heard.take(hit.end("name") - len(said), hit.end("name"))
                return
        if known:
            heard.values[field.name] = known.name
            heard.take(known.start, known.end)

    def _day(self, field: Field, heard: Heard) -> None:
        assert isinstance(field, Day)
        if field.ends:
            return  # told by the stretch that it ends
        said = days.find_day(self.kind, field, heard.rest, self.whole, self.ask.now)
        if said is None:
            return
        heard.take(*said.span)
        ending = next((each for each in self.kind.all(Day) if each.ends), None)
        if said.is_single(field):
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
        if found := find_measure(heard.rest, units):
            heard.values[field.name] = round(found.number, 2)
            heard.take(found.start, found.end)
            return
        bare = self.ask.slots.get("n", "")
        at = heard.rest.rfind(bare)
        if bare and at >= 0 and (number := read_sum(bare)):
            heard.values[field.name] = number
            heard.take(at, at + len(bare))

    def _people(self, field: Field, heard: Heard) -> None:
        assert isinstance(field, People)
        scope = Scope(self.ask.session, self._branch)
        found = find_people(scope, heard.rest, but=self.ask.speaker.name)
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
        words = "|".join(
            re.escape(word) for each in field.options for word in each.words
        )
        alone = re.compile(
            rf"(?:^|(?<=[{GAP}\s，,。；;、]))(?:是|的)?(?:{words})的?(?=$|[{GAP}\s，,。；;、])"
        )
        left = alone.sub(GAP, heard.rest)
        if len(content(left)) != 1:  # 调了半天机床: what was done to a word of it
            heard.rest = left

    @property
    def _branch(self):  # type: ignore[no-untyped-def]
        return party_branch(self.ask.session, self.ask.member)


def content(text: str, titles: Sequence[str] = ()) -> str:
    """Put together what no field took, without small words at its edges.

    titles: what fields are called; at the end of a piece it says only what follows.
    """
    names = "|".join(map(re.escape, titles)) or GAP
    called = re.compile(rf"(?:^|[，,；;。\s])(?:{names})[:：是]?$")
    pieces = []
    for piece in text.split(GAP):
        bare = called.sub("", piece)
        bare = LEAD.sub("", TRAIL.sub("", bare))
        if bare:
            pieces.append(bare)
    return "".join(pieces)


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
    words = "|".join(sorted(map(re.escape, small), key=len, reverse=True))
    return re.sub(rf"^(?:{words}|[，,、：:\s])+", "", text).strip("，,。了")


def _bare(text: str) -> str:
    return " ".join(text.split()).strip("。，,；; ")
