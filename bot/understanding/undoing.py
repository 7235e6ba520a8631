"""What takes back the last thing done, whatever it was: 刚记的那条撤掉, 刚才那个不算.

One grammar for every kind (undoing.phrases); what is done then, each kind says itself.
"""

from dataclasses import dataclass
from pathlib import Path

from bot.understanding.sentences.forms import Forms
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.speech import asks_of_us
from bot.understanding.text import normalise

FORMS = Forms(Path(__file__), "undo", "undo.bare", "asked")
UNWANTED = Lexicon(Path(__file__), "unwanted")
NAMELESS = frozenset(("那条", "那个", "这条", "这个", "一条", "一个", "东西", "事"))


@dataclass(frozen=True)
class Undo:
    """verb: how it says that it was done, 记 or 设; "" where it does not.

    thing: what it calls it; "" for nothing. bare: it does not even say that it was
    just now. asked: it only asks whether that can be, or says that it was wrong.
    unwanted: it says that the thing is not wanted, not that the deed was wrong.
    """

    verb: str = ""
    thing: str = ""
    bare: bool = False
    asked: bool = False
    unwanted: bool = False


def read_undo(text: str) -> Undo | None:
    """Read what takes back the last thing done; None for any other text."""
    found = FORMS.find(text)
    if found is None or found.start:
        return None
    said = found.template.intent
    if said != "asked" and asks_of_us(normalise(text).text):
        return None
    thing = found.slots.get("thing", "").strip("的")
    thing = "" if thing in NAMELESS else thing
    verb = found.slots.get("verb", "")
    return Undo(
        verb,
        thing,
        bare=said == "undo.bare",
        asked=said == "asked",
        unwanted=UNWANTED.stands_last(text.rstrip("。！!～~")),
    )
