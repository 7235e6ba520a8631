"""党课记录 and 表决票汇总: papers of one meeting that show a part of its record."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.branch.meetings import meetings, papers, resolutions, speeches
from bot.branch.meetings.kinds import Kind
from bot.branch.meetings.meetings import Meeting
from bot.branch.people.members import Member
from bot.branch.people.tree import Branch, home
from bot.branch.study import trainings
from bot.calendar.say import say_whole_moment
from bot.errors import Refusal
from bot.files.word import Grid, Head, Heading, Lines, write_paper

VOTES = (
    "序号",
    "表决事项",
    "应到",
    "实到",
    "有效票",
    "同意",
    "不同意",
    "弃权",
    "书面同意",
    "结果",
)
VOTE_WIDTHS = (1.0, 4.2, 1.2, 1.2, 1.4, 1.2, 1.4, 1.2, 1.6, 1.6)
LESSON_HEAD = ("时间", "地点", "主持人", "记录人", "应到/实到", "缺席")


def write_lesson(session: Session, meeting: Meeting, now: datetime) -> bytes:
    """Write the record of a 党课. Raises Refusal for a meeting of another kind."""
    if meeting.kind != Kind.LECTURE:
        raise Refusal(f"“{meeting.title}”不是党课，党课记录只有党课有。")
    branch = home(session, meeting.branch_id)
    items = meetings.agenda(session, meeting)
    head = papers.head_of(session, meeting, now)
    rows = [
        ("题目", items[0] if items else ""),
        ("主讲", meeting.lecturer),
        ("职务", _post_of(session, branch, meeting.lecturer)),
        ("课时", _hours(session, branch, meeting, now)),
        *((what, head.get(what, "")) for what in LESSON_HEAD),
    ]
    said = [
        f"{name}：{note.text}" if name else note.text
        for name, note in speeches.list_of(session, meeting)
    ]
    return write_paper(
        f"{branch.name}党课记录",
        [
            Head(rows),
            Heading("一、提纲"),
            Lines(items[1:]),
            Heading("二、反响"),
            Lines(said),
            Lines(["", "记录人签字：____________"], indent=False),
        ],
    )


def write_votes(session: Session, meeting: Meeting, now: datetime) -> bytes:
    """Write what was put to the vote, a line each. Raises Refusal where nothing was."""
    found = resolutions.of_meeting(session, meeting)
    if not found:
        raise Refusal(f"“{meeting.title}”还没有记表决，没有票可汇总。")
    rows = [
        (
            str(number),
            each.text,
            str(each.voters),
            str(each.voters_here),
            str(each.votes_for + each.against + each.abstain),
            str(each.votes_for),
            str(each.against),
            str(each.abstain),
            str(each.written_for),
            "通过" if each.passed else "未通过",
        )
        for number, each in enumerate(found, 1)
    ]
    at = say_whole_moment(meeting.starts_at.astimezone(now.tzinfo))
    lines = ["", "监票人：____________  计票人：____________  支部书记：____________"]
    return write_paper(
        "表决票汇总表",
        [
            Lines(
                [
                    f"党支部：{home(session, meeting.branch_id).name}",
                    f"会议：{meeting.title}（{at}）",
                    "应到、实到只数有表决权的正式党员。",
                ],
                indent=False,
            ),
            Grid(VOTES, rows, VOTE_WIDTHS),
            Lines(lines, indent=False),
        ],
    )


def _post_of(session: Session, branch: Branch, name: str) -> str:
    """Tell the post of who lectured, where the roster has just one of that name."""
    called = (
        select(Member.position)
        .join(Branch, Branch.id == Member.branch_id)
        .where(Branch.path.startswith(branch.path), Member.called == name)
    )
    found = session.scalars(called).all()
    return (found[0] or "") if len(found) == 1 else ""


def _hours(session: Session, branch: Branch, meeting: Meeting, now: datetime) -> str:
    """Tell the hours that were given for a lecture; "" before they were."""
    held = trainings.held_on(session, branch, meetings.day_of(meeting, now))
    of = [each for each in held if each.title.startswith(meeting.title)]
    return f"{of[0].hours:g} 学时" if len(of) == 1 else ""
