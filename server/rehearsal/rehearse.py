"""A span of the future, lived through on a copy of the books: what would be sent.

The same jobs, the same outbox, the same delivery; only the clock jumps from one due
moment to the next, and the channels write down instead of sending.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import event, insert, select
from sqlalchemy.orm import Session

from bot import progress
from bot.assistant.answering import Assistant
from bot.branch.people.members import Member
from bot.calendar.quiet_hours import Hours, is_quiet
from bot.calendar.workdays import is_workday
from bot.cards.sheet import unprinted
from bot.channels import Envelope
from bot.clock import WallClock
from bot.config.settings import Config
from bot.delivery.deliver import Delivery
from bot.maintenance.schema import METADATA
from bot.message import Card, Content, Picture
from bot.outbox import Batch, Importance, Letter, Outcome, Recipient
from bot.outbox.attachments import Attachment
from bot.outbox.own_hours import OwnHours
from bot.storage import ticks
from bot.storage.database import NAMELESS, Storage
from scheduler.runner import Runner
from server.setup.wiring import all_jobs, build_assistant

# What was made up for before the span is no news of the span.
RUN_UP = timedelta(days=8)
AT_ONCE = 5000
MARKS = {
    "holiday": "节假日",
    "quiet": "避开了夜里",
    "own_hours": "避开了本人的免打扰时间",
    "budget": "一周已满，并成汇总",
}
SECOND = timedelta(seconds=1)
# Jobs that only forget what nothing could be made of any more.
FORGETTING = ("private", "tidy", "retention")


@dataclass
class Sending:
    """One message, to one or many. marks: of MARKS; quiet and own_hours moved it."""

    at: datetime
    users: tuple[str, ...]
    kind: str
    text: str
    card: str | None = None
    marks: tuple[str, ...] = ()

    def entries(self) -> Iterator[dict[str, Any]]:
        """Yield what `rehearse --json` prints."""
        for user in self.users:
            yield {
                "at": self.at.isoformat(),
                "to": user,
                "kind": self.kind,
                "text": self.text,
                "card": self.card,
                "marks": list(self.marks),
            }


@dataclass(frozen=True)
class Unsent:
    """Somebody to whom a letter would not go, or not yet, and why."""

    at: datetime
    user: str | None
    kind: str
    reason: str


@dataclass(frozen=True)
class Play:
    """How a span went."""

    sendings: Sequence[Sending]
    unsent: Sequence[Unsent]


class _Clock:
    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def jump(self, moment: datetime) -> None:
        self._now = moment


@dataclass
class _Pen:
    """A channel that writes down who would get what, and takes everything."""

    clock: _Clock
    told: list[tuple[datetime, int, tuple[str, ...], Content]] = field(
        default_factory=list
    )

    def send(self, envelope: Envelope) -> Outcome:
        batch = int(envelope.reference.partition("-")[0].removeprefix("b"))
        users = tuple(envelope.users)
        self.told.append((self.clock.now(), batch, users, envelope.content))
        return Outcome(envelope.reference)


def rehearse(
    config: Config,
    storage: Storage,
    start: datetime,
    days: int,
    now: datetime | None = None,
) -> Play:
    """Tell every automatic message of some days from local midnight on.

    now: what the clock says; a span that lies ahead gets a run-up. The storage is read.
    """
    now = now or WallClock(config.timezone).now()
    begin = max(min(now, start), start - RUN_UP)
    with copied(storage) as copy, unprinted():
        clock = _Clock(begin)
        assistant = build_assistant(config, storage=copy, clock=clock, hears=False)
        pen = _Pen(clock)
        names = ("wecom", *(["robot"] if config.robots else ()))
        staged = replace(assistant, channels={}, senders=dict.fromkeys(names, pen))
        end = start + timedelta(days=days)
        _live(staged, clock, end)
        return Play(_told(staged, pen, start), _unsent(copy, start, config))


def _live(assistant: Assistant, clock: _Clock, end: datetime) -> None:
    """Strike, deliver, jump to whatever is due next; until the end."""
    delivery = Delivery(
        assistant.storage,
        clock,
        assistant.senders,
        owner="rehearsal",
        quiet=assistant.config.quiet,
    )
    runner = Runner(all_jobs(), assistant, FORGETTING)
    # What was due before is taken as seen to; what comes, as done by nobody yet.
    with assistant.storage.write() as session:
        ticks.forget_all(session)
        runner.see_to_all(session, clock.now() - SECOND)
    begin, days = clock.now(), (end - clock.now()).days + 1
    while (now := clock.now()) < end:
        progress.tell("预演", (now - begin).days, days)
        runner.strike()
        due = delivery.next_due()
        if due and due <= now:
            delivery.deliver_all()
            due = delivery.next_due()
        ahead = runner.next_due(now)
        following = min(due, ahead) if due else ahead
        clock.jump(max(following, now + SECOND).astimezone(end.tzinfo))
    progress.tell("预演", days, days)


def _told(assistant: Assistant, pen: _Pen, start: datetime) -> list[Sending]:
    """Put what was written down in order, each picture with its words."""
    zone, quiet = assistant.config.timezone, assistant.config.quiet
    with assistant.storage.read() as session:
        letters, files = _letters(session, pen), _files(session, pen)
        own = _own_hours(session)
    sendings: list[Sending] = []
    words: dict[tuple[str, datetime, tuple[str, ...]], Sending] = {}
    digests: dict[str, Sending] = {}
    for at, batch, users, content in pen.told:
        kind, written, importance, opens = letters[batch]
        if importance != Importance.ROUTINE or at < start:
            continue
        key = (kind, written, users)
        card = files.get(content.attachment) if isinstance(content, Picture) else None
        its = words.get(key) or digests.get(users[0]) if card else None
        if its and its.card is None:
            its.card = card
            continue
        ready = (written if kind == "digest" else max(written, opens)).astimezone(zone)
        hours = [own[user] for user in users if user in own]
        marks = [
            name
            for name, is_so in (
                ("holiday", not is_workday(at.date())),
                ("quiet", is_quiet(quiet, written.astimezone(zone))),
                ("own_hours", any(is_quiet(each, ready) for each in hours)),
                ("budget", kind == "digest"),
            )
            if is_so
        ]
        text = _words(content) or f"图片：{card}"
        words[key] = sending = Sending(at, users, kind, text, card, tuple(marks))
        if kind == "digest":
            digests |= dict.fromkeys(users, sending)
        sendings.append(sending)
    return sendings


def _letters(
    session: Session, pen: _Pen
) -> dict[int, tuple[str, datetime, int, datetime]]:
    """Tell of each batch its letter's kind, when it was written, weight, when due."""
    letters: dict[int, tuple[str, datetime, int, datetime]] = {}
    for some in _chunks([batch for _, batch, _, _ in pen.told]):
        rows = session.execute(
            select(
                Batch.id,
                Letter.kind,
                Letter.created_at,
                Letter.importance,
                Letter.not_before,
            )
            .join(Letter, Letter.id == Batch.letter_id)
            .where(Batch.id.in_(some))
        )
        letters |= {row[0]: (row[1], row[2], row[3], row[4]) for row in rows}
    return letters


def _files(session: Session, pen: _Pen) -> dict[int, str]:
    files: dict[int, str] = {}
    pictures = [each.attachment for *_, each in pen.told if isinstance(each, Picture)]
    for some in _chunks(pictures):
        named = session.execute(
            select(Attachment.id, Attachment.name).where(Attachment.id.in_(some))
        )
        files |= {row.id: row.name for row in named}
    return files


def _own_hours(session: Session) -> dict[str, Hours]:
    rows = session.execute(
        select(Member.userid, OwnHours.starts, OwnHours.ends).join(
            OwnHours, OwnHours.member_id == Member.id
        )
    )
    return {user: Hours(starts, ends) for user, starts, ends in rows if user}


def _unsent(storage: Storage, start: datetime, config: Config) -> list[Unsent]:
    """List whom something would have gone to but for their quiet or an account."""
    zone = config.timezone
    with storage.read() as session:
        rows = session.execute(
            select(Letter.not_before, Recipient.user, Letter.kind, Recipient.reason)
            .join(Letter, Letter.id == Recipient.letter_id)
            .where(
                Letter.importance == Importance.ROUTINE,
                Letter.created_at >= start,
                Recipient.state != "delivered",
                Recipient.reason.is_not(None),
            )
            .order_by(Letter.not_before, Recipient.id)
        ).all()
    return [
        Unsent(at.astimezone(zone), user, kind, reason or "")
        for at, user, kind, reason in rows
    ]


@contextmanager
def copied(storage: Storage) -> Iterator[Storage]:
    """Copy the books to a place of their own, for as long as they are looked at."""
    with closing(Storage(NAMELESS)) as copy:
        event.listen(copy.engine, "connect", _need_not_survive)
        if storage.is_sqlite:
            storage.copy_pages(copy)
        else:
            _copy_rows(storage, copy)
        yield copy


def _need_not_survive(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous = OFF")
    cursor.execute("PRAGMA cache_size = -65536")
    cursor.close()


def _copy_rows(storage: Storage, copy: Storage) -> None:
    METADATA.create_all(copy.engine)
    with storage.looking() as here, copy.exclusive() as there:
        for table in METADATA.sorted_tables:
            rows = here.execution_options(yield_per=AT_ONCE).execute(select(table))
            for some in rows.mappings().partitions(AT_ONCE):
                there.execute(insert(table), [dict(each) for each in some])


def _words(content: Content) -> str:
    if isinstance(content, Card):
        lines = [f"{label}：{value}" for label, value in content.lines]
        return "\n".join([content.title, content.text, *lines]).strip()
    return str(getattr(content, "text", ""))


def _chunks(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    edges = [*range(0, len(numbers), AT_ONCE), len(numbers)]
    for start, end in pairwise(edges):
        yield numbers[start:end]
