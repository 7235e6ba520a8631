"""Who watches the watchers: late letters and silent clocks are complained of, aloud.

Every process of `serve` looks at the database once a minute, so that a dead part is
missed by the others; `xiangyang watch` looks from outside, so that a dead whole is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event, Thread

import requests
import structlog

from bot.assistant.answering import Assistant
from bot.channels.alarm import sound_alarm
from bot.channels.http import open_session
from bot.config.settings import Config
from bot.errors import BotError, DeliveryError, StorageError
from bot.storage import ticks
from scheduler.runner import Runner
from server.monitoring import vitals
from server.setup.wiring import all_jobs

LOOK_EVERY = 60.0
PATIENCE = (3.05, 5.0)
AGAIN_AFTER = timedelta(hours=1)

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Complaint:
    """kind: of one kind there is one alarm an hour."""

    kind: str
    sentence: str


def look(assistant: Assistant) -> list[Complaint]:
    """Look at the database for what is late: letters, and jobs such as that of 8:00."""
    now, late = assistant.clock.now(), assistant.config.alerts.after
    try:
        with assistant.storage.read() as session:
            oldest = vitals.take(session, now).oldest_due
        unseen = Runner(all_jobs(), assistant).unseen(now, late)
    except StorageError as error:
        return [Complaint("database", f"数据库用不了：{error}")]
    found = []
    if oldest and now - oldest > late:
        minutes = int((now - oldest).total_seconds() // 60)
        said = f"有消息等了 {minutes} 分钟还没发出去，请看发送进程（delivery）的日志。"
        found.append(Complaint("outbox", said))
    if unseen:
        zone = assistant.config.timezone
        told = "、".join(f"{job}（{at.astimezone(zone):%H:%M}）" for job, at in unseen)
        said = f"定时的事没有做：{told}，请看定时进程（scheduler）在不在。"
        found.append(Complaint("clock", said))
    return found


def knock(url: str) -> list[Complaint]:
    """Ask the web process whether it is ready."""
    try:
        with open_session() as http:
            answer = http.get(f"{url}/readyz", timeout=PATIENCE)
    except requests.RequestException as error:
        said = f"网页进程（web）没有回答（{type(error).__name__}）。"
        return [Complaint("web", said)]
    if answer.status_code == 200:
        return []
    reasons = "；".join(answer.text.split("\n")[:5]).strip("；")
    return [Complaint("web", f"网页进程（web）说没有准备好：{reasons[:200]}")]


def tell(assistant: Assistant, complaints: Sequence[Complaint]) -> None:
    """Sound one alarm of all that was not told within the hour.

    Raises DeliveryError. Without a database nobody knows what was told: told again.
    """
    if assistant.config.alerts.url is None:
        return
    new = [each for each in complaints if _take(assistant, each)]
    try:
        sound(assistant.config, new)
    except DeliveryError:
        for each in new:
            _release(assistant, each)
        raise


def sound(config: Config, complaints: Sequence[Complaint]) -> None:
    """Sound one alarm of all complaints. Raises DeliveryError."""
    url = config.alerts.url
    if url is None or not complaints:
        return
    sentences = "\n".join(each.sentence for each in complaints)
    text = f"【向阳告警】{config.branch.name}\n{sentences}"
    sound_alarm(url.get_secret_value(), text)


def _take(assistant: Assistant, complaint: Complaint) -> bool:
    now = assistant.clock.now()
    try:
        with assistant.storage.write() as session:
            job, due = _occasion(complaint, now)
            taken = ticks.take(session, job, due, now)
            if taken:
                ticks.finish(session, job, due, now)
            return taken
    except StorageError:
        return True


def _release(assistant: Assistant, complaint: Complaint) -> None:
    now = assistant.clock.now()
    try:
        with assistant.storage.write() as session:
            ticks.forget(session, *_occasion(complaint, now))
    except StorageError as error:
        log.error("alarm_not_released", why=str(error))


def _occasion(complaint: Complaint, now: datetime) -> tuple[str, datetime]:
    return f"alarm:{complaint.kind}", now.replace(minute=0, second=0, microsecond=0)


@dataclass
class Watchman:
    """Looks once a minute, in a thread, and sounds the alarm; never ends by itself."""

    assistant: Assistant
    _stopping: Event = field(default_factory=Event)
    _thread: Thread | None = None

    def start(self, every: float = LOOK_EVERY) -> None:
        self._thread = Thread(target=self._watch, args=(every,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread:
            self._thread.join()

    def _watch(self, every: float) -> None:
        while not self._stopping.wait(every):
            try:
                tell(self.assistant, look(self.assistant))
            except BotError as error:
                log.error("alarm_not_sounded", why=str(error))
            except Exception:  # the watch's last door: a watchman must not die
                log.exception("bug", part="watch")
