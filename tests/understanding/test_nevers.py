"""What a sentence file says is never meant so, is not."""

from bot.command import Commands
from bot.text.phrases import is_template
from bot.understanding.reading import Understanding
from bot.understanding.sentences.form import read_form


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
    wrong = []
    for each, line in nevers:
        reading = understanding.read(line.text)
        if reading.intent == each.intent and (each.acts or reading.meant):
            wrong.append((line.place, line.text))
    assert wrong == []


def test_every_template_has_a_pattern(commands: Commands) -> None:
    """Each is compiled when first needed: a wrong one must not wait so long."""
    lines = [
        (line, each.phrases.pieces)
        for each in commands.by_intent.values()
        for line in (*each.phrases.templates, *filter(is_template, each.phrases.nevers))
    ]
    assert len(lines) > 200
    for line, pieces in lines:
        assert read_form(line.text, pieces, "").pattern.groups, line.place
