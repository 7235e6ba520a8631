"""What is special to a kind of record, beside what its declaration says."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.branch.people.members import Role
from bot.branch.records.fields import Field, Value
from bot.branch.records.tables import Record
from bot.command import Ask
from bot.message import Reply
from handlers.records.drafts import Draft


def _settled(ask: Ask, draft: Draft) -> Draft:
    return draft


def _no_more(ask: Ask, row: Record) -> str:
    return ""


def _free(ask: Ask, row: Record, state: str) -> None:
    return None


def _shown(ask: Ask, row: Record, values: Mapping[str, Value]) -> Mapping[str, Value]:
    return values


def _always(ask: Ask, row: Record) -> bool:
    return True


@dataclass(frozen=True)
class Step:
    """Something that is done with a record besides correcting it: said, or by a form.

    name: in an address; title: on the button. come_from: states that it is done in; ()
    for any. may: whether the asker is one who may. do: does it, with what the form's
    fields say, and says so; raises Refusal. asks: those fields. warns: what is said
    before. careful: it cannot be had back, so it is asked once more.
    """

    name: str
    title: str
    do: Callable[[Ask, Record, Mapping[str, Value]], str]
    come_from: tuple[str, ...] = ()
    may: Callable[[Ask, Record], bool] = _always
    asks: tuple[Field, ...] = ()
    warns: str = ""
    careful: bool = False

    def is_open(self, ask: Ask, row: Record) -> bool:
        """Tell whether it can be done now, by whoever asks."""
        if row.withdrawn_at is not None:
            return False
        fits = not self.come_from or row.state in self.come_from
        return fits and self.may(ask, row)


@dataclass(frozen=True)
class Telling:
    """How one of a kind is begun that its declaration alone does not tell.

    asks: what its form asks for. take: writes it down as in chat; returns it, and what
    else to say. begin: what the form holds at first.
    """

    asks: tuple[Field, ...]
    take: Callable[[Ask, Mapping[str, Value]], tuple[Record, str]]
    begin: Callable[[Ask], Mapping[str, str]] = lambda _: {}


@dataclass(frozen=True)
class Overview:
    """What of a kind is had, and what is lacking, in a table; for who sees all.

    heads: of the columns, the first names the row. notes: sentences below it. drawn: it
    is a field of cells that are filled or not, to be looked at as a picture too.
    """

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()
    drawn: bool = False


@dataclass(frozen=True)
class Apart:
    """What a kind does besides.

    settle: adds what follows from the rest, and raises Refusal for what may not be.
    recorded: does what follows, and says so; corrected: after it was said anew;
    withdrawn: after it was taken back. same: answers where it is written down already;
    None: it is asked. moving: raises Denied for who may not move one on. steps: what
    else is done with one. telling: how one is begun, where a form of all its fields is
    not how. shown: what of it the asker may read. overview: what is lacking.
    """

    settle: Callable[[Ask, Draft], Draft] = _settled
    recorded: Callable[[Ask, Record], str] = _no_more
    corrected: Callable[[Ask, Record], str] = _no_more
    withdrawn: Callable[[Ask, Record], str] = _no_more
    same: Callable[[Ask, Record], Reply | str] | None = None
    moving: Callable[[Ask, Record, str], None] = _free
    steps: tuple[Step, ...] = ()
    telling: Telling | None = None
    shown: Callable[[Ask, Record, Mapping[str, Value]], Mapping[str, Value]] = _shown
    overview: Callable[[Ask], Sequence[Overview]] | None = None


def is_secretary(ask: Ask, row: Record) -> bool:
    """Tell whether the asker is a secretary: what a step may ask of who does it."""
    return ask.standing.role >= Role.SECRETARY
