"""Political-birthday greetings, with a card, once a year each."""

from datetime import timedelta
from itertools import islice

from bot.branch import birthday_cards, greetings
from bot.quiet import next_loud
from scheduler.job import Tick, job

AT_ONCE = 50


@job("birthdays", cron="0 8,12,16 * * *", grace=timedelta(hours=14))
def greet_birthdays(tick: Tick) -> None:
    assistant, now = tick.assistant, tick.now
    at = next_loud(assistant.config.quiet, now)
    with assistant.storage.read() as session:
        due = [
            (each, birthday_cards.find(session, each))
            for each in greetings.due(session, now)
        ]
    rest = iter(due)
    while some := list(islice(rest, AT_ONCE)):
        # Drawing is slow: outside the transaction.
        drawn = [None if kept else birthday_cards.draw(each) for each, kept in some]
        with assistant.storage.write() as session:
            for (birthday, kept), picture in zip(some, drawn, strict=True):
                card = kept or birthday_cards.keep(session, birthday, picture, now)
                greetings.greet(session, birthday, card, now, at)
