"""Words by which a text may be said of the thing last spoken of."""

from pathlib import Path

from bot.understanding.sentences.lexicon import Lexicon

OF_LAST = Lexicon(Path(__file__), "of_last")
BACK = Lexicon(Path(__file__), "back")
FIRST = Lexicon(Path(__file__), "of_last.first")
CALL_OFF = Lexicon(Path(__file__), "call_off")
TO_CHANGE = Lexicon(Path(__file__), "to_change")
SLIPPED = Lexicon(Path(__file__), "slipped")
BY_THE_WAY = Lexicon(Path(__file__), "by_the_way")


def speaks_of_last(text: str) -> bool:
    """Tell whether a text has such a word: 改到三点, 刚才那个别发了."""
    return OF_LAST.stands_in(text) or FIRST.stands_first(text)


def without_slip(text: str) -> str:
    """Give a text without that something was wrong before it: 刚才打卡写错了，是…."""
    return SLIPPED.cut_first(text)


def begins_change(text: str) -> bool:
    """Tell whether a text begins as a change does: 改成：请大家周五来."""
    return TO_CHANGE.stands_first(text)


def leads_away(words: str) -> bool:
    """Tell whether words are what leads to another matter, and no more: 哦对了."""
    return BY_THE_WAY.is_one(words)


def calls_off(text: str) -> bool:
    """Tell whether a text has a word that calls something off: 取消吧, 停."""
    return CALL_OFF.stands_in(text)


def goes_back(text: str) -> bool:
    """Tell whether a text goes back to what was planned before: 还是改回周四."""
    return BACK.stands_in(text)
