"""A question in free Chinese → the rules that answer it, with the evidence."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from bot.rulebook.load import load_shipped
from bot.rulebook.rule import Rule
from bot.rulebook.wording import Wording, load_wording

THRESHOLD = 0.5
"""Below this there is no evidence, and the answer is that we do not know."""

LONGEST = 200
MOST_CLAUSES = 8
MARK = re.compile(r"[\ue000-\uf8ff]")
CLAUSE = re.compile(r"[,，。;；?？!！\n、]+")
STRANGE = 2.5
"""What a word weighs that occurs in no rule."""
RULES = 80
"""How many there were when the weights were found: one more changes only its words."""

BY_SOUND, WITH_SLIP, IN_PART = 0.92, 0.88, 0.9
IN_TEXT = 0.5
"""What a word is worth that stands in a rule's text and not in the form asked."""

GENERAL_FROM = 4
"""A pair of characters that so many rules use says little of what is asked."""
FORGIVEN, COST = 1, 0.12
"""Characters that no rule of this kind uses: so many are free, then each costs."""


@dataclass(frozen=True)
class Found:
    """A rule, how well it answers (0 to 1), and the form of asking that was nearest."""

    rule: Rule
    score: float
    form: str


@dataclass(frozen=True)
class _Form:
    written: str
    words: Counter[str]
    weight: float


@dataclass(frozen=True)
class _Entry:
    rule: Rule
    about: tuple[tuple[str, ...], ...]
    marked: frozenset[str]
    forms: tuple[_Form, ...]
    text: frozenset[str]
    known: frozenset[str]

    def is_about(self, marked: str) -> bool:
        named = any(all(word in marked for word in every) for every in self.about)
        return named or marked in self.marked


class Index:
    """The forms and texts of all rules by their words."""

    def __init__(self, rules: Iterable[Rule], wording: Wording) -> None:
        self._wording = wording
        shown = [rule for rule in rules if rule.enabled]
        self._weights = _weigh(shown, wording)
        vocabularies = [_vocabulary(rule, wording) for rule in shown]
        used = Counter(word for words in vocabularies for word in words)
        general = {word for word, times in used.items() if times >= GENERAL_FROM}
        self._entries = tuple(
            self._enter(rule, frozenset(words | general))
            for rule, words in zip(shown, vocabularies, strict=True)
        )

    def search(self, question: str, limit: int = 3) -> list[Found]:
        """List the nearest rules, best first; the caller minds the threshold."""
        best: dict[str, Found] = {}
        for clause, trust in _clauses(question[:LONGEST]):
            if self._wording.asks_of_else(clause):
                continue
            for found in self._search_clause(clause, trust):
                known = best.get(found.rule.id)
                if known is None or known.score < found.score:
                    best[found.rule.id] = found
        return sorted(best.values(), key=lambda found: -found.score)[:limit]

    def _search_clause(self, clause: str, whole: float) -> list[Found]:
        readings = (
            (self._wording.read, 1.0),
            (self._wording.read_by_sound, BY_SOUND),
            (self._wording.read_with_slips, WITH_SLIP),
        )
        for read, trust in readings:
            found = self._match(read(clause), trust * whole)
            if any(each.score >= THRESHOLD for each in found):
                return found
        return []

    def _match(self, marked: str, trust: float) -> list[Found]:
        words = cut_words(marked)
        return [
            self._compare(entry, words, trust - _cost(marked, entry.known))
            for entry in self._entries
            if entry.is_about(marked)
        ]

    def _compare(self, entry: _Entry, words: Counter[str], trust: float) -> Found:
        scored = (
            (self._likeness(words, form, entry.text), form.written)
            for form in entry.forms
            if form.words.total() > 1 or words == form.words
        )
        score, form = max(scored, default=(0.0, ""))
        return Found(entry.rule, score * trust, form)

    def _likeness(
        self, words: Counter[str], form: _Form, text: frozenset[str]
    ) -> float:
        """Dice's coefficient of the words, each by its weight."""
        shared = sum((words & form.words)[word] * self._weight(word) for word in words)
        rest = words - form.words
        told = sum(
            count * self._weight(word) for word, count in rest.items() if word in text
        )
        asked = self._total(words)
        return min(1.0, (2 * shared + IN_TEXT * told) / (asked + form.weight or 1))

    def _enter(self, rule: Rule, known: frozenset[str]) -> _Entry:
        read = self._wording.read
        forms = [(form, cut_words(read(form))) for form in rule.forms]
        return _Entry(
            rule=rule,
            about=tuple(tuple(read(word) for word in every) for every in rule.about),
            marked=frozenset(map(read, rule.forms)),
            forms=tuple(
                _Form(form, words, self._total(words)) for form, words in forms
            ),
            text=frozenset(cut_words(read(rule.text))),
            known=known,
        )

    def _total(self, words: Counter[str]) -> float:
        return sum(count * self._weight(word) for word, count in words.items())

    def _weight(self, word: str) -> float:
        return self._weights.get(word, STRANGE)


@cache
def shipped_index() -> Index:
    return Index(load_shipped(), load_wording())


def cut_words(marked: str) -> Counter[str]:
    """Cut a read text into its marks and, between them, pairs of characters."""
    words = Counter(MARK.findall(marked))
    for run in MARK.split(marked):
        pairs = [run[at : at + 2] for at in range(len(run) - 1)]
        words.update(pairs or ([run] if run else []))
    return words


def _vocabulary(rule: Rule, wording: Wording) -> set[str]:
    """List the words that a rule is asked with, and those of its text."""
    return {
        word
        for said in (*rule.forms, rule.text)
        for word in cut_words(wording.read(said))
    }


def _cost(marked: str, known: frozenset[str]) -> float:
    """Price what the rule has no word for: such a question is of something else."""
    strange = sum(_strangers(run, known) for run in MARK.split(marked))
    return COST * max(0, strange - FORGIVEN)


def _strangers(run: str, known: frozenset[str]) -> int:
    """Count the characters that stand in no known pair."""
    if len(run) == 1:
        return 0 if any(run in word for word in known) else 1
    pairs = [run[at : at + 2] in known for at in range(len(run) - 1)]
    return sum(not any(pairs[max(0, at - 1) : at + 1]) for at in range(len(run)))


def _clauses(question: str) -> Sequence[tuple[str, float]]:
    """List the question, and each of its clauses, trusted a little less."""
    found = [part for part in CLAUSE.split(question) if part.strip()]
    parts = list(dict.fromkeys(found))[:MOST_CLAUSES]
    apart = [(part, IN_PART) for part in parts] if len(parts) > 1 else []
    return [(question, 1.0), *apart]


def _weigh(rules: Sequence[Rule], wording: Wording) -> Mapping[str, float]:
    """Weigh each word by how few rules ask with it."""
    known = Counter(
        word
        for rule in rules
        for word in {
            word for form in rule.forms for word in cut_words(wording.read(form))
        }
    )
    return {
        word: max(0.4, math.log((RULES + 1) / (rules_with + 0.5)) / 1.5)
        * (1.4 if MARK.match(word) else 0.7)
        for word, rules_with in known.items()
    }
