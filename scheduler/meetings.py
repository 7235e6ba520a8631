"""Meetings: leave asked by a press, the evening before, the door, the meter, polls."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.branch.ballots import boxes, letters, polls, voting
from bot.branch.ballots.boxes import BoxLocked
from bot.branch.meetings import digest, leave_letters, life, upcoming
from bot.branch.meetings import letters as calls
from bot.calendar.quiet_hours import next_loud
from bot.calendar.recurrence.stretches import add_months
from bot.calendar.workdays import is_workday
from scheduler.job import Tick, job


def next_meeting(session: Session, tick: Tick) -> datetime | None:
    return upcoming.next_due(session, tick.now)


@job("meetings", cron="*/5 * * * *", grace=timedelta(minutes=30), next_due=next_meeting)
def follow_meetings(tick: Tick) -> None:
    now, loud = tick.now, next_loud(tick.assistant.config.quiet, tick.now)
    with tick.assistant.storage.write() as session:
        leave_letters.take_up(session, now)
        for leave in leave_letters.untold(session):
            leave_letters.ask_secretary(session, leave, now, loud)
        life.follow(session, now, loud)
        for meeting in calls.due_evenings(session, now):
            if loud == now:
                calls.remind(session, meeting, now, loud)
        for meeting in calls.due_doors(session, now):
            calls.open_door(session, meeting, now)


@job("frequency", cron="0 10 1-10 * *", grace=timedelta(days=2))
def tell_frequency(tick: Tick) -> None:
    """Tell how the month before ended, on the first working day or after an outage.

    So December is told too, and with it the whole of its year.
    """
    assistant, now = tick.assistant, tick.now
    if not is_workday(now.date()):
        return
    month = add_months(tick.due.date().replace(day=1), -1)
    at = next_loud(assistant.config.quiet, now)
    with assistant.storage.write() as session:
        for secretary in digest.untold(session, month):
            digest.tell(session, secretary, month, now, at)


def next_ballot(session: Session, _tick: Tick) -> datetime | None:
    return polls.next_due(session)


@job("ballots", cron="*/5 * * * *", grace=timedelta(days=1), next_due=next_ballot)
def close_ballots(tick: Tick) -> None:
    """Close the polls whose time is over, and tell who asked what came of them."""
    assistant, now = tick.assistant, tick.now
    with assistant.storage.write() as session:
        for poll in polls.due(session, now):
            if not voting.take_open(session, poll):
                continue  # closed meanwhile
            loud = next_loud(assistant.config.quiet, now)
            try:
                voting.close(session, poll, boxes.keys_of(assistant.config), now)
            except BoxLocked as locked:  # tried again until the key is there
                letters.tell_locked(session, poll, str(locked), now, loud)
            else:
                letters.tell_author(session, poll, now, loud)
