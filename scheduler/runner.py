"""Wind the clock: at every stroke, run the jobs that have something to do.

APScheduler gives the strokes and reads the cron fields; what was due and done is in
the database, so a stroke that was missed is made up at the next.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from uuid import uuid4
from zoneinfo import ZoneInfo

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy.orm import Session

from bot.assistant.answering import Assistant
from bot.config.settings import Config
from bot.errors import ConfigError, StorageError
from bot.storage import ticks
from scheduler.job import Job, Tick

log = structlog.get_logger(__name__)

STROKE_SECONDS = 5
SHORT_LOOK = timedelta(minutes=1)
JUST_BEFORE = datetime.resolution
NEVER = datetime.max.replace(tzinfo=UTC)


class Runner:
    """Runs jobs by the assistant's clock. Raises ConfigError for a wrong [schedule].

    besides: names of jobs that are left out.
    """

    def __init__(
        self,
        jobs: Sequence[Job],
        assistant: Assistant,
        besides: Collection[str] = (),
    ) -> None:
        self._assistant = assistant
        self.jobs = [job for job in jobs if job.name not in besides]
        self._spans: dict[str, _Span] = {}
        self._read_schedule()
        self._clockwork: BackgroundScheduler | None = None

    def _read_schedule(self) -> None:
        """Read when each job strikes; what was reckoned ahead of it is done anew."""
        config = self._assistant.config
        self._schedule = dict(config.schedule)
        self._triggers = _triggers(self.jobs, config)
        self._spans.clear()

    def start(self, every: float = STROKE_SECONDS) -> None:
        """Strike by itself, every so many seconds, in a thread of its own."""
        clockwork = BackgroundScheduler(timezone=self._assistant.config.timezone)
        clockwork.add_job(
            self.strike,
            "interval",
            seconds=every,
            coalesce=True,
            max_instances=1,
        )
        clockwork.start()
        self._clockwork = clockwork

    def stop(self) -> None:
        """Finish the job that is running, then stop."""
        if self._clockwork:
            self._clockwork.shutdown(wait=True)

    def unseen(self, now: datetime, late: timedelta) -> list[tuple[str, datetime]]:
        """Name the jobs that nobody has seen to though they were due so long ago.

        Not what no clock would see to any more: that cannot be mended.
        """
        with self._assistant.storage.read() as session:
            done = {
                job.name: ticks.last_done(session, job.name, now) for job in self.jobs
            }
        found = []
        for job in self.jobs:
            due = self._last_due(job, now - late)
            last, lasts = done[job.name], max(job.grace, 2 * late)
            if due and now < due + lasts and (last is None or last < due):
                found.append((job.name, due))
        return found

    def strike(self) -> None:
        """Run every job that is due, was not seen to and has something to do."""
        if self._assistant.config.schedule != self._schedule:
            self._read_schedule()
        left = iter(self.jobs)
        while ready := self._find_ready(left):
            self._run(*ready)

    def next_due(self, now: datetime) -> datetime:
        """Return when a job will next have something to do, by what is on file now."""
        with self._assistant.storage.read() as session:
            ahead = (self._next_of(session, job, now) for job in self.jobs)
            return min(ahead, default=NEVER)

    def see_to_all(self, session: Session, now: datetime) -> None:
        """Take all that was due by now as seen to."""
        due = [(job.name, self._last_due(job, now)) for job in self.jobs]
        ticks.pass_over(session, [(name, at, now) for name, at in due if at])

    def next_moment(self, job: Job, after: datetime) -> datetime:
        """Return a job's first due moment after a moment; its end if there is none."""
        return self._span(job, after).end

    def _find_ready(self, left: Iterator[Job]) -> tuple[Job, Tick] | None:
        """Find the next job that has something to do; note that those before had not.

        Asked one after the other: what one wrote is on file when the next is asked.
        """
        idle: list[tuple[str, datetime, datetime]] = []
        ready = None
        with self._assistant.storage.read() as session:
            for job in left:
                now = self._assistant.clock.now()
                due = self._last_due(job, now)
                if not due or not ticks.is_free(session, job.name, due, now):
                    continue
                tick = Tick(due, now, self._assistant)
                if _is_ready(session, job, tick):
                    ready = job, tick
                    break
                idle.append((job.name, due, now))
        if idle:
            with self._assistant.storage.write() as session:
                ticks.pass_over(session, idle)
        return ready

    def _run(self, job: Job, tick: Tick) -> None:
        storage, name, due = self._assistant.storage, job.name, tick.due
        with storage.write() as session:
            if not ticks.take(session, name, due, tick.now):
                return  # another clock was faster
        try:
            job.run(tick)
            settle = ticks.finish
        except StorageError as error:  # locked, gone: it is tried again
            log.warning("database_unusable", why=str(error), job=name)
            settle = ticks.release
        except Exception:  # the last door of a job: it must not stop the clock
            log.exception("bug", number=uuid4().hex[:6], job=name)
            settle = ticks.release
        with storage.write() as session:
            settle(session, name, due, self._assistant.clock.now())
        if settle is ticks.finish:
            log.info("job_done", job=name, due=due.isoformat())
            self._assistant.wake()

    def _next_of(self, session: Session, job: Job, now: datetime) -> datetime:
        due = self.next_moment(job, now)
        found = job.next_due(session, Tick(due, now, self._assistant))
        if found is None:
            return NEVER
        return due if found <= due else self.next_moment(job, found - JUST_BEFORE)

    def _last_due(self, job: Job, now: datetime) -> datetime | None:
        """Return a job's latest due moment that is not past its grace."""
        last = self._span(job, now).last
        return last if last and now - last <= job.grace else None

    def _span(self, job: Job, moment: datetime) -> "_Span":
        """Find what lies around a moment, unless it was found: it never changes."""
        span = self._spans.get(job.name)
        if span is None or not span.start <= moment < span.end:
            last, end = look_around(self._triggers[job.name], moment, job.grace)
            span = self._spans[job.name] = _Span(last or moment, end, last)
        return span


@dataclass(frozen=True)
class _Span:
    """The time from one due moment of a job to the next, or a part of it."""

    start: datetime
    end: datetime
    last: datetime | None


def _is_ready(session: Session, job: Job, tick: Tick) -> bool:
    """Tell whether a job has something to do; also where its book cannot be asked."""
    try:
        found = job.next_due(session, tick)
    except StorageError as error:
        log.warning("database_unusable", why=str(error), job=job.name)
        return True
    except Exception:  # a fault in one question must not stop the clock
        log.exception("bug", number=uuid4().hex[:6], job=job.name)
        return True
    return found is not None and found <= tick.now


def look_around(
    trigger: CronTrigger, now: datetime, grace: timedelta
) -> tuple[datetime | None, datetime]:
    """Return the latest due moment that is not past its grace, and the next to come.

    Looks back a little first: a trigger only tells what comes next.
    """
    back = min(SHORT_LOOK, grace)
    while True:
        due, last = trigger.get_next_fire_time(None, now - back), None
        while due and due <= now:
            last, due = due, trigger.get_next_fire_time(due, due)
        if last or back == grace:
            return last, due or NEVER
        back = min(back * 8, grace)


def find_faults(jobs: Sequence[Job], config: Config) -> list[str]:
    """List what is wrong with [schedule]."""
    known = {job.name for job in jobs}
    unknown = [
        f"schedule.{name}：没有叫这个名字的定时事（有：{'、'.join(sorted(known))}）"
        for name in config.schedule
        if name not in known
    ]
    crons = crons_of(jobs, config)
    wrong = [
        f"schedule.{name}：“{cron}”不是正确的五段 cron"
        for name, cron in crons.items()
        if _trigger(cron, config.timezone) is None
    ]
    return unknown + wrong


def _triggers(jobs: Sequence[Job], config: Config) -> Mapping[str, CronTrigger]:
    if faults := find_faults(jobs, config):
        raise ConfigError("设置有错：\n  " + "\n  ".join(faults))
    triggers = {job.name: _trigger(_cron(job, config), config.timezone) for job in jobs}
    return {name: each for name, each in triggers.items() if each}


def crons_of(jobs: Sequence[Job], config: Config) -> Mapping[str, str]:
    """Return when each job strikes: as the settings say, else as it says itself."""
    return {job.name: _cron(job, config) for job in jobs}


def _cron(job: Job, config: Config) -> str:
    return config.schedule.get(job.name, job.cron)


@cache
def _trigger(cron: str, zone: ZoneInfo) -> CronTrigger | None:
    """Read a job's times; None where they are none. It only ever tells what follows."""
    try:
        return CronTrigger.from_crontab(cron, zone)
    except ValueError:
        return None
