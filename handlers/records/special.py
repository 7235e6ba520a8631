"""What is special to a kind of record, beside what its declaration says.

A file of handlers/records/ that knows something special of a kind gives an `Apart`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot.branch.records.kind import Kind
from bot.branch.records.tables import Record
from bot.command import Ask
from handlers.records.drafts import Draft


def _as_it_is(ask: Ask, draft: Draft, text: str) -> Draft:
    return draft


def _fits(ask: Ask, draft: Draft) -> None:
    """Raise Refusal for what the rules of a kind forbid."""


def _no_more(ask: Ask, row: Record) -> str:
    return ""


@dataclass(frozen=True)
class Apart:
    """What a kind does besides.

    begun: reads what a sentence tells besides fields; check: refuses what may not be;
    recorded: does what follows, and says so.
    """

    begun: Callable[[Ask, Draft, str], Draft] = _as_it_is
    check: Callable[[Ask, Draft], None] = _fits
    recorded: Callable[[Ask, Record], str] = _no_more


APARTS: dict[str, Apart] = {}


def of(kind: Kind) -> Apart:
    return APARTS.get(kind.name, Apart())


def change_word(kind: Kind) -> str:
    """Say by which word it is corrected and withdrawn: 更正服务 12."""
    return kind.word or kind.title
