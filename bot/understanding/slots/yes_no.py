"""Whether words that were to be sent only take them back: 还是不写了."""

from pathlib import Path

from bot.understanding.drafts.replies import says_no
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.text import normalise

HERE = Path(__file__)
REFUSAL = Lexicon(HERE, "refusal")
NOT_SENT = Lexicon(HERE, "not_sent")


def refuses(text: str) -> bool:
    """Tell whether words that were to be sent are nothing but a refusal: 还是不写了."""
    return says_no(text) or REFUSAL.fit(normalise(text).text) is not None


def refuses_sending(text: str) -> bool:
    """Tell whether such a refusal is of sending anything at all: 别给他发了."""
    return refuses(text) and NOT_SENT.find(normalise(text).text) is not None
