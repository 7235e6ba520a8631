"""The call to a meeting is a notice: one matter, whatever is moved or called off.

Where the hour is moved, what people answered to the old one no longer counts: all are
asked anew, and what each had said stays beside the name.
"""

from collections.abc import Sequence, Set
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot import outbox
from bot.branch.meetings import (
    attendees,
    exceptions,
    leaves,
    meetings,
    plans,
    voters,
    whom,
)
from bot.branch.meetings.attendees import CHOICES
from bot.branch.meetings.kinds import BY_KIND
from bot.branch.meetings.leaves import Leave
from bot.branch.meetings.meetings import Meeting, State
from bot.branch.meetings.plans import Plan
from bot.branch.notices import corrections, notices, reach
from bot.branch.notices.drafts import Draft
from bot.branch.notices.notices import Desk, Notice
from bot.branch.notices.receipts import Receipt
from bot.branch.people.audience import Audience
from bot.branch.people.members import Member
from bot.errors import Refusal
from bot.storage.database import take, take_turn

ANSWER_WITHIN = timedelta(hours=12)
LEAST = timedelta(hours=2)
BEFORE = timedelta(hours=1)
CALLED_OFF = "会议改了或取消了"
CHANGES = {
    "改期": ("starts_at", "ends_at"),
    "换地点": ("place",),
    "议题有改": ("agenda",),
    "换主持": ("host",),
    "换主讲": ("lecturer",),
    "改名称": ("title",),
    "列席有改": ("sits_in", "guests"),
    "参加人员有改": ("without", "only"),
    "换记录": ("recorder",),
}
"""What may be otherwise in a call → the particulars of its plan."""
QUIET = frozenset({"换记录", "列席有改", "参加人员有改"})
"""What concerns only those who record, or come, since or no more."""
PEOPLE = ("sits_in", "guests", "without", "only")
SAME_HOUR = (
    "“{title}”那个时间已经定过一次了（{at}）。要改，说“会议改到 …”或“取消会议”。"
)


def call(
    session: Session, desk: Desk, plan: Plan, now: datetime
) -> tuple[Meeting, int]:
    """Write a meeting down and call to it; return it, and how many are told.

    Raises Refusal for a time that is past, or for the same meeting again.
    """
    take_turn(session, f"meetings:{desk.branch.id}")
    refuse_twin(session, plan, now)
    plan, _ = voters.keep_voters(session, plan)
    meeting = meetings.write(session, plan, desk.author.id, now)
    attendees.invite(session, meeting, plan, now)
    draft = draft_call(session, desk, plan, now)
    notice = notices.publish(session, desk, draft, now)
    meeting.notice_id = notice.id
    session.flush()
    return meeting, reach.status(session, notice).tally.planned


def record(session: Session, desk: Desk, plan: Plan, now: datetime) -> Meeting:
    """Write down a meeting that is over (补录): nobody is told."""
    take_turn(session, f"meetings:{desk.branch.id}")
    refuse_twin(session, plan, now)
    plan, _ = voters.keep_voters(session, plan)
    meeting = meetings.write(session, plan, desk.author.id, now)
    attendees.invite(session, meeting, plan, now)
    return meeting


def draft_call(session: Session, desk: Desk, plan: Plan, now: datetime) -> Draft:
    """Write the notice of a call, as it will go."""
    audience = voters.audience_of(session, plan, desk.branch.id)
    text = plans.describe(plan, names_of(session, plan))
    return Draft(text, audience, choices=CHOICES, deadline=answer_by(plan, now))


def names_of(session: Session, plan: Plan) -> dict[int, str]:
    leads = (each for each in (plan.host, plan.recorder) if each)
    ids = [*leads, *plan.sits_in, *plan.without, *plan.only]
    rows = select(Member.id, Member.called).where(Member.id.in_(ids))
    return dict(iter(session.execute(rows)))


def plan_of(session: Session, meeting: Meeting, now: datetime) -> Plan:
    """Read a meeting back into what was planned, to plan it anew."""
    said = exceptions.of_meeting(session, meeting.id)
    return Plan(
        meeting.kind,
        meeting.branch_id,
        starts_at=meeting.starts_at.astimezone(now.tzinfo),
        ends_at=meeting.ends_at and meeting.ends_at.astimezone(now.tzinfo),
        place=meeting.place,
        name=meeting.title,
        agenda=tuple(meetings.agenda(session, meeting)),
        lecturer=meeting.lecturer,
        host=meeting.host_id,
        recorder=meeting.recorder_id,
        sits_in=attendees.observers(session, meeting),
        guests=tuple(meeting.asked_guests),
        without=said.without,
        only=said.only,
    )


def answer_by(plan: Plan, now: datetime) -> datetime | None:
    """Ask for answers by when it was said, or by the evening before.

    Where it is soon, that is an hour before. A time that is over, or not before the
    meeting, is not asked for.
    """
    at = plan.starts_at
    if at is None or at <= now + LEAST:
        return None
    if plan.answers_by and now < plan.answers_by < at:
        return plan.answers_by
    evening = (at - timedelta(days=1)).replace(hour=18, minute=0)
    return evening if evening > now + ANSWER_WITHIN else at - BEFORE


def move(
    session: Session, desk: Desk, meeting: Meeting, plan: Plan, now: datetime
) -> int:
    """Hold it otherwise; tell all who were called, and return how many.

    Who else records it concerns nobody but that one: then 0, and nobody is told. Who
    else comes concerns only those who come now, or do not any more.
    Raises Refusal where it has begun, or is called off.
    """
    _must_be_ahead(session, meeting, now)
    plans.check_time(plan, now)
    plan, _ = voters.keep_voters(session, plan)
    changed = changes_of(session, meeting, plan, now)
    if not changed:
        raise Refusal(f"“{meeting.title}”本来就是这样定的，没有改。")
    meeting.recorder_id = plan.recorder
    people = whom.change(session, desk, meeting, plan, now)
    if changed <= QUIET:
        return whom.tell(session, desk, meeting, people, now)
    whom.mark(session, meeting, people, now)
    said = _write_changes(session, meeting, plan, changed, now)
    deadline = answer_by(plan, now)
    return _tell_called(session, desk, meeting, said, now, deadline)


def _write_changes(
    session: Session, meeting: Meeting, plan: Plan, changed: Set[str], now: datetime
) -> str:
    """Write down what all must know, and return the words that tell it."""
    starts_at = plans.check_time(plan, now)
    moved = starts_at != meeting.starts_at
    meeting.starts_at, meeting.ends_at = starts_at, plan.ends_at
    meeting.place, meeting.lecturer = plan.place, plan.lecturer
    meeting.title, meeting.host_id = plan.title, plan.host
    meeting.moves += 1
    meetings.set_agenda(session, meeting, plan.agenda)
    outbox.cancel(session, meeting.topic, CALLED_OFF, now)
    attendees.renew(session, meeting, now)
    if moved:
        _ask_anew(session, meeting)
    again = "\n时间改了，原来回过的请重新回一次。" if moved else ""
    words = "、".join(each for each in CHANGES if each in changed - QUIET)
    head = f"{BY_KIND[plan.kind].hold}{plan.title}（{words}）"
    return f"{plans.describe(plan, names_of(session, plan), head)}{again}"


def cancel(
    session: Session, desk: Desk, meeting: Meeting, why: str, now: datetime
) -> int:
    """Call it off, and tell all who were called. Raises Refusal if it was, or is on."""
    _must_be_ahead(session, meeting, now)
    meeting.state, meeting.why = State.CANCELLED, why
    outbox.cancel(session, meeting.topic, CALLED_OFF, now)
    because = f"原因：{why}。" if why else ""
    said = f"{meeting.title}取消，不开了（原定{meetings.say(meeting, now)}）。{because}"
    return _tell_called(session, desk, meeting, said, now, None, choices=())


def _must_be_ahead(session: Session, meeting: Meeting, now: datetime) -> None:
    take(session, meeting)
    if meeting.state == State.CANCELLED:
        raise Refusal(f"“{meeting.title}”已经取消过了。")
    if meeting.state != State.CALLED or now >= meeting.starts_at:
        raise Refusal(f"“{meeting.title}”已经开始或开过了，不能再改时间、地点或取消。")


def refuse_twin(session: Session, plan: Plan, now: datetime) -> None:
    """Refuse the same kind, of the same branch, at the same moment, a second time."""
    twin = select(Meeting).where(
        Meeting.branch_id == plan.branch,
        Meeting.kind == plan.kind,
        Meeting.title == plan.title,
        Meeting.starts_at == plan.starts_at,
        Meeting.state != State.CANCELLED,
    )
    if found := session.scalars(twin).first():
        at = meetings.say(found, now)
        raise Refusal(SAME_HOUR.format(title=found.title, at=at))


def changes_of(
    session: Session, meeting: Meeting, plan: Plan, now: datetime
) -> Set[str]:
    """Tell what of a meeting a plan has otherwise, in words of CHANGES."""
    before = plan_of(session, meeting, now)
    return {
        word
        for word, fields in CHANGES.items()
        if any(_of(before, each) != _of(plan, each) for each in fields)
    }


def _of(plan: Plan, field: str) -> Any:
    """Return a particular of a plan; of people, who they are, in any order."""
    value = getattr(plan, field)
    return set(value) if field in PEOPLE else value


def _ask_anew(session: Session, meeting: Meeting) -> None:
    """Take the answers to the old hour back, and note what each had said."""
    theirs = (Receipt.notice_id == meeting.notice_id, Receipt.choice.is_not(None))
    for receipt in session.scalars(select(Receipt).where(*theirs)).all():
        if row := attendees.find(session, meeting, receipt.member_id):
            row.said_before = receipt.choice or ""
        receipt.choice = receipt.note = None
    mine = update(Leave).where(Leave.meeting_id == meeting.id)
    session.execute(
        mine.values(state=leaves.LAPSED, decided_at=None, decided_by=None, told_at=None)
    )
    session.flush()


def _tell_called(  # noqa: PLR0913  # whom, of what, in which words, until when
    session: Session,
    desk: Desk,
    meeting: Meeting,
    said: str,
    now: datetime,
    deadline: datetime | None,
    choices: Sequence[str] = CHOICES,
) -> int:
    """Publish a correction to all who are, or were, called."""
    if meeting.notice_id is None:
        return 0
    first = notices.find(session, meeting.notice_id)
    left = set(exceptions.of_meeting(session, meeting.id).without)
    people = set(attendees.called(session, meeting)) | _told(session, first) - left
    audience = Audience(
        desk.branch.id, members=tuple(sorted(people)), only_named=True, words="参会人员"
    )
    draft = Draft(
        said,
        replace(audience, categories=None),
        choices=tuple(choices),
        deadline=deadline,
        corrects=first.id,
        urgent=True,
    )
    notice = notices.publish(session, desk, draft, now)
    corrections.stop_outdated(session, now)
    return reach.status(session, notice).tally.planned


def _told(session: Session, notice: Notice) -> set[int]:
    lines = reach.ledger(session, notice)
    return {each.member_id for each in lines if each.member_id is not None}


def is_call(session: Session, notice: Notice) -> bool:
    """Tell whether a notice, or what it corrects, calls to a meeting of the book."""
    return meeting_of(session, notice) is not None


def meeting_of(session: Session, notice: Notice) -> Meeting | None:
    """Find the meeting that a notice, or what it corrects, calls to."""
    found = select(Meeting).where(Meeting.notice_id == notice.matter)
    return session.scalars(found).first()
