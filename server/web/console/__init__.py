"""The console: /console/…, the same books as the chat, to be seen and worked on."""

from collections.abc import Sequence

from flask import Blueprint, request

from bot.discover import collect
from server.web.console import account, answers, pages, progress, signing_in
from server.web.console.counted_months import add_counted_months
from server.web.console.entrances import ENTRANCES
from server.web.console.long_work import add_works
from server.web.console.page import POST, Page
from server.web.console.serving import serve
from server.web.pages.answers import OTHERS

__all__ = (
    "ENTRANCES",
    "UPLOAD",
    "add_counted_months",
    "add_works",
    "all_pages",
    "create_console",
)
UPLOAD = "/upload"
"""How an address ends to which a file is sent: its body is read as a file's is."""


def all_pages() -> Sequence[Page]:
    """List the pages that there are, in the order of the menu."""
    return sorted(collect(pages, Page), key=lambda page: (page.order, page.name))


def create_console() -> Blueprint:
    """Build `/console`; only `signing_in.OPEN` is shown to who is not signed in."""
    console = Blueprint(
        "console",
        __name__,
        url_prefix="/console",
        template_folder="templates",
        static_folder="static",
    )
    console.before_request(signing_in.recognise)
    console.after_request(signing_in.keep_signed_in)
    console.after_request(answers.harden)
    answers.add_handlers(console)
    every = all_pages()
    console.context_processor(lambda: {"menu": every, "here": _here()})
    console.get("/sign-in")(signing_in.sign_in)
    console.get("/enter/<own_part>")(signing_in.ask_to_enter)
    console.post("/enter/<own_part>")(signing_in.enter)
    for page in (*every, account.ACCOUNT, progress.PROGRESS):
        _add(console, page)
    console.get("/<path:_rest>")(answers.show_nothing)
    for rule in ("/", "/<path:_rest>"):
        console.route(rule, methods=OTHERS)(answers.take_nothing)
    return console


def _here() -> str:
    """Name the page that is asked for, as its endpoints begin."""
    return (request.endpoint or "").partition(".")[2].partition("-")[0]


def _add(console: Blueprint, page: Page) -> None:
    for route in page.routes:
        if (route.most > 0) != route.rule.endswith(UPLOAD):
            raise ValueError(
                f"{route.rule}: a file is sent to …{UPLOAD}, and only there"
            )
        console.add_url_rule(
            page.prefix + route.rule,
            endpoint=page.endpoint(route),
            view_func=serve(route),
            methods=[POST] if route.method == POST else ["GET"],
        )
