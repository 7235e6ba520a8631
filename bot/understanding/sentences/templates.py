"""Sentences that are read whole: a template of a sentence file, its slots typed.

Polite words before a template and particles after it are no part of it. The one with
the most words of its own wins; what its words ask or deny is its own, what stands
around them is judged like any order.
"""

import re
from collections import defaultdict
from collections.abc import (
    Callable,
    Collection,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeAlias

from bot.branch.people.members import Role
from bot.command import whole_of
from bot.text.phrases import Line, Phrases, is_template
from bot.understanding.names import TRAILER, bare
from bot.understanding.sentences.fitting import fits
from bot.understanding.sentences.form import (
    APART,
    ASKED,
    AUDIENCES,
    CONTENT,
    FREE,
    HOURS,
    ITEMS,
    KNOWN,
    PEOPLE,
    PERSONS,
    RUNS,
    TASKS,
    TIMES,
    TOLD,
    UNPARTED,
    UNREAD,
    Form,
    read_form,
)
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.sentences.openers import starts
from bot.understanding.speech import says_more_than_names
from bot.understanding.text import Said, normalise

Known: TypeAlias = Callable[[str, str], bool]
"""Whether there is something called so, as the command of an intent knows."""
KEPT = (*FREE, *TASKS, *TOLD, *CONTENT, *UNREAD)
"""Kinds that are the speaker's own words, kept as they were typed."""
BY_THEN = Lexicon(Path(__file__), "by_then")
ENDING = TRAILER.written.replace("(?:", f"(?:{APART}|", 1)


class HasSentences(Protocol):
    """What sentences stand for: a command, or an answer within a dialogue."""

    @property
    def intent(self) -> str: ...
    @property
    def role(self) -> Role: ...
    @property
    def phrases(self) -> Phrases: ...
    @property
    def examples(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class Template:
    intent: str
    role: Role
    line: Line
    form: Form


@dataclass(frozen=True)
class Sentence:
    """A text that fits a template. slots: by name, as typed; "" is never there.

    around: what stands in it besides, without times, people and the speaker's words.
    free: what is no order; task: what is to be done, and what may be said of the order;
    told: what is handed on word for word, unless a colon or comma sets it apart.
    judged: the text without what no guard reads.
    """

    template: Template
    start: int
    slots: Mapping[str, str]
    around: str
    own: str
    judged: str
    free: str = ""
    told: str = ""
    task: str = ""
    words: str = field(default="", compare=False)


class Templates:
    """All templates, found by a word that a text must have."""

    def __init__(self, commands: Iterable[HasSentences]) -> None:
        self._all: list[Template] = []
        self._by_needle: dict[str, list[int]] = defaultdict(list)
        self._nevers: dict[str, list[Template]] = defaultdict(list)
        self._examples: dict[str, set[str]] = defaultdict(set)
        for command in commands:
            for text in command.examples:
                self._examples[_plain(text)].add(whole_of(command.intent))
            for line in command.phrases.templates:
                template = _read(command, line)
                for needle in template.form.needles or ("",):
                    self._by_needle[needle].append(len(self._all))
                self._all.append(template)
            for line in filter(is_template, command.phrases.nevers):
                self._nevers[command.intent].append(_read(command, line))
        self._bare = self._by_needle.pop("", [])
        self._beginning: dict[str, list[str]] = defaultdict(list)
        for needle in self._by_needle:
            self._beginning[needle[:2]].append(needle)
        self._beginnings = frozenset(self._beginning)

    def find(
        self,
        said: Said,
        role: Role,
        passed: Collection[Line] = (),
        known: Known | None = None,
    ) -> Sentence | None:
        """Find what a text fits: first what the speaker may do, then the most literal.

        What is all of things that are there comes before; of two as literal, the one
        of the higher office. What fits a template that its intent never means is none;
        what is an example word for word is of that intent or a part of it.
        passed: lines that are not to be tried. known: tells what is there; without it
        nothing is.
        """
        likely = [
            each
            for each in self._having_words_of(said)
            if each.line not in passed
            and _has_all(said.text, each.form)
            and (each.role <= role or not each.line.yields)
        ]
        if likely and (of := self._examples.get(bare(said.text))):
            likely = [each for each in likely if whole_of(each.intent) in of]
        if not likely:
            return None
        spaced, places = _Spaced.of(said), [0]
        if any(each.form.needles for each in likely):
            places = [spaced.at.index(place) for place in starts(said.text)]
        found = [
            _sentence(each, hit, spaced)
            for each in likely
            for hit in _match(each, spaced, places)
            if _is_there(each, hit, spaced, known)
        ]
        barred = {
            intent
            for intent in {hit.template.intent for hit in found}
            if any(any(_match(each, spaced, places)) for each in self._nevers[intent])
        }
        return max(
            (hit for hit in found if hit.template.intent not in barred),
            key=lambda hit: (
                hit.template.role <= role,
                not hit.template.form.needles,
                len(hit.own),
                hit.template.role,
                -len(hit.slots),
                any(kind in ASKED for kind in hit.template.form.slots.values()),
            ),
            default=None,
        )

    def _having_words_of(self, said: Said) -> Sequence[Template]:
        """List the templates of which a text has a needle, without trying each."""
        found = set(self._bare)
        for begins in self._beginnings & said.signs:
            for needle in self._beginning[begins]:
                if needle in said.text:
                    found.update(self._by_needle[needle])
        return [self._all[number] for number in sorted(found)]


def _has_all(text: str, form: Form) -> bool:
    for needed in form.also:  # no generators: every text asks this of many
        for each in needed:
            if each in text:
                break
        else:
            return False
    return True


def _plain(text: str) -> str:
    return bare(normalise(text).text)


def _read(command: HasSentences, line: Line) -> Template:
    try:
        form = read_form(line.text, command.phrases.pieces, ENDING)
    except ValueError as error:
        raise ValueError(f"{line.place}: {error}") from error
    return Template(command.intent, command.role, line, form)


@dataclass(frozen=True)
class _Spaced:
    """A text with a sign for its white space. at: the place in said.text of each."""

    said: Said
    text: str
    at: Sequence[int]

    @classmethod
    def of(cls, said: Said) -> "_Spaced":
        text, at = list[str](), list[int]()
        for place, char in enumerate(said.text):
            signs = (APART, char) if place in said.gaps else (char,)
            text += signs
            at += [place] * len(signs)
        return cls(said, "".join(text), (*at, len(said.text)))

    def span(self, hit: re.Match[str], group: str) -> tuple[int, int]:
        start, end = hit.span(group)
        return self.at[start], self.at[end]


def _match(
    template: Template, spaced: _Spaced, places: Sequence[int]
) -> Iterator[re.Match[str]]:
    """Yield the first fit, from as far left as it begins; places: of spaced.text."""
    for place in places if template.form.needles else places[:1]:
        hit = template.form.pattern.match(spaced.text, place)
        if hit and _is_sound(template.form, hit):
            yield hit
            return


def _is_there(
    template: Template, hit: re.Match[str], spaced: _Spaced, known: Known | None
) -> bool:
    """Whether what only things that are there may stand for is one of them."""
    groups = [name for name, kind in template.form.slots.items() if kind in KNOWN]
    called = [spaced.said.part(*spaced.span(hit, name)) for name in groups if hit[name]]
    return all(known is not None and known(template.intent, each) for each in called)


def _is_sound(form: Form, hit: re.Match[str]) -> bool:
    """Whether its slots hold what they are for, and its names are in one piece."""
    for group, kind in form.slots.items():
        words = hit[group]
        if words and kind in PERSONS and APART in words:
            return False
    for group, kind in form.slots.items():
        words = hit[group]
        if words and not fits(kind, words.replace(APART, "")):
            return False
    return True


def _times(
    names: Iterable[str], spans: Mapping[str, tuple[int, int]], text: str
) -> Iterator[tuple[int, int]]:
    """Yield where slots for a time say one: that tells when, and orders no less."""
    for name in names:
        start, end = spans[name]
        for time in BY_THEN.find_all(text[start:end]):
            yield start + time.start(), start + time.end()


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + text[end:]
    return text


def _sentence(template: Template, hit: re.Match[str], spaced: _Spaced) -> Sentence:
    said, slots = spaced.said, template.form.slots
    spans = {name: spaced.span(hit, name) for name in hit.groupdict() if hit[name]}

    def text_of(names: Iterable[str]) -> str:
        return "".join(said.text[slice(*spans[name])] for name in names)

    def of_kind(*kinds: str) -> list[str]:
        return [name for name in spans if slots.get(name) in kinds]

    own = [name for name in spans if name not in slots] + of_kind("one")
    own.sort(key=lambda name: spans[name])
    free, told, tasks = of_kind(*FREE), of_kind(*TOLD), of_kind(*TASKS)
    people = of_kind(*PEOPLE, *AUDIENCES, *ITEMS, *KNOWN)
    people += [
        name for name in of_kind(*PERSONS) if not says_more_than_names(text_of([name]))
    ]
    begins = spaced.at[hit.start()]
    around = list("," * begins + said.text[begins:])
    unread = of_kind(*UNREAD)
    for name in (*own, *people, *free, *told, *tasks, *of_kind(*CONTENT), *unread):
        start, end = spans[name]
        around[start:end] = "," * (end - start)
    for start, end in _times(of_kind(*TIMES, *HOURS, *RUNS), spans, said.text):
        around[start:end] = "," * (end - start)
    within = [
        name for name in of_kind(*UNPARTED) if said.text[spans[name][0] - 1] not in ":,"
    ]
    return Sentence(
        template,
        begins,
        {
            name.partition("__")[0]: (
                said.own_words(*spans[name])
                if kind in KEPT
                else said.part(*spans[name])
            )
            for name, kind in slots.items()
            if name in spans
        },
        "".join(around),
        text_of(own),
        _without(said.text, [spans[name] for name in unread]),
        text_of(free),
        text_of(within),
        ",".join(said.text[slice(*spans[name])] for name in tasks),
        said.own_words(0, len(said.text)),
    )
