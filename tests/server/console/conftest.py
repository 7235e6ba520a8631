import pytest

from bot.assistant.answering import Assistant
from bot.config.settings import Config
from tests.server.browser import with_pages
from tests.server.console.visitor import Visitor


@pytest.fixture
def config(config: Config) -> Config:
    return with_pages(config)


@pytest.fixture
def visitor(assistant: Assistant) -> Visitor:
    """A browser that nobody is signed in with."""
    return Visitor(assistant)


@pytest.fixture
def secretary(visitor: Visitor) -> Visitor:
    """A browser that 赵敏 is signed in with, and has the first page open."""
    assert visitor.sign_in("zhaomin").status_code == 303
    assert visitor.get("/console/").status_code == 200
    return visitor
