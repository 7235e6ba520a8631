"""The doors that the platforms knock on: /wecom/callback.

They stand in front of Flask, whose routing, context, request and response would cost
a message more than its answer does. What is not for them goes on to Flask.
"""

from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

import structlog
from flask import Flask
from prometheus_client import Counter, Histogram
from werkzeug.exceptions import HTTPException
from werkzeug.wsgi import get_input_stream

from bot.assistant import Assistant
from bot.channels import Channel
from bot.errors import BadCallback, TooLarge
from server.flood import Gate, address_of

MAX_REQUEST = 64 * 1024 + 1  # what is cut there is too large for the envelope
DOORS = {f"/{name}/callback": name for name in ("wecom", "official")}
STATUS = {each.value: f"{each.value} {each.phrase}" for each in HTTPStatus}

log = structlog.get_logger(__name__)

REFUSED = Counter("xiangyang_callbacks_refused_total", "Callbacks refused", ["status"])
MISFIT = Counter(
    "xiangyang_callbacks_misfit_total",
    "Callbacks signed with our token that do not fit another setting",
    ["setting"],
)
ANSWERED = Counter("xiangyang_messages_total", "Messages answered", ["channel"])
TOOK = Histogram(
    "xiangyang_answer_seconds",
    "From a callback to its answer",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)

Environ: TypeAlias = Mapping[str, Any]
Answer: TypeAlias = tuple[int, str]


class Webhooks:
    """A WSGI application around Flask's."""

    def __init__(self, app: Flask, assistant: Assistant) -> None:
        self._inside = app.wsgi_app
        self._extensions = app.extensions
        self._assistant = assistant

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        name = DOORS.get(environ["PATH_INFO"])
        if name is None:
            return self._inside(environ, start_response)
        status, text = self._answer(name, environ)
        body = text.encode()
        headers = [
            ("Content-Type", f"{_kind(text)}; charset=utf-8"),
            ("Content-Length", str(len(body))),
        ]
        if status == 405:
            headers.append(("Allow", "GET, HEAD, POST"))
        start_response(STATUS[status], headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _answer(self, name: str, environ: Environ) -> Answer:
        """Return the status and what is said; "" for whoever is not the platform."""
        method, address = environ["REQUEST_METHOD"], address_of(environ)
        try:
            if method == "POST":
                return 200, self._receive(name, environ, address)
            if method in ("GET", "HEAD"):
                return 200, self._shake_hands(name, environ, address)
        except BadCallback as error:
            return self._refuse(error, address), ""
        except HTTPException as error:  # too large, or broken off
            REFUSED.labels(str(error.code)).inc()
            return error.code or 400, ""
        except Exception:  # the last door before the platform
            log.exception("bug", channel=name)
            return 500, ""
        return 405, ""

    def _shake_hands(self, name: str, environ: Environ, address: str) -> str:
        if self._gate.is_shut(address):
            raise BadCallback("too many forgeries from there")
        return self._channel(name).handshake(_query(environ))

    def _receive(self, name: str, environ: Environ, address: str) -> str:
        channel, gate, query = self._channel(name), self._gate, _query(environ)
        if gate.is_shut(address):
            raise BadCallback("too many forgeries from there")
        message = channel.hear(query, _body(environ))
        gate.note_honest(address)
        with TOOK.time():
            heard = self._assistant.answer(message)
        ANSWERED.labels(name).inc()
        # One id from here to the reply and to the letters' delivery; no words or names.
        log.info("answered", message=message.id, channel=name, intent=heard.intent)
        return channel.reply(query, message, heard.reply)

    def _refuse(self, error: BadCallback, address: str) -> int:
        status = 413 if isinstance(error, TooLarge) else 403
        REFUSED.labels(str(status)).inc()
        self._gate.note_forged(address)
        if error.setting:
            MISFIT.labels(error.setting).inc()
        return status

    def _channel(self, name: str) -> Channel:
        channel = self._assistant.channels.get(name)
        if channel is None:
            raise BadCallback(f"{name} is not set up")
        return channel

    @property
    def _gate(self) -> Gate:
        gate: Gate = self._extensions["gate"]
        return gate


def _query(environ: Environ) -> dict[str, str]:
    """Read the query; of a name said twice the first counts."""
    text = environ.get("QUERY_STRING", "")
    pairs = parse_qsl(text, keep_blank_values=True, errors="replace")
    return dict(reversed(pairs))


def _body(environ: Environ) -> bytes:
    """Read the body. Raises HTTPException if it is too large or breaks off."""
    stream = get_input_stream(dict(environ), max_content_length=MAX_REQUEST)
    return bytes(stream.read())


def _kind(text: str) -> str:
    return "application/xml" if text.startswith("<") else "text/plain"
