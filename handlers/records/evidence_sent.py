"""单子拍给你了: what shows a record is announced; the next picture goes to it."""

from datetime import timedelta

from bot.branch.people.members import Role
from bot.branch.records import book, search
from bot.branch.records.declared import every_kind, find_kind
from bot.branch.records.kind import Kind
from bot.branch.records.search import Query
from bot.branch.records.tables import Record
from bot.branch.records.values import values_of
from bot.command import Answer, Ask, NotMeant, command
from bot.errors import Denied, Refusal
from bot.understanding.slots.listed_number import number_ahead
from handlers.records import preview
from handlers.records.view import where

NOTHING = "最近没有您记的、能补照片的。先把那件事记下来，再说“补照片”。"
RECENT = timedelta(days=31)


@command("evidence", help="给记过的一条补照片、单子", acts=True, shown=False)
def announce(ask: Ask) -> Answer:
    """Have the next picture kept with the record named, or the last one told.

    Raises NotMeant where nothing of hers waits for any.
    """
    row = _meant(ask)
    kind = find_kind(row.kind)
    told = preview.line(kind, row, values_of(ask.session, row), ask)
    if not ask.offer("records.evidence", kind.evidence, record=row.id):
        again = f"给{kind.short} {row.id} 补照片"
        return f"手上还有一件等您回答，先办完它，再说一次“{again}”。"
    return (
        f"好的，照片直接发给我，放到这一条：\n{told}\n"
        f"不是这一条，说“给{kind.short} 编号补照片”。"
    )


def _meant(ask: Ask) -> Record:
    number = number_ahead(ask.slots.get("number", ""))
    if number is not None:
        row = book.get(ask.session, number, where(ask))
        mine = book.may_change(ask.session, row, ask.member, ask.standing)
        if not mine and ask.standing.role < Role.COMMITTEE:
            raise Denied(f"第 {number} 条不是您记的，照片请记的人补。")
        return row
    found = [row for kind in _kinds(ask) for row in _last(ask, kind)]
    if not found:
        raise Refusal(NOTHING) if ask.is_command_name else NotMeant
    return max(found, key=lambda row: row.id)


def _kinds(ask: Ask) -> list[Kind]:
    """List the kinds that want something to show them: what is named, if any does."""
    every = [each for each in every_kind() if each.evidence]
    paper = ask.slots.get("paper", "")
    return [each for each in every if paper and paper in each.evidence] or every


def _last(ask: Ask, kind: Kind) -> list[Record]:
    query = Query(kind, where(ask), only_of=ask.member.id)
    rows = search.find(ask.session, query, 1)
    return [row for row in rows if row.recorded_at > ask.now - RECENT]
