"""Where something is held: whether words are a place, and where a text names one."""

import re

NAMED = "室|厅|堂|楼|馆|中心|基地|园|家|场|部|教室|礼堂|操场"
HELD = "开|举|召|集合|学习|参加|进行|讨论|活动(?!室|中心)"
"""What no place's name goes on with: 301开会."""
ROOM = r"(?<!\d)\d{3,4}(?:室|会议室|教室)?"
PLACE = rf"(?:(?!{HELD})[一-龥A-Za-z\d-]){{0,17}}(?:{NAMED}|{ROOM})"
LIKE_A_PLACE = re.compile(PLACE)
IN_TEXT = re.compile(
    rf"(?:地点|地方|会场)(?:改?[在是为到]|[:：])?\s*(?P<told>[^，,。；;！!\s（(]{{2,20}})"
    rf"|(?:在|到|去|于|至)\s*(?P<held>{PLACE})"
)
SOMEWHERE = re.compile(r"(?:地点[:：是]?|在)\s*([^，,。；;\s]{2,20})")


OF_NO_ROOM = ("线上", "线下", "网上", "腾讯会议", "视频会议")
"""Where people meet without a room; 线下 is wherever they met before."""


def is_place(words: str) -> bool:
    """Tell whether words are like a place and nothing else: 302, 党员活动室, 线上."""
    return LIKE_A_PLACE.fullmatch(words) is not None or words in OF_NO_ROOM


def find_places(text: str) -> list[tuple[int, int]]:
    """List where in a text the places stand at which something is held."""
    spans = []
    for found in IN_TEXT.finditer(text):
        group = "told" if found["told"] else "held"
        spans.append(found.span(group))
    return spans


def part_place(text: str) -> tuple[str, str]:
    """Part what is said to be where it is from a text; "" where none is told.

    A comma stays where it stood.
    """
    hit = SOMEWHERE.search(text)
    return (
        (hit[1], f"{text[: hit.start()]}，{text[hit.end() :]}") if hit else ("", text)
    )
