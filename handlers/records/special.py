"""What is special to a kind of record, beside what its declaration says."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.branch.records.tables import Record
from bot.command import Ask
from bot.message import Reply
from handlers.records.drafts import Draft


def _settled(ask: Ask, draft: Draft) -> Draft:
    return draft


def _no_more(ask: Ask, row: Record) -> str:
    return ""


@dataclass(frozen=True)
class Apart:
    """What a kind does besides.

    settle: adds what follows from the rest, and raises Refusal for what may not be.
    recorded: does what follows, and says so; corrected: after it was said anew;
    withdrawn: after it was taken back. same: answers where it is written down already;
    None: it is asked.
    """

    settle: Callable[[Ask, Draft], Draft] = _settled
    recorded: Callable[[Ask, Record], str] = _no_more
    corrected: Callable[[Ask, Record], str] = _no_more
    withdrawn: Callable[[Ask, Record], str] = _no_more
    same: Callable[[Ask, Record], Reply | str] | None = None
