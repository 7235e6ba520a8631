"""The papers of one meeting say what its record says, and nothing more."""

from datetime import timedelta
from io import BytesIO

import docx

from bot.branch.meetings import (
    doors,
    leaves,
    meetings,
    papers,
    resolutions,
    sheets,
    turnout,
)
from bot.branch.meetings.outline import outline
from bot.branch.meetings.quorum import Votes
from bot.files.xlsx import write_book
from bot.storage.database import Storage
from tests.bot.branch.meetings.test_doors import AT, call
from tests.people import find_member


def test_minutes_say_all_that_is_known_and_leave_the_rest_empty(
    storage: Storage,
) -> None:
    with storage.write() as session:
        meeting = call(session, place="301", agenda=("讨论何雪转正",))
        secretary, member = find_member(session, "赵敏"), find_member(session, "刘洋")
        people = [
            find_member(session, each).id for each in ("赵敏", "陈静", "王芳", "何雪")
        ]
        doors.mark(session, meeting, people, "paper", AT)
        leaves.ask(session, meeting.id, member.id, "孩子发烧", AT)
        leave = leaves.find(session, meeting.id, member.id)
        assert leave
        leaves.decide(session, leave, secretary, AT, granted=True)
        doors.bring_guest(session, meeting, "张处长", AT)
        votes = Votes(3, 0, 0)
        resolutions.resolve(session, meeting, "同意何雪按期转正", votes, secretary, AT)
        content = papers.write_minutes(session, meeting, AT + timedelta(hours=4))
        paper = docx.Document(BytesIO(content))
        head = {row.cells[0].text: row.cells[1].text for row in paper.tables[0].rows}
        assert head["会议名称"] == "支部党员大会（2026年第1次）"
        assert head["应到/实到"] == (
            "应到 6 人，实到 4 人\n有表决权：应到 5 人，实到 3 人"
        )
        assert head["列席"] == "张处长"
        assert head["缺席"] == "刘洋（事假）、李伟"
        assert "孩子" not in "".join(head.values()), "why is for two to read"
        text = "\n".join(each.text for each in paper.paragraphs)
        assert "同意何雪按期转正。应到会有表决权 5 人，到会 3 人；赞成 3 票" in text
        at = [each.text for each in paper.paragraphs].index("二、发言记录")
        assert paper.paragraphs[at + 1].text == "", "nobody spoke: an empty line"


def test_the_sheet_of_leaves_says_what_was_decided_and_when(storage: Storage) -> None:
    decided = AT - timedelta(hours=3)
    with storage.write() as session:
        meeting = call(session)
        secretary = find_member(session, "赵敏")
        for name, granted in (("刘洋", True), ("李伟", False), ("王芳", None)):
            member = find_member(session, name)
            leaves.ask(session, meeting.id, member.id, "家里有事", decided)
            leave = leaves.find(session, meeting.id, member.id)
            assert leave
            if granted is not None:
                leaves.decide(session, leave, secretary, decided, granted=granted)
        lapsed = find_member(session, "何雪")
        leaves.ask(session, meeting.id, lapsed.id, "出差", decided)
        leave = leaves.find(session, meeting.id, lapsed.id)
        assert leave
        leave.state = leaves.LAPSED
        session.flush()
        rows = [row[3:] for row in sheets.leave_sheet(session, [meeting], AT).rows]
        assert rows == [
            ("刘洋", "事假", "家里有事", "同意", "2026-03-04 11:00"),
            ("王芳", "事假", "家里有事", "还没批", ""),
            ("李伟", "事假", "家里有事", "没有同意", "2026-03-04 11:00"),
        ]
        people = turnout.list_people(session, meeting, AT + timedelta(hours=4))
        said = papers.absences(people)
        assert "何雪" in said, "leave of another hour is none of this one"
        assert "李伟（请假未同意）" in said
        assert "王芳（请假未批）" in said


def test_the_list_to_sign_repeats_its_head_on_every_page(storage: Storage) -> None:
    with storage.write() as session:
        meeting = call(session)
        paper = docx.Document(BytesIO(papers.write_sign_in(session, meeting, AT)))
        grid, page = paper.tables[1], paper.sections[0]
        assert page.page_width
        assert page.page_height
        size = round(page.page_width.cm), round(page.page_height.cm, 1)
        assert size == (21, 29.7)
        assert [each.text for each in grid.rows[0].cells] == list(papers.SIGNS)
        assert "tblHeader" in grid.rows[0]._tr.xml
        assert len(grid.rows) == 7
        assert [row.cells[2].text for row in grid.rows[1:]].count("预备党员") == 1


def test_the_ledger_and_the_outline_agree(storage: Storage) -> None:
    with storage.write() as session:
        meeting = call(session)
        doors.mark(session, meeting, [find_member(session, "王芳").id], "paper", AT)
        sheet = sheets.ledger(session, [meeting], AT)
        row = dict(zip(sheet.heads, next(iter(sheet.rows)), strict=True))
        told = outline(session, meeting, AT)
        assert (
            (row["应到"], row["实到"]) == (told["expected"], told["present"]) == (6, 1)
        )
        assert row["实到有表决权"] == told["voters_present"] == 1
        assert told["state"] == "on"
        assert write_book([sheet])
        assert meetings.stage(meeting, AT + timedelta(hours=4)) == "awaiting_minutes"
        absent = outline(session, meeting, AT + timedelta(hours=4))
        assert [each["state"] for each in absent["people"]].count("absent") == 5
