"""Figures that the database holds, for Prometheus: the same from every web process."""

from collections.abc import Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from sqlalchemy.orm import Session

from bot import outbox
from bot.channels.aibot import lease
from server.monitoring import vitals
from server.monitoring.vitals import Vitals

Family = GaugeMetricFamily


class _Found:
    """What was found, as prometheus_client wants to collect it."""

    def __init__(self, families: list[Family]) -> None:
        self._families = families

    def collect(self) -> Iterator[Family]:
        yield from self._families


def write(session: Session, now: datetime) -> str:
    """Write all figures that the database holds, in Prometheus' text format."""
    taken = vitals.take(session, now)
    families = [_recipients(session), _ways(session), *_outbox(taken, now)]
    families += _jobs(taken, now)
    families += _robot(session, now)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Found(families))
    return generate_latest(registry).decode()


def _recipients(session: Session) -> Family:
    family = Family(
        "xiangyang_recipients",
        "Recipients of letters, by what became of them",
        labels=["kind", "state"],
    )
    for (kind, state), count in sorted(outbox.tally_kinds(session).items()):
        family.add_metric([kind, state], count)
    return family


def _ways(session: Session) -> Family:
    family = Family(
        "xiangyang_bound_recipients",
        "Addresses that members bound, by channel and whether they are reached",
        labels=["channel", "state"],
    )
    for (channel, state), count in sorted(outbox.count_ways(session).items()):
        family.add_metric([channel, state], count)
    return family


def _outbox(taken: Vitals, now: datetime) -> Iterator[Family]:
    age = (now - taken.oldest_due).total_seconds() if taken.oldest_due else 0.0
    yield Family(
        "xiangyang_outbox_oldest_due_seconds",
        "How long the oldest letter waits that could have gone",
        value=age,
    )
    yield Family(
        "xiangyang_outbox_due_letters", "Letters that can go now", value=taken.waiting
    )
    yield Family(
        "xiangyang_outbox_retrying_batches",
        "Batches tried more than once and not done",
        value=taken.retries,
    )
    if taken.claimed_at:
        yield Family(
            "xiangyang_outbox_last_claim_timestamp_seconds",
            "When a deliverer last took a batch",
            value=taken.claimed_at.timestamp(),
        )


def _robot(session: Session, now: datetime) -> Iterator[Family]:
    """Tell of the robot's line, if one was ever opened."""
    line = lease.find(session)
    if line is None:
        return
    proven = line.proven_at if line.up_since else None
    yield Family(
        "xiangyang_aibot_unproven_seconds",
        "How long nothing proves that what is said comes in over the robot's line",
        value=(now - (proven or line.beat_at)).total_seconds(),
    )
    if line.heard_at:
        yield Family(
            "xiangyang_aibot_last_heard_timestamp_seconds",
            "When a message last came over the line",
            value=line.heard_at.timestamp(),
        )


def _jobs(taken: Vitals, now: datetime) -> Iterator[Family]:
    done = Family(
        "xiangyang_job_last_done_timestamp_seconds",
        "When a job was last done",
        labels=["job"],
    )
    late = Family(
        "xiangyang_job_lateness_seconds",
        "How long after its due moment a job was last done",
        labels=["job"],
    )
    for job, finished in sorted(taken.finished.items()):
        done.add_metric([job], finished.done_at.timestamp())
        late.add_metric([job], finished.lateness.total_seconds())
    yield done
    yield late
    if taken.finished:
        newest = max(each.done_at for each in taken.finished.values())
        yield Family(
            "xiangyang_scheduler_silence_seconds",
            "How long no job was done; some job is due every five minutes",
            value=(now - newest).total_seconds(),
        )
