"""What a sentence file says is never this, is never read so."""

import pytest

from bench.understanding import learn

UNDERSTANDING, COMMANDS = learn()
NEVERS = [
    (line.text, each.intent)
    for each in COMMANDS.by_intent.values()
    for line in each.phrases.nevers
]


@pytest.mark.parametrize(("text", "intent"), NEVERS)
def test_it_is_never_read_so(text: str, intent: str) -> None:
    assert UNDERSTANDING.read(text).intent != intent
