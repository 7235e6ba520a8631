"""The sheets over many meetings: the ledger, and who was on leave."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.branch.meetings import meetings, resolutions, turnout
from bot.branch.meetings.kinds import BY_KIND
from bot.branch.meetings.leaves import ASKED, GRANTED, REFUSED
from bot.branch.meetings.meetings import STAGES, Meeting
from bot.branch.people.members import Member
from bot.files.xlsx import Sheet

LEDGER = (
    "序号",
    "日期",
    "时间",
    "类别",
    "第几次",
    "标题",
    "地点",
    "主持",
    "记录",
    "应到",
    "实到",
    "应到有表决权",
    "实到有表决权",
    "列席",
    "请假",
    "缺席",
    "决议",
    "状态",
    "补录",
)
LEAVES = ("序号", "日期", "会议", "姓名", "假别", "原因", "审批", "审批时间")
DECIDED = {ASKED: "还没批", GRANTED: "同意", REFUSED: "没有同意"}


def ledger(session: Session, found: Sequence[Meeting], now: datetime) -> Sheet:
    """Make the sheet of all meetings, a line each."""
    people = turnout.list_all(session, found, now)
    decided = resolutions.list_of(session, found)
    ordinals = meetings.ordinals(session, found, now)
    names = _names(session, found)
    rows = []
    for number, meeting in enumerate(found, 1):
        counted = turnout.count(people[meeting.id], len(meeting.observers))
        at = meeting.starts_at.astimezone(now.tzinfo)
        rows.append(
            (
                number,
                at.date(),
                f"{at:%H:%M}",
                BY_KIND[meeting.kind].title,
                ordinals[meeting.id],
                meeting.title,
                meeting.place,
                names.get(meeting.host_id, ""),
                names.get(meeting.recorder_id, ""),
                counted.expected,
                counted.present,
                counted.voters,
                counted.voters_present,
                counted.observers,
                counted.leave,
                counted.absent,
                "；".join(each.text for each in decided[meeting.id]),
                STAGES[meetings.stage(meeting, now)],
                "补录" if meeting.late_entry else "",
            )
        )
    return Sheet("会议台账", LEDGER, rows)


def leave_sheet(session: Session, found: Sequence[Meeting], now: datetime) -> Sheet:
    """Make the sheet of who was on leave, and why; for the two who may read why."""
    people = turnout.list_all(session, found, now)
    lines = [
        (meeting, each)
        for meeting in found
        for each in people[meeting.id]
        if each.leave
    ]
    rows = [
        (
            number,
            meetings.day_of(meeting, now),
            meeting.title,
            each.name,
            each.sort,
            each.why,
            DECIDED[each.leave],
            _say_minute(each.decided_at, now),
        )
        for number, (meeting, each) in enumerate(lines, 1)
    ]
    return Sheet("请假汇总", LEAVES, rows)


def _say_minute(at: datetime | None, now: datetime) -> str:
    return at.astimezone(now.tzinfo).strftime("%Y-%m-%d %H:%M") if at else ""


def _names(session: Session, found: Sequence[Meeting]) -> Mapping[int | None, str]:
    """Return, by number, what those who lead and record are called."""
    leads = {number for each in found for number in (each.host_id, each.recorder_id)}
    named = select(Member.id, Member.called).where(Member.id.in_(leads - {None}))
    return dict(session.execute(named).all())
