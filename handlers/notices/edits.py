"""What can be said to a notice's preview: another text, audience, time, question."""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.errors import Refusal
from bot.text.phrases import Line
from bot.understanding.sentences.forms import Forms
from bot.understanding.when import When, find_when, read_when

MOST_CHOICES, LONGEST_CHOICE = 6, 10  # a card has at most six buttons (path/90236)
NONE = ("不设", "取消", "不要", "没有")
"""What says that there is to be none."""
APART, AND = re.compile(r"[/／、|；;，,\s]+"), re.compile("还是|或者?|[和与跟]")
HERE = Path(__file__)
EDITS = Forms(
    HERE,
    *("trial", "robots", "at_once", "goes_at", "text", "choices", "bare"),
    "more_choices",
    *("deadline", "audience", "without"),
)
DOOR = Forms(HERE, "door")
# What may be a notice's own words while its text is still asked for.
DOOR_OF_A_PREVIEW = Forms(HERE, "door.preview")
ANSWER_BY = re.compile(
    r"(?:请|务必|麻烦)?(?:于|在)?(?P<words>[^，,。；;]{2,16}?前)"
    r"(?:回复|反馈|报名|回执|确认|回[个我]|报[给上]|回(?=$|[，,。；;!！]))"
)


@dataclass(frozen=True)
class Edit:
    """One improvement. what: trial, robots, at_once, audience, without, or a field."""

    what: str
    words: str = ""
    value: Any = None


def asks_for_door(said: str, *, has_text: bool) -> bool:
    """Tell whether somebody asks where pictures and files go in: 附文件, 怎么加图片.

    has_text: the notice is written, so that the words are not it.
    """
    form = DOOR_OF_A_PREVIEW if has_text else DOOR
    return form.find(said) is not None


def read_edit(said: str, now: datetime) -> Edit | None:
    """Read one improvement; None if it is none. Raises Refusal for an unclear time."""
    passed: list[Line] = []
    while sentence := EDITS.find(said, passed):
        words = sentence.slots.get("words", "")
        if edit := _edit(sentence.template.intent, words, now):
            return edit
        passed.append(sentence.template.line)
    return None


def _edit(what: str, words: str, now: datetime) -> Edit | None:
    match what:
        case "choices":
            return Edit(what, value=read_choices(words))
        case "deadline":
            named = words.strip() in NONE or find_when(words, now)
            return Edit(what, value=read_deadline(words, now)) if named else None
        case "goes_at":
            timely = find_when(words, now)
            return Edit(what, value=read_moment(words, now)) if timely else None
        case _:
            return Edit(what, words)


def find_deadline(text: str, now: datetime) -> datetime | None:
    """Find "请周四前回复" in a notice's text."""
    for found in ANSWER_BY.finditer(text):
        whens = [each for each in find_when(found["words"], now) if not each.unclear]
        if whens and whens[-1].deadline:
            return whens[-1].next[0]
    return None


def read_moment(words: str, now: datetime) -> datetime:
    """Read one moment ahead. Raises Refusal, asking back what is not certain."""
    return _one(read_when(words, now), words)


def read_deadline(words: str, now: datetime) -> datetime | None:
    """Read by when to answer; None where none is wanted. Raises Refusal."""
    if words.strip() in NONE:
        return None
    by = words if words.endswith("前") else f"{words}前"  # 周四 means its end
    when = read_when(by, now)
    return _one(read_when(words, now) if when.unclear else when, words)


def _one(when: When, words: str) -> datetime:
    if when.unclear:
        raise Refusal(when.unclear)
    if when.recurring:
        raise Refusal(f"“{words.strip()}”是重复的时间，这里要一个确定的时间。")
    return when.next[0]


def read_choices(words: str) -> tuple[str, ...]:
    """Read what may be chosen; none where none is wanted. Raises Refusal."""
    if words.strip() in NONE:
        return ()
    offered = [each.strip() for each in APART.split(words)]
    if len(offered) == 1:
        offered = AND.split(words.strip())
    offered = list(dict.fromkeys(each for each in offered if each))
    if not 2 <= len(offered) <= MOST_CHOICES:
        raise Refusal(f"选项要 2 到 {MOST_CHOICES} 个，用 / 隔开，例：选项 能参加/请假")
    if long := [each for each in offered if len(each) > LONGEST_CHOICE]:
        raise Refusal(f"选项“{long[0]}”太长，最多 {LONGEST_CHOICE} 个字。")
    return tuple(offered)
