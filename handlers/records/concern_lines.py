"""Concerns in a line each: what, how far, by when the next step is due."""

from collections.abc import Iterator, Sequence

from bot.branch.records import concerns
from bot.branch.records.kinds.concern import CONCERN
from bot.branch.records.tables import Record
from bot.branch.records.values import values_of_all
from bot.calendar.say import say_day
from bot.command import Ask


def say_lines(ask: Ask, rows: Sequence[Record], *, named: bool) -> Iterator[str]:
    """Say each; named: with who brought it."""
    today = ask.now.date()
    due = concerns.find_due(ask.session, rows, ask.now)
    for row, values in zip(rows, values_of_all(ask.session, rows), strict=True):
        who = "、".join(name for _, name in values.get("people") or ())
        said = f"{who or '匿名'}：" if named else ""
        state = CONCERN.state_title(row.state)
        by = due[row.id]
        when = f"，{'已过' if by < today else ''}{say_day(by)}前"
        until = when if row.state in concerns.OPEN else ""
        told = f"；答复：{values['answer']}" if values.get("answer") else ""
        yield f"{row.id}. {said}{values['what']}（{state}{until}）{told}"
