"""A question in free Chinese → the answer with its source, or None."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.rulebook.dues import Kind
from bot.rulebook.duestext import kind_of, tell_dues
from bot.rulebook.either import ask_openly
from bot.rulebook.load import load_shipped
from bot.rulebook.money import replace_money
from bot.rulebook.rule import Rule
from bot.rulebook.search import THRESHOLD, Index, shipped_index

RATES = frozenset(kind.value for kind in Kind) | {"dues.base"}
"""A question that one of these answers is answered with a sum if it names an income."""

BEFORE_OURS = "（您问的这个日期适用的旧文本{before}这里没有收录，以下按现有文本。）"


@dataclass(frozen=True)
class RuleAnswer:
    """What to reply, from which rule, how sure (0 to 1), and which form matched.

    passage: the part of the text that is the rule's own; "" where it speaks of an
    income, which is about who asks.
    """

    text: str
    rule: Rule
    score: float
    why: str
    passage: str = ""


@dataclass(frozen=True)
class Rulebook:
    """Rules and the index over them; the shipped ones unless a test brings its own."""

    rules: Sequence[Rule]
    index: Index

    def answer(self, text: str, today: date) -> RuleAnswer | None:
        """Answer from the edition in force on that day; None without evidence.

        A question between two figures is looked for as it stands and openly.
        """
        asked = replace_money(text, "")
        tried = [asked, *filter(None, [ask_openly(asked)])]
        found = [best for each in tried for best in self.index.search(each, limit=1)]
        best = max(found, key=lambda each: each.score, default=None)
        if best is None or best.score < THRESHOLD:
            return None
        rule = self._edition(best.rule, today)
        told = tell_dues(text, kind_of(text)) if rule.id in RATES else None
        reply = told.text if told else _reply(rule, today)
        passage = "" if told else rule.text
        return RuleAnswer(reply, rule, best.score, best.form, passage)

    def _edition(self, rule: Rule, today: date) -> Rule:
        """Find the edition in force; failing that, the nearest that is on file."""
        editions = [each for each in self.rules if each.id == rule.id]
        held = (each for each in editions if each.holds_on(today))
        return next(held, rule)


def answer_question(text: str, today: date) -> RuleAnswer | None:
    """Answer a question from the rules that the product ships; never raises."""
    return Rulebook(load_shipped(), shipped_index()).answer(text, today)


def _reply(rule: Rule, today: date) -> str:
    lines = [rule.text, rule.citation]
    if not rule.holds_on(today):
        before = f"（{rule.before}）" if rule.before else ""
        lines.insert(0, BEFORE_OURS.format(before=before))
    return "\n".join(lines)
