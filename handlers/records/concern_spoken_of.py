"""转后勤了: what is said of the concern that came last; shown as its answer first."""

from bot.branch.people.members import Member, Role
from bot.branch.records import book, concerns, search
from bot.branch.records.kinds.concern import CONCERN
from bot.branch.records.search import Query
from bot.branch.records.tables import Record
from bot.branch.records.values import values_of
from bot.command import Answer, Ask, Drafting, Kept, Referring
from bot.errors import Refusal
from bot.inbox import focus
from bot.inbox.focus import Spoken
from bot.understanding.slots.people_named import find_people
from bot.understanding.slots.scope import Scope
from handlers.records.concern_office import FOCUS, hand_over, show_answer
from handlers.records.passed_on import find_passed, says_passed
from handlers.records.view import where

LAST, HANDING = "concern.last", "concern.hand_over"


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
        return _show_handing(ask, {"record": row.id, "member": named.people[0].id})
    return show_answer(ask, {"record": row.id, "text": ask.whole(ask.said)})


def _show_handing(ask: Ask, kept: Kept) -> str:
    row = book.get(ask.session, kept["record"], where(ask))
    to = ask.session.get_one(Member, kept["member"])
    asked = f"第 {row.id} 件转给{to.called}办？"
    ask.put_draft(HANDING, asked, **kept)
    what = values_of(ask.session, row)["what"]
    return (
        f"【预览】第 {row.id} 件（{what}）转给{to.called}办，不说是谁提的。\n"
        "回“确认”就转，不转回“取消”。"
    )


def _hand_over(ask: Ask, kept: Kept) -> Answer:
    ask.close_question()
    row = book.get(ask.session, kept["record"], where(ask))
    if row.state not in concerns.OPEN:
        raise Refusal(f"第 {row.id} 条已经不等着办了，没有转。")
    return hand_over(ask, row, ask.session.get_one(Member, kept["member"]))


HAND_OVER = Drafting(
    HANDING,
    show=_show_handing,
    confirm=_hand_over,
    verbs=("转", "转办", "交", "交办"),
    dropped="好的，没有转。",
)
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
