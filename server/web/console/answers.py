"""How the console answers: hardened, never kept, a kind sentence and a way back."""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from bot.branch.console.sessions import SignedOut
from bot.errors import Denied, Refusal
from server.web.console.signing_in import explain
from server.web.pages.answers import NOTHING_SENT, PageRefusal, tell_errors

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
NOTHING = "没有这个页面：可能已经删了，或者地址不对。"
SENTENCE = "console/sentence.html"
TROUBLE = "页面暂时打不开，请过一会儿再试。您刚才填的没有记下。"


def add_handlers(console: Blueprint) -> None:
    tell_errors(console, SENTENCE, NOTHING, TROUBLE)
    console.register_error_handler(SignedOut, _send_away)
    console.register_error_handler(Refusal, _say_no)


def harden(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if request.endpoint != "console.static":
        response.headers["Cache-Control"] = "no-store"
    return response


def show_nothing(_rest: str = "") -> str:
    raise PageRefusal(404, NOTHING)


def take_nothing(_rest: str = "") -> str:
    raise PageRefusal(405, NOTHING_SENT)


def _send_away(error: SignedOut) -> ResponseReturnValue:
    return explain(error, 401)


def _say_no(error: Refusal) -> ResponseReturnValue:
    if request.endpoint in ("console.ask_to_enter", "console.enter"):
        return explain(error, 403)
    said = render_template(SENTENCE, sentence=str(error))
    return said, 403 if isinstance(error, Denied) else 409
