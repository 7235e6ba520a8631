"""Wind the clock: at every stroke, run the jobs whose moment has come.

APScheduler gives the strokes and reads the cron fields; what was due and done is in
the database, so a stroke that was missed is made up at the next.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from bot.assistant.answering import Assistant
from bot.config.settings import Config
from bot.errors import ConfigError
from bot.storage import ticks
from scheduler.job import Job, Tick

log = structlog.get_logger(__name__)

STROKE_SECONDS = 5
SHORT_LOOK = timedelta(minutes=10)
NEVER = datetime.max.replace(tzinfo=UTC)


class Runner:
    """Runs jobs by the assistant's clock. Raises ConfigError for a wrong [schedule]."""

    def __init__(self, jobs: Sequence[Job], assistant: Assistant) -> None:
        self._assistant = assistant
        self.jobs = jobs
        self._triggers = _triggers(jobs, assistant.config)
        self._clockwork: BackgroundScheduler | None = None

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
            due = last_due(self._triggers[job.name], now - late, job.grace)
            last, lasts = done[job.name], max(job.grace, 2 * late)
            if due and now < due + lasts and (last is None or last < due):
                found.append((job.name, due))
        return found

    def strike(self) -> None:
        """Run every job that is due and was not seen to."""
        for job in self.jobs:
            self.strike_one(job)

    def strike_one(self, job: Job) -> None:
        """Run a job if it is due and was not seen to."""
        now = self._assistant.clock.now()
        due = self.last_due(job, now)
        if due and self._take(job, due, now):
            self._run(job, due, now)

    def last_due(self, job: Job, now: datetime) -> datetime | None:
        """Return a job's latest due moment that is not past its grace."""
        return last_due(self._triggers[job.name], now, job.grace)

    def next_due(self, job: Job, after: datetime) -> datetime:
        """Return a job's first due moment after a moment; its end if there is none."""
        trigger = self._triggers[job.name]
        return trigger.get_next_fire_time(after, after) or NEVER

    def _take(self, job: Job, due: datetime, now: datetime) -> bool:
        with self._assistant.storage.write() as session:
            return ticks.take(session, job.name, due, now)

    def try_run(self, job: Job, due: datetime, now: datetime) -> bool:
        """Run a job; False if it failed, which is logged."""
        try:
            job.run(Tick(due, now, self._assistant))
        except Exception:  # the last door of a job: it must not stop the clock
            log.exception("bug", number=uuid4().hex[:6], job=job.name)
            return False
        return True

    def _run(self, job: Job, due: datetime, now: datetime) -> None:
        done = self.try_run(job, due, now)
        settle = ticks.finish if done else ticks.release
        with self._assistant.storage.write() as session:
            settle(session, job.name, due, self._assistant.clock.now())
        if done:
            log.info("job_done", job=job.name, due=due.isoformat())
            self._assistant.wake()


def last_due(trigger: CronTrigger, now: datetime, grace: timedelta) -> datetime | None:
    """Return the latest due moment that is neither ahead nor past its grace.

    Looks back a little first: a trigger only tells what comes next.
    """
    back = min(SHORT_LOOK, grace)
    while True:
        due, last = trigger.get_next_fire_time(None, now - back), None
        while due and due <= now:
            last, due = due, trigger.get_next_fire_time(due, due)
        if last or back == grace:
            return last
        back = min(back * 8, grace)


def find_faults(jobs: Sequence[Job], config: Config) -> list[str]:
    """List what is wrong with [schedule]."""
    known = {job.name for job in jobs}
    unknown = [
        f"schedule.{name}：没有叫这个名字的定时事（有：{'、'.join(sorted(known))}）"
        for name in config.schedule
        if name not in known
    ]
    crons = {job.name: _cron(job, config) for job in jobs}
    wrong = [
        f"schedule.{name}：“{cron}”不是正确的五段 cron"
        for name, cron in crons.items()
        if _trigger(cron, config) is None
    ]
    return unknown + wrong


def _triggers(jobs: Sequence[Job], config: Config) -> Mapping[str, CronTrigger]:
    if faults := find_faults(jobs, config):
        raise ConfigError("设置有错：\n  " + "\n  ".join(faults))
    triggers = {job.name: _trigger(_cron(job, config), config) for job in jobs}
    return {name: each for name, each in triggers.items() if each}


def _cron(job: Job, config: Config) -> str:
    return config.schedule.get(job.name, job.cron)


def _trigger(cron: str, config: Config) -> CronTrigger | None:
    try:
        return CronTrigger.from_crontab(cron, config.timezone)
    except ValueError:
        return None
