"""Delivery through the twin: each fault, and one copy on every phone at the end."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from subprocess import PIPE, Popen, TimeoutExpired
from sys import executable
from threading import Barrier, Event, Thread
from typing import Any

import pytest
from sqlalchemy import select

from bot import outbox
from bot.channels.wecom import WeCom
from bot.config.settings import Config
from bot.delivery.deliver import Delivery
from bot.message import Text
from bot.outbox import Batch, Outcome, Plan, Recipient, Window
from bot.outbox.claims import CLAIM_LASTS, UNCERTAIN
from bot.outbox.settlement import STALE
from bot.storage.database import Storage
from server.twin.people import Member as Colleague
from server.twin.world import World
from tests.bot.outbox.post import people
from tests.fakes.clock import FakeClock

SEND = "message/send"
ROOT = Path(__file__).parents[3]


def channel(config: Config, storage: Storage, clock: FakeClock) -> WeCom:
    assert config.wecom is not None
    return WeCom(config.wecom, storage, clock)


@dataclass
class Office:
    """A deliverer with its outbox, clock and the twin's phones."""

    storage: Storage
    clock: FakeClock
    world: World
    delivery: Delivery

    def put(self, *users: str, key: str = "k", lasts: float = 86400) -> int:
        window = Window(self.clock.now(), self.clock.now() + timedelta(seconds=lasts))
        plan = Plan(key, "notice", Text(f"words of {key}"), window)
        with self.storage.write() as session:
            letter = outbox.put(session, plan, people(users), now=self.clock.now())
            assert letter is not None
            return letter.id

    def after(self, **span: float) -> int:
        """Let time pass, and deliver what is due then."""
        self.clock.wait(**span)
        return self.delivery.deliver_all()

    def fates(self, letter_id: int = 1) -> set[tuple[str | None, str, str | None]]:
        with self.storage.read() as session:
            found = outbox.tally(session, letter_id)
            assert outbox.unbalanced(session) == []
            rows = session.execute(
                select(Recipient.user, Recipient.state, Recipient.reason).where(
                    Recipient.letter_id == letter_id
                )
            )
            fates = {(user, state, reason) for user, state, reason in rows}
        assert found.planned == found.delivered + found.refused + found.pending
        return fates

    def copies(self, userid: str) -> int:
        return len(self.world.phone(userid).pushed())

    def is_pending(self) -> bool:
        return {state for _, state, _ in self.fates()} == {"pending"}

    def is_delivered(self) -> bool:
        return {state for _, state, _ in self.fates()} == {"delivered"}


@pytest.fixture
def office(
    config: Config, storage: Storage, clock: FakeClock, world: World
) -> Iterator[Office]:
    wecom = channel(config, storage, clock)
    yield Office(storage, clock, world, Delivery(storage, clock, {"wecom": wecom}))
    wecom.client._http.close()


def test_delivered(office: Office) -> None:
    office.put("wangfang", "liwei")
    assert office.delivery.is_due()
    assert office.delivery.deliver_all() == 1
    assert not office.delivery.is_due()
    assert office.is_delivered()
    assert (office.copies("wangfang"), office.copies("liwei")) == (1, 1)


def test_nothing_is_due(office: Office) -> None:
    assert not office.delivery.is_due()
    assert not office.delivery.deliver_next()


# --- each fault, and then the twin is well again


def test_an_expired_token_is_renewed_at_once(office: Office) -> None:
    office.put("wangfang")
    office.world.faults.add(SEND, "expire_token")
    office.after()
    assert office.is_delivered()
    assert office.copies("wangfang") == 1
    assert office.world.tokens.fetched == 2


@pytest.mark.parametrize(
    ("fault", "pause"),
    [
        ({"kind": "errcode", "code": -1}, 5),
        ({"kind": "errcode", "code": 45009}, 60),
        ({"kind": "errcode", "code": 301022}, 5),
        ({"kind": "http", "status": 502}, 5),
        ({"kind": "reset_before"}, 5),
        ({"kind": "reset_after"}, 5),
    ],
)
def test_a_passing_fault(office: Office, fault: dict[str, Any], pause: int) -> None:
    office.put("wangfang", "liwei")
    office.world.faults.add(SEND, **fault)
    office.after()
    assert office.is_pending()
    office.after(seconds=pause - 0.1)
    assert office.is_pending(), "not before the platform's pause is over"
    office.after(seconds=10)
    assert office.is_delivered()
    assert (office.copies("wangfang"), office.copies("liwei")) == (1, 1)


def test_an_answer_that_does_not_come(office: Office) -> None:
    office.put("wangfang")
    office.world.faults.add(SEND, "slow", seconds=30)
    wecom = office.delivery.channels["wecom"]
    assert isinstance(wecom, WeCom)
    wecom.client.timeout = (1, 0.3)
    office.after()
    assert office.is_pending()
    office.after(seconds=5)
    assert office.is_delivered()
    assert office.copies("wangfang") == 1


def test_some_are_out_of_range(office: Office) -> None:
    office.world.add_member(Colleague("free", "无证", licensed=False))
    office.put("wangfang", "Nobody", "free")
    office.after()
    assert {(user, state) for user, state, _ in office.fates()} == {
        ("wangfang", "delivered"),
        ("Nobody", "refused"),
        ("free", "refused"),
    }
    reasons = {user: reason for user, _, reason in office.fates()}
    assert "可见范围" in str(reasons["Nobody"])
    assert "许可" in str(reasons["free"])


@pytest.mark.parametrize("code", [81013, 40003, 40201, 60111])
def test_a_refusal_for_good(office: Office, code: int) -> None:
    office.put("wangfang", "liwei")
    office.world.faults.add(SEND, "errcode", code=code, times=None)
    office.after()
    assert {state for _, state, _ in office.fates()} == {"refused"}
    assert all(str(code) in str(reason) for _, _, reason in office.fates())
    assert office.after(hours=1) == 0
    assert office.world.calls[SEND] == 1


def test_nobody_of_all_is_known(office: Office) -> None:
    office.put("nobody", "nemo")
    office.after()
    assert all(str(reason).endswith("（81013）") for _, _, reason in office.fates())


@pytest.mark.parametrize("code", [60020, 40001])
def test_a_misconfiguration_waits_for_a_person(office: Office, code: int) -> None:
    office.put("wangfang", lasts=7 * 86400)
    office.world.faults.add(SEND, "errcode", code=code, times=None)
    office.after()
    tries = office.world.calls[SEND]
    office.after(minutes=9)
    assert office.world.calls[SEND] == tries, "asked seldom"
    for _ in range(12):
        office.after(minutes=30)
    assert office.is_pending()
    assert office.world.calls[SEND] <= tries * 13
    office.world.faults.clear()
    office.after(minutes=31)
    assert office.is_delivered()
    assert office.copies("wangfang") == 1


@pytest.mark.parametrize(("code", "minutes"), [(40001, 10), (45009, 1)])
def test_all_stay_away_from_a_closed_channel(
    office: Office,
    config: Config,
    storage: Storage,
    clock: FakeClock,
    code: int,
    minutes: int,
) -> None:
    """A wrong secret or a used-up allowance is tried once, not once a letter."""
    office.world.faults.add(SEND, "errcode", code=code, times=None)
    office.put("wangfang")
    office.after()
    tries = office.world.calls[SEND]
    wecom = channel(config, storage, clock)
    other = Delivery(storage, clock, {"wecom": wecom})
    for number in range(20):
        office.put("liwei", "hexue", key=f"more{number}")
    office.after(seconds=minutes * 30)
    assert not other.is_due()
    assert other.deliver_all() == 0
    assert office.world.calls[SEND] == tries
    with storage.read() as session:
        found = outbox.find_pause(session, "wecom", clock.now())
    assert found is not None
    assert str(code) in found.reason
    office.world.faults.clear()
    office.after(minutes=minutes)
    wecom.client._http.close()
    assert office.is_delivered()
    assert (office.copies("liwei"), office.copies("wangfang")) == (20, 1)


def test_a_pause_grows_while_it_does_not_help(office: Office) -> None:
    office.world.faults.add(SEND, "errcode", code=45009, times=None)
    office.put("wangfang", lasts=7 * 86400)
    office.put("liwei", "hexue", key="other", lasts=7 * 86400)
    for _ in range(120):
        office.after(minutes=1)
    assert office.world.calls[SEND] <= 12
    office.world.faults.clear()
    office.after(minutes=31)
    assert (office.copies("liwei"), office.copies("wangfang")) == (1, 1)


def test_a_busy_answer_closes_nothing(office: Office) -> None:
    office.world.faults.add(SEND, "errcode", code=-1)
    office.put("wangfang")
    office.after()
    office.put("liwei", key="other")
    office.after()
    assert office.copies("liwei") == 1


# --- too late


def test_too_late_before_it_was_tried(office: Office) -> None:
    office.put("wangfang", lasts=60)
    office.after(seconds=60)
    with office.storage.write() as session:
        outbox.drop_stale(session, office.clock.now())
    assert office.fates() == {("wangfang", "refused", STALE)}
    assert office.copies("wangfang") == 0


@pytest.mark.parametrize(
    ("kind", "reason", "copies"),
    [
        ("errcode", STALE, 0),
        ("reset_before", UNCERTAIN, 0),
        ("reset_after", UNCERTAIN, 1),
    ],
)
def test_too_late_after_a_try(
    office: Office, kind: str, reason: str, copies: int
) -> None:
    office.put("wangfang", lasts=60)
    office.world.faults.add(SEND, kind)
    office.after()
    office.after(seconds=60)
    assert office.fates() == {("wangfang", "refused", reason)}
    assert office.copies("wangfang") == copies


def test_uncertain_for_three_hours(office: Office) -> None:
    """Past the duplicate check a further try could be a second copy."""
    office.put("wangfang")
    office.world.faults.add(SEND, "reset_after")
    office.world.faults.add(SEND, "reset_before", times=None)
    for _ in range(40):
        office.after(minutes=5)
    assert office.fates() == {("wangfang", "refused", UNCERTAIN)}
    office.world.faults.clear()
    office.after(hours=5)
    assert office.copies("wangfang") == 1


# --- rationing


def test_the_thirty_first_letter_comes_a_minute_later(office: Office) -> None:
    for number in range(31):
        office.put("wangfang", key=f"k{number}")
    office.after()
    assert office.copies("wangfang") == 30
    office.after(seconds=30)
    assert office.copies("wangfang") == 30
    office.after(seconds=30)
    assert office.copies("wangfang") == 31
    assert office.world.outgoing.dropped == 0


@pytest.mark.thorough
def test_letters_that_failed_together_do_not_come_in_a_flood(office: Office) -> None:
    for number in range(35):
        office.put("wangfang", key=f"k{number}")
    office.world.faults.add(SEND, "errcode", times=30, code=-1)
    for _ in range(30):
        office.after(seconds=5)
    assert office.copies("wangfang") == 35
    assert office.world.outgoing.dropped == 0


# --- many at once


def crowd(world: World, count: int) -> tuple[str, ...]:
    names = tuple(f"m{number}" for number in range(count))
    for name in names:
        world.add_member(Colleague(name, name))
    return names


def assert_one_copy_each(office: Office, users: tuple[str, ...]) -> None:
    with office.storage.read() as session:
        figures = outbox.tally(session, 1)
        batches = session.scalars(select(Batch.done)).all()
    assert (figures.planned, figures.delivered) == (len(users), len(users))
    assert {office.copies(user) for user in users} == {1}
    assert all(batches)


def test_two_deliverers_at_once(
    office: Office, config: Config, storage: Storage, clock: FakeClock
) -> None:
    users = crowd(office.world, 3000)
    office.put(*users)
    together = Barrier(2)
    wecom = channel(config, storage, clock)
    other = Delivery(storage, clock, {"wecom": wecom})

    def work(delivery: Delivery) -> None:
        together.wait()
        delivery.deliver_all()

    threads = [Thread(target=work, args=(each,)) for each in (office.delivery, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wecom.client._http.close()
    assert_one_copy_each(office, users)


def test_helpers_are_called_between_claim_and_sending(
    config: Config, storage: Storage, clock: FakeClock
) -> None:
    told: list[str] = []

    class Wire:
        reply_limit = 1

        def send(self, envelope: object) -> Outcome:
            told.append("sent")
            return Outcome()

    office = Delivery(
        storage,
        clock,
        {"wecom": Wire()},
        on_claim=lambda: told.append("claimed"),
    )
    window = Window(clock.now(), clock.now() + timedelta(hours=1))
    with storage.write() as session:
        plan = Plan("k", "notice", Text("x"), window)
        outbox.put(session, plan, people(("a",)), now=clock.now())
    office.deliver_all()
    assert told == ["claimed", "sent"]


# --- processes


@dataclass
class Shift:
    """Deliverers in processes of their own, on one database, by one clock."""

    office: Office
    folder: Path
    working: list[Popen[bytes]]

    def start(self) -> Popen[bytes]:
        command = [executable, "-m", "tests.bot.deliverer"]
        places = [str(self.folder / name) for name in ("config.toml", "clock")]
        worker = Popen([*command, *places], cwd=ROOT, stdout=PIPE)
        self.working.append(worker)
        return worker

    def wait(self, **span: float) -> None:
        self.office.clock.wait(**span)
        path = self.folder / "clock.new"
        path.write_text(self.office.clock.now().isoformat(), "utf-8")
        path.replace(self.folder / "clock")

    def is_done(self) -> bool:
        with self.office.storage.read() as session:
            return outbox.tally(session, 1).pending == 0

    def kill(self) -> None:
        for worker in self.working:
            worker.kill()
            worker.communicate()
        self.working.clear()


@pytest.fixture
def shift(office: Office, config: Config, tmp_path: Path) -> Iterator[Shift]:
    wecom = config.wecom
    assert wecom is not None
    keys = ("secret", "token", "encoding_aes_key")
    secrets = [f'{key} = "{getattr(wecom, key).get_secret_value()}"' for key in keys]
    lines = [
        "[database]",
        f'url = "{config.database.address}"',
        "[wecom]",
        f'corp_id = "{wecom.corp_id}"',
        f"agent_id = {wecom.agent_id}",
        f'api_base = "{wecom.api_base}"',
        *secrets,
    ]
    (tmp_path / "config.toml").write_text("\n".join(lines), "utf-8")
    shift = Shift(office, tmp_path, [])
    shift.wait()
    yield shift
    shift.kill()


def is_ready(worker: Popen[bytes]) -> bool:
    assert worker.stdout is not None
    return worker.stdout.readline() == b"ready\n"


def has_called(office: Office, before: int) -> bool:
    return office.world.calls[SEND] > before


def poll(reached: Callable[[], bool]) -> None:
    for _ in range(500):
        if reached():
            return
        Event().wait(0.02)
    raise AssertionError("not in time")


@pytest.mark.thorough
def test_two_processes_at_once(office: Office, shift: Shift) -> None:
    users = crowd(office.world, 3000)
    workers = [shift.start(), shift.start()]
    assert all(is_ready(each) for each in workers)
    office.put(*users)
    poll(shift.is_done)
    assert_one_copy_each(office, users)


@pytest.mark.thorough
def test_killed_again_and_again(office: Office, shift: Shift) -> None:
    """kill -9 before, while and after sending: one copy each, each written down."""
    chance = Random(20260302)
    users = crowd(office.world, 2000)
    office.put(*users)
    office.world.faults.add(SEND, "slow", times=None, seconds=1)
    for number in range(5):
        worker, calls = shift.start(), office.world.calls[SEND]
        assert is_ready(worker)
        if number % 2:
            poll(partial(has_called, office, calls))
        else:
            with suppress(TimeoutExpired):
                worker.wait(chance.uniform(0, 0.4))
        shift.kill()
        shift.wait(seconds=CLAIM_LASTS.total_seconds())
    office.world.faults.clear()
    assert is_ready(shift.start())
    poll(shift.is_done)
    assert office.world.outgoing.suppressed > 0, "a kill hit between sent and settled"
    assert_one_copy_each(office, users)
