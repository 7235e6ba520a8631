"""One person of a roster, and what a roster holds once it has been read."""

from dataclasses import dataclass, field
from datetime import date

from bot.files.roster.columns import Field
from bot.files.roster.faults import Fault
from bot.files.roster.marks import write_marked
from bot.files.roster.terms import Term
from bot.files.roster.words import Category, State


@dataclass(frozen=True)
class Entry:
    """What the book needs of a person; row and sheet say where it was read.

    None means that the roster does not say; a position of "" that no post is held. A
    planned date of 转正 is no full_member_since. phone: only where the settings want it
    kept. elected, term: the branch's last election and the term that it began. mark:
    what tells two people of one name apart.
    """

    row: int
    name: str
    mark: str = ""
    userid: str | None = None
    branch: str | None = None
    group: str | None = None
    category: Category | None = None
    joined: date | None = None
    full_member_since: date | None = None
    activist_since: date | None = None
    candidate_since: date | None = None
    elected: date | None = None
    term: Term | None = None
    position: str | None = None
    state: State | None = None
    phone: str | None = field(default=None, repr=False)
    sheet: str | None = None

    @property
    def marked(self) -> str:
        return write_marked(self.name, self.mark)


@dataclass(frozen=True)
class Ignored:
    """A row that is no person; blank rows are not listed."""

    row: int
    why: str
    sheet: str | None = None


@dataclass(frozen=True)
class Column:
    """A titled column; field is None where the bot takes nothing from it."""

    title: str
    field: Field | None
    sheet: str | None = None


@dataclass(frozen=True)
class Roster:
    entries: tuple[Entry, ...]
    ignored: tuple[Ignored, ...]
    columns: tuple[Column, ...]
    warnings: tuple[Fault, ...]

    @property
    def unused(self) -> tuple[str, ...]:
        """The titles of the columns from which nothing was kept, each once."""
        titles = (column.title for column in self.columns if column.field is None)
        return tuple(dict.fromkeys(titles))
