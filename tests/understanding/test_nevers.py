"""What a sentence file says is never meant so, is not read so."""

import pytest

from bench.understanding import learn
from bot.text.phrases import is_template

UNDERSTANDING, COMMANDS = learn()
NEVERS = [
    (each.intent, line.text)
    for each in COMMANDS.by_intent.values()
    for line in each.phrases.nevers
    if not is_template(line)
]


@pytest.mark.parametrize(("intent", "text"), NEVERS)
def test_it_is_not_read_so(intent: str, text: str) -> None:
    reading = UNDERSTANDING.read(text)
    assert reading.intent != intent, reading.why
