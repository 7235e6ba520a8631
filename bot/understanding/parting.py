"""Several orders in one message: the first is done, the others are told of.

通知大家明天交党费，再提醒我后天统计. What others may be told to do is content: a notice
may remind of something, and 然后去参观 orders nothing of us.
"""

from collections.abc import Callable
from itertools import islice
from pathlib import Path

from bot.understanding.sentences.lexicon import Lexicon

HERE = Path(__file__)
JOINT = Lexicon(HERE, "joint")
NEAR = 4  # characters before an order's own words
MOST_JOINTS = 3
REMIND = "remind"  # others may be told to remind each other
EDGES = " ，,。；;！!"


def part_orders(text: str, ordered: Callable[[str], str]) -> tuple[str, str]:
    """Part an order from the next; "" where there is none, or it may be its content.

    ordered: tells which intent a text clearly orders, "" if none.
    """
    for joint in islice(JOINT.find_all(text), MOST_JOINTS):
        first, more = text[: joint.start()], text[joint.end() :]
        intent = ordered(more)
        of_us = intent and (intent != REMIND or "我" in more[:NEAR])
        if of_us and ordered(first):
            return first, more.strip(EDGES)
    return text, ""
