"""What is said where free words are asked for: such words, or something else.

A reason, a name, a content may be anything; what says no to the asking, denies that it
was wanted, thanks or puts a question is none.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal, TypeAlias

from bot.understanding.drafts.parting import part_reply
from bot.understanding.drafts.replies import denies, read_reply
from bot.understanding.sentences.forms import Forms
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.slots.yes_no import refuses
from bot.understanding.speech import is_question
from bot.understanding.undoing import read_undo

Asked: TypeAlias = Literal["words", "no", "hold", "thanks", "question"]
HERE = Path(__file__)
DENIAL, TITLE = Forms(HERE, "denial"), Lexicon(HERE, "title")
LONGEST_DENIAL = 24  # characters; a longer text tells of something
DEEDS = ("取消", "算了", "作罢")


def read_asked(said: str, now: datetime, verbs: Sequence[str] = ()) -> Asked:
    """Tell what it is; words where it is nothing else. verbs: what is done with them.

    thanks: it is heard, or says yes, or asks to be shown what is asked: no such words.
    """
    match read_reply(said, verbs).act:
        case "none":
            pass
        case "no" | "hold" as act:
            return act
        case _:
            return "thanks"
    if refuses(said) or _is_denied(said) or _ends_in_no(said, now, verbs):
        return "no"
    return "question" if is_question(said) else "words"


def _is_denied(said: str) -> bool:
    """Tell whether it was not meant, or wrongly said: 我可没说要请假, 打错了."""
    if len(said) > LONGEST_DENIAL:
        return False
    found, undone = DENIAL.find(said), read_undo(said)
    return (found is not None and not found.start) or (
        undone is not None and not undone.verb and not undone.thing
    )


def _ends_in_no(said: str, now: datetime, verbs: Sequence[str]) -> bool:
    """Tell whether it ends in not doing it, after why: 还没想好，先不发了."""
    clauses = part_reply(said, now, verbs).clauses
    if len(said) > LONGEST_DENIAL or len(clauses) < 2:
        return False
    last = clauses[-1].words
    named = any(each in last for each in DEEDS)
    return clauses[-1].is_a == "no" and (named or denies(last, verbs))


def without_title(said: str, asked: str) -> str:
    """Give an answer without what it says of itself, where just that was asked.

    全称是…, where the full name was.
    """
    found = TITLE.find_at(said)
    if found is None or found["name"] not in asked:
        return said
    return said[found.end() :].strip(" ，,：:") or said
