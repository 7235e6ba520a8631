"""What a meeting tells by itself: the evening before, at the door, and of leave.

Each is asked for by what is due; a letter's key keeps it from going twice.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from bot import outbox
from bot.branch.meetings import attendees, meetings, turnout
from bot.branch.meetings.attendees import AWAY, COMING, Attendee
from bot.branch.meetings.kinds import FORMAL
from bot.branch.meetings.leaves import ASKED, GRANTED, Leave
from bot.branch.meetings.meetings import Meeting, State
from bot.branch.notices.receipts import Receipt
from bot.branch.people import members
from bot.branch.people.members import Member
from bot.branch.people.tree import Branch, home
from bot.message import Button, Card, Content, Text
from bot.outbox import Importance, People, Plan, Window

DOOR_OPENS = timedelta(minutes=15)
EVENING = 18, 30
CALLED_LONG = timedelta(hours=20)
WAITS = timedelta(days=3)
SHOWN = 200


def due_doors(session: Session, now: datetime) -> Sequence[Meeting]:
    """List the meetings that begin in a quarter of an hour, or have just begun."""
    return session.scalars(
        select(Meeting)
        .where(
            Meeting.state == State.CALLED,
            Meeting.starts_at <= now + DOOR_OPENS,
            Meeting.starts_at > now - DOOR_OPENS,
        )
        .order_by(Meeting.starts_at, Meeting.id)
    ).all()


def open_door(session: Session, meeting: Meeting, now: datetime) -> None:
    """Put the card with the button to all, and the list at the door to who leads."""
    attendees.renew(session, meeting, now)
    branch = session.get_one(Branch, meeting.branch_id)
    at = meeting.starts_at.astimezone(now.tzinfo)
    place = f"，{meeting.place}" if meeting.place else ""
    said = f"{meeting.title}，{at:%H:%M}{place}。到了点一下“签到”。"
    card = Card(
        title="请签到",
        text=said,
        buttons=(Button("签到", f"sign_in:meeting:{meeting.id}"),),
        source=branch.name,
    )
    plain = Text(
        f"【请签到】{branch.name}\n{meeting.title}，{at:%H:%M}{place}。到了请回复“签到”。"
    )
    people = _coming(meeting)
    for what, content, whose in (
        ("card", card, people.where(Member.plain.is_(False))),
        ("text", plain, people.where(Member.plain)),
    ):
        _put(session, meeting, f"door:{what}", content, whose, now, meeting.ends)
    _tell_list(session, meeting, now)


def due_evenings(session: Session, now: datetime) -> Sequence[Meeting]:
    """List tomorrow's meetings that were called long enough ago to be forgotten."""
    hour, minute = EVENING
    if now < now.replace(hour=hour, minute=minute, second=0, microsecond=0):
        return []
    tomorrow = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0)
    found = session.scalars(
        select(Meeting)
        .where(
            Meeting.state == State.CALLED,
            Meeting.starts_at >= tomorrow,
            Meeting.starts_at < tomorrow + timedelta(days=1),
            Meeting.at <= now - CALLED_LONG,
        )
        .order_by(Meeting.starts_at, Meeting.id)
    )
    return found.all()


def remind(session: Session, meeting: Meeting, now: datetime, at: datetime) -> None:
    """Put the reminder of the evening before to who has not taken leave."""
    local = meeting.starts_at.astimezone(now.tzinfo)
    place = f"，{meeting.place}" if meeting.place else ""
    said = f"明天 {local:%H:%M}{place}：{meeting.title}。来不了发“请假”加一句原因。"
    until = min(meeting.starts_at, at + timedelta(hours=3))
    _put(session, meeting, "evening", Text(said), _coming(meeting), at, until)


def ask_signature(session: Session, meeting: Meeting, now: datetime) -> None:
    """Put the minutes before the host, with the two buttons."""
    host = session.get_one(Member, meeting.host_id)
    card = Card(
        title="会议记录请签字",
        text=f"{meetings.say(meeting, now)}\n发“会议记录”看全文；签字以后就锁定。",
        buttons=(
            Button("签字", f"minutes.sign:{meeting.id}:yes"),
            Button("退回", f"minutes.sign:{meeting.id}:no"),
        ),
    )
    key = f"sign:{meeting.id}:{host.id}:{now.timestamp():.0f}"
    put_answer(session, host, key, "minutes", card, now)


def ask_made_up(
    session: Session, meeting: Meeting, member: Member, note: str, now: datetime
) -> None:
    """Put a note back before the secretary, who says whether it makes up for it."""
    key = f"{meeting.id}:{member.id}"
    card = Card(
        title=f"{member.called}补课",
        text=f"{meetings.say(meeting, now)}\n{note[:SHOWN]}",
        buttons=(
            Button("确认", f"attendance.made_up:{key}:yes"),
            Button("退回", f"attendance.made_up:{key}:no"),
        ),
    )
    branch = home(session, meeting.branch_id)
    for each in members.secretaries(session, branch):
        told = f"made_up:{key}:{each.id}:{now.timestamp():.0f}"
        put_answer(session, each, told, "minutes", card, now)


def tell(session: Session, to: Member, key: str, words: str, now: datetime) -> None:
    """Tell somebody what became of minutes that he or she wrote."""
    put_answer(session, to, key, "minutes", Text(words), now)


def put_answer(  # noqa: PLR0913  # a letter has many words
    session: Session, to: Member, key: str, kind: str, content: Content, now: datetime
) -> None:
    """Have somebody told what he or she waits for: at once, for three days."""
    window = Window(now, now + WAITS)
    plan = Plan(key, kind, content, window, Importance.ANSWER)
    outbox.put_to(session, plan, to.userid, to.id, now=now)


def _tell_list(session: Session, meeting: Meeting, now: datetime) -> None:
    people = turnout.list_people(session, meeting, now)
    counted = turnout.count(people)
    said = "\n".join(
        [
            f"{meetings.say(meeting, now)}：应到 {counted.expected} 人"
            f"（有表决权 {counted.voters} 人）",
            *turnout.say_states(people),
            "“签到码”给会场屏幕用；“到会情况”随时看。",
        ]
    )
    leads = {
        each.id: each
        for each in members.secretaries(session, home(session, meeting.branch_id))
    }
    for number in (meeting.host_id, meeting.recorder_id):
        if number is not None:
            leads[number] = session.get_one(Member, number)
    for each in leads.values():
        plan = Plan(
            key=f"{meeting.topic}:{meeting.moves}:list:{each.id}",
            kind="report",
            content=Text(said),
            window=Window(now, meeting.ends),
            topic=meeting.topic,
        )
        outbox.put_to(session, plan, each.userid, each.id, now=now)


def _coming(meeting: Meeting) -> People:
    """Select who is called and has not taken leave, or comes after all."""
    taken = and_(
        Leave.state.in_((ASKED, GRANTED)), func.coalesce(Receipt.choice, "") != COMING
    )
    pressed = func.coalesce(Receipt.choice, "") == AWAY
    away = (
        select(Attendee.member_id)
        .outerjoin(
            Leave,
            (Leave.meeting_id == meeting.id) & (Leave.member_id == Attendee.member_id),
        )
        .outerjoin(
            Receipt,
            (Receipt.notice_id == meeting.notice_id)
            & (Receipt.member_id == Attendee.member_id),
        )
        .where(Attendee.meeting_id == meeting.id, or_(taken, pressed))
    )
    return (
        select(Member.id, Member.userid)
        .join(Attendee, Attendee.member_id == Member.id)
        .where(
            Attendee.meeting_id == meeting.id,
            Attendee.came_at.is_(None),
            Member.state == "active",
            Member.id.not_in(away),
        )
        .order_by(Member.id)
    )


def _put(  # noqa: PLR0913  # a letter has many words
    session: Session,
    meeting: Meeting,
    what: str,
    content: Content,
    people: People,
    at: datetime,
    until: datetime,
) -> None:
    formal = meeting.kind in FORMAL
    plan = Plan(
        key=f"{meeting.topic}:{meeting.moves}:{what}",
        kind="meeting",
        content=content,
        window=Window(at, until),
        importance=Importance.CALL if formal else Importance.NOTICE,
        topic=meeting.topic,
    )
    outbox.put(session, plan, people, now=at)
