"""Which intents a text may mean, best first: likeness, and what speaks beside it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from bot.command import Command
from bot.text.parts import part_at
from bot.understanding.cues import CUES
from bot.understanding.likeness import Likeness, Match
from bot.understanding.names import Call, bare
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.speech import Speech, is_own
from bot.understanding.text import normalise
from bot.understanding.words.masks import mask
from bot.understanding.words.smalltalk import NOTHING, SMALL_TALK
from bot.understanding.words.synonyms import unify

RULES = "ask"
HERE = Path(__file__)
PARTY = Lexicon(HERE, "party")
PAUSES = ",。;!:"
COMPARED = 120  # characters; what follows is the member's own words
MOST_CLAUSES = 4
MINE = 0.3  # of an intent's examples say "我": it is about whoever speaks
# What is added to a score, or what it is multiplied by. Found on the training half.
OF_A_CLAUSE = 0.9
OF_A_CUE = 0.15
OF_RULES = 0.22
OF_OTHERS = 0.6
OF_ELSE = 0.7
OWN_DENIAL = 0.12
STRANGE_DENIAL = 0.75
CALLED = 0.25
HALF_CALLED = 0.1

Weigh: TypeAlias = Callable[[Match, float], float]
"""A match and its score so far → its score."""

RULE = Lexicon(HERE, "rule")
OWN = Lexicon(HERE, "own")


def plain(text: str) -> str:
    """Write a text the way examples are compared with it."""
    return mask(unify(bare(normalise(text[:COMPARED]).text)))


def _learn_small_talk() -> dict[str, str]:
    """Read what answers each bit of small talk, as it is compared."""
    return {
        plain(text): reply
        for reply, texts in SMALL_TALK.items()
        for text in texts.split()
    }


class Ranking:
    """Learnt once from the commands' names and examples, and from small talk."""

    def __init__(self, commands: Sequence[Command]) -> None:
        # A process without commands hears nothing: it needs no dictionary of sounds.
        self.replies = _learn_small_talk() if commands else {}
        examples: dict[str, list[str]] = {
            each.intent: [plain(text) for text in (*each.names, *each.examples)]
            for each in commands
        }
        self._acting = {each.intent for each in commands if each.acts}
        self._personal = {intent for intent in examples if _is_own(examples[intent])}
        examples[NOTHING] = list(self.replies) if examples else []
        self.likeness = Likeness(examples)

    def rank(
        self,
        text: str,
        speech: Speech,
        call: Call | None,
        denials: Mapping[str, frozenset[str]],
    ) -> list[Match]:
        """Rank the intents. denials: what each command denies, as `is_own` reads it."""
        weighing = [self._about(text), self._denying(speech, denials)]
        if call:
            weighing.append(self._calling(call))
        found = []
        for match in self._by_clauses(text):
            score = match.score
            for weigh in weighing:
                score = weigh(match, score)
            found.append(Match(match.intent, score, match.example, match.alike))
        return sorted(found, key=lambda match: (-match.score, match.intent))

    def _by_clauses(self, text: str) -> list[Match]:
        """Score the whole text, and each clause, which counts a little less."""
        best = {each.intent: each for each in self.likeness.scores(plain(text))}
        clauses = part_at(text, PAUSES)
        for clause in clauses if 1 < len(clauses) <= MOST_CLAUSES else ():
            for each in self.likeness.scores(plain(clause)):
                score = each.score * OF_A_CLAUSE
                known = best.get(each.intent)
                if each.intent != NOTHING and (known is None or known.score < score):
                    best[each.intent] = replace(each, score=score, alike=score)
        return list(best.values())

    def _about(self, text: str) -> Weigh:
        """Weigh by whom a text is about, whether it asks a rule, and by its cues."""
        masked = plain(text)
        of_others = "P" in masked and "我" not in masked
        of_rules = self._asks_rule(text, masked) and not of_others

        def weigh(match: Match, score: float) -> float:
            if of_others and match.intent in self._personal:
                score *= OF_OTHERS
            if of_rules and match.intent == RULES:
                score += OF_RULES
            cue = CUES.get(match.intent)
            if cue and cue.find(masked):
                score += OF_A_CUE
            return score

        return weigh

    def _asks_rule(self, text: str, masked: str) -> bool:
        """Whether it is a question of how things are to be, not of how they are."""
        asks = RULE.find(text) or RULE.find(masked)
        return bool(asks and PARTY.find(text)) and not OWN.find(text)

    def _denying(self, speech: Speech, denials: Mapping[str, frozenset[str]]) -> Weigh:
        """Weigh by whether what a statement denies is what a command is for."""
        denied = () if speech.asks else speech.denied

        def weigh(match: Match, score: float) -> float:
            if not denied or match.intent == NOTHING:
                return score
            own = denials[match.intent]
            if all(is_own(piece, own) for piece in denied):
                return score + OWN_DENIAL
            return score * STRANGE_DENIAL

        return weigh

    def _calling(self, call: Call) -> Weigh:
        """Let a name that is called speak for its intent, and for talk of the same."""
        named = unify(call.name)[:2] if call.intent in self._acting else ""
        bonus = CALLED if call.sure else HALF_CALLED

        def weigh(match: Match, score: float) -> float:
            if match.intent == call.intent:
                return score + bonus
            return score if named in match.example else score * OF_ELSE

        return weigh


def _is_own(texts: Iterable[str]) -> bool:
    """Whether examples speak of whoever asks, and never of another person."""
    every = list(texts)
    mine = sum("我" in text for text in every)
    return mine >= len(every) * MINE and not any("P" in text for text in every)
