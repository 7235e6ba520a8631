"""At the door: signing in, the paper list, who goes early, who only sits in."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from bot.branch.meetings import attendees, codes
from bot.branch.meetings.attendees import Attendee
from bot.branch.meetings.meetings import LASTS, Meeting, State
from bot.branch.people.members import Member
from bot.calendar.say import say_moment
from bot.errors import Refusal
from bot.storage.database import take

OPENS = timedelta(minutes=30)
LATE_AFTER = timedelta(minutes=5)
NOT_LISTED = "您不在“{title}”的到会名单里。列席的请告诉会务，由会务记。"


def open_to(session: Session, member_id: int, now: datetime) -> Sequence[Meeting]:
    """List the meetings that somebody may sign in to now."""
    return session.scalars(
        _open(now)
        .join(Attendee, Attendee.meeting_id == Meeting.id)
        .where(Attendee.member_id == member_id)
        .order_by(Meeting.starts_at, Meeting.id)
    ).all()


def all_open(session: Session, now: datetime) -> Sequence[Meeting]:
    """List the meetings whose door is open now, wherever."""
    return session.scalars(_open(now).order_by(Meeting.starts_at, Meeting.id)).all()


def _open(now: datetime) -> Select[Meeting]:
    open_end = Meeting.ends_at.is_(None) & (Meeting.starts_at >= now - LASTS)
    return select(Meeting).where(
        Meeting.state == State.CALLED,
        Meeting.starts_at <= now + OPENS,
        or_(Meeting.ends_at >= now, open_end),
    )


def check_open(meeting: Meeting, now: datetime) -> None:
    """Raise Refusal where nobody signs in now."""
    title = meeting.title
    if meeting.state == State.CANCELLED:
        raise Refusal(f"“{title}”已经取消了，不用签到。")
    if now < meeting.starts_at - OPENS:
        at = say_moment(meeting.starts_at, now)
        raise Refusal(f"“{title}”{at}才开，开始前 30 分钟起可以签到。")
    if meeting.state != State.CALLED or now > meeting.ends:
        raise Refusal(f"“{title}”已经散会，签不了到了。真到了会的，请会务补记。")


def sign_in(
    session: Session, meeting: Meeting, member: Member, how: str, now: datetime
) -> bool:
    """Note that somebody is there; False if that was noted. Raises Refusal."""
    check_open(meeting, now)
    row = attendees.find(session, meeting, member.id)
    if row is None:
        attendees.renew(session, meeting, now)
        row = attendees.find(session, meeting, member.id)
    if row is None:
        raise Refusal(NOT_LISTED.format(title=meeting.title))
    take(session, row)
    if row.came_at is not None and row.left_at is None:
        return False
    if row.came_at is None:
        row.came_at, row.how = now, how
        row.late = now > meeting.starts_at + LATE_AFTER
    row.left_at = None
    session.flush()
    return True


def find_by_code(found: Sequence[Meeting], said: str, now: datetime) -> Meeting | None:
    """Find the meeting whose code was said. Raises Refusal for one of minutes ago."""
    for each in found:
        if codes.is_good(each, said, now):
            return each
    if any(codes.was_good(each, said, now) for each in found):
        raise Refusal("这个签到码已经过了，屏幕上每分钟换一个，请看新的再发一次。")
    return None


def mark(
    session: Session,
    meeting: Meeting,
    people: Sequence[int],
    how: str,
    now: datetime,
) -> int:
    """Note from the paper list who was there; return how many are new.

    Their moment is the beginning: the paper does not tell it.
    """
    _must_be_changeable(session, meeting, now)
    attendees.renew(session, meeting, now)
    new = 0
    for number in people:
        row = attendees.find(session, meeting, number)
        if row is None:
            name = session.get_one(Member, number).called
            raise Refusal(
                f"{name}不在“{meeting.title}”的应到名单里。是列席的，说“{name}列席”。"
            )
        if row.came_at is None:
            row.came_at, row.how, row.late = meeting.starts_at, how, False
            new += 1
        row.left_at = None
    session.flush()
    return new


def unmark(session: Session, meeting: Meeting, number: int, now: datetime) -> bool:
    """Take back that somebody was there; False if it was not noted."""
    _must_be_changeable(session, meeting, now)
    row = attendees.find(session, meeting, number)
    if row is None or row.came_at is None:
        return False
    row.came_at = row.left_at = None
    row.how, row.late = "", False
    session.flush()
    return True


def leave_early(session: Session, meeting: Meeting, number: int, now: datetime) -> bool:
    """Note that somebody goes before the end; False if he or she was not there."""
    _must_be_changeable(session, meeting, now)
    row = attendees.find(session, meeting, number)
    if row is None or row.came_at is None or row.left_at is not None:
        return False
    row.left_at = min(now, meeting.ends)
    session.flush()
    return True


def come_again(session: Session, meeting: Meeting, number: int, now: datetime) -> bool:
    """Note that somebody who went is back; False if nobody noted that he or she went.

    What was resolved meanwhile keeps the figures of its moment.
    """
    _must_be_changeable(session, meeting, now)
    row = attendees.find(session, meeting, number)
    if row is None or row.came_at is None or row.left_at is None:
        return False
    row.left_at = None
    session.flush()
    return True


def sit_in(session: Session, meeting: Meeting, number: int, now: datetime) -> None:
    """Note that somebody of the roster only sits in: neither expected nor voting."""
    _must_be_changeable(session, meeting, now)
    row = attendees.find(session, meeting, number)
    if row is None:
        row = Attendee(meeting_id=meeting.id, member_id=number, how="", said_before="")
        row.full = False
        session.add(row)
    row.expected, row.votes = False, False
    if row.came_at is None and now >= meeting.starts_at:
        row.came_at, row.how = meeting.starts_at, "recorder"
    session.flush()


def bring_guest(session: Session, meeting: Meeting, name: str, now: datetime) -> bool:
    """Note somebody from outside the roster who sits in; False if that was noted."""
    _must_be_changeable(session, meeting, now)
    if name in meeting.observers:
        return False
    meeting.guests = {**meeting.guests, "names": [*meeting.observers, name]}
    session.flush()
    return True


def make_up(session: Session, meeting: Meeting, number: int, now: datetime) -> bool:
    """Note that an absent one has made it up (补课); counted apart from who came."""
    row = attendees.find(session, meeting, number)
    if row is None:
        raise Refusal(f"不在“{meeting.title}”的名单里，不用补课。")
    if row.came_at is not None:
        raise Refusal(f"“{meeting.title}”那天到了会，不用补课。")
    take(session, row)
    if row.made_up_at is not None:
        return False
    row.made_up_at = now
    session.flush()
    return True


def _must_be_changeable(session: Session, meeting: Meeting, now: datetime) -> None:
    take(session, meeting)
    if meeting.state == State.CANCELLED:
        raise Refusal(f"“{meeting.title}”取消了。")
    if meeting.state in (State.LOCKED, State.AWAITING_SIGNATURE):
        raise Refusal(
            f"“{meeting.title}”的记录已经送签或锁定。要改到会，先说“退回记录 原因”。"
        )
    if now < meeting.starts_at - OPENS:
        raise Refusal(f"“{meeting.title}”还没到时间，到会要等开会的时候记。")
