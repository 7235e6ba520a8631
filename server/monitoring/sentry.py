"""Who stands at the database's file: gone or exchanged under us, all of `serve` stops.

The same look takes over what was changed of the settings in another process.

Nothing is written from that moment on (`Storage.write` looks each time); but whoever
only reads, or has nothing to do, must not go on for hours either.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, Thread

import structlog

from bot.assistant.answering import Assistant
from bot.errors import BotError, DatabaseLost, StorageError
from server.monitoring.watchdog import Complaint, sound

LOOK_EVERY = 10.0

log = structlog.get_logger(__name__)


@dataclass
class Sentry:
    """Looks every few seconds, in a thread, until all is over or it gave up."""

    assistant: Assistant
    give_up: Callable[[BotError], None]
    _stopping: Event = field(default_factory=Event)
    _thread: Thread | None = None

    def start(self, every: float = LOOK_EVERY) -> None:
        self._thread = Thread(target=self._stand, args=(every,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread:
            self._thread.join()

    def _stand(self, every: float) -> None:
        while not self._stopping.wait(every):
            try:
                self.assistant.storage.check_place()
                self._take_settings()
            except DatabaseLost as error:
                self._sound(error)
                self.give_up(error)
                return

    def _take_settings(self) -> None:
        try:
            with self.assistant.storage.read() as session:
                self.assistant.take_settings(session)
        except StorageError as error:  # locked, away: it is looked at again
            log.warning("database_unusable", why=str(error))

    def _sound(self, lost: DatabaseLost) -> None:
        log.critical("database_lost", why=str(lost))
        try:
            sound(self.assistant.config, [Complaint("database", str(lost))])
        except BotError as error:
            log.error("alarm_not_sounded", why=str(error))
