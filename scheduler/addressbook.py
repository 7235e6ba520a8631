"""Link the company's address book to the roster, every night."""

from datetime import timedelta

import structlog

from bot.branch.enrolment import addressbook
from bot.branch.enrolment.addressbook import Colleague
from bot.branch.people.members import ensure_root
from bot.calendar.quiet_hours import next_loud
from bot.channels.wecom import WeCom
from bot.errors import DeliveryError
from bot.outbox import Window
from scheduler.job import Tick, job

log = structlog.get_logger(__name__)

GOOD_FOR = timedelta(days=3)


@job("addressbook", cron="40 4 * * *", grace=timedelta(hours=6))
def link_accounts(tick: Tick) -> None:
    wecom = tick.assistant.channels.get("wecom")
    if not isinstance(wecom, WeCom):
        return
    try:
        found = wecom.contacts.people()
    except DeliveryError as error:
        log.warning("address_book_not_read", why=str(error))
        return
    people = [Colleague(each.userid, each.name) for each in found]
    with tick.assistant.storage.write() as session:
        root = ensure_root(session, tick.assistant.config.branch.name)
        done = addressbook.link_accounts(session, people, root)
        start = next_loud(tick.assistant.config.quiet, tick.now)
        window = Window(start, start + GOOD_FOR)
        addressbook.tell_secretaries(session, done.renamed, window, tick.now)
