"""What is to be said, without the words around it: 记得带党章吧谢谢 → 带党章."""

from pathlib import Path

from bot.understanding.sentences.lexicon import Lexicon

JOINTS = " ：:，,。；;、\n"
HERE = Path(__file__)
POLITE = Lexicon(HERE, "polite")
LEADING = Lexicon(HERE, "leading")
LEADS_OVER = Lexicon(HERE, "leads_over")
ENDING = Lexicon(HERE, "ending")
SMALL = Lexicon(HERE, "small")
HALF_SAID = Lexicon(HERE, "half_said")


def bare_content(text: str) -> str:
    """Take away what leads over to a content and what ends it."""
    text = LEADING.cut(without_joint(text.strip(JOINTS)))
    text = ENDING.cut(text).strip(JOINTS)
    return "" if HALF_SAID.find_at(text) else text


def bare_ahead(text: str) -> str:
    """Take the politeness off what was said before an order, and what leads to it."""
    bare = LEADS_OVER.cut(text.strip(JOINTS))
    return bare_content(POLITE.cut(bare))


def without_joint(text: str) -> str:
    """Take away what joins a time to what follows it: 那天, 的时候."""
    return SMALL.cut(text)
