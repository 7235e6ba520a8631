"""The doors that the platforms knock on: /wecom/callback, /official/callback.

They stand in front of Flask, whose routing, context, request and response would cost
a message more than its answer does. What is not for them goes on to Flask.
"""

from collections import Counter as Tally
from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from http import HTTPStatus
from time import perf_counter
from typing import Any
from urllib.parse import parse_qsl

import structlog
from flask import Flask
from prometheus_client import Counter, Gauge, Histogram
from werkzeug.exceptions import HTTPException
from werkzeug.wsgi import get_input_stream

from bot.assistant.answering import Assistant
from bot.assistant.outcome import Outcome
from bot.channels import OWN_KNOCK, Channel
from bot.errors import BadCallback, TooLarge
from bot.message import Message
from bot.outbox.ways import PEOPLE
from server.web.places import prefix_of, strip_prefix
from server.web.rate_limit import Gate, address_of, share_of

MAX_REQUEST = 64 * 1024 + 1  # what is cut there is too large for the envelope
CALLBACKS = {f"/{name}/callback": name for name in ("wecom", "official", "aibot")}
STATUS = {each.value: f"{each.value} {each.phrase}" for each in HTTPStatus}

log = structlog.get_logger(__name__)

REFUSED = Counter("xiangyang_callbacks_refused_total", "Callbacks refused", ["status"])
MISFIT = Counter(
    "xiangyang_callbacks_misfit_total",
    "Callbacks signed with our token that do not fit another setting",
    ["setting"],
)
LAST = Gauge(
    "xiangyang_callbacks_last_timestamp_seconds",
    "When a callback last came that was genuine, or did not fit a setting",
    ["what"],
)
_last = cache(LAST.labels)
ANSWERED = Counter("xiangyang_messages_total", "Messages answered", ["channel"])
TOOK = Histogram(
    "xiangyang_answer_seconds",
    "From a callback to its answer",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)


@dataclass(frozen=True)
class Knock:
    """A request at one of the doors. query: as it stands in the address.

    address: tells who knocks, which matters of few.
    """

    channel: str
    method: str
    query: str
    address: Callable[[], str]
    began: float = field(default_factory=perf_counter)

    @cached_property
    def values(self) -> Mapping[str, str]:
        """What the query says; of a name said twice the first."""
        if "%" in self.query or "+" in self.query:
            pairs = parse_qsl(self.query, keep_blank_values=True, errors="replace")
        else:
            parts = (each.partition("=") for each in self.query.split("&") if each)
            pairs = [(name, value) for name, _, value in parts]
        return dict(reversed(pairs))

    @property
    def is_own(self) -> bool:
        """Whether `check --online` knocks: that says nothing of WeCom's settings."""
        return self.values.get("nonce", "").startswith(OWN_KNOCK)

    def note(self, what: str) -> None:
        if not self.is_own:
            _last(self.named(what)).set_to_current_time()

    def named(self, what: str) -> str:
        """Name what a door's figures count; WeCom's have no door's name."""
        return what if self.channel == PEOPLE else f"{self.channel}:{what}"


@dataclass(frozen=True)
class Said:
    """What is said at the door. text: "" to whoever is not the platform.

    hear_out: read to its end what is still coming, or else the answer is not heard.
    """

    status: int
    text: str = ""
    hear_out: bool = True

    @cached_property
    def body(self) -> bytes:
        return self.text.encode()

    @property
    def headers(self) -> list[tuple[str, str]]:
        kinds = {"<": "application/xml", "{": "application/json"}
        kind = kinds.get(self.text[:1], "text/plain")
        told = [
            ("Content-Type", f"{kind}; charset=utf-8"),
            ("Content-Length", str(len(self.body))),
        ]
        return [*told, ("Allow", "GET, HEAD, POST")] if self.status == 405 else told

    def tell(self, method: str) -> list[MutableMapping[str, Any]]:
        """Say it in ASGI's words."""
        headers = [(name.encode(), value.encode()) for name, value in self.headers]
        body = b"" if method == "HEAD" else self.body
        return [
            {
                "type": "http.response.start",
                "status": self.status,
                "headers": headers,
            },
            {"type": "http.response.body", "body": body},
        ]


def note_answers(answers: Sequence[tuple[Message, Outcome]]) -> None:
    """Count and log what was answered at once.

    One id from here to the reply and to the letters' delivery; no words or names.
    """
    for channel, number in Tally(message.channel for message, _ in answers).items():
        ANSWERED.labels(channel).inc(number)
    told = [
        {"message": message.id, "intent": heard.intent} for message, heard in answers
    ]
    log.info("answered", answers=told)


class Doors:
    """Who may come in, and what is said to whom; how it is answered is left open."""

    def __init__(self, assistant: Assistant, gate: Callable[[], Gate]) -> None:
        self._assistant = assistant
        self._gate = gate

    def look(self, knock: Knock) -> Said | None:
        """Say what there is to be said to whom nobody need read; None: go on."""
        if knock.method not in ("GET", "HEAD", "POST"):
            return Said(405)
        try:
            self._channel(knock.channel)
        except BadCallback as error:
            return self._refuse(error, knock)
        return None

    def listen(self, knock: Knock, body: bytes) -> Message | Said:
        """Hear a message, or say at once what there is to be said."""
        if said := self.look(knock):
            return said
        try:
            channel = self._channel(knock.channel)
            if knock.method != "POST":
                echo = channel.handshake(knock.values)
                knock.note("genuine")
                return Said(200, echo)
            if len(body) >= MAX_REQUEST:
                raise TooLarge(f"{len(body)} bytes")
            message = channel.hear(knock.values, body)
            knock.note("genuine")
        except BadCallback as error:
            return self._refuse(error, knock)
        return message

    def tell(self, knock: Knock, message: Message, heard: Outcome) -> Said:
        """Say the answer."""
        TOOK.observe(perf_counter() - knock.began)
        channel = self._channel(knock.channel)
        return Said(200, channel.reply(knock.values, message, heard.reply))

    def refuse_unread(self, status: int) -> Said:
        """Refuse what did not come to its end: too slow, or broken off."""
        REFUSED.labels(str(status)).inc()
        return Said(status, hear_out=False)

    def _refuse(self, error: BadCallback, knock: Knock) -> Said:
        status = 413 if isinstance(error, TooLarge) else 403
        patient = self._gate().forged.take(share_of(knock.address()))
        if not knock.is_own:
            REFUSED.labels(str(status)).inc()
            knock.note("refused")
            if error.setting:
                MISFIT.labels(knock.named(error.setting)).inc()
                knock.note(error.setting)
        return Said(status, hear_out=patient)

    def _channel(self, name: str) -> Channel:
        channel = self._assistant.channels.get(name)
        if channel is None:
            raise BadCallback(f"{name} is not set up")
        return channel


class Webhooks:
    """A WSGI application around Flask's, which answers one message in each thread.

    It also tells Flask where in our address its pages begin.
    """

    def __init__(self, app: Flask, assistant: Assistant) -> None:
        self._inside = app.wsgi_app
        self._assistant = assistant
        self._prefix = prefix_of(assistant.config.server.public_url)
        self.doors = Doors(assistant, lambda: app.extensions["gate"])

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        environ["PATH_INFO"] = strip_prefix(self._prefix, environ["PATH_INFO"])
        environ["SCRIPT_NAME"] = self._prefix  # so that pages lead to our pages
        name = CALLBACKS.get(environ["PATH_INFO"])
        if name is None:
            return self._inside(environ, start_response)
        method, query = environ["REQUEST_METHOD"], environ.get("QUERY_STRING", "")
        trusted = self._assistant.config.server.trusted_proxies
        address = partial(address_of, environ, trusted)
        said = self._answer(Knock(name, method, query, address), environ)
        start_response(STATUS[said.status], said.headers)
        return [] if method == "HEAD" else [said.body]

    def _answer(self, knock: Knock, environ: dict[str, Any]) -> Said:
        try:
            stream = get_input_stream(environ, max_content_length=MAX_REQUEST)
            body = stream.read() if knock.method == "POST" else b""
        except HTTPException as error:
            return self.doors.refuse_unread(error.code or 400)
        message = self.doors.listen(knock, body)
        if isinstance(message, Said):
            return message
        heard = self._assistant.answer(message)
        note_answers([(message, heard)])
        return self.doors.tell(knock, message, heard)
