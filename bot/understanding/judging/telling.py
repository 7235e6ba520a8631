"""Whether a text only tells of something: content for what was asked last.

It calls, asks, denies, supposes and orders nothing, and is no small talk. What is like
a command or like small talk tells only where it says of itself that something was
studied: 参观了纪念馆, 学的是入党誓词的由来.
"""

from pathlib import Path

from bot.understanding.evidence import Evidence
from bot.understanding.judging.verdict import TITLED
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.speech import listen
from bot.understanding.words.smalltalk import GUIDANCE, NOT_DONE, NOTHING

OF_CHECKING_IN = "checkin"
NO_TELLING = (
    *("疑问", "询问", "假设", "说别人", "代别人"),
    *("评说", "玩笑", "忘记", "没定", "将来", "惯常"),
)
OF_OTHERS = "转述"  # 听完书记讲的党课 tells of oneself all the same
HERE = Path(__file__)
STUDIED = Lexicon(HERE, "studied")
ORDERS = Lexicon(HERE, "orders")
KNOWN_TALK = 0.42


def tells(heard: Evidence, intent: str, choices: tuple[str, ...], reply: str) -> bool:
    """Tell by how it was read. intent: not one that acts, which is an order."""
    text = TITLED.sub("", heard.said.text)
    speech = listen(text)
    if speech.denied or any(mark in speech.marks for mark in NO_TELLING):
        return False
    if STUDIED.find(text):
        return True
    if OF_OTHERS in speech.marks:
        return False
    if ORDERS.find(text) or heard.sentence or (heard.call and heard.call.sure):
        return False
    if choices:
        return OF_CHECKING_IN in choices
    best = heard.matches[0] if heard.matches else None
    talk = best is not None and best.intent == NOTHING and best.score >= KNOWN_TALK
    return intent == NOTHING and reply in (GUIDANCE, NOT_DONE) and not talk
