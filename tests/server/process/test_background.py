"""What a process does beside its work, so that nobody waits for it."""

from datetime import date
from threading import enumerate as all_threads

import pytest

from bot.assistant.answering import Assistant
from bot.cards.backdrop import open_backdrop
from bot.cards.birthday import BirthdayCard, draw_birthday_card
from bot.cards.fonts import has_glyph
from bot.config.settings import Config
from bot.delivery.wake import Engine
from bot.storage.database import Storage
from server.process.background import Machinery
from server.setup.wiring import build_assistant

CARD = BirthdayCard("王芳", date(2011, 3, 2), 15, 14, "支部")


@pytest.fixture
def assistant(config: Config, storage: Storage) -> Assistant:
    return build_assistant(config, storage=storage, hears=False)


def start(assistant: Assistant, part: str) -> None:
    """Start a process of one part, let it warm up, and stop it."""
    open_backdrop.cache_clear()
    has_glyph.cache_clear()
    engine = Engine("", assistant.storage)
    machinery = Machinery(assistant, engine, frozenset((part,)))
    machinery.start(lambda _: None)
    for thread in all_threads():
        if thread.name == "warm-up":
            thread.join()
    machinery.stop()


@pytest.mark.parametrize("part", ["web", "scheduler"])
def test_the_first_card_finds_its_sheet_and_fonts(
    assistant: Assistant, part: str
) -> None:
    start(assistant, part)
    assert open_backdrop.cache_info().currsize == 1
    assert has_glyph.cache_info().currsize > 0
    draw_birthday_card(CARD)
    assert open_backdrop.cache_info().misses == 1


def test_who_only_delivers_draws_nothing(assistant: Assistant) -> None:
    start(assistant, "delivery")
    assert open_backdrop.cache_info().currsize == 0
