"""Whose death is told where greetings are spoken of: 李伟同志因病去世，请停发祝福.

Only what is stated counts. "走了" may mean another thing, so it counts only where the
greetings are to stop; whose father died is not dead.
"""

from dataclasses import dataclass
from pathlib import Path

from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.speech import MARKS
from bot.understanding.text import normalise

HERE = Path(__file__)
DIED = Lexicon(HERE, "died")
MAY_TELL = Lexicon(HERE, "may_tell")
TOLD = Lexicon(HERE, "told")
TOLD_AFTER = Lexicon(HERE, "told_after")
STOPPED = Lexicon(HERE, "stopped")
ALIVE = Lexicon(HERE, "alive")
UNSURE = ("疑问", "假设", "转述", "没定", "玩笑")


@dataclass(frozen=True)
class Death:
    """Whose it is; sure: said in a word that means nothing else.

    who: as named; "" where it is told after an order, which names him or her.
    """

    who: str
    sure: bool
    order: str = ""


def read_death(text: str) -> Death | None:
    """Read whose death a text tells, alone or with the greetings that are to stop."""
    said = normalise(text).text
    if not MAY_TELL.find(said) or ALIVE.find(said):
        return None
    if any(MARKS[mark].find(said) for mark in UNSURE):
        return None
    after = TOLD_AFTER.fit(said)
    if after and STOPPED.find(after["order"]):
        return Death("", sure=True, order=after["order"])
    told = TOLD.fit(said)
    if told is None:
        return None
    stops = STOPPED.find(told["rest"]) is not None
    if told["rest"] and not stops:
        return None
    sure = told["died"] is not None
    return Death(told["who"], sure) if sure or stops else None


def tells_of_death(words: str) -> bool:
    """Tell whether words that were to greet somebody tell of a death."""
    return DIED.find(normalise(words).text) is not None
