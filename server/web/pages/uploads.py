"""One file from a form: whose it may be is known before anything of it is read."""

from collections.abc import Callable

from flask import g, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from bot.errors import Refusal
from server.web.pages.answers import PageRefusal, drain
from server.web.pages.identity import TOO_FAST, check_form, the_assistant
from server.web.rate_limit import the_gate

FORM = 64 * 1024  # what a form has besides the file
NOTHING_CHOSEN = "还没有选文件。"


def admit(look: Callable[[Session], object]) -> None:
    """Ration who sends, and look whether she may; refused, the form is drained.

    look: raises PageRefusal for who may not.
    """
    if not the_gate().uploads.take(g.userid):
        drain()
        raise PageRefusal(429, TOO_FAST)
    try:
        with the_assistant().storage.read() as session:
            look(session)
    except PageRefusal:
        drain()
        raise


def read_file(most: int, nothing: str = NOTHING_CHOSEN) -> FileStorage:
    """Read the form; what is larger than a file may be is read into nothing.

    most: bytes of a file; nothing: the sentence where none was chosen. Raises Refusal.
    Of what is read, werkzeug keeps half a megabyte in memory, the rest in a file.
    """
    request.max_content_length = most + FORM
    check_form()
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Refusal(nothing)
    return file
