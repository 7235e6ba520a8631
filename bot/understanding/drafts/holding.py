"""What says, within an order, that it is to wait: …，先别发，他说不想要."""

from pathlib import Path

from bot.understanding.drafts.reasons import gives_reason
from bot.understanding.drafts.replies import read_reply
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.slots.exceptions import cut

HOLD = Lexicon(Path(__file__), "hold")
EDGES = " ，,。；;！!\n"


def part_hold(text: str) -> tuple[str, str]:
    """Part an order from what says that it waits, "" for nothing.

    Why it waits goes with that, where no more than that follows.
    """
    hit = HOLD.find(text)
    if hit is None:
        return text, ""
    why = text[hit.end() :].strip(EDGES)
    says_why = gives_reason(why) or read_reply(why).act == "hold"
    end = len(text) if not why or says_why else hit.end()
    return cut(text, hit.start(), end), text[hit.start("said") : end].strip(EDGES)
