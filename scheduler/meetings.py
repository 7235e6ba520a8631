"""Meetings: leave asked by a press, the evening before, the door, the meter, polls."""

from datetime import timedelta

from bot.branch.ballots import boxes, polls
from bot.branch.meetings import digest, letters
from bot.calendar.quiet_hours import next_loud
from bot.calendar.workdays import is_workday
from bot.errors import Refusal
from scheduler.job import Tick, job


@job("meetings", cron="*/5 * * * *", grace=timedelta(minutes=30))
def follow_meetings(tick: Tick) -> None:
    now, loud = tick.now, next_loud(tick.assistant.config.quiet, tick.now)
    with tick.assistant.storage.write() as session:
        letters.take_up(session, now)
        for leave in letters.untold(session):
            letters.ask_secretary(session, leave, now, loud)
        for meeting in letters.due_evenings(session, now):
            if loud == now:
                letters.remind(session, meeting, now, loud)
        for meeting in letters.due_doors(session, now):
            letters.open_door(session, meeting, now)


@job("frequency", cron="0 10 1-10 * *", grace=timedelta(days=2))
def tell_frequency(tick: Tick) -> None:
    """Tell the meter on the month's first working day, or soon after an outage."""
    assistant, now = tick.assistant, tick.now
    if not is_workday(now.date()):
        return
    month, at = now.date().replace(day=1), next_loud(assistant.config.quiet, now)
    with assistant.storage.write() as session:
        for secretary in digest.untold(session, month):
            digest.tell(session, secretary, month, now, at)


@job("ballots", cron="*/5 * * * *", grace=timedelta(days=1))
def close_ballots(tick: Tick) -> None:
    """Close the polls whose time is over, and tell who asked what came of them."""
    assistant, now = tick.assistant, tick.now
    with assistant.storage.write() as session:
        for poll in polls.due(session, now):
            if not polls.take_open(session, poll):
                continue  # closed meanwhile
            try:
                polls.close(session, poll, boxes.key_of(assistant.config), now)
            except Refusal as refusal:  # the key is another: nobody can open it
                polls.void(session, poll, str(refusal), now)
            loud = next_loud(assistant.config.quiet, now)
            polls.tell_author(session, poll, now, loud)
