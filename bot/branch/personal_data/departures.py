"""Who has left: after a time their data leave too; ledgers keep a line without a name.

The clock starts when the roster first says that somebody is no longer active, and
stops when he or she comes back. What the branch must be able to count later (who was
sent a notice, how many answered) stays, of "一位已离开的同志".
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from sqlalchemy import ForeignKey, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot import outbox
from bot.branch.knowledge.questions import Asked, letter_key
from bot.branch.meetings.attendees import Attendee
from bot.branch.meetings.leaves import Leave
from bot.branch.notices import enclosures
from bot.branch.notices.notices import Notice
from bot.branch.notices.receipts import Receipt
from bot.branch.people.members import Member, set_joined
from bot.branch.records import appointments, left, parties
from bot.branch.reminders.reminders import Reminder
from bot.branch.works import files
from bot.outbox.letters import Recipient
from bot.storage.database import Base, Id, insert_new
from bot.storage.invariants import proof

GONE = "一位已离开的同志"
LEFT = "已经离开"
AT_ONCE = 100

Fate: TypeAlias = Literal["goes", "stays"]
# What becomes of the rows that tell of a member who left. A new table of a member's
# must say here what becomes of its rows (a test holds that).
FATES: Mapping[str, Fate] = {
    "asked": "goes",
    "calendar_address": "goes",
    "check_in": "goes",
    "console_link": "goes",
    "console_sending": "goes",
    "console_session": "goes",
    "birthday_note": "goes",
    "birthday_plan": "goes",
    "collective_sign_in": "stays",  # a meeting's record, counted
    "deadline_warned": "goes",
    "mute": "goes",
    "own_hours": "goes",
    "greeting": "goes",
    "milestone": "goes",
    "phone": "goes",
    "role_grant": "goes",
    "way": "goes",
    "binding_code": "goes",
    "study_leave": "goes",
    "audit": "stays",  # only added to
    "departure": "stays",  # remembers that it is done
    "material": "stays",  # who posted it
    "planned_day": "stays",  # who planned it
    "study_hours": "stays",  # summed up in the branch's year
    "training": "stays",  # who recorded it
    "notice": "stays",  # the branch's own paper
    "notice_template": "stays",  # the branch's own words
    "setting_change": "stays",  # who changed what
    "observance": "stays",  # who added a day
    "reminder": "stays",  # the branch's; one's own are deleted
    "receipt": "stays",  # counted in the notice's ledger; the reason goes
    "record": "stays",  # who told of it; what was done is the branch's
    "record_person": "stays",  # counted in 人次, of one who left
    "record_change": "stays",  # the trace
    "evidence": "stays",  # who gave it
    "work_file": "stays",  # who gave it; what a work is made of
    "work_score": "stays",  # counted in a jury's marks
    "work_like": "goes",
    "work_certificate": "stays",  # who made it
    "open_page": "stays",  # who opened it
    "meeting": "stays",  # the branch's record: who called, led and wrote
    "attendee": "stays",  # a meeting's record, counted
    "call_exception": "stays",  # whom a call was to
    "meeting_leave": "stays",  # counted in the record; the reason goes
    "meeting_note": "stays",  # the branch's minutes
    "meeting_photo": "stays",  # what shows who was there
    "resolution": "stays",
    "minutes_step": "stays",  # only added to
    "appraisal_line": "stays",  # counted in the branch's appraisal
    "life_step": "stays",  # the branch's record of its meeting
    "plan_item": "stays",  # the branch's plan: who put it there
    "school_span": "stays",  # who set it
    "poll": "stays",  # who asked
    "poll_seat": "stays",  # counted: so many of so many voted
    "recipient": "stays",  # planned = delivered + refused + pending
}


class Departure(Base):
    """Since when a member is away. erased_at: when the data went.

    userid, held: the account and the roles ("12:3 15:2" are branches and roles) that
    were taken, for a day, in which who was noted as gone by mistake comes back whole.
    """

    __tablename__ = "departure"

    member_id: Mapped[int] = mapped_column(
        Id, ForeignKey("member.id", ondelete="CASCADE"), primary_key=True
    )
    since: Mapped[datetime]
    erased_at: Mapped[datetime | None]
    userid: Mapped[str | None]
    held: Mapped[str | None]


def notice_departures(session: Session, now: datetime) -> None:
    """Start the clock of whoever is away, and stop that of whoever is back."""
    back = select(Member.id).where(Member.state == "active")
    session.execute(
        delete(Departure).where(
            Departure.erased_at.is_(None), Departure.member_id.in_(back)
        )
    )
    known = select(Departure.member_id)
    away = select(Member.id).where(Member.state != "active", Member.id.not_in(known))
    for member_id in session.scalars(away).all():
        insert_new(session, Departure, {"member_id": member_id, "since": now})
        member = session.get_one(Member, member_id)
        appointments.drop_of(session, member, now)
    for member in left.still_up(session):
        left.end_posts(session, member, now)


def forget_accounts(session: Session, before: datetime) -> None:
    """Let go of the accounts and roles of those who have been away since before."""
    late = (Departure.since <= before, Departure.userid.is_not(None))
    session.execute(update(Departure).where(*late).values(userid=None, held=None))


def erase_due(session: Session, now: datetime, after: timedelta) -> int:
    """Erase some of those who have been away so long; return how many."""
    due = (
        select(Departure)
        .where(Departure.erased_at.is_(None), Departure.since <= now - after)
        .limit(AT_ONCE)
    )
    departures = session.scalars(due).all()
    for departure in departures:
        _erase(session, session.get_one(Member, departure.member_id), now)
        departure.erased_at = now
    session.flush()
    return len(departures)


def _erase(session: Session, member: Member, now: datetime) -> None:
    """Take everything that tells who it was; what is counted keeps its line."""
    for number in session.scalars(select(Asked.id).where(Asked.member_id == member.id)):
        outbox.forget_keyed(session, letter_key(number))
    for table in Base.metadata.sorted_tables:
        if FATES.get(table.name) == "goes":
            session.execute(delete(table).where(table.c.member_id == member.id))
    own = (Reminder.author_id == member.id, Reminder.own)
    session.execute(delete(Reminder).where(*own))
    count = 1
    while count:
        count, carried = outbox.forget_of(session, member.id)
        enclosures.drop_unneeded(session, carried)
    _unname(session, member)
    files.unname(session, member)
    _erase_reasons(session, member)
    kept = (Recipient.member_id == member.id, Recipient.held_until.is_not(None))
    away = {"state": "refused", "reason": LEFT, "held_until": None, "settled_at": now}
    session.execute(update(Recipient).where(*kept).values(away))
    settled = (Recipient.member_id == member.id, Recipient.state != "pending")
    session.execute(update(Recipient).where(*settled).values(user=None, address=None))
    member.name, member.mark = GONE, ""
    member.userid = member.account = None
    member.position = member.category = member.full_member_since = None
    set_joined(member, None)


def _erase_reasons(session: Session, member: Member) -> None:
    """Take what was written beside what is counted: why, and notes sent back."""
    reasons = (Receipt.member_id == member.id, Receipt.note.is_not(None))
    session.execute(update(Receipt).where(*reasons).values(note=None))
    notes = update(Attendee).where(Attendee.member_id == member.id)
    session.execute(notes.values(made_up=None))
    mine = update(Leave).where(Leave.member_id == member.id)
    session.execute(mine.values(why=None, sort=""))


def _unname(session: Session, member: Member) -> None:
    """Take the name out of others' letters and of for whom papers are meant."""
    parties.unname(session, member, GONE)
    if member.mark:
        outbox.replace_name(session, member.marked, GONE)
    others = (Member.id != member.id, Member.name.contains(member.name))
    if session.scalar(select(Member.id).where(*others).limit(1)) is None:
        outbox.replace_name(session, member.name, GONE)
    for book in (Notice, Reminder):
        for number, audience in session.execute(select(book.id, book.audience)).all():
            named = (*audience.get("members", ()), *audience.get("without_members", ()))
            if member.id in named:
                words = audience["words"].replace(member.marked, GONE)
                words = words.replace(member.name, GONE)
                changed = update(book).where(book.id == number)
                session.execute(changed.values(audience={**audience, "words": words}))


def forget_letters(session: Session, before: datetime) -> bool:
    """Delete some personal letters from before, and their pictures; False if none."""
    count, carried = outbox.forget_before(session, before)
    enclosures.drop_unneeded(session, carried)
    return count > 0


@proof("离开的人：到期清除以后，什么也不留")
def nothing_left(session: Session) -> Iterator[str]:
    gone = select(Departure.member_id).where(Departure.erased_at.is_not(None))
    named = (Member.name != GONE) | Member.userid.is_not(None)
    for number in session.scalars(select(Member.id).where(named, Member.id.in_(gone))):
        yield f"{number} 号还有姓名或账号"
    for table in Base.metadata.sorted_tables:
        if FATES.get(table.name) == "goes":
            rows = select(table.c.member_id).where(table.c.member_id.in_(gone))
            for number in session.scalars(rows.distinct()):
                yield f"{number} 号在 {table.name} 里还有记录"
