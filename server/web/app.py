"""The web application around the assistant."""

from flask import Flask

from bot.assistant.answering import Assistant
from server.web import console, health, pages, rate_limit, webhooks


def create_app(assistant: Assistant) -> Flask:
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = webhooks.MAX_REQUEST
    app.extensions["assistant"] = assistant
    rate_limit.add_gate(app)
    app.extensions["readiness"] = health.Readiness()
    app.register_blueprint(health.bp)
    pages.add_pages(app, assistant, console.ENTRANCES)
    console.add_console(app)
    app.wsgi_app = webhooks.Webhooks(app, assistant)  # type: ignore[method-assign]
    return app
