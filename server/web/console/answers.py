"""How the console answers: hardened, never kept, a kind sentence and a way back."""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from bot.branch.console.sessions import SignedOut
from bot.errors import Denied, Refusal, StorageError
from server.web.console.signing_in import explain
from server.web.pages.answers import AGAIN_AFTER, PageRefusal

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
NOTHING = "没有这个页面：可能已经删了，或者地址不对。"
TROUBLE = "页面暂时打不开，请过一会儿再试。您刚才填的没有记下。"


def add_handlers(console: Blueprint) -> None:
    console.register_error_handler(PageRefusal, _refuse)
    console.register_error_handler(SignedOut, _send_away)
    console.register_error_handler(Refusal, _say_no)
    console.register_error_handler(StorageError, _tell_trouble)
    console.register_error_handler(HTTPException, _tell_error)


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


def _refuse(error: PageRefusal) -> tuple[str, int, dict[str, str]]:
    later = {"Retry-After": AGAIN_AFTER} if error.status == 429 else {}
    return _write(str(error)), error.status, later


def _send_away(error: SignedOut) -> ResponseReturnValue:
    return explain(error, 401)


def _say_no(error: Refusal) -> ResponseReturnValue:
    if request.endpoint in ("console.ask_to_enter", "console.enter"):
        return explain(error, 403)
    return _write(str(error)), 403 if isinstance(error, Denied) else 409


def _tell_trouble(error: StorageError) -> tuple[str, int]:
    return _write(TROUBLE), 503


def _tell_error(error: HTTPException) -> tuple[str, int]:
    status = error.code or 500
    return _write(NOTHING if status < 500 else TROUBLE), status


def _write(sentence: str) -> str:
    return render_template("console/sentence.html", sentence=sentence)
