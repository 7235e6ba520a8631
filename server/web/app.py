"""The web application around the assistant."""

from copy import copy
from functools import cache

from flask import Flask

from bot.assistant.answering import Assistant
from server.web import console, health, pages, rate_limit, webhooks
from server.web.console.page import TEXTS
from server.web.pages import identity


def create_app(assistant: Assistant, *, grows: bool = False) -> Flask:
    """Build the application. grows: more addresses are added to it, and to no other."""
    app = _make_addresses() if grows else copy(_addresses())
    app.config = copy(app.config)
    app.extensions = {"assistant": assistant, "readiness": health.Readiness()}
    rate_limit.add_gate(app)
    console.add_works(app)
    console.add_counted_months(app)
    identity.protect_sessions(app, assistant.config)
    app.wsgi_app = webhooks.Webhooks(app, assistant)  # type: ignore[method-assign]
    return app


@cache
def _addresses() -> Flask:
    """Make what all applications of a process share: addresses, and their pages.

    Compiling a hundred addresses takes as long as answering a hundred messages.
    """
    return _make_addresses()


def _make_addresses() -> Flask:
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = webhooks.MAX_REQUEST
    app.config["MAX_FORM_MEMORY_SIZE"] = TEXTS
    app.register_blueprint(health.bp)
    app.register_blueprint(pages.create_pages(console.ENTRANCES))
    app.register_blueprint(console.create_console())
    _ = app.jinja_env  # made here, it keeps what it compiles for all of them
    return app
