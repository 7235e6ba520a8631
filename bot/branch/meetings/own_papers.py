"""A branch's own forms: which docx stands in for ours, and what its places hold.

A folder has a file for each paper that is wanted otherwise: 会议记录.docx; a folder in
it with a branch's name has those of that branch alone.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from bot.branch.meetings import meetings, papers, resolutions, speeches, turnout
from bot.branch.meetings.meetings import Meeting
from bot.branch.people.tree import Branch, home
from bot.calendar.say import say_whole_moment
from bot.files.own import fill
from bot.files.xlsx import Sheet

MOST_READ = 20 * 1024 * 1024
FAULT = b"!"
"""Begins what is no paper, but says why there is none."""


def find_form(folder: str, branch: str, paper: str) -> bytes | None:
    """Find the docx that a branch has instead of our paper; None for none."""
    if not folder:
        return None
    places = [Path(folder) / f"{paper}.docx"]
    if Path(branch).name == branch:
        places.insert(0, Path(folder) / branch / f"{paper}.docx")
    found = next((each for each in places if each.is_file()), None)
    return found.read_bytes()[:MOST_READ] if found else None


def write_own(form: bytes, values: Mapping[str, Any]) -> bytes:
    """Fill a form in; FAULT and what is wrong with it where it cannot be."""
    content, fault = fill(form, values)
    return content or FAULT + fault.encode()


def say_fault(paper: str, why: str) -> str:
    return f"\n支部自己的模板“{paper}.docx”{why}，先用助手的格式。请管理员改模板。"


def values_of_list(
    branch: Branch, sheet: Sheet, year: int, now: datetime
) -> Mapping[str, Any]:
    """Return what the places of a list hold: its rows by their heads, as 名单."""
    rows = [
        dict(
            zip(
                sheet.heads, ("" if each is None else each for each in row), strict=True
            )
        )
        for row in sheet.rows
    ]
    return {
        "支部": branch.name,
        "名称": sheet.title,
        "年份": year,
        "日期": now.date().isoformat(),
        "人数": len(rows),
        "名单": rows,
    }


def values_of(session: Session, meeting: Meeting, now: datetime) -> Mapping[str, Any]:
    """Return what the places of a meeting's papers hold, by name."""
    people = turnout.list_people(session, meeting, now)
    listed = papers.list_to_sign(session, meeting, now)
    head = papers.head_of(session, meeting, now)
    counted = turnout.count(people, len(meeting.observers))
    return {
        "支部": home(session, meeting.branch_id).name,
        "名称": meeting.title,
        "第几次": meetings.ordinal(session, meeting, now),
        "时间": say_whole_moment(meeting.starts_at.astimezone(now.tzinfo)),
        "地点": meeting.place,
        "主讲": meeting.lecturer,
        **{what: head.get(what, "") for what in ("主持人", "记录人", "到会", "列席")},
        "缺席": head.get("缺席", ""),
        "补录": head.get("补录", ""),
        "应到": counted.expected,
        "实到": counted.present,
        "应到有表决权": counted.voters,
        "实到有表决权": counted.voters_present,
        "议题": meetings.agenda(session, meeting),
        "发言": [
            {"人": name or "", "内容": note.text}
            for name, note in speeches.list_of(session, meeting)
        ],
        "决议": [
            papers.say_resolution(each)
            for each in resolutions.of_meeting(session, meeting)
        ],
        "名单": [dict(zip(papers.SIGNS, row, strict=True)) for row in listed.rows],
    }
