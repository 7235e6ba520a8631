"""Papers of a part of the record, and a branch's own form in place of ours."""

from io import BytesIO
from pathlib import Path

import docx
import pytest
from sqlalchemy.orm import Session

from bot.branch.meetings import (
    doors,
    meetings,
    own_papers,
    resolutions,
    speeches,
    summaries,
)
from bot.branch.meetings.kinds import Kind
from bot.branch.meetings.meetings import Meeting
from bot.branch.meetings.quorum import Votes
from bot.branch.people.tree import Branch
from bot.errors import Refusal
from bot.files.xlsx import Sheet
from tests.bot.branch.meetings.test_doors import AT, MINUTE, call
from tests.people import BRANCH, find_member

LATER = AT + MINUTE
FORM = "{{支部}}|{{名称}}|{{实到}}/{{应到}}|{%p for each in 发言 %}"


def lived(session: Session, kind: Kind = Kind.LECTURE) -> Meeting:
    meeting = call(
        session, kind=kind, agenda=("学习党章", "第一讲", "第二讲"), lecturer="陈静"
    )
    people = [find_member(session, each) for each in ("赵敏", "陈静", "王芳")]
    doors.mark(session, meeting, [each.id for each in people], "paper", LATER)
    speeches.add(session, meeting, people[2].id, "很受教育", people[0], LATER)
    return meeting


def texts(content: bytes) -> list[str]:
    paper = docx.Document(BytesIO(content))
    return [each.text for each in paper.paragraphs]


def rows(content: bytes) -> dict[str, str]:
    table = docx.Document(BytesIO(content)).tables[0]
    return {row.cells[0].text: row.cells[1].text for row in table.rows}


def form(*lines: str) -> bytes:
    paper, content = docx.Document(), BytesIO()
    for each in lines:
        paper.add_paragraph(each)
    paper.save(content)
    return content.getvalue()


def test_a_lesson_s_record_says_what_is_known_and_leaves_the_rest(
    session: Session,
) -> None:
    find_member(session, "陈静").position = "组织委员"
    written = summaries.write_lesson(session, lived(session), LATER)
    head = rows(written)
    assert (head["题目"], head["主讲"], head["职务"]) == (
        "学习党章",
        "陈静",
        "组织委员",
    )
    assert head["课时"] == ""
    told = texts(written)
    assert told.index("第一讲") < told.index("第二讲") < told.index("王芳：很受教育")
    with pytest.raises(Refusal, match="不是党课"):
        summaries.write_lesson(session, call(session), LATER)


def test_votes_are_summed_up_a_line_each(session: Session) -> None:
    meeting = lived(session, Kind.GENERAL)
    by = find_member(session, "赵敏")
    with pytest.raises(Refusal, match="没有票可汇总"):
        summaries.write_votes(session, meeting, LATER)
    resolutions.resolve(session, meeting, "同意年度计划", Votes(3), by, LATER)
    resolutions.resolve(session, meeting, "同意换地方", Votes(1, 1, 1), by, LATER)
    table = docx.Document(
        BytesIO(summaries.write_votes(session, meeting, LATER))
    ).tables[0]
    found = [[cell.text for cell in row.cells] for row in table.rows][1:]
    assert found == [
        ["1", "同意年度计划", "5", "3", "3", "3", "0", "0", "0", "通过"],
        ["2", "同意换地方", "5", "3", "3", "1", "1", "1", "0", "未通过"],
    ]


def test_a_branch_s_own_form_is_filled_in(session: Session) -> None:
    meeting = lived(session)
    values = own_papers.values_of(session, meeting, LATER)
    own = form(
        "{{支部}}，{{名称}}，{{实到}}/{{应到}}",
        "{%p for each in 发言 %}",
        "{{each.人}}说{{each.内容}}",
        "{%p endfor %}",
        "{% for each in 名单 %}{{each.姓名}} {% endfor %}",
    )
    filled = texts(own_papers.write_own(own, values))
    assert filled[0] == f"{BRANCH}，党课，3/6"
    assert filled[1] == "王芳说很受教育"
    assert "何雪" in filled[2]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("{{没有的位置}}",), "没有的位置"),
        (("{% for x %}",), "写法不对"),
        (("{{ ''.__class__.__mro__ }}",), "填不进去"),
        (("{{ 支部.__class__ }}",), ""),
    ],
)
def test_a_form_that_cannot_be_filled_says_why(
    session: Session, lines: tuple[str, ...], said: str
) -> None:
    values = own_papers.values_of(session, lived(session), LATER)
    told = own_papers.write_own(form(*lines), values)
    assert told.startswith(own_papers.FAULT)
    assert said in told.decode()


def test_no_docx_is_no_form(session: Session) -> None:
    values = own_papers.values_of(session, lived(session), LATER)
    told = own_papers.write_own(b"no docx", values)
    assert told == own_papers.FAULT + "打不开，可能已损坏".encode()


def test_the_branch_s_own_folder_goes_first(tmp_path: Path) -> None:
    assert own_papers.find_form("", BRANCH, "会议记录") is None
    assert own_papers.find_form(str(tmp_path), BRANCH, "会议记录") is None
    (tmp_path / "会议记录.docx").write_bytes(b"all")
    assert own_papers.find_form(str(tmp_path), BRANCH, "会议记录") == b"all"
    (tmp_path / BRANCH).mkdir()
    (tmp_path / BRANCH / "会议记录.docx").write_bytes(b"own")
    assert own_papers.find_form(str(tmp_path), BRANCH, "会议记录") == b"own"
    assert own_papers.find_form(str(tmp_path), "../x", "会议记录") == b"all"


def test_a_meeting_of_nothing_fills_a_form_too(session: Session) -> None:
    values = own_papers.values_of(session, call(session), meetings.LASTS + AT)
    assert texts(own_papers.write_own(form("{{补录}}{{缺席}}"), values))


def test_a_list_goes_into_the_branch_s_own_form(session: Session) -> None:
    sheet = Sheet(
        "请假汇总",
        ("序号", "姓名", "假别", "原因"),
        [(1, "王芳", "事假", None), (2, "李伟", "病假", "住院")],
    )
    branch = find_member(session, "赵敏").branch_id
    values = own_papers.values_of_list(
        session.get_one(Branch, branch), sheet, 2026, LATER
    )
    lines = (
        "{{支部}}{{年份}}",
        "{%p for each in 名单 %}",
        "{{each.姓名}}{{each.原因}}",
    )
    written = own_papers.write_own(form(*lines, "{%p endfor %}"), values)
    assert texts(written) == [f"{BRANCH}2026", "王芳", "李伟住院"]
    wrong = own_papers.write_own(form("{{没有}}"), values)
    assert wrong.startswith(own_papers.FAULT)
