"""The clock: what is due is done once, late if need be, by whoever is there."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier, Event, Thread

import pytest
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.assistant.answering import Assistant
from bot.config.load import make_config
from bot.errors import ConfigError, StorageError
from bot.storage import ticks
from scheduler.job import Job, Tick
from scheduler.runner import NEVER, Runner, look_around
from server.setup.wiring import all_jobs
from tests.fakes.clock import FakeClock

HOUR = timedelta(hours=1)


def at(text: str, assistant: Assistant) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=assistant.config.timezone)


@pytest.mark.parametrize(
    ("cron", "grace", "now", "due"),
    [
        ("0 8 * * *", 14, "2026-03-02 07:59:59", None),
        ("0 8 * * *", 14, "2026-03-02 08:00:00", "2026-03-02 08:00"),
        ("0 8 * * *", 14, "2026-03-02 09:30:00", "2026-03-02 08:00"),  # missed
        ("0 8 * * *", 14, "2026-03-02 22:00:00", "2026-03-02 08:00"),
        ("0 8 * * *", 14, "2026-03-02 22:00:01", None),  # past its grace
        ("0 23 * * *", 3, "2026-03-03 00:30:00", "2026-03-02 23:00"),  # over midnight
        ("0 23 * * *", 3, "2026-03-01 01:30:00", "2026-02-28 23:00"),  # and a month
        ("*/5 * * * *", 1, "2026-03-02 08:14:59", "2026-03-02 08:10"),  # the latest
        ("0 9 * * mon", 30, "2026-03-03 08:00:00", "2026-03-02 09:00"),
        ("0 9 * * sun", 30, "2026-03-02 08:00:00", "2026-03-01 09:00"),
        ("0 9 31 * *", 24, "2026-03-01 08:00:00", None),  # no such day
    ],
)
def test_what_was_due_last(
    assistant: Assistant, cron: str, grace: int, now: str, due: str | None
) -> None:
    trigger = CronTrigger.from_crontab(cron, assistant.config.timezone)
    found, _ = look_around(trigger, at(now, assistant), grace * HOUR)
    assert found == (due and at(due, assistant))


class Work:
    """A job that counts, and may fail the first times."""

    def __init__(self, name: str = "work", fails: int = 0) -> None:
        self.ticks: list[Tick] = []
        self.fails = fails
        self.job = Job(name, "0 8 * * *", 6 * HOUR, self.run)

    def run(self, tick: Tick) -> None:
        self.ticks.append(tick)
        if len(self.ticks) <= self.fails:
            raise ZeroDivisionError("a bug in a job")


def strike_at(
    runner: Runner, clock: FakeClock, assistant: Assistant, when: str
) -> None:
    clock.set(at(when, assistant))
    runner.strike()


def test_a_locked_database_stops_no_clock_and_the_job_is_tried_again(
    assistant: Assistant, clock: FakeClock
) -> None:
    tried: list[Tick] = []

    def run(tick: Tick) -> None:
        tried.append(tick)
        if len(tried) == 1:
            raise StorageError("数据库正忙")

    runner = Runner([Job("work", "0 8 * * *", 6 * HOUR, run)], assistant)
    for when in ("08:00", "08:01", "08:02"):
        strike_at(runner, clock, assistant, f"2026-03-02 {when}")
    assert len(tried) == 2


def test_a_moment_is_seen_to_once(assistant: Assistant, clock: FakeClock) -> None:
    work = Work()
    runner = Runner([work.job], assistant)
    for when in ("08:00", "08:00", "08:05", "13:59"):
        strike_at(runner, clock, assistant, f"2026-03-02 {when}")
    (tick,) = work.ticks
    assert (tick.due, tick.now) == (tick.due, at("2026-03-02 08:00", assistant))
    strike_at(runner, clock, assistant, "2026-03-03 08:00")
    assert len(work.ticks) == 2


def test_a_missed_hour_is_made_up_for(assistant: Assistant, clock: FakeClock) -> None:
    work = Work()
    strike_at(Runner([work.job], assistant), clock, assistant, "2026-03-02 11:00")
    (tick,) = work.ticks
    assert tick.due == at("2026-03-02 08:00", assistant)
    assert tick.now == at("2026-03-02 11:00", assistant)


def test_a_clock_set_back_does_not_do_it_again(
    assistant: Assistant, clock: FakeClock
) -> None:
    work = Work()
    runner = Runner([work.job], assistant)
    for when in ("08:30", "07:30", "08:00", "08:30"):
        strike_at(runner, clock, assistant, f"2026-03-02 {when}")
    assert len(work.ticks) == 1


def test_two_clocks_at_one_stroke(assistant: Assistant, clock: FakeClock) -> None:
    work, together = Work(), Barrier(4)
    runners = [Runner([work.job], assistant) for _ in range(4)]

    def strike(runner: Runner) -> None:
        together.wait()
        runner.strike()

    threads = [Thread(target=strike, args=(each,)) for each in runners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(work.ticks) == 1


def test_a_job_that_raises_is_tried_again_and_stops_no_other(
    assistant: Assistant, clock: FakeClock
) -> None:
    broken, sound = Work("broken", fails=1), Work("sound")
    runner = Runner([broken.job, sound.job], assistant)
    strike_at(runner, clock, assistant, "2026-03-02 08:00")
    assert (len(broken.ticks), len(sound.ticks)) == (1, 1)
    strike_at(runner, clock, assistant, "2026-03-02 08:01")
    assert len(broken.ticks) == 1, "not before the pause"
    strike_at(runner, clock, assistant, "2026-03-02 08:02")
    assert len(broken.ticks) == 2, "but when it is over"
    strike_at(runner, clock, assistant, "2026-03-02 08:10")
    assert (len(broken.ticks), len(sound.ticks)) == (2, 1)
    assert broken.ticks[1].due == broken.ticks[0].due


def test_a_job_that_never_succeeds_is_tried_to_its_end(
    assistant: Assistant, clock: FakeClock
) -> None:
    broken = Work(fails=1000)
    runner = Runner([broken.job], assistant)
    for minute in range(7 * 60):
        clock.set(at("2026-03-02 08:00", assistant) + timedelta(minutes=minute))
        runner.strike()
    assert len(broken.ticks) == 6 * 60 / 2 + 1


class Book:
    """What a job's book says: when there is something to do, or that it cannot say."""

    def __init__(self, due: datetime | None = None) -> None:
        self.due, self.asked, self.is_broken = due, 0, False

    def next_due(self, _session: Session, _tick: Tick) -> datetime | None:
        self.asked += 1
        if self.is_broken:
            raise ZeroDivisionError("a bug in a question")
        return self.due

    def job(self, work: Work, cron: str = "*/5 * * * *") -> Job:
        return Job(work.job.name, cron, HOUR, work.run, self.next_due)


def test_who_has_nothing_to_do_is_asked_once_a_moment_and_seen_to(
    assistant: Assistant, clock: FakeClock
) -> None:
    work, book = Work(), Book()
    job = book.job(work)
    runner = Runner([job], assistant)
    strike_at(runner, clock, assistant, TODAY)
    strike_at(runner, clock, assistant, TODAY)
    assert (len(work.ticks), book.asked) == (0, 1)
    assert unseen(runner, assistant, "2026-03-02 08:05") == [], "the clock goes"
    book.due = at("2026-03-02 08:07", assistant)
    strike_at(runner, clock, assistant, "2026-03-02 08:05")
    strike_at(runner, clock, assistant, "2026-03-02 08:09")
    assert work.ticks == [], "at 8:05 it was ahead"
    strike_at(runner, clock, assistant, "2026-03-02 08:10")
    assert [tick.due for tick in work.ticks] == [at("2026-03-02 08:10", assistant)]


def test_a_book_that_cannot_be_asked_has_its_job_run(
    assistant: Assistant, clock: FakeClock
) -> None:
    work, book = Work(), Book()
    book.is_broken = True
    strike_at(Runner([book.job(work)], assistant), clock, assistant, TODAY)
    assert len(work.ticks) == 1


def test_what_one_job_writes_the_next_one_finds(
    assistant: Assistant, clock: FakeClock
) -> None:
    first, second, book = Work("first"), Work("second"), Book()

    def run(tick: Tick) -> None:
        book.due = tick.now
        first.run(tick)

    jobs = [replace(first.job, run=run), book.job(second)]
    strike_at(Runner(jobs, assistant), clock, assistant, TODAY)
    assert len(second.ticks) == 1


def test_nothing_to_do_takes_nothing_from_another_s_hands(
    assistant: Assistant, clock: FakeClock
) -> None:
    """Who is at it goes on; who died at it, or failed, is made up for."""
    due, book, work = at(TODAY, assistant), Book(), Work()
    with assistant.storage.write() as session:
        assert ticks.take(session, "work", due, due)
        ticks.pass_over(session, [("work", due, due + HOUR / 10)])
        assert not ticks.is_free(session, "work", due, due + HOUR / 10)
        assert ticks.last_done(session, "work", due) is None
    strike_at(Runner([book.job(work)], assistant), clock, assistant, TODAY)
    assert book.asked == 0
    with assistant.storage.write() as session:
        ticks.pass_over(session, [("work", due, due + HOUR)])
        assert ticks.last_done(session, "work", due) == due


@pytest.mark.parametrize(
    ("due", "stroke"),
    [
        (None, "2026-03-03 08:00"),  # the other's hour
        ("2026-03-01 00:00", "2026-03-02 08:05"),
        ("2026-03-02 08:05", "2026-03-02 08:05"),
        ("2026-03-02 09:00", "2026-03-02 09:00"),
        ("2026-03-02 09:01", "2026-03-02 09:05"),
        ("2026-03-09 09:01", "2026-03-03 08:00"),
    ],
)
def test_when_there_is_next_something_to_do(
    assistant: Assistant, due: str | None, stroke: str
) -> None:
    book = Book(at(due, assistant) if due else None)
    runner = Runner([book.job(Work()), Work("daily").job], assistant)
    assert runner.next_due(at(TODAY, assistant)) == at(stroke, assistant)
    other = Runner(runner.jobs, assistant, ["work", "daily"])
    assert other.next_due(at(TODAY, assistant)) == NEVER


def test_each_moment_of_each_job_has_its_own_fate(assistant: Assistant) -> None:
    """Two moments of a job and two jobs of a moment: one is done, one failed."""
    first = at("2026-03-02 08:00", assistant)
    second, third = first + HOUR, first + 2 * HOUR
    moments = [("work", first), ("work", second), ("other", first), ("other", third)]
    with assistant.storage.write() as session:
        for name, due in moments:
            assert ticks.take(session, name, due, third)
        ticks.release(session, "work", first, third)
        ticks.finish(session, "other", first, third)
        assert ticks.last_done(session, "work", third) is None
        assert ticks.last_done(session, "other", third) == first
        again = third + ticks.TRY_AGAIN
        taken = [ticks.take(session, *each, again) for each in moments]
        assert taken == [True, False, False, False]
        last = third + ticks.RUN_LASTS
        assert [ticks.take(session, *each, last) for each in moments] == [
            False,
            True,
            False,
            True,
        ]
        ticks.forget(session, "work", first)
        assert [ticks.take(session, *each, last) for each in moments] == [
            True,
            False,
            False,
            False,
        ]


def test_what_is_to_come_was_not_seen_to(assistant: Assistant) -> None:
    """The clock ran ahead and was set back: tomorrow is not done."""
    today = at("2026-03-02 08:00", assistant)
    tomorrow = today + timedelta(days=1)
    with assistant.storage.write() as session:
        for due in (today, tomorrow):
            ticks.take(session, "work", due, due)
            ticks.finish(session, "work", due, due)
        assert ticks.last_done(session, "work", tomorrow) == tomorrow
        assert ticks.last_done(session, "work", today + HOUR) == today


LATE = timedelta(minutes=5)


def unseen(runner: Runner, assistant: Assistant, when: str) -> list[str]:
    return [name for name, _ in runner.unseen(at(when, assistant), LATE)]


@pytest.mark.parametrize(
    ("when", "named"),
    [
        ("2026-03-02 08:04:59", []),
        ("2026-03-02 08:05:00", ["work"]),
        ("2026-03-02 13:59:59", ["work"]),
        ("2026-03-02 14:00:00", []),  # past its grace: nobody would see to it now
    ],
)
def test_what_nobody_saw_to_is_named_while_it_can_be_mended(
    assistant: Assistant, when: str, named: list[str]
) -> None:
    runner = Runner([Work().job], assistant)
    assert unseen(runner, assistant, when) == named


def test_what_was_seen_to_is_that_job_s_last_moment(
    assistant: Assistant, clock: FakeClock
) -> None:
    """Yesterday's, another job's and a failed run are no excuse."""
    work, other, broken = Work(), Work("other"), Work("broken", fails=1)
    runner = Runner([work.job, other.job, broken.job], assistant)
    strike_at(Runner([other.job, broken.job], assistant), clock, assistant, TODAY)
    assert unseen(runner, assistant, f"{TODAY}:30") == []
    assert unseen(runner, assistant, "2026-03-02 08:06") == ["work", "broken"]
    strike_at(runner, clock, assistant, "2026-03-02 08:10")
    assert unseen(runner, assistant, "2026-03-02 08:16") == []
    assert unseen(runner, assistant, "2026-03-03 08:06") == ["work", "other", "broken"]


def test_a_job_of_every_minute_is_missed_for_a_while_though_its_grace_is_short(
    assistant: Assistant,
) -> None:
    short = Job("short", "0 8 * * *", timedelta(minutes=1), Work().run)
    runner = Runner([short], assistant)
    assert unseen(runner, assistant, "2026-03-02 08:05:30") == ["short"]
    assert unseen(runner, assistant, "2026-03-02 08:06:01") == []
    each = Job("each", "* * * * *", timedelta(minutes=1), Work().run)
    assert unseen(Runner([each], assistant), assistant, TODAY) == ["each"]


TODAY = "2026-03-02 08:00"


def test_a_job_whose_process_died_is_taken_over(
    assistant: Assistant, clock: FakeClock
) -> None:
    work, due = Work(), at("2026-03-02 08:00", assistant)
    with assistant.storage.write() as session:
        assert ticks.take(session, "work", due, due)
    runner = Runner([work.job], assistant)
    strike_at(runner, clock, assistant, "2026-03-02 08:09")
    assert work.ticks == []
    for minute in (10, 30):
        strike_at(runner, clock, assistant, f"2026-03-02 08:{minute}")
        assert len(work.ticks) == 1


def test_what_is_done_is_not_taken_back_by_a_late_failure(assistant: Assistant) -> None:
    due = at("2026-03-02 08:00", assistant)
    with assistant.storage.write() as session:
        assert ticks.take(session, "work", due, due)
        assert ticks.take(session, "work", due, due + HOUR)
        ticks.finish(session, "work", due, due + HOUR)
        ticks.release(session, "work", due, due + HOUR)
        assert not ticks.take(session, "work", due, due + 3 * HOUR)


def test_delivery_is_woken_when_a_job_is_done(
    assistant: Assistant, clock: FakeClock
) -> None:
    woken: list[str] = []
    listening = replace(assistant, wake=lambda: woken.append("up"))
    Runner([Work().job, Work("broken", fails=1).job], listening).strike()
    assert woken == ["up"]


def test_old_occasions_are_forgotten(assistant: Assistant) -> None:
    due = at("2026-03-02 08:00", assistant)
    with assistant.storage.write() as session:
        for days in (0, 60, 61):
            ticks.take(session, "work", due - timedelta(days=days), due)
        ticks.forget_old(session, due)
        assert session.scalar(select(func.count()).select_from(ticks.Occasion)) == 2


def with_schedule(assistant: Assistant, **schedule: str) -> Assistant:
    return replace(assistant, config=make_config({"schedule": schedule}))


def test_the_settings_move_a_job(assistant: Assistant, clock: FakeClock) -> None:
    work = Work()
    runner = Runner([work.job], with_schedule(assistant, work="30 9 * * mon-fri"))
    strike_at(runner, clock, assistant, "2026-03-02 09:29")
    assert work.ticks == []
    strike_at(runner, clock, assistant, "2026-03-02 09:30")
    assert len(work.ticks) == 1


def test_a_wrong_schedule_names_every_fault(assistant: Assistant) -> None:
    wrong = with_schedule(assistant, work="every day", nothing="0 8 * * *")
    with pytest.raises(ConfigError) as told:
        Runner([Work().job], wrong)
    assert "nothing" in str(told.value)
    assert "every day" in str(told.value)


def test_the_clockwork_strikes_by_itself_and_stops(
    assistant: Assistant, until: Callable[[Callable[[], bool]], None]
) -> None:
    work = Work()
    runner = Runner([work.job], assistant)
    runner.stop()  # before it ran: nothing to stop
    runner.start(every=0.02)
    until(lambda: bool(work.ticks))
    runner.stop()


@pytest.fixture
def until() -> Callable[[Callable[[], bool]], None]:
    def wait(reached: Callable[[], bool]) -> None:
        for _ in range(300):
            if reached():
                return
            Event().wait(0.01)
        raise AssertionError("not in time")

    return wait


def test_the_nightly_tidying_forgets_and_keeps(
    assistant: Assistant, clock: FakeClock
) -> None:
    strike_at(Runner(all_jobs(), assistant), clock, assistant, "2026-03-03 03:30")
    with assistant.storage.read() as session:
        done = session.scalars(
            select(ticks.Occasion.job).where(ticks.Occasion.done_at.is_not(None))
        )
        assert "tidy" in set(done)
