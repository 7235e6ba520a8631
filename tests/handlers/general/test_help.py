"""帮助 is one screen, whatever is asked and whoever asks."""

import pytest

from bot.outbox.limits import TEXT_BYTES
from handlers.general.help import TOPICS
from tests.stage import Stage


@pytest.mark.parametrize("name", ["赵敏", "陈静", "王芳"])
def test_every_topic_fits_one_message(stage: Stage, name: str) -> None:
    for words in ("帮助", *(f"帮助 {each.name}" for each in TOPICS)):
        told = stage.say(name, words)
        assert "未完" not in told
        assert len(told.encode()) <= TEXT_BYTES, words
