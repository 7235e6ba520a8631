"""困难与意见: who is told, by when it must be answered, and an answer to nobody known.

Working days by the calendar of 调休: a first answer within 1 of its receipt, what is
done about it within 5 of the day on which it was taken up, or was to be done again (as
schools have it).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.branch.people.members import Member, secretaries
from bot.branch.people.tree import Branch
from bot.branch.records import book
from bot.branch.records.book import Teller
from bot.branch.records.fields import Value
from bot.branch.records.kinds.concern import ANONYMOUS, CONCERN
from bot.branch.records.tables import Record, RecordChange, RecordPrivate
from bot.branch.records.values import people_of, private_of, values_of
from bot.branch.records.words import tell
from bot.calendar.say import say_day
from bot.calendar.workdays import add_workdays
from bot.storage.in_list import among

FIRST, WHOLE = 1, 5
ADDRESS = "address"
KEPT_FOR = timedelta(days=183)
OPEN = ("received", "taken", "again")


def receive(
    session: Session,
    values: Mapping[str, Value],
    asker: Member,
    branch: Branch,
    now: datetime,
) -> Record:
    """Write it down; of who is anonymous only a sealed address stays."""
    anonymous = values["sign"] == ANONYMOUS
    teller = Teller(None if anonymous else asker, branch)
    told = dict(values)
    if not anonymous:
        told["people"] = [[asker.id, asker.name]]
    row = book.record(session, CONCERN, told, teller, now)
    if anonymous:
        session.add(
            RecordPrivate(
                record_id=row.id,
                field=ADDRESS,
                value=str(asker.id),
                goes_on=now.date() + KEPT_FOR,
            )
        )
        session.flush()
    who = asker.called if not anonymous else "一位同志（匿名）"
    told_by = "，请保密，只有您看得到是谁" if values["sign"] == "只给书记" else ""
    text = (
        f"{who}反映（第 {row.id} 件{told_by}）：{values['what']}\n"
        f"请在 {say_day(due(row, now.date()))}前先回一声：发“受理诉求 {row.id}”，"
        f"或“回复诉求 {row.id} …”。"
    )
    for each in secretaries(session, branch):
        tell(session, each, f"concern:{row.id}", text, now)
    return row


def due(row: Record, since: date) -> date:
    """Return by when the next step is to be done. since: when its state began."""
    return add_workdays(since, FIRST if row.state == "received" else WHOLE).day


def find_due(
    session: Session, rows: Sequence[Record], now: datetime
) -> Mapping[int, date]:
    """Return by when the next step of each is to be done, as days are where now is."""
    moved = (
        select(RecordChange.record_id, RecordChange.at)
        .where(among(RecordChange.record_id, "ids"), RecordChange.act == "move")
        .order_by(RecordChange.id)
    )
    began = {row.id: row.recorded_at for row in rows}
    began |= dict(session.execute(moved, {"ids": list(began)}).all())
    return {
        row.id: due(row, began[row.id].astimezone(now.tzinfo).date()) for row in rows
    }


def asker_of(session: Session, row: Record) -> Member | None:
    """Return whom an answer goes to, also where nobody may know who it is."""
    people = values_of(session, row).get("people") or []
    if people and people[0][0]:
        return session.get(Member, people[0][0])
    number = private_of(session, row).get(ADDRESS)
    return session.get(Member, int(number)) if number else None


def latest_of(session: Session, member: Member, branch: Branch) -> Iterator[Record]:
    """Yield the concerns of somebody, the latest first, the anonymous ones too."""
    rows = session.scalars(
        select(Record)
        .where(
            Record.kind == CONCERN.name,
            Record.branch_id == branch.id,
            Record.withdrawn_at.is_(None),
        )
        .order_by(Record.id.desc())
    ).all()
    people = people_of(session, rows)
    sealed = _addresses(session, [row.id for row in rows if row.recorded_by is None])
    for row in rows:
        named = [number for number, _ in people[row.id].get("people", ())]
        if member.id in (named or [sealed.get(row.id)]):
            yield row


def _addresses(session: Session, ids: Sequence[int]) -> Mapping[int, int]:
    """Open the sealed addresses of those that nobody signed."""
    rows = select(RecordPrivate.record_id, RecordPrivate.value).where(
        among(RecordPrivate.record_id, "ids"), RecordPrivate.field == ADDRESS
    )
    found = session.execute(rows, {"ids": list(ids)})
    return {record_id: int(value) for record_id, value in found}


def answer(session: Session, row: Record, text: str, by: Member, now: datetime) -> bool:
    """Answer, and tell whoever asked; False if she cannot be told."""
    values = {**values_of(session, row), "answer": text}
    asker = asker_of(session, row)
    _write(session, row, values, by, now)
    book.move(session, row, "answered", by.id, now)
    if asker is None:
        return False
    told = (
        f"您反映的第 {row.id} 件有答复了：{text}\n"
        f"满意就回“满意 {row.id}”，不满意回“不满意 {row.id}”，再办一次。"
    )
    return tell(
        session,
        asker,
        f"concern.answer:{row.id}:{len(book.trace(session, row))}",
        told,
        now,
    )


def rate(
    session: Session, row: Record, member: Member, now: datetime, *, content: bool
) -> str:
    """Close what is answered, or have it done again, once."""
    states = [each.after.get("state") for each in book.trace(session, row)]
    values = {**values_of(session, row), "content": "满意" if content else "不满意"}
    anonymous = row.recorded_by is None
    by = None if anonymous else member.id
    _write(session, row, values, None if anonymous else member, now)
    state = "closed" if content or "again" in states else "again"
    book.move(session, row, state, by, now)
    if state == "again":
        branch = session.get_one(Branch, row.branch_id)
        for each in secretaries(session, branch):
            text = f"第 {row.id} 件的答复不满意，请再办一次：{values['what']}"
            tell(session, each, f"concern.again:{row.id}", text, now)
    return state


def hand_over(
    session: Session, row: Record, to: Member, by: Member, now: datetime
) -> None:
    """Have somebody see to it; another is told the matter, and never who asked."""
    values = {**values_of(session, row), "office": [[to.id, to.name]]}
    _write(session, row, values, by, now)
    if row.state in ("received", "again"):
        book.move(session, row, "taken", by.id, now)
    if to.id == by.id:
        return
    text = (
        f"请您办一件事（第 {row.id} 件）：{values['what']}\n"
        "办好了告诉书记，由书记答复。"
    )
    tell(session, to, f"concern.office:{row.id}:{to.id}", text, now)


def late(session: Session, now: datetime) -> Mapping[int, tuple[Record, date]]:
    """List what should have been answered before today, and by when."""
    rows = select(Record).where(
        Record.kind == CONCERN.name,
        Record.state.in_(OPEN),
        Record.withdrawn_at.is_(None),
    )
    found = session.scalars(rows.order_by(Record.id)).all()
    by = find_due(session, found, now)
    today = now.date()
    return {row.id: (row, by[row.id]) for row in found if by[row.id] < today}


def warn(session: Session, now: datetime, at: datetime) -> int:
    """Tell the secretary of what is late, once for each state it is late in."""
    told = 0
    for row, by in late(session, now).values():
        branch = session.get_one(Branch, row.branch_id)
        text = (
            f"第 {row.id} 件困难与意见该在 {say_day(by)}前办，"
            f"现在是“{CONCERN.state_title(row.state)}”。发“诉求台账”看。"
        )
        for each in secretaries(session, branch):
            key = f"concern.late:{row.id}:{row.state}"
            told += tell(session, each, key, text, at, kind="deadline")
    return told


def _write(
    session: Session,
    row: Record,
    values: Mapping[str, Value],
    by: Member | None,
    now: datetime,
) -> None:
    """Say it anew; the sealed address stays for as long again."""
    book.correct(session, row, values, by.id if by else None, now)
    session.execute(
        update(RecordPrivate)
        .where(RecordPrivate.record_id == row.id, RecordPrivate.field == ADDRESS)
        .values(goes_on=now.date() + KEPT_FOR)
    )
