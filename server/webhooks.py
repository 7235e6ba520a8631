"""The doors that the platforms knock on: /wecom/callback."""

import structlog
from flask import Blueprint, Response, current_app, request
from prometheus_client import Counter, Gauge, Histogram
from werkzeug.exceptions import RequestEntityTooLarge

from bot.assistant import Assistant
from bot.channels import Channel
from bot.channels.wecom import OWN_KNOCK
from bot.errors import BadCallback, TooLarge
from server.flood import address_of, the_gate

MAX_REQUEST = 64 * 1024 + 1  # what is cut there is too large for the envelope

bp = Blueprint("webhooks", __name__)
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
ANSWERED = Counter("xiangyang_messages_total", "Messages answered", ["channel"])
TOOK = Histogram(
    "xiangyang_answer_seconds",
    "From a callback to its answer",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)


@bp.get("/<any(wecom, official):name>/callback")
def handshake(name: str) -> Response:
    if the_gate().is_shut(address_of(request)):
        raise BadCallback("too many forgeries from there")
    echo = _channel(name).handshake(request.args)
    _note("genuine")
    return _plain(echo)


@bp.post("/<any(wecom, official):name>/callback")
def receive(name: str) -> Response:
    channel = _channel(name)
    gate, address, query = the_gate(), address_of(request), request.args
    if gate.is_shut(address):
        raise BadCallback("too many forgeries from there")
    message = channel.hear(query, request.get_data())
    gate.note_honest(address)
    _note("genuine")
    with TOOK.time():
        heard = _assistant().answer(message)
    ANSWERED.labels(name).inc()
    # One id from here to the reply and to the letters' delivery; no words, no names.
    log.info("answered", message=message.id, channel=name, intent=heard.intent)
    return _plain(channel.reply(query, message, heard.reply))


@bp.errorhandler(BadCallback)
def refuse(error: BadCallback) -> tuple[str, int]:
    status = 413 if isinstance(error, TooLarge) else 403
    the_gate().note_forged(address_of(request))
    if not _is_own():
        REFUSED.labels(str(status)).inc()
        if error.setting:
            MISFIT.labels(error.setting).inc()
            _note(error.setting)
    return "", status


@bp.errorhandler(RequestEntityTooLarge)
def refuse_large(error: RequestEntityTooLarge) -> tuple[str, int]:
    REFUSED.labels("413").inc()
    return "", 413


def _note(what: str) -> None:
    if not _is_own():
        LAST.labels(what).set_to_current_time()


def _is_own() -> bool:
    """Tell whether `check --online` knocks: that says nothing of WeCom's settings."""
    return request.args.get("nonce", "").startswith(OWN_KNOCK)


def _plain(body: str) -> Response:
    kind = "application/xml" if body.startswith("<") else "text/plain"
    return Response(body, content_type=f"{kind}; charset=utf-8")


def _assistant() -> Assistant:
    assistant: Assistant = current_app.extensions["assistant"]
    return assistant


def _channel(name: str) -> Channel:
    channel = _assistant().channels.get(name)
    if channel is None:
        raise BadCallback(f"{name} is not set up")
    return channel
