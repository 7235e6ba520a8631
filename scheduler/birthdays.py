"""Political-birthday greetings, with a card, once a year each."""

from datetime import datetime, timedelta
from itertools import islice

from bot.assistant.answering import Assistant
from bot.branch.birthdays import cards, greetings
from bot.calendar.quiet_hours import next_loud
from scheduler.job import Tick, job

AT_ONCE = 50
ROUNDS = 3  # while cards were drawn, somebody may have added a few words


@job("birthdays", cron="0 8,12,16 * * *", grace=timedelta(hours=14))
def greet_birthdays(tick: Tick) -> None:
    for _ in range(ROUNDS):
        if _greet_due(tick.assistant, tick.now):
            break


def _greet_due(assistant: Assistant, now: datetime) -> bool:
    """Greet whose day it is; False if somebody's greeting was changed meanwhile."""
    at = next_loud(assistant.config.quiet, now)
    greeted = 0
    with assistant.storage.read() as session:
        due = [
            (each, cards.find(session, each)) for each in greetings.due(session, now)
        ]
    rest = iter(due)
    while some := list(islice(rest, AT_ONCE)):
        # Drawing is slow: outside the transaction.
        drawn = [None if kept else cards.draw(each) for each, kept in some]
        with assistant.storage.write() as session:
            for (birthday, kept), picture in zip(some, drawn, strict=True):
                card = kept or cards.keep(session, birthday, picture, now)
                greeted += greetings.greet(session, birthday, card, now, at)
    return greeted == len(due)
