"""Words that give an intent away, whatever else the text says.

A cue only helps to rank; no act is ever read from it. Texts are matched as `same`
and `masks` write them: T a time, N a figure, P a person.
"""

from collections.abc import Mapping
from pathlib import Path

from bot.text.phrases import SUFFIX, read_phrases
from bot.understanding.sentences.lexicon import Lexicon

HERE = Path(__file__)
CUES: Mapping[str, Lexicon] = {
    intent: Lexicon(HERE, intent) for intent in read_phrases(HERE.with_suffix(SUFFIX))
}
"""By intent: a section is called as the intent is."""
