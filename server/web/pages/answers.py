"""How the pages answer: hardened, never kept, and a kind sentence for each error."""

from contextlib import suppress

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import ClientDisconnected, HTTPException

from bot.errors import Refusal, StorageError

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
DRAINED, CHUNK = 64 * 1024 * 1024, 64 * 1024
AGAIN_AFTER = "60"  # seconds, as the sentences say
TOLD_WITH = {429: {"Retry-After": AGAIN_AFTER}, 405: {"Allow": "GET, HEAD"}}
OTHERS = ("POST", "PUT", "PATCH", "DELETE")
NOTHING_SENT = "这个地址只能打开看，没有可以提交的。请回到页面上，再点一次按钮。"
NOTHING = "没有这个页面，请从企业微信的通知里打开。"
TROUBLE = "页面暂时打不开，请过一会儿再试。"


class PageRefusal(Refusal):
    """A page that is not shown: the status, and the sentence that is shown instead."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


def add_handlers(pages: Blueprint) -> None:
    tell_errors(pages, "m/sentence.html", NOTHING, TROUBLE)


def tell_errors(pages: Blueprint, template: str, nothing: str, trouble: str) -> None:
    """Tell errors in a sentence; of a bug only that there is one.

    nothing: what is said in the place of werkzeug's English; trouble: of what broke.
    """

    def write(sentence: str) -> str:
        return render_template(template, sentence=sentence)

    def refuse(error: PageRefusal) -> tuple[str, int, dict[str, str]]:
        return write(str(error)), error.status, TOLD_WITH.get(error.status, {})

    def tell_trouble(error: StorageError) -> tuple[str, int]:
        return write(trouble), 503

    def tell_error(error: HTTPException) -> tuple[str, int]:
        status = error.code or 500
        return write(nothing if status < 500 else trouble), status

    pages.register_error_handler(PageRefusal, refuse)
    pages.register_error_handler(StorageError, tell_trouble)
    pages.register_error_handler(HTTPException, tell_error)


def harden(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    if request.endpoint != "pages.static":
        response.headers["Cache-Control"] = "no-store"
    return response


def drain() -> None:
    """Read what is left of a form to its end, and keep nothing of it.

    A browser that is still sending shows no answer but a broken connection. What was
    read before is not waited for again, nor what `Asgi` did not let in.
    """
    request.max_content_length = request.content_length or 0
    left = DRAINED
    with suppress(ClientDisconnected):  # less came than was announced
        while left > 0 and (read := request.stream.read(min(left, CHUNK))):
            left -= len(read)


def show_nothing(_rest: str = "") -> str:
    raise PageRefusal(404, NOTHING)


def take_nothing(_rest: str = "") -> str:
    raise PageRefusal(405, NOTHING_SENT)
