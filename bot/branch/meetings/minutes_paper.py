"""Minutes that somebody wrote in Word → what they say, section by section.

Only what stands below 发言 and 决议 is taken; what is no such paper, or one of another
day, is refused in a sentence, and nothing of it is kept.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.branch.meetings import meetings
from bot.branch.meetings.meetings import Meeting
from bot.calendar.say import say_date
from bot.errors import Refusal
from bot.files.documents import read_blocks

NUMBERED = r"(?:第?[一二三四五六七八九十]+[、.．章节部分]*|\d{1,2}[、.．])?\s*"
SECTIONS = {
    "speech": re.compile(
        rf"{NUMBERED}(?:会议|主要)?(?:发言|讨论)(?:记录|要点|情况|摘要)?[:：]?"
    ),
    "resolution": re.compile(
        rf"{NUMBERED}(?:会议|形成的?)?(?:决议|决定|议定)(?:事项|情况)?[:：]?"
    ),
}
HEADING = re.compile(r"[一二三四五六七八九十]+、\S{1,20}")
SIGNED = re.compile(r"(?:主持人?|记录人?|与会人员)?签[字名]")
DAY = re.compile(r"(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})")
NO_MINUTES = (
    "没有读到“发言记录”或“决议”这样的标题，不像会议记录，什么也没有收。"
    "标题各占一行，下面一条一行，再传一次。"
)


@dataclass(frozen=True)
class Paper:
    """day: of the meeting, as the paper has it; None where it says none."""

    day: date | None
    speeches: Sequence[str]
    resolutions: Sequence[str]


def read_paper(name: str, content: bytes) -> Paper:
    """Read minutes. Raises Refusal for a file that cannot be read, or is no minutes."""
    if not name.lower().endswith(".docx"):
        raise Refusal("会议记录请传 Word 文件（docx），别的收不了。")
    lines = [text.strip() for _, text in read_blocks(name, content)]
    found = list(_sections(lines))
    if not found:
        raise Refusal(NO_MINUTES)
    head = lines[: min(at for at, _, _ in found)]
    return Paper(
        _find_day(head),
        [line for _, of, line in found if of == "speech" and line],
        [line for _, of, line in found if of == "resolution" and line],
    )


def check_day(paper: Paper, meeting: Meeting, now: datetime) -> None:
    """Raise Refusal for the minutes of another meeting, or without a day."""
    day = meetings.day_of(meeting, now)
    if paper.day is None:
        raise Refusal(
            f"文件前面没有写是哪天的会，对不上“{meeting.title}”（{say_date(day)}），"
            "什么也没有收。请写上年月日再传。"
        )
    if paper.day != day:
        raise Refusal(
            f"文件写的是 {say_date(paper.day)} 的会，这里是 {say_date(day)} 的"
            f"“{meeting.title}”，什么也没有收。"
        )


def _sections(lines: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    """Yield each line of a section, and each heading with "" for its line."""
    section = ""
    for at, line in enumerate(lines):
        heads = (of for of, form in SECTIONS.items() if form.fullmatch(line))
        if opened := next(heads, ""):
            section = opened
            yield at, section, ""
        elif HEADING.fullmatch(line) or SIGNED.search(line):
            section = ""
        elif section:
            yield at, section, line


def _find_day(lines: Sequence[str]) -> date | None:
    """Find the first day that the head of a paper names."""
    for line in lines:
        for year, month, day in DAY.findall(line):
            try:
                return date(int(year), int(month), int(day))
            except ValueError:
                continue
    return None
