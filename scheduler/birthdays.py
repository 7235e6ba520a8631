"""Political-birthday greetings, with a card, once a year each."""

from datetime import timedelta

from bot.branch import greetings
from bot.quiet import next_loud
from scheduler.job import Tick, job


@job("birthdays", cron="0 8 * * *", grace=timedelta(hours=14))
def greet_birthdays(tick: Tick) -> None:
    assistant, now = tick.assistant, tick.now
    at = next_loud(assistant.config.quiet, now)
    with assistant.storage.read() as session:
        due = greetings.due(session, now)
    for birthday in due:
        picture = greetings.draw(birthday)  # slow: outside the transaction
        with assistant.storage.write() as session:
            greetings.greet(session, birthday, picture, now, at)
