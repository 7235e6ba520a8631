"""Whose death is told where greetings are spoken of: 李伟同志因病去世，请停发祝福.

Only what is stated counts. "走了" may mean another thing, so it counts only where the
greetings are to stop; whose father died is not dead.
"""

import re
from dataclasses import dataclass

from bot.understanding.speech import MARKS
from bot.understanding.text import normalise

DIED = (
    r"(?:去世|逝世|病逝|病故|过世|离世|辞世|故去|殉职|因公牺牲|不在人世"
    r"|与世长辞|永远离开)"
)
MAY_TELL = re.compile(rf"{DIED}|走")
HOW = (
    r"(?:已经?|刚刚?|因病|因公|因[^,]{1,8}|不幸|突然|突发[^,]{1,8}"
    r"|[昨今前]天|昨晚|今[早天]|凌晨"
    r"|上个?[周月][一二三四五六日天]?|于[^,]{1,14}|医治无效|抢救无效|,)*"
)
TOLD = re.compile(
    r"(?P<who>[一-龥·]{2,12}?)(?:老?同志|老师|书记|教授|先生|女士)?,?"
    rf"{HOW}(?:(?P<died>{DIED})|走)[了啦]?(?:我们)?[。!,;、]*(?P<rest>.*)"
)
TOLD_AFTER = re.compile(
    r"(?P<order>[^:]*祝福[^:]*?)[,。;!]+(?:因为|由于)?(?:他|她|这位)?(?:老?同志|老师|老人家|人)?"
    rf"{HOW}{DIED}[了啦]?[。!,]*"
)
STOPPED = re.compile(
    r"(?:停|别|不要|不用|不再|不必|取消|撤).{0,8}祝福|祝福.{0,6}(?:停|别|不|取消|撤)"
)
ALIVE = re.compile(rf"(?:没有?|未|并未|不是|并非|差点){HOW}{DIED}")
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
    if not MAY_TELL.search(said) or ALIVE.search(said):
        return None
    if any(MARKS[mark].search(said) for mark in UNSURE):
        return None
    after = TOLD_AFTER.fullmatch(said)
    if after and STOPPED.search(after["order"]):
        return Death("", sure=True, order=after["order"])
    told = TOLD.fullmatch(said)
    if told is None:
        return None
    stops = STOPPED.search(told["rest"]) is not None
    if told["rest"] and not stops:
        return None
    sure = told["died"] is not None
    return Death(told["who"], sure) if sure or stops else None


def tells_of_death(words: str) -> bool:
    """Tell whether words that were to greet somebody tell of a death."""
    return re.search(DIED, normalise(words).text) is not None
