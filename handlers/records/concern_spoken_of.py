"""转后勤了: what is said of the concern that came last; shown as its answer first."""

from bot.branch.people.members import Role
from bot.branch.records import concerns, search
from bot.branch.records.kinds.concern import CONCERN
from bot.branch.records.search import Query
from bot.branch.records.tables import Record
from bot.command import Answer, Ask, Kept, Referring
from bot.inbox import focus
from bot.inbox.focus import Spoken
from bot.understanding.slots.people_named import find_people
from bot.understanding.slots.scope import Scope
from handlers.records.concern_office import FOCUS, hand_over, show_answer
from handlers.records.passed_on import find_passed, says_passed
from handlers.records.view import where

LAST = "concern.last"


def _find_last(ask: Ask) -> Spoken | None:
    """Find what came last and is open, unless it is the one spoken of."""
    if ask.standing.role < Role.SECRETARY:
        return None
    query = Query(CONCERN, where(ask), states=concerns.OPEN)
    rows = search.find(ask.session, query, limit=1)
    spoken_of = ask.find_focus(FOCUS)
    if not rows or (spoken_of and spoken_of["record"] == rows[0].id):
        return None
    age = ask.now - rows[0].recorded_at
    return Spoken(LAST, {"record": rows[0].id}, age) if age < focus.LASTS else None


def _row(ask: Ask, kept: Kept) -> Record | None:
    row = ask.session.get(Record, kept["record"])
    return row if row and row.state in concerns.OPEN and not row.withdrawn_at else None


def _title(ask: Ask, kept: Kept) -> str:
    row = _row(ask, kept)
    mine = ask.standing.role >= Role.SECRETARY
    return f"第 {row.id} 件困难与意见" if row and mine else ""


def _hear(ask: Ask, kept: Kept) -> Answer:
    """Hand it to whom it names, of ours; to others, let who asked know so."""
    row = _row(ask, kept)
    assert row is not None  # it has a title
    named = find_people(Scope(ask.session, where(ask)), find_passed(ask.text))
    if named.people:
        return hand_over(ask, row, named.people[0])
    return show_answer(ask, {"record": row.id, "text": ask.whole(ask.said)})


REFERRING = Referring(
    FOCUS, cue=says_passed, title=_title, fits=lambda ask, kept: True, hear=_hear
)
NEWEST = Referring(
    LAST,
    cue=says_passed,
    title=_title,
    fits=lambda ask, kept: True,
    hear=_hear,
    find=_find_last,
)
