"""What a sentence file says is never meant so, is not."""

from bot.command import Commands
from bot.text.phrases import is_template
from bot.understanding.reading import Understanding


def test_what_is_never_meant_is_never_read(
    understanding: Understanding, commands: Commands
) -> None:
    nevers = [
        (each, line)
        for each in commands.by_intent.values()
        for line in each.phrases.nevers
        if not is_template(line)
    ]
    assert nevers
    wrong = [
        (line.place, line.text)
        for each, line in nevers
        if understanding.read(line.text).intent == each.intent
    ]
    assert wrong == []
