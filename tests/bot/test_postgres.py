"""The books on a real PostgreSQL, where writers do not queue: no loss, no second one.

Runs against the server of localhost if it answers; CI must have one.
"""

import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import String, cast, event, func, insert, literal, select, text
from sqlalchemy.exc import DBAPIError

from bot import outbox
from bot.branch.birthdays import greetings
from bot.branch.duties import observances
from bot.branch.duties.observances import NamedDay
from bot.branch.people import audit
from bot.branch.people.audience import Audience, select_people
from bot.branch.people.members import (
    Grant,
    Member,
    Role,
    add_member,
    ensure_root,
    grant,
)
from bot.branch.people.tree import Branch, home, plant
from bot.branch.reminders import reminders, send
from bot.branch.reminders.draft import ReminderDraft
from bot.branch.study import checkins, hours, plans, trainings
from bot.branch.study import reminder as study
from bot.branch.study.checkins import CheckIn, Study
from bot.branch.study.hours import Conversion, Lesson
from bot.branch.study.trainings import Recorder
from bot.calendar.recurrence import from_stored
from bot.config.load import make_config
from bot.config.settings import Quiet
from bot.delivery.wake import Engine
from bot.errors import Refusal, StorageError
from bot.inbox import answered
from bot.maintenance import schema, upgrade
from bot.message import Message
from bot.outbox import Outcome, People
from bot.outbox.rations import sated_users
from bot.rulebook.days import fixed_days
from bot.storage import ticks
from bot.storage.database import Id, Moment, Storage
from bot.storage.prepared import Prepared
from server.setup.open_database import open_storage
from server.setup.wiring import build_assistant
from tests.bot.outbox.post import START, plan
from tests.conftest import LONG_AGO, ZONE
from tests.databases import Server
from tests.people import enrol_everyone, find_member

pytestmark = pytest.mark.thorough

MANY = 6


@pytest.fixture(scope="module")
def storage(server: Server) -> Iterator[Storage]:
    with server.lent() as address:
        storage = Storage(address)
        upgrade.upgrade(storage)
        with storage.write() as session:
            enrol_everyone(session, LONG_AGO)
        yield storage
        storage.close()


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


def test_many_clocks_fire_a_reminder_once(storage: Storage) -> None:
    with storage.write() as session:
        member = find_member(session, "王芳")
        branch = session.get_one(Branch, member.branch_id)
        rule = from_stored("1 daily 09:00")
        wish = ReminderDraft("写日志", rule=rule)
        kept = reminders.keep(session, member, branch, wish, START)
        number, due = kept.id, kept.next_due
    assert due
    now = due + timedelta(days=3, minutes=5)

    def fire(_number: int) -> bool:
        with storage.write() as session:
            return send.fire(session, number, now, Quiet())

    assert Counter(at_once(fire)) == {True: 1, False: MANY - 1}
    with storage.read() as session:
        assert list(send.due(session, now, own=True)) == []


def test_the_migrations_make_the_tables_of_the_books(storage: Storage) -> None:
    def same_type(*given: Any) -> bool | None:
        return False if isinstance(given[-1], Moment) else None

    with storage.looking() as connection, warnings.catch_warnings():
        options = {"compare_type": same_type}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, schema.METADATA) == []
    schema.check(storage)


def test_a_moment_of_a_job_is_taken_once(storage: Storage) -> None:
    def take(_: int) -> bool:
        with storage.write() as session:
            return ticks.take(session, "job", START, START)

    assert Counter(at_once(take)) == {True: 1, False: MANY - 1}


def test_a_message_is_answered_once(storage: Storage) -> None:
    def answer(_: int) -> bool:
        with storage.write() as session:
            message = Message("wecom", "a", "1")
            return answered.remember(session, message, None, START)

    assert Counter(at_once(answer)) == {True: 1, False: MANY - 1}


def test_a_key_is_put_once(storage: Storage) -> None:
    def put(_: int) -> bool:
        with storage.write() as session:
            now = datetime.fromtimestamp(0, ZONE)  # long past its time: never claimed
            letter = outbox.put(session, plan("once", lasts=-1), crowd(3), now=now)
            return letter is not None

    assert Counter(at_once(put)) == {True: 1, False: MANY - 1}


def test_each_is_claimed_once_whoever_claims(storage: Storage) -> None:
    with storage.write() as session:
        for number in range(3):
            outbox.put(session, plan(f"k{number}"), crowd(2500), now=START)

    def deliver(worker: int) -> list[tuple[int, str]]:
        mine: list[tuple[int, str]] = []
        for turn in range(100):
            with storage.write() as session:
                owner = f"{worker}:{turn}"
                claim = outbox.claim_batch(session, "wecom", owner, START)
            if claim is None:
                break
            assert claim.users
            mine += [(claim.letter_id, user) for user in claim.users]
            with storage.write() as session:
                outbox.settle_batch(session, claim, Outcome(), START)
        return mine

    got = Counter(who for mine in at_once(deliver) for who in mine)
    deliver(MANY)  # what the others' locks hid
    assert set(got.values()) == {1}
    with storage.read() as session:
        assert outbox.unbalanced(session) == []
        assert outbox.tally_kinds(session)["notice", "delivered"] == 7500


def test_a_day_is_checked_in_once(storage: Storage) -> None:
    def check_in(_: int) -> str:
        now = datetime(2026, 3, 2, 12, tzinfo=ZONE)
        try:
            with storage.write() as session:
                member = find_member(session, "王芳")
                checkins.check_in(session, member, Study("学", None, None), now)
        except Refusal as refusal:
            return str(refusal)[:2]
        return "done"

    assert Counter(at_once(check_in)) == {"done": 1, "今天": MANY - 1}


def test_a_nul_in_a_text_is_left_out(storage: Storage) -> None:
    """A terminal or a damaged file sends one; SQLite keeps it, PostgreSQL cannot."""
    with storage.write() as session:
        branch = plant(session, "外语\0党支部")
        number = add_member(session, "新\0来", branch, START).id
    with storage.read() as session:
        member = session.get_one(Member, number)
        names = (member.name, session.get_one(Branch, member.branch_id).name)
    assert names == ("新来", "外语党支部")


def test_a_restarted_server_costs_one_try_at_most(server: Server) -> None:
    """All connections that rested are dead then; the first to notice says so."""
    with server.lent() as address:
        storage = Storage(address)
        together = Barrier(MANY)

        def look(_: int) -> None:
            with storage.read() as session:
                session.execute(text("SELECT 1"))
                together.wait()

        at_once(look)
        assert server.hang_up(address) == MANY
        assert [_tries(storage) for _ in range(MANY)].count(False) <= 1
        storage.close()


def _tries(storage: Storage) -> bool:
    one = Prepared(select(literal(1)))
    try:
        with storage.write() as session:
            one.first(session)
    except StorageError:
        return False
    return True


def test_the_audit_is_only_added_to(storage: Storage) -> None:
    with storage.write() as session:
        audit.note(session, None, "members.list", START)
    for change in ("DELETE FROM audit", "UPDATE audit SET actor = ''"):
        with pytest.raises(DBAPIError, match="only added"), storage.write() as session:
            session.execute(text(change))


def test_the_mornings_letters_are_put_once_by_many_clocks(storage: Storage) -> None:
    due = datetime(2031, 12, 2, 8, 0, tzinfo=ZONE)
    with storage.write() as session:
        author = find_member(session, "赵敏")
        branch = home(session, author.branch_id)
        grant(session, author, Role.SECRETARY, branch)
        plans.write(session, author, branch, {due.date(): "党章"}, due)
        observances.add(session, author, branch, NamedDay("揭牌", 12, 3), due)

    def strike(_: int) -> tuple[int, int]:
        with storage.write() as session:
            warned = observances.warn(session, fixed_days(), due, due)
            return study.remind(session, due, due), warned

    reminded, warned = zip(*at_once(strike), strict=True)
    assert sorted(reminded)[:-1] == [0] * (MANY - 1)
    assert max(reminded) == 7
    assert (sum(warned), max(warned)) == (3, 3)  # 3, 4 and 9 December


def test_hours_are_summed_up(storage: Storage) -> None:
    now = datetime(2031, 12, 2, 12, 0, tzinfo=ZONE)
    with storage.write() as session:
        author = find_member(session, "赵敏")
        branch = home(session, author.branch_id)
        people = select_people(session, Audience(branch.id))
        recorder = Recorder(author, branch)
        held = Lesson("轮训", now.date(), 40)
        trainings.record(session, recorder, held, people, now)
        found = hours.totals(session, branch, 2031, Conversion(8, 60), (32, 56))
    assert (found.people, found.hours) == (6, 240)


def test_processes_that_start_at_once_start_one_branch(server: Server) -> None:
    """On an empty database: the tables, the root and the secretary are made once."""
    with server.lent() as address:
        settings = {"database": {"url": address}, "branch": {"secretaries": ["s"]}}
        config = make_config(settings)

        def start(_: int) -> None:
            storage = open_storage(config)
            Engine(config.engine.address, storage).stop()
            build_assistant(config, storage=storage, hears=False)
            storage.close()

        at_once(start)
        storage = Storage(address)
        with storage.read() as session:
            assert session.scalar(select(func.count(Branch.id))) == 1
            assert session.scalar(select(func.count(Grant.id))) == 1
        storage.close()


def test_a_prepared_statement_that_fails_quotes_no_row(storage: Storage) -> None:
    study = Study("心里话", None, None)
    with storage.write() as session:
        member = find_member(session, "李伟")
        checkins.check_in(session, member, study, START)
        columns = ("member_id", "day", "nth", "at", "streak", "note")
        again = Prepared(insert(CheckIn).inline(), columns)
        same = dict(
            zip(columns, (member.id, START.date(), 1, START, 1, "心里话"), strict=True)
        )
    with pytest.raises(DBAPIError) as error, storage.write() as session:
        again.run(session, **same)
    assert "DETAIL" not in f"{error.value}{error.value.orig}"
    assert "check_in" in str(error.value)


def test_a_reader_sees_one_state(storage: Storage) -> None:
    with storage.read() as session:
        before = session.scalar(select(func.count(Branch.id)))
        with storage.write() as other:
            plant(other, "后来的支部")
        assert session.scalar(select(func.count(Branch.id))) == before


def test_singles_are_claimed_once_and_within_the_ration(storage: Storage) -> None:
    """Forty letters to one person, six who deliver: thirty go this minute."""
    with storage.write() as session:
        for number in range(40):
            outbox.put_to(session, plan(f"s{number}"), "solo", None, now=START)

    def claim(worker: int) -> list[int]:
        mine: list[int] = []
        for turn in range(40):
            with storage.write() as session:
                outbox.await_turn(session, "wecom")
                owner = f"{worker}:{turn}"
                claims = outbox.claim_singles(session, "wecom", owner, START)
            if not claims:
                break
            mine += [each.letter_id for each in claims if each.users == ("solo",)]
        return mine

    got = Counter(letter for mine in at_once(claim) for letter in mine)
    assert set(got.values()) == {1}
    assert len(got) == 30


def test_rations_ask_for_theirs_also_of_tables_just_filled(server: Server) -> None:
    """Before the first ANALYZE the planner would go through everybody's batches."""
    with server.lent() as address:
        storage = Storage(address)
        upgrade.upgrade(storage)
        with storage.write() as session:
            for fill in JUST_FILLED:
                session.execute(text(fill))
        asked: list[tuple[str, Any]] = []

        def hear(*call: Any) -> None:
            asked.append((call[2], call[3]))

        event.listen(storage.engine, "before_cursor_execute", hear)
        with storage.read() as session:
            assert sated_users(session, "wecom", ["u1", "u2"], START) == set()
            statement, values = asked[-1]
            explain = f"EXPLAIN {statement}"
            plan = session.connection().exec_driver_sql(explain, values).all()
        storage.close()
    assert "batch" in statement
    assert "ix_recipient_batch_id" not in str(plan)


def test_birthdays_are_searched_for_in_the_index(server: Server) -> None:
    with server.lent() as address:
        storage = Storage(address)
        upgrade.upgrade(storage)
        with storage.write() as session:
            branch = ensure_root(session, "第一党支部").id
            session.execute(text(MANY_MEMBERS), {"branch": branch})
            session.execute(text("ANALYZE member"))
        asked: list[tuple[str, Any]] = []

        def hear(*call: Any) -> None:
            asked.append((call[2], call[3]))

        event.listen(storage.engine, "before_cursor_execute", hear)
        with storage.read() as session:
            assert len(greetings.due(session, START)) == 8 * 10
            statement, values = asked[0]
            explain = f"EXPLAIN {statement}"
            plan = session.connection().exec_driver_sql(explain, values).all()
        storage.close()
    assert "ix_member_joined_day" in str(plan)
    assert "Seq Scan on member" not in str(plan)


MANY_MEMBERS = """
INSERT INTO member (name, branch_id, category, joined, joined_day, state, greeted,
                    plain, added_at)
SELECT 'm' || n, :branch, '正式党员', day, extract(month from day) * 100
       + extract(day from day), 'active', true, false, '2020-01-01'
FROM (SELECT n, DATE '2011-01-01' + n % 365 AS day FROM generate_series(1, 3650) n) of
"""
JUST_FILLED = (
    "ALTER TABLE recipient SET (autovacuum_enabled = false)",
    "ALTER TABLE batch SET (autovacuum_enabled = false)",
    "INSERT INTO letter (id, key, kind, channel, body, created_at, not_before,"
    " not_after, importance, planned, unclaimed)"
    " VALUES (1, 'k', 'notice', 'wecom', '{}', now(), now(), now(), 1, 0, 0)",
    "INSERT INTO batch (id, letter_id, channel, owner, claimed_at, claimed_until,"
    " next_try, attempts, done) SELECT n, 1, 'wecom', 'o', '2099-01-01', now(), now(),"
    " 1, true FROM generate_series(1, 3000) n",
    'INSERT INTO recipient (letter_id, "user", state, batch_id, settled_at)'
    " SELECT 1, 'u' || n, 'delivered', n % 3000, '2099-01-01'"
    " FROM generate_series(1, 20000) n",
)
