"""A rehearsal as a page shows it: day by day, what goes to whom, and what would not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.calendar.say import say_day, say_whole_day
from bot.calendar.workdays import is_workday
from bot.outbox.kinds import NAMES
from server.rehearsal.rehearse import MARKS, Play, Sending

NAMES_SHOWN = 6


@dataclass(frozen=True)
class Entry:
    """A message as the page shows it. more: what of it follows the first line."""

    at: str
    kind: str
    people: str
    first: str
    more: str
    card: str | None
    marks: Sequence[str]


@dataclass(frozen=True)
class PageDay:
    name: str
    rests: bool
    entries: Sequence[Entry]


def show_play(play: Play, names: Mapping[str, str]) -> dict[str, object]:
    """Give a page all that it shows of days lived through. names: by account."""
    marked = [mark for each in play.sendings for mark in each.marks]
    return {
        "plan": by_day(play.sendings, names),
        "number": sum(len(each.users) for each in play.sendings),
        "collisions": [(MARKS[each], marked.count(each)) for each in MARKS],
        "unsent": list_unsent(play, names),
    }


def by_day(sendings: Sequence[Sending], names: Mapping[str, str]) -> list[PageDay]:
    return [
        PageDay(
            say_whole_day(day),
            not is_workday(day),
            [_entry(each, names) for each in sendings],
        )
        for day, sendings in groupby(sendings, lambda each: each.at.date())
    ]


def _entry(sending: Sending, names: Mapping[str, str]) -> Entry:
    first, _, more = sending.text.partition("\n")
    return Entry(
        f"{sending.at:%H:%M}",
        NAMES.get(sending.kind, "其他"),
        _people(sending.users, names),
        first,
        more,
        sending.card,
        [MARKS[each] for each in sending.marks],
    )


def _people(users: Sequence[str], names: Mapping[str, str]) -> str:
    told = "、".join(names.get(each, each) for each in users[:NAMES_SHOWN])
    return told if len(users) <= NAMES_SHOWN else f"{told} 等 {len(users)} 人"


def list_unsent(
    play: Play, names: Mapping[str, str]
) -> list[tuple[str, str, str, str]]:
    """List (when, kind, whom, why) of what would not go, or not yet."""
    return [
        (
            f"{say_day(each.at.date())}{each.at:%H:%M}",
            NAMES.get(each.kind, "其他"),
            names.get(each.user or "", each.user or "没有账号的人"),
            each.reason,
        )
        for each in play.unsent
    ]
