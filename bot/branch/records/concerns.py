"""困难与意见: who is told, by when it must be answered, and an answer to nobody known.

Working days by the calendar of 调休: a first answer within 1, what is done about it
within 5 after it is taken up (as schools have it; both may be set otherwise).
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import outbox
from bot.branch.people.members import Member, secretaries
from bot.branch.people.tree import Branch
from bot.branch.records import book
from bot.branch.records.book import Teller
from bot.branch.records.fields import Value
from bot.branch.records.kinds.concern import ANONYMOUS, CONCERN
from bot.branch.records.tables import Record, RecordPrivate
from bot.branch.records.values import private_of, values_of
from bot.calendar.say import say_day
from bot.calendar.workdays import add_workdays
from bot.message import Text
from bot.outbox import Importance, Plan, Window

FIRST, WHOLE = 1, 5
WAITS = timedelta(days=7)
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


def due(row: Record, today: date) -> date:
    """Return by when the next step is to be done."""
    start = row.day or today
    days = FIRST if row.state == "received" else FIRST + WHOLE
    return add_workdays(start, days).day


def asker_of(session: Session, row: Record) -> Member | None:
    """Return whom an answer goes to, also where nobody may know who it is."""
    people = values_of(session, row).get("people") or []
    if people and people[0][0]:
        return session.get(Member, people[0][0])
    number = private_of(session, row).get(ADDRESS)
    return session.get(Member, int(number)) if number else None


def is_of(session: Session, row: Record, member: Member) -> bool:
    asker = asker_of(session, row)
    return asker is not None and asker.id == member.id


def latest_of(session: Session, member: Member, branch: Branch) -> Iterator[Record]:
    """Yield the concerns of somebody, the latest first, the anonymous ones too."""
    rows = select(Record).where(
        Record.kind == CONCERN.name,
        Record.branch_id == branch.id,
        Record.withdrawn_at.is_(None),
    )
    for row in session.scalars(rows.order_by(Record.id.desc()).limit(500)).all():
        if is_of(session, row, member):
            yield row


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
    """Have somebody see to it; she is told the matter, and never who asked."""
    values = {**values_of(session, row), "office": [[to.id, to.name]]}
    _write(session, row, values, by, now)
    if row.state in ("received", "again"):
        book.move(session, row, "taken", by.id, now)
    text = (
        f"请您办一件事（第 {row.id} 件）：{values['what']}\n"
        "办好了告诉书记，由书记答复。"
    )
    tell(session, to, f"concern.office:{row.id}:{to.id}", text, now)


def late(session: Session, today: date) -> list[Record]:
    """List what should have been answered before today."""
    rows = select(Record).where(
        Record.kind == CONCERN.name,
        Record.state.in_(OPEN),
        Record.withdrawn_at.is_(None),
    )
    found = session.scalars(rows.order_by(Record.id))
    return [row for row in found if due(row, today) < today]


def warn(session: Session, now: datetime, at: datetime) -> int:
    """Tell the secretary of what is late, once for each state it is late in."""
    told = 0
    for row in late(session, now.date()):
        branch = session.get_one(Branch, row.branch_id)
        text = (
            f"第 {row.id} 件困难与意见该在 {say_day(due(row, now.date()))}前办，"
            f"现在是“{CONCERN.state_title(row.state)}”。发“诉求台账”看。"
        )
        for each in secretaries(session, branch):
            key = f"concern.late:{row.id}:{row.state}"
            told += tell(session, each, key, text, at, kind="deadline")
    return told


def tell(  # noqa: PLR0913  # whom, what, under which key
    session: Session,
    to: Member,
    key: str,
    text: str,
    now: datetime,
    kind: str = "record",
) -> bool:
    plan = Plan(
        f"{key}:{to.id}", kind, Text(text), Window(now, now + WAITS), Importance.NOTICE
    )
    return bool(outbox.put_to(session, plan, to.userid, to.id, now=now))


def _write(
    session: Session,
    row: Record,
    values: Mapping[str, Value],
    by: Member | None,
    now: datetime,
) -> None:
    """Say it anew; the sealed address stays."""
    kept = private_of(session, row)
    goes_on = now.date() + KEPT_FOR
    book.correct(session, row, values, by.id if by else None, now)
    if address := kept.get(ADDRESS):
        session.add(
            RecordPrivate(
                record_id=row.id, field=ADDRESS, value=address, goes_on=goes_on
            )
        )
        session.flush()
