"""What can be said to a reminder's preview: another time, text or audience."""

import re
from dataclasses import dataclass
from datetime import datetime

from bot.understanding.slots.moment import is_only_time
from bot.understanding.when import When, read_when

FORMS = (
    ("own", r"(?:只|就|改成|改为|是)?(?:提醒|发给)?我(?:自己|一个人)?(?:就行|就好)?$"),
    (
        "audience",
        r"(?:只?发给|改发给|只?提醒|改成提醒|收件人|对象|提醒谁)(?:改成|改为|是)?[：:\s]*(.+)$",
    ),
    (
        "without",
        r"(?:除了|除|不发给|不要发给|不提醒|去掉|不含|不包括)(.+?)(?:以外|之外|外)?$",
    ),
    ("text", r"(?:内容|文字)(?:改成|改为|是)?[：:，,\s]*(.+)$"),
    (
        "any",
        r"(?:(?:时间|修改|重写|换)?(?:改成|改为|改到|换成|换到|定在|是)|时间|修改|改)"
        r"[：:，,\s]*(.*)$",
    ),
)
PATTERNS = tuple((what, re.compile(form, re.S)) for what, form in FORMS)


@dataclass(frozen=True)
class Edit:
    """One improvement. what: own, audience, without, text or when."""

    what: str
    words: str = ""
    when: When | None = None


def read_edit(said: str, now: datetime) -> Edit | None:
    """Read one improvement; None if it is none."""
    said = said.strip(" 。！!")
    if timely := as_time(said, now):
        return timely
    for what, form in PATTERNS:
        if found := form.match(said):
            words = (found[1] if found.groups() else "").strip(" ：:，,")
            return _either(words, now) if what == "any" else Edit(what, words)
    return None


def _either(words: str, now: datetime) -> Edit:
    """改成 …: a time where it is nothing but a time, else what to say."""
    return as_time(words, now) or Edit("text", words)


def as_time(words: str, now: datetime) -> Edit | None:
    """Read words that are a time and nothing else."""
    if not is_only_time(words, now):
        return None
    return Edit("when", words, read_when(words, now))
