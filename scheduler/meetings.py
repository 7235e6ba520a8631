"""Meetings: leave asked by a press, the evening before, the door, the monthly meter."""

from datetime import timedelta

from bot.branch.meetings import letters
from bot.calendar.quiet_hours import next_loud
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
