"""The books on a real PostgreSQL, where writers do not queue: no loss, no second one.

Runs against the server of localhost if it answers; CI must have one.
"""

import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import String, cast, create_engine, func, select, text
from sqlalchemy.exc import DBAPIError, OperationalError

from bot import inbox, outbox, schema, ticks, upgrades
from bot.branch import (
    audit,
    checkins,
    hours,
    observances,
    plans,
    reminders,
    reminding,
    study,
    trainings,
)
from bot.branch.audience import Audience, select_people
from bot.branch.checkins import Study
from bot.branch.hours import Conversion, Held
from bot.branch.members import Role, grant
from bot.branch.observances import Named
from bot.branch.trainings import Recorder
from bot.branch.tree import Branch, home
from bot.branch.wishes import Wish
from bot.config import Quiet
from bot.errors import Refusal
from bot.message import Message
from bot.outbox import Outcome, People
from bot.recurrence import from_stored
from bot.rulebook.days import fixed_days
from bot.storage import Id, Moment, Storage
from tests.bot.outbox.post import START, plan
from tests.conftest import LONG_AGO, ZONE
from tests.people import enrol_everyone, find_member

SERVER = "postgresql+psycopg://postgres@localhost"
MANY = 6


@pytest.fixture(scope="module")
def server() -> Iterator[Storage]:
    admin = create_engine(f"{SERVER}/postgres", isolation_level="AUTOCOMMIT")
    name = f"xiangyang_test_{uuid4().hex}"
    try:
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
    except OperationalError:
        pytest.skip("NO POSTGRESQL ANSWERS ON LOCALHOST: ITS TESTS WERE NOT RUN")
    storage = Storage(f"{SERVER}/{name}")
    upgrades.upgrade(storage)
    with storage.write() as session:
        enrol_everyone(session, LONG_AGO)
    yield storage
    storage.close()
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


def at_once(work: Callable[[int], Any]) -> list[Any]:
    """Do it in several threads at the same moment; return what each returned."""
    together, results = Barrier(MANY), []

    def run(number: int) -> None:
        together.wait()
        results.append(work(number))

    threads = [Thread(target=run, args=(number,)) for number in range(MANY)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == MANY, "none failed"
    return results


def crowd(count: int) -> People:
    numbers = select(func.generate_series(1, count).label("n")).subquery()
    return select(cast(numbers.c.n, Id), "u" + cast(numbers.c.n, String))


def test_many_clocks_fire_a_reminder_once(server: Storage) -> None:
    with server.write() as session:
        member = find_member(session, "王芳")
        branch = session.get_one(Branch, member.branch_id)
        rule = from_stored("1 daily 09:00")
        wish = Wish("写日志", rule=rule)
        kept = reminders.keep(session, member, branch, wish, START)
        number, due = kept.id, kept.next_due
    assert due
    now = due + timedelta(days=3, minutes=5)

    def fire(_number: int) -> bool:
        with server.write() as session:
            return reminding.fire(session, number, now, Quiet())

    assert Counter(at_once(fire)) == {True: 1, False: MANY - 1}
    with server.read() as session:
        assert list(reminding.due(session, now)) == []


def test_the_migrations_make_the_tables_of_the_books(server: Storage) -> None:
    def same_type(*given: Any) -> bool | None:
        return False if isinstance(given[-1], Moment) else None

    with server.looking() as connection, warnings.catch_warnings():
        options = {"compare_type": same_type}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, schema.METADATA) == []
    schema.check(server)


def test_a_moment_of_a_job_is_taken_once(server: Storage) -> None:
    def take(_: int) -> bool:
        with server.write() as session:
            return ticks.take(session, "job", START, START)

    assert Counter(at_once(take)) == {True: 1, False: MANY - 1}


def test_a_message_is_begun_once(server: Storage) -> None:
    def begin(_: int) -> bool:
        with server.write() as session:
            return inbox.begin(session, Message("wecom", "a", "1"), START)

    assert Counter(at_once(begin)) == {True: 1, False: MANY - 1}


def test_a_key_is_put_once(server: Storage) -> None:
    def put(_: int) -> bool:
        with server.write() as session:
            now = datetime.fromtimestamp(0, ZONE)  # long past its time: never claimed
            letter = outbox.put(session, plan("once", lasts=-1), crowd(3), now=now)
            return letter is not None

    assert Counter(at_once(put)) == {True: 1, False: MANY - 1}


def test_each_is_claimed_once_whoever_claims(server: Storage) -> None:
    with server.write() as session:
        for number in range(3):
            outbox.put(session, plan(f"k{number}"), crowd(2500), now=START)

    def deliver(worker: int) -> list[tuple[int, str]]:
        mine: list[tuple[int, str]] = []
        for turn in range(100):
            with server.write() as session:
                owner = f"{worker}:{turn}"
                claim = outbox.claim_batch(session, "wecom", owner, START)
            if claim is None:
                break
            assert claim.users
            mine += [(claim.letter_id, user) for user in claim.users]
            with server.write() as session:
                outbox.settle_batch(session, claim, Outcome(), START)
        return mine

    got = Counter(who for mine in at_once(deliver) for who in mine)
    deliver(MANY)  # what the others' locks hid
    assert set(got.values()) == {1}
    with server.read() as session:
        assert outbox.unbalanced(session) == []
        assert outbox.tally_kinds(session)["notice", "delivered"] == 7500


def test_a_day_is_checked_in_once(server: Storage) -> None:
    def check_in(_: int) -> str:
        now = datetime(2026, 3, 2, 12, tzinfo=ZONE)
        try:
            with server.write() as session:
                member = find_member(session, "王芳")
                checkins.check_in(session, member, Study("学", None, None), now)
        except Refusal as refusal:
            return str(refusal)[:2]
        return "done"

    assert Counter(at_once(check_in)) == {"done": 1, "今天": MANY - 1}


def test_the_audit_is_only_added_to(server: Storage) -> None:
    with server.write() as session:
        audit.note(session, None, "members.list", START)
    for change in ("DELETE FROM audit", "UPDATE audit SET actor = ''"):
        with pytest.raises(DBAPIError, match="only added"), server.write() as session:
            session.execute(text(change))


def test_the_mornings_letters_are_put_once_by_many_clocks(server: Storage) -> None:
    due = datetime(2031, 12, 2, 8, 0, tzinfo=ZONE)
    with server.write() as session:
        author = find_member(session, "赵敏")
        branch = home(session, author.branch_id)
        grant(session, author, Role.SECRETARY, branch)
        plans.write(session, author, branch, {due.date(): "党章"}, due)
        observances.add(session, author, branch, Named("揭牌", 12, 3), due)

    def strike(_: int) -> tuple[int, int]:
        with server.write() as session:
            warned = observances.warn(session, fixed_days(), due, due)
            return study.remind(session, due, due, 7), warned

    reminded, warned = zip(*at_once(strike), strict=True)
    assert sorted(reminded)[:-1] == [0] * (MANY - 1)
    assert max(reminded) == 7
    assert (sum(warned), max(warned)) == (3, 3)  # 3, 4 and 9 December


def test_hours_are_summed_up(server: Storage) -> None:
    now = datetime(2031, 12, 2, 12, 0, tzinfo=ZONE)
    with server.write() as session:
        author = find_member(session, "赵敏")
        branch = home(session, author.branch_id)
        people = select_people(session, Audience(branch.id))
        recorder = Recorder(author, branch)
        held = Held("轮训", now.date(), 40)
        trainings.record(session, recorder, held, people, now)
        found = hours.totals(session, branch, 2031, Conversion(8, 60), (32, 56))
    assert (found.people, found.hours) == (6, 240)
