"""Sentences that are read whole: a template of a sentence file, its slots typed.

Polite words before a template and particles after it are no part of it. The one with
the most words of its own wins; what its words ask or deny is its own, what stands
around them is judged like any order.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.branch.people.members import Role
from bot.command import Command
from bot.text.phrases import Line
from bot.understanding.names import TRAILER
from bot.understanding.openers import starts
from bot.understanding.sentence_form import CONTENT, FREE, TIMES, Form, read_form
from bot.understanding.text import Said
from bot.understanding.words.masks import TIME, mask

ENDING = TRAILER.pattern


@dataclass(frozen=True)
class Template:
    intent: str
    role: Role
    line: Line
    form: Form


@dataclass(frozen=True)
class Sentence:
    """A text that fits a template. slots: by name, as typed; "" is never there.

    around: what stands in it besides, without its times and the speaker's free words.
    """

    template: Template
    start: int
    slots: Mapping[str, str]
    around: str
    own: str
    free: str = ""
    content: str = ""
    words: str = field(default="", compare=False)


class Templates:
    """All templates, found by a word that a text must have."""

    def __init__(self, commands: Iterable[Command]) -> None:
        self._by_needle: dict[str, list[Template]] = defaultdict(list)
        for command in commands:
            for line in command.phrases.templates:
                template = _read(command, line)
                for needle in template.form.needles:
                    self._by_needle[needle].append(template)

    def find(
        self, said: Said, role: Role, passed: Collection[Line] = ()
    ) -> Sentence | None:
        """Find what a text fits: first what the speaker may do, then the most literal.

        Of two as literal, the one of the higher office. passed: lines that are not to
        be tried.
        """
        likely = {
            each.line: each
            for needle, every in self._by_needle.items()
            if needle in said.text
            for each in every
            if each.line not in passed and (each.role <= role or not each.line.yields)
        }
        if not likely:
            return None
        places = starts(said.text)
        found = [hit for each in likely.values() for hit in _match(each, said, places)]
        return max(
            found,
            key=lambda hit: (
                hit.template.role <= role,
                len(hit.own),
                hit.template.role,
                -len(hit.slots),
            ),
            default=None,
        )


def _read(command: Command, line: Line) -> Template:
    try:
        form = read_form(line.text, command.phrases.pieces, ENDING)
    except ValueError as error:
        raise ValueError(f"{line.place}: {error}") from error
    return Template(command.intent, command.role, line, form)


def _match(template: Template, said: Said, places: Sequence[int]) -> Iterator[Sentence]:
    """Yield the first fit, from as far left as it begins."""
    for place in places:
        hit = template.form.pattern.match(said.text, place)
        if hit and _is_sound(template.form, hit, said):
            yield _sentence(template, hit, said)
            return


def _is_sound(form: Form, hit: re.Match[str], said: Said) -> bool:
    """Whether its gaps are gaps, and its times times."""
    for name in form.gaps:
        if hit[name] == "" and hit.start(name) not in said.gaps:
            return False
    return all(
        mask(hit[group]).startswith("T")
        for group, kind in form.slots.items()
        if kind in TIMES and hit[group]
    )


def _groups(form: Form, hit: re.Match[str], kinds: Collection[str]) -> list[str]:
    return [group for group, kind in form.slots.items() if kind in kinds and hit[group]]


def _times(form: Form, hit: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Yield where a slot for a time says one: that tells when, and orders no less."""
    for group in _groups(form, hit, TIMES):
        for time in TIME.finditer(hit[group]):
            yield hit.start(group) + time.start(), hit.start(group) + time.end()


def _sentence(template: Template, hit: re.Match[str], said: Said) -> Sentence:
    form = template.form
    slots = {
        group.partition("__")[0]: said.part(*hit.span(group))
        for group in form.slots
        if hit[group]
    }
    own = [name for name in form.literals if hit[name]]
    own += _groups(form, hit, ("one",))
    own.sort(key=hit.start)
    free, content = _groups(form, hit, FREE), _groups(form, hit, CONTENT)
    around = list("," * hit.start() + said.text[hit.start() :])
    for name in (*own, *free, *content):
        start, end = hit.span(name)
        around[start:end] = "," * (end - start)
    for start, end in _times(form, hit):
        around[start:end] = "," * (end - start)
    return Sentence(
        template,
        hit.start(),
        slots,
        "".join(around),
        "".join(hit[name] for name in own),
        "".join(hit[name] for name in free),
        "".join(hit[name] for name in content),
        said.part(0, len(said.text)),
    )
