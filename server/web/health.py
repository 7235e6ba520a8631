"""/healthz, /readyz and /metrics: does the process live, can it work, how much.

Why it cannot is for who is on this machine; what is found out for him is good for all
others for a while, so that no stranger has us ask the database or WeCom.
"""

import hmac
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from math import inf
from threading import Lock
from time import monotonic

from flask import Blueprint, Response, current_app, request
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest
from prometheus_client.core import CounterMetricFamily

from bot import outbox
from bot.assistant.answering import Assistant
from bot.channels.aibot import AiBot, lease
from bot.channels.official import Official
from bot.channels.wecom import WeCom
from bot.errors import DeliveryError, KeyMissing, StorageError
from bot.maintenance import rekey, schema
from bot.storage.encrypted import Ring
from server.monitoring import foreign_logs, metrics
from server.web.rate_limit import LOOPBACK

GOOD_FOR = 10.0  # seconds
NOT_READY = "not ready"
TEXT = "text/plain; charset=utf-8"
PROXIED = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")
OLDEST_WAITING = timedelta(minutes=15)

bp = Blueprint("health", __name__)


class _Dropped:
    """What this process could not log, as prometheus_client wants to collect it."""

    def collect(self) -> Iterator[CounterMetricFamily]:
        told = "Log lines that could not be written"
        name = "xiangyang_log_lines_dropped"
        yield CounterMetricFamily(name, told, value=foreign_logs.count_dropped())


REGISTRY.register(_Dropped())


@bp.get("/healthz")
def tell_alive() -> Response:
    return Response("ok\n", content_type=TEXT)


@dataclass
class Readiness:
    """What was found last. clock: in seconds."""

    clock: Callable[[], float] = monotonic
    _faults: list[str] = field(default_factory=list)
    _found_at: float = -inf
    _one_at_a_time: Lock = field(default_factory=Lock)

    def find(self, assistant: Assistant, *, anew: bool) -> list[str]:
        """Tell what is wrong; not older than a moment, and with anew not older at all.

        Whoever asks while another's answer is looked for takes that.
        """
        asked = self.clock()
        with self._one_at_a_time:
            if self._found_at < (asked if anew else asked - GOOD_FOR):
                self._faults, self._found_at = _faults(assistant), self.clock()
            return self._faults


@bp.get("/readyz")
def tell_ready() -> Response:
    """503 with every reason: database, schema, keys, token, the oldest letter."""
    near = _is_near()
    readiness: Readiness = current_app.extensions["readiness"]
    faults = readiness.find(_assistant(), anew=near)
    text = "\n".join(faults if near else faults and [NOT_READY]) or "ready"
    return Response(
        text + "\n",
        status=503 if faults else 200,
        content_type=TEXT,
    )


@bp.get("/metrics")
def tell_figures() -> Response:
    if not _may_read():
        return Response("", status=401)
    text = generate_latest(REGISTRY).decode()
    now = _assistant().clock.now()
    try:
        with _assistant().storage.read() as session:
            text += metrics.write(session, now)
    except StorageError as error:
        return Response(f"database: {error}\n", status=503, content_type=TEXT)
    return Response(text, content_type=CONTENT_TYPE_LATEST)


def _faults(assistant: Assistant) -> list[str]:
    faults: list[str] = []
    try:
        schema.check(assistant.storage)
        now = assistant.clock.now()
        with assistant.storage.read() as session:
            oldest = outbox.oldest_due(session, now)
        if oldest and now - oldest > OLDEST_WAITING:
            minutes = int((now - oldest).total_seconds() // 60)
            faults.append(f"outbox: oldest letter waits {minutes} minutes")
        rekey.check(assistant.storage, Ring.of(assistant.config.security))
    except KeyMissing as error:
        faults.append(f"keys: {error}")
    except StorageError as error:
        faults.append(f"database: {error}")
    for name, channel in assistant.channels.items():
        if isinstance(channel, WeCom | Official):
            try:
                channel.client.token()
            except (DeliveryError, StorageError) as error:
                part = "token" if name == "wecom" else f"{name} token"
                faults.append(f"{part}: {error}")
    return [*faults, *_line_faults(assistant)]


def _line_faults(assistant: Assistant) -> list[str]:
    """Tell what is wrong with the robot's line, whichever process holds it."""
    robot = assistant.channels.get("aibot")
    if not isinstance(robot, AiBot) or not robot.has_line:
        return []
    try:
        with assistant.storage.read() as session:
            fault = lease.find_fault(session, assistant.clock.now())
    except StorageError:
        return []  # told of already
    return [f"aibot: {fault}"] if fault else []


def _may_read() -> bool:
    """Let in who is on this machine, or who knows the bearer token."""
    assistant = _assistant()
    if _is_near():
        return True
    secret = assistant.config.server.metrics_token
    if secret is None:
        return False
    given = request.headers.get("Authorization", "")
    wanted = f"Bearer {secret.get_secret_value()}"
    return hmac.compare_digest(given.encode(), wanted.encode())


def _is_near() -> bool:
    """Tell who is on this machine; behind a reverse proxy everyone seems to be."""
    proxied = any(name in request.headers for name in PROXIED)
    return request.remote_addr in LOOPBACK and not proxied


def _assistant() -> Assistant:
    assistant: Assistant = current_app.extensions["assistant"]
    return assistant
