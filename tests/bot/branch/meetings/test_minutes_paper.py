"""Minutes written in Word: what stands below their headings, and of which day."""

from datetime import date
from io import BytesIO

import docx
import pytest
from sqlalchemy.orm import Session

from bot.branch.meetings.minutes_paper import Paper, check_day, read_paper
from bot.errors import Refusal
from tests.bot.branch.meetings.test_doors import AT, NOW, call


def read(*lines: str, name: str = "记录.docx") -> Paper:
    paper, content = docx.Document(), BytesIO()
    for each in lines:
        paper.add_paragraph(each)
    paper.save(content)
    return read_paper(name, content.getvalue())


def test_only_what_stands_below_its_headings_is_taken() -> None:
    paper = read(
        "支部党员大会记录",
        "时间：2026年3月4日 下午",
        "地点：301",
        "一、发言记录",
        "王芳：先修灯",
        "",
        "李伟：同意",
        "二、其他",
        "茶歇",
        "三、决议",
        "同意修灯",
        "四、发言情况：",
        "何雪：补一句",
        "主持人签字：赵敏",
        "2025.1.1",
    )
    assert paper == Paper(
        date(2026, 3, 4),
        ["王芳：先修灯", "李伟：同意", "何雪：补一句"],
        ["同意修灯"],
    )


def test_a_day_is_told_in_the_head_and_is_one(session: Session) -> None:
    """The first that there is; what stands below the first heading is none."""
    assert read("2026-13-40", "2026 / 3 / 4", "2026.3.5", "决议").day == date(
        2026, 3, 4
    )
    assert read("会议记录", "决议", "2026年3月4日前办好").day is None
    meeting = call(session)
    check_day(Paper(AT.date(), [], []), meeting, NOW)
    with pytest.raises(Refusal, match="没有写是哪天"):
        check_day(Paper(None, [], []), meeting, NOW)
    with pytest.raises(Refusal, match="文件写的是"):
        check_day(Paper(NOW.date(), [], []), meeting, NOW)


@pytest.mark.parametrize(
    ("name", "why"), [("记录.pdf", "Word 文件"), ("记录.DOCX", "没有读到")]
)
def test_what_is_no_paper_of_a_meeting(name: str, why: str) -> None:
    with pytest.raises(Refusal, match=why):
        read("采购清单", "发言记录的说明很长", name=name)
    assert read("决议", name="记录.DOCX").resolutions == []
