"""What runs in the background: the deliverers, the clock, and who watches both."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import structlog

from bot.assistant.answering import Assistant
from bot.channels.aibot import AiBot
from bot.delivery.deliver import Delivery
from bot.delivery.wake import Engine
from bot.errors import BotError
from scheduler.runner import Runner
from server.line.keeper import Keeper
from server.monitoring.sentry import Sentry
from server.monitoring.watchdog import Watchman
from server.setup.wiring import all_jobs, names_away

DELIVERERS = 2

log = structlog.get_logger(__name__)


@dataclass
class Machinery:
    """parts: of this process; what is not in the background is left alone."""

    assistant: Assistant
    engine: Engine
    parts: frozenset[str]
    _stops: list[Callable[[], None]] = field(default_factory=list)

    def start(self, give_up: Callable[[BotError], None]) -> None:
        """give_up: ends all of `serve`; called where going on would lose what comes."""
        log.info("serving", parts=sorted(self.parts))
        if "delivery" in self.parts:
            delivery = Delivery(
                self.assistant.storage,
                self.assistant.clock,
                self.assistant.senders,
                on_claim=self.engine.wake,
                quiet=self.assistant.config.quiet,
                away=partial(names_away, self.assistant.senders),
            )
            self.engine.start(delivery.deliver_next, delivery.is_due, DELIVERERS)
            self._stops.append(self.engine.stop)
        if "scheduler" in self.parts:
            runner = Runner(all_jobs(), self.assistant)
            runner.start()
            self._stops.append(runner.stop)
        robot = self.assistant.channels.get("aibot")
        if "web" in self.parts and isinstance(robot, AiBot) and robot.has_line:
            keeper = Keeper(self.assistant, robot)
            keeper.start()
            self._stops.append(keeper.stop)
        sentry = Sentry(self.assistant, give_up)
        sentry.start()
        self._stops.append(sentry.stop)
        if self.assistant.config.alerts.url:
            watchman = Watchman(self.assistant)
            watchman.start()
            self._stops.append(watchman.stop)

    def stop(self) -> None:
        """Stop the clock first, then finish the letters in hand."""
        for stop in reversed(self._stops):
            stop()
        self.assistant.storage.close()
        log.info("stopped")


logging.getLogger("apscheduler").setLevel(logging.ERROR)
