"""Which record a text means: by its number, or the last one that somebody told."""

from collections.abc import Sequence
from dataclasses import replace

from bot.branch.people.members import Role, party_branch
from bot.branch.records import book, search
from bot.branch.records.kind import Kind
from bot.branch.records.organisations import Register
from bot.branch.records.search import Query
from bot.branch.records.tables import Record
from bot.command import Ask
from bot.errors import Refusal
from bot.understanding.slots.listed_number import number_ahead, part_number_ahead
from handlers.records.view import where

LAST = 2


def read_number(ask: Ask, example: str) -> int:
    """Read the number that a text names. Raises Refusal, with an example, for none."""
    words = (ask.slots.get("number", "") or ask.words).strip()
    number = number_ahead(words)
    if number is None:
        raise Refusal(f"是哪一条？例：{example}。")
    return number


def find_numbered(ask: Ask, number: int, *kinds: Kind) -> Record:
    """Find a record by its number. Raises Refusal unless it stands, and is of these."""
    row = book.get(ask.session, number, where(ask))
    if row.kind not in [each.name for each in kinds]:
        raise Refusal(f"第 {number} 条不是{kinds[0].title}。")
    if row.withdrawn_at:
        raise Refusal(f"第 {number} 条已经撤销了，没有再动。")
    return row


def find_meant(ask: Ask, kinds: Sequence[Kind]) -> tuple[Record, str]:
    """Find the record that a text means: by its number, or the last one told.

    Raises Refusal where it is not clear which. Returns also what follows the number.
    """
    rest = ask.slots.get("rest", ask.words)
    words = (ask.slots.get("number", "") or ask.words).strip()
    titles = [word for kind in kinds for each in kind.fields for word in each.words]
    if parted := part_number_ahead(words, titles):
        number, after = parted
        row = find_numbered(ask, number, *kinds)
        return row, rest if "rest" in ask.slots else after
    mine = [
        row
        for kind in kinds
        for row in search.find(ask.session, _mine(ask, kind, rest), LAST)
    ]
    if not mine:
        raise Refusal(f"没有找到您记的这样的{kinds[0].title}，没有动。")
    return max(mine, key=lambda row: row.id), rest


def _mine(ask: Ask, kind: Kind, rest: str) -> Query:
    """Match what the speaker may mean: hers, or all for whoever sees all to change.

    A company that is named outside of what is to be changed says which.
    """
    every = Query(kind, where(ask), organisation=_company(ask, kind, rest))
    office = ask.standing.role >= Role.SECRETARY and every.organisation
    return every if office else replace(every, only_of=ask.member.id)


def _company(ask: Ask, kind: Kind, rest: str) -> str:
    if kind.organisation is None or "company" not in ask.slots:
        return ""
    said = ask.text.replace(rest, "") if rest else ask.text
    branch = party_branch(ask.session, ask.member)
    named = Register(ask.session, branch).find(said)
    if named is None:
        raise Refusal(f"没有记过“{ask.slots['company']}”的{kind.title}，没有动。")
    return named.name
