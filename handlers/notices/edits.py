"""What can be said to a notice's preview: another text, audience, time, question."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.errors import Refusal
from bot.understanding.when import When, find_when, read_when

MOST_CHOICES, LONGEST_CHOICE = 6, 10  # a card has at most six buttons (path/90236)
SEND = "(?:再)?(?:发出去|发出|发送|发布|发)"
_FORMS = (
    ("trial", r"(?:先)?(?:试发|发给我)(?:给)?(?:自己|我)?(?:看看|看一下|试试|一下)?$"),
    ("robots", r"(?:同时|也|并)?(?:发到?|发送到)(?:微信|工作)?群(?:里|聊)?$"),
    ("goes_at", rf"(?:改成|改为|改到)([^，,。；;\n]{{2,14}}?){SEND}$"),
    ("goes_at", r"(?:(?:发送)?时间(?:改成|改为|改到|定在|是)?|改到)[：:\s]*(.+)$"),
    ("text", r"(?:修改|改成|改为|重写)(?:内容)?[：:，,\s]*(.*)$"),
    ("choices", r"(?:加上?|设置?|用)?(?:回复|回执)?选项[：:，,\s]*(.+)$"),
    ("choices", r"让大家选[：:\s]*(.+)$"),
    (
        "bare",
        r"(?:去掉|不要|不带|删掉|删除|清空|取消)(?:所有|全部)?的?"
        r"(?:附件|图片|照片|文件|图片和文件|附件和图片)了?$",
    ),
    (
        "deadline",
        r"(?:回复)?截止(?:时间|日期)?(?:是|到|为|改成|改到)?[：:，,\s]*(.+)$",
    ),
    ("audience", r"(?:只发给|改发给|发给|只发|收件人|对象)[：:\s]*(.+)$"),
    ("without", r"(?:除了|除|不发给|不要发给|去掉|不含|不包括)(.+?)(?:以外|之外|外)?$"),
    ("goes_at", rf"(?:定在|定于|等到|放到)?(.+?){SEND}$"),
)
FORMS = tuple((what, re.compile(form, re.S)) for what, form in _FORMS)
TAIL_TIME = re.compile(
    rf"[，,。；;\s]\s*(?P<words>[^，,。；;\s]{{2,20}}?){SEND}[。！!]?$"
)
_WISH = r"(?:我|还)?(?:想|要|怎么|如何|能不能|能|可以|可不可以)?(?:再|给我)?"
_PUT_IN = r"(?:附上?|加上?|加个|添加|上传|带上?|传)(?:一|几)?[个张份]?"
_ASKED = r"(?:吗|呢|么)?[？?]?$"
DOOR = re.compile(f"{_WISH}{_PUT_IN}(?:文件|图片?|照片|附件|文档){_ASKED}")
# What may be a notice's own words while its text is still asked for.
DOOR_OF_A_PREVIEW = re.compile(
    rf"(?:{_WISH}(?:{_PUT_IN}|(?:发|放)(?:一|几)?[个张份]?)"
    r"(?:文件|图片?|照片|附件|文档|表格|视频|压缩包|pdf|word|excel|ppt)"
    rf"|(?:怎么|如何)?(?:附件|图片|照片|文件|上传)(?:怎么加|在哪里?加)?){_ASKED}",
    re.IGNORECASE,
)
ANSWER_BY = re.compile(
    r"(?:请|务必|麻烦)?(?:于|在)?(?P<words>[^，,。；;]{2,16}?前)"
    r"(?:回复|反馈|报名|回执|确认)"
)


@dataclass(frozen=True)
class Edit:
    """One improvement. what: trial, robots, audience, without, or a draft's field."""

    what: str
    words: str = ""
    value: Any = None


def asks_for_door(said: str, *, has_text: bool) -> bool:
    """Tell whether somebody asks where pictures and files go in: 附文件, 怎么加图片.

    has_text: the notice is written, so that the words are not it.
    """
    form = DOOR_OF_A_PREVIEW if has_text else DOOR
    return form.match(said) is not None


def read_edit(said: str, now: datetime) -> Edit | None:
    """Read one improvement; None if it is none. Raises Refusal for an unclear time."""
    for what, form in FORMS:
        if found := form.match(said):
            words = next((each.strip() for each in found.groups() if each), "")
            if edit := _edit(what, words, now):
                return edit
    return None


def _edit(what: str, words: str, now: datetime) -> Edit | None:
    match what:
        case "choices":
            return Edit(what, value=_choices(words))
        case "deadline":
            return Edit(what, value=_deadline(words, now))
        case "goes_at":
            timely = find_when(words, now)
            return Edit(what, value=read_moment(words, now)) if timely else None
        case _:
            return Edit(what, words)


def split_time(text: str, now: datetime) -> tuple[str, datetime | None]:
    """Part "…，明早九点发" into the notice and when to send it."""
    found = TAIL_TIME.search(text)
    if found is None:
        return text, None
    when = read_when(found["words"], now)
    if when.unclear or when.recurring or when.deadline:
        return text, None
    return text[: found.start()].strip(), when.next[0]


def find_deadline(text: str, now: datetime) -> datetime | None:
    """Find "请周四前回复" in a notice's text."""
    for found in ANSWER_BY.finditer(text):
        whens = [each for each in find_when(found["words"], now) if not each.unclear]
        if len(whens) == 1 and whens[0].deadline:
            return whens[0].next[0]
    return None


def read_moment(words: str, now: datetime) -> datetime:
    """Read one moment ahead. Raises Refusal, asking back what is not certain."""
    return _one(read_when(words, now), words)


def _deadline(words: str, now: datetime) -> datetime | None:
    if words.strip() in ("不设", "取消", "不要", "没有"):
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


def _choices(words: str) -> tuple[str, ...]:
    if words.strip() in ("不要", "取消", "不设", "没有"):
        return ()
    offered = [each.strip() for each in re.split(r"[/／、|；;，,\s]+", words)]
    offered = list(dict.fromkeys(each for each in offered if each))
    if not 2 <= len(offered) <= MOST_CHOICES:
        raise Refusal(f"选项要 2 到 {MOST_CHOICES} 个，用 / 隔开，例：选项 能参加/请假")
    if long := [each for each in offered if len(each) > LONGEST_CHOICE]:
        raise Refusal(f"选项“{long[0]}”太长，最多 {LONGEST_CHOICE} 个字。")
    return tuple(offered)
