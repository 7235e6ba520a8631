"""Chasing a notice: remind only the silent, seldom, until the deadline."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import outbox
from bot.branch.notices import corrections, notices, reach
from bot.branch.notices.notices import Desk, Notice, State
from bot.branch.notices.reach import Status
from bot.branch.people.members import Member
from bot.branch.people.tree import Branch
from bot.calendar.quiet_hours import is_quiet, next_loud
from bot.config.settings import Quiet
from bot.errors import Refusal
from bot.message import GroupText, Text
from bot.outbox import Importance, Plan, Window
from bot.storage.database import take
from bot.text.accounts import is_account

NOT_AWAITED = "最近的通知都不在等他们回复：回复过了，或者没有发给他们。没有催。"
GOOD_FOR = timedelta(hours=4)
OPEN_FOR = timedelta(days=3)  # of several notices, those that 催一下 may mean
CHASE_BEFORE = timedelta(hours=3)  # before the deadline
CHASE_AFTER = timedelta(hours=2)  # after it went out: nobody is chased at once
LEAST_LEFT = timedelta(hours=1)  # to answer in, once reminded
EVENING = timedelta(hours=1)  # before the quiet hours
LONGEST_LEAD = timedelta(days=1)
REPORT_WITHIN = timedelta(days=2)


@dataclass(frozen=True)
class Whom:
    """people: their numbers. every: how long after a reminder the next may go."""

    people: Collection[int]
    every: timedelta


@dataclass(frozen=True)
class _Manner:
    """only: these people alone, where any are named."""

    importance: Importance = Importance.NOTICE
    only: Collection[int] = ()


USUAL = _Manner()


NAMES_SHOWN = 30


def nudge(
    session: Session, notice: Notice, desk: Desk, every: timedelta, now: datetime
) -> int:
    """Remind who got the notice and has not acknowledged it; return how many.

    Raises Refusal when it is too soon, past the deadline, or nobody is silent.
    """
    _may_nudge(session, notice, every, now)
    told = _remind(session, notice, desk, now)
    if not told:
        raise Refusal(nobody_silent(session, notice))
    return told


def nudge_some(
    session: Session, notice: Notice, desk: Desk, whom: Whom, now: datetime
) -> int:
    """Remind some people alone; return how many of them. Raises as `nudge` does."""
    _may_nudge(session, notice, whom.every, now)
    told = _remind(session, notice, desk, now, _Manner(only=whom.people))
    if not told:
        raise Refusal(NOT_AWAITED)
    return told


def nobody_silent(session: Session, notice: Notice) -> str:
    """Say why there is nobody to chase: all answered, or it has not arrived yet."""
    under_way = outbox.tally_topic(session, notice.topic).pending
    if under_way:
        return f"还有 {under_way} 人的在路上，送到了的都已回复。过一会儿再催。"
    return "收到通知的人都已回复，不用催。"


def _window(notice: Notice, now: datetime) -> Window:
    """Say how long a reminder is good: not past the deadline."""
    good_until = now + GOOD_FOR
    return Window(now, min(good_until, notice.deadline or good_until))


def _may_nudge(
    session: Session, notice: Notice, every: timedelta, now: datetime
) -> None:
    take(session, notice)
    if notice.state == State.WITHDRAWN:
        raise Refusal(f"“{notice.title}”已经撤回，不用催了。")
    if notice.deadline and now > notice.deadline:
        raise Refusal(f"“{notice.title}”已过了截止时间，不再催了。")
    last = _last_nudge(session, notice)
    if last and now - last < every:
        at = last.astimezone(now.tzinfo)
        hours = every.total_seconds() / 3600
        raise Refusal(f"{at:%H:%M} 刚催过，{hours:g} 小时内不再催，免得打扰大家。")


def _last_nudge(session: Session, notice: Notice) -> datetime | None:
    """Tell when somebody was last reminded in a notice's matter."""
    every = corrections.versions(session, notice)
    return max((each.nudged_at for each in every if each.nudged_at), default=None)


def _silent_accounts(session: Session, notice: Notice) -> list[str]:
    """List the WeCom accounts of who got the notice and has not acknowledged it."""
    rows = session.execute(reach.silent_people(notice)).all()
    return [account for _, account in rows if account and is_account(account)]


def call_in_groups(
    session: Session,
    notice: Notice,
    groups: Sequence[str],
    every: timedelta,
    now: datetime,
) -> int:
    """Have the group robots @ the silent; return how many are called.

    Raises Refusal when it is too soon, past the deadline, or nobody is silent.
    """
    _may_nudge(session, notice, every, now)
    accounts = _silent_accounts(session, notice)
    if not accounts:
        raise Refusal(nobody_silent(session, notice))
    for name in groups:
        plan = Plan(
            key=f"call:{notice.id}:{notice.nudges + 1}:{name}",
            kind="nudge",
            content=GroupText(
                f"还没回复“{notice.title}”的同志，请看一下。", tuple(accounts)
            ),
            window=_window(notice, now),
            importance=Importance.NOTICE,
            channel="robot",
            topic=f"{notice.topic}:robot",
        )
        outbox.put_to(session, plan, name, None, now=now)
    notice.nudged_at, notice.nudges = now, notice.nudges + 1
    session.flush()
    return len(accounts)


def is_silent(session: Session, notice: Notice, people: Collection[int]) -> bool:
    """Tell whether one of some people got a notice and owes an answer to it."""
    silent = reach.silent_people(notice).where(Member.id.in_(people))
    return session.execute(silent.limit(1)).first() is not None


def open_to_nudge(
    session: Session, found: Sequence[Notice], now: datetime
) -> list[Notice]:
    """List whose silent may be meant when it is not said whose: of the last days."""
    return [
        each
        for each in corrections.fold(found, now)
        if each.goes_at > now - OPEN_FOR
        and not (each.deadline and now > each.deadline)
        and session.execute(reach.silent_people(each).limit(1)).first()
    ]


def chase_time(quiet: Quiet, goes_at: datetime, deadline: datetime) -> datetime | None:
    """Tell when the silent are reminded; None: there is no time for it.

    Three hours before a local deadline, or as soon after the night; where the deadline
    is at night, in the evening before.
    """
    at = next_loud(quiet, max(deadline - CHASE_BEFORE, goes_at + CHASE_AFTER))
    if at > deadline - LEAST_LEFT:
        at = _evening_before(quiet, deadline)
    return at if goes_at + CHASE_AFTER <= at <= deadline - LEAST_LEFT else None


def _evening_before(quiet: Quiet, deadline: datetime) -> datetime:
    starts = quiet.starts
    night = deadline.replace(
        hour=starts.hour, minute=starts.minute, second=0, microsecond=0
    )
    return (night if night <= deadline else night - timedelta(days=1)) - EVENING


def due_chases(session: Session, quiet: Quiet, now: datetime) -> list[Notice]:
    """List the notices whose silent are to be reminded now and were not yet."""
    near = session.scalars(
        select(Notice)
        .where(
            Notice.state == State.SENT,
            Notice.deadline > now,
            Notice.deadline <= now + LONGEST_LEAD,
            Notice.chased_at.is_(None),
            Notice.goes_at <= now - CHASE_AFTER,
        )
        .order_by(Notice.deadline, Notice.id)
    ).all()
    loud = not is_quiet(quiet, now)
    due = [each for each in near if loud and _is_due(quiet, each, now)]
    return [each for each in due if not _is_seen_to(session, each, now)]


def _is_seen_to(session: Session, notice: Notice, now: datetime) -> bool:
    """Tell whether another version stands, or reminded before the same deadline."""
    return corrections.corrected_by(session, notice, now) is not None or any(
        each.chased_at and each.deadline == notice.deadline
        for each in corrections.versions(session, notice)
    )


def _is_due(quiet: Quiet, notice: Notice, now: datetime) -> bool:
    if notice.deadline is None:
        return False
    zone = now.tzinfo
    at = chase_time(
        quiet, notice.goes_at.astimezone(zone), notice.deadline.astimezone(zone)
    )
    return at is not None and at <= now


def chase(session: Session, notice: Notice, desk: Desk, now: datetime) -> int:
    """Remind the silent once by ourselves; not if a person has just done it."""
    take(session, notice)
    if notice.chased_at or notice.state != State.SENT:
        return 0
    notice.chased_at = now
    last = _last_nudge(session, notice)
    recently = last and now - last < CHASE_BEFORE
    if recently:
        return 0
    return _remind(session, notice, desk, now, _Manner(Importance.ROUTINE))


def to_be_chased(
    session: Session, found: Sequence[Notice], quiet: Quiet, now: datetime
) -> list[Notice]:
    """List whose silent are still to be reminded by ourselves, before the deadline."""
    return [
        each
        for each in open_to_nudge(session, found, now)
        if each.deadline
        and each.state == State.SENT
        and each.chased_at is None
        and not _is_seen_to(session, each, now)
        and _has_chase(quiet, each, now)
    ]


def _has_chase(quiet: Quiet, notice: Notice, now: datetime) -> bool:
    if notice.deadline is None:
        return False
    goes_at = notice.goes_at.astimezone(now.tzinfo)
    return (
        chase_time(quiet, goes_at, notice.deadline.astimezone(now.tzinfo)) is not None
    )


def leave_silent(session: Session, notice: Notice, now: datetime) -> None:
    """Have the silent not reminded by ourselves; a person still may."""
    take(session, notice)
    notice.chased_at = notice.chased_at or now
    session.flush()


def due_reports(session: Session, now: datetime) -> Sequence[Notice]:
    """List the notices past their deadline whose result was not told."""
    past = session.scalars(
        select(Notice)
        .where(
            Notice.state == State.SENT,
            Notice.deadline <= now,
            Notice.deadline > now - REPORT_WITHIN,
            Notice.reported_at.is_(None),
        )
        .order_by(Notice.deadline, Notice.id)
    ).all()
    return [each for each in past if not corrections.corrected_by(session, each, now)]


def report(session: Session, notice: Notice, goes_at: datetime, now: datetime) -> None:
    """Tell the author how a notice ended, at a time that is not quiet."""
    take(session, notice)
    if notice.reported_at or notice.state != State.SENT:
        return
    notice.reported_at = now
    author = session.get_one(Member, notice.author_id)
    silent = reach.silent(session, notice, NAMES_SHOWN)
    figures = in_words(reach.status(session, notice), author, now)
    text = f"“{notice.title}”已截止。\n{figures}"
    if silent.number:
        text += f"\n没有回复：{silent}"
    plan = Plan(
        key=f"report:{notice.topic}",
        kind="report",
        content=Text(text),
        window=Window(goes_at, goes_at + REPORT_WITHIN),
    )
    outbox.put_to(session, plan, author.userid, author.id, now=now)
    session.flush()


def in_words(status: Status, reader: Member, now: datetime) -> str:
    """Put the figures of a notice in words; they always add up."""
    tally = status.tally
    own = reader.id == status.notice.author_id
    aside = (
        f"（不含{'您' if own else '发通知的人'}自己）" if status.author_aside else ""
    )
    text = (
        f"计划 {tally.planned} 人：送达 {tally.delivered}，未送达 {tally.refused}，"
        f"{say_pending(status, now)}；已回复 {status.acknowledged}{aside}"
    )
    text += f"，打开看过还没回复 {status.opened}。" if status.opened else "。"
    if status.gone:
        text += f"另有 {status.gone} 人没有回复就离开了支部，不再等。"
    if status.notice.asking:
        answers = status.notice.answers
        counts = [f"{each} {status.choices.get(each, 0)}" for each in answers]
        text += f"\n{'，'.join(counts)}"
    return text


def say_pending(status: Status, now: datetime) -> str:
    """Say how many are still to get it: what has not begun to go is not going."""
    number = status.tally.pending - status.kept_back
    word = "发送中" if corrections.is_out(status.notice, now) else "待发"
    kept = f"，等免打扰结束 {status.kept_back}" if status.kept_back else ""
    return f"{word} {number}{kept}"


def desk_of(session: Session, notice: Notice, public_url: str) -> Desk:
    author = session.get_one(Member, notice.author_id)
    return Desk(author, session.get_one(Branch, notice.branch_id), public_url)


def _remind(
    session: Session, notice: Notice, desk: Desk, now: datetime, manner: _Manner = USUAL
) -> int:
    """Put the reminder for the silent, all or some of them; return to how many."""
    silent = reach.silent_people(notice)
    if manner.only:
        silent = silent.where(Member.id.in_(manner.only))
    face = corrections.show_face(session, notice, now, "请回复")
    told = 0
    for plain in (False, True):
        plan = Plan(
            key=f"nudge:{notice.id}:{notice.nudges + 1}:{'text' if plain else 'card'}",
            kind="nudge",
            content=notices.write(notice, desk, face, now, plain=plain),
            window=_window(notice, now),
            importance=manner.importance,
            topic=f"{notice.topic}:nudge",
        )
        people = silent.where(Member.plain.is_(plain))
        letter = outbox.put(session, plan, people, now=now)
        told += letter.planned if letter else 0
    if told:
        notice.nudged_at, notice.nudges = now, notice.nudges + 1
    session.flush()
    return told
