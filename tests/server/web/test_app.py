"""Two applications of one process have their addresses in common, and nothing else."""

from dataclasses import replace

from bot.assistant.answering import Assistant
from bot.config.settings import Server
from server.web.app import create_app


def test_two_applications_know_nothing_of_each_other(assistant: Assistant) -> None:
    safe = Server(public_url="https://party.example.org/x")
    other = replace(
        assistant, config=assistant.config.model_copy(update={"server": safe})
    )
    first, second = create_app(assistant), create_app(other)
    assert first.extensions["assistant"] is assistant
    assert second.extensions["assistant"] is other
    for name in ("gate", "readiness"):
        assert first.extensions[name] is not second.extensions[name]
    assert not first.config["SESSION_COOKIE_SECURE"]
    assert second.config["SESSION_COOKIE_SECURE"]
    assert second.config["SESSION_COOKIE_PATH"] == "/x"
    assert first.url_map is second.url_map
