"""/m/console…: whom WeCom has just recognised comes into the console."""

from flask import redirect, url_for
from werkzeug.wrappers import Response

from bot.branch.console import sessions
from bot.errors import Denied
from server.web.console.browsers import describe_device
from server.web.console.signing_in import let_in
from server.web.pages.answers import PageRefusal
from server.web.pages.identity import (
    send_to_scan,
    the_assistant,
    the_moment,
    the_reader,
)


def enter_console() -> Response:
    """Begin a session. Raises PageRefusal for who is no secretary or committee's."""
    try:
        with the_assistant().storage.write() as session:
            reader = the_reader(session)
            number = reader.id
            token = sessions.begin(session, reader, describe_device(), the_moment())
    except Denied as refusal:
        raise PageRefusal(403, str(refusal)) from None
    return let_in(number, token)


def scan_to_enter() -> Response:
    """Show the code that is scanned, where the settings say that WeCom has one."""
    wecom = the_assistant().config.wecom
    if wecom is None or not wecom.qr_login:
        return redirect(url_for("console.sign_in"))
    return send_to_scan("/m/console")


ENTRANCES = {"/console": enter_console, "/console/scan": scan_to_enter}
