"""The papers of the way into the Party: what lacks, and what minutes show."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO

import docx
import pytest
from sqlalchemy.orm import Session

from bot.branch.duties import forms, papers
from bot.branch.duties.forms import Person
from bot.branch.duties.papers import ENTERING, Stage
from bot.branch.meetings import doors, resolutions
from bot.branch.meetings.kinds import Kind
from bot.branch.meetings.meetings import State
from bot.branch.meetings.quorum import Votes
from bot.branch.people.members import party_branch
from bot.branch.records.fields import Choice
from bot.branch.records.kinds.development import DEVELOPMENT
from bot.files.word import Block, write_paper
from tests.bot.branch.meetings.test_doors import AT, MINUTE, call
from tests.bot.branch.records.test_lists import put
from tests.people import find_member

TODAY = date(2026, 6, 8)
HERE = ("赵敏", "陈静", "刘洋", "王芳", "李伟")


def cells(title: str, blocks: Sequence[Block]) -> dict[str, str]:
    table = docx.Document(BytesIO(write_paper(title, blocks))).tables[0]
    return {row.cells[0].text: row.cells[1].text for row in table.rows}


def voted(session: Session, *, locked: bool = True) -> None:
    meeting = call(session, kind=Kind.GENERAL)
    by = find_member(session, "赵敏")
    here = [find_member(session, name).id for name in HERE]
    doors.mark(session, meeting, here, "paper", AT + MINUTE)
    resolutions.resolve(
        session, meeting, "同意接收何雪为预备党员", Votes(5), by, AT + MINUTE
    )
    if locked:
        meeting.state = State.LOCKED
    session.flush()


def test_every_paper_of_a_step_can_be_told() -> None:
    field = DEVELOPMENT.by_name["paper"]
    assert isinstance(field, Choice)
    asked = [each for every in ENTERING.values() for each in every]
    assert sorted(asked) == sorted(field.values)


def test_what_is_told_lacks_no_more(session: Session) -> None:
    he = find_member(session, "何雪")
    branch = party_branch(session, he)
    before = papers.way_of(session, branch, he.name, he, TODAY)
    assert before
    assert before.stage is Stage.PROBATIONARY
    assert "政审结论" in before.behind
    assert "转正申请" in before.ahead
    who = [[he.id, he.name]]
    put(session, "development", people=who, paper="政审结论", day="2026-01-05")
    after = papers.way_of(session, branch, he.name, he, TODAY)
    assert after
    assert len(after.behind) == len(before.behind) - 1
    assert "预备期满" in after.by


@pytest.mark.parametrize("locked", [True, False])
def test_locked_minutes_show_the_vote(session: Session, *, locked: bool) -> None:
    he = find_member(session, "何雪")
    voted(session, locked=locked)
    way = papers.way_of(session, party_branch(session, he), he.name, he, TODAY)
    assert way
    assert ("接收大会记录" in way.behind) is not locked


def test_a_resolution_has_the_figures_of_the_minutes(session: Session) -> None:
    he = find_member(session, "何雪")
    person = Person(he.name, party_branch(session, he), he)
    blank = cells(*forms.resolution(session, person, TODAY))
    assert blank["表决结果"] == ""
    voted(session)
    told = cells(*forms.resolution(session, person, TODAY))
    assert told["表决结果"].startswith("赞成 5，反对 0")
    assert told["主要表现"].strip() == ""


def test_a_notice_counts_working_days(session: Session) -> None:
    he = find_member(session, "何雪")
    person = Person("王磊", party_branch(session, he), None)
    title, blocks = forms.notice(session, person, date(2026, 9, 29))
    paper = docx.Document(BytesIO(write_paper(title, blocks)))
    told = "\n".join(each.text for each in paper.paragraphs)
    assert "2026年9月29日至2026年10月" in told  # no day of the holiday is a working day
