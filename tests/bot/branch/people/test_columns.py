"""A column of a member is known in every place that CONTRIBUTING.md lists."""

import io
import json
from dataclasses import dataclass, fields
from datetime import date, timedelta
from pathlib import Path
from typing import get_args

import pytest
from click.testing import CliRunner
from python_calamine import CalamineWorkbook
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from bot.assistant.answering import Assistant
from bot.branch.enrolment import roll
from bot.branch.enrolment.enrolment import LABELS, enrol
from bot.branch.people.members import Member
from bot.branch.people.tree import Branch, find_branch
from bot.branch.personal_data import departures, heads
from bot.files.roster.columns import ALIASES, Field, known_field
from bot.files.roster.entry import Entry
from bot.files.roster.read import read_roster
from bot.message import Message
from bot.outbox.attachments import Attachment
from bot.storage.database import Storage
from server.cli import main
from server.demo.sample import Sample
from tests.conftest import LONG_AGO
from tests.fakes.made import AtOnce
from tests.people import BRANCH, find_member

TODAY = LONG_AGO.date()


@dataclass(frozen=True)
class Use:
    """What a column is for.

    cell: what a roster writes of it; "" where none tells it. of: the roster's field, if
    it is called otherwise. shown: it is told to the member and to the secretary.
    stays: what who left may leave behind.
    """

    cell: str = ""
    of: str = ""
    shown: bool = False
    stays: bool = False

    def field(self, column: str) -> str:
        return self.of or column


COLUMNS = {
    "id": Use(stays=True),
    "name": Use("顾清（大）", shown=True, stays=True),
    "mark": Use("顾清（大）", of="name"),
    "userid": Use("GuQing"),
    "account": Use("GuQing", of="userid"),
    "branch_id": Use("第九党支部", of="branch", shown=True, stays=True),
    "category": Use("正式党员", shown=True),
    "joined": Use("2011-04-05", shown=True),
    "joined_day": Use("2011-04-05", of="joined"),
    "full_member_since": Use("2012-04-06", shown=True),
    "position": Use("宣传委员", shown=True),
    "state": Use("正常", stays=True),
    "greeted": Use(stays=True),
    "plain": Use(stays=True),
    "added_at": Use(stays=True),
}
TOLD = {"joined": "2011年4月5日", "full_member_since": "2012年4月6日", "name": "顾清"}
ROSTER = {use.field(column): use.cell for column, use in COLUMNS.items() if use.cell}
SHOWN = [column for column, use in COLUMNS.items() if use.shown]


@pytest.fixture
def root(session: Session) -> Branch:
    found = find_branch(session, BRANCH)
    assert found is not None
    return found


@pytest.fixture
def member(session: Session, root: Branch) -> Member:
    return take_in(session, root)


def take_in(session: Session, root: Branch) -> Member:
    """Import somebody of whom a roster tells all that one can."""
    told = [field for field in get_args(Field) if field in ROSTER]
    titles = ",".join(ALIASES[field].split()[0] for field in told)
    cells = ",".join(ROSTER[field] for field in told)
    file = f"{titles}\n{cells}\n".encode()
    enrol(session, read_roster(file, "名册.csv", TODAY).entries, root, LONG_AGO)
    return find_member(session, "顾清")


def test_every_column_is_known() -> None:
    columns = {each.key for each in inspect(Member).columns}
    assert columns == set(COLUMNS), "a new column: CONTRIBUTING.md tells where it goes"


def test_what_a_roster_tells_is_taken_in_and_named(member: Member) -> None:
    empty = Member()
    for column, use in COLUMNS.items():
        if use.cell:
            field = use.field(column)
            assert getattr(member, column) not in (None, ""), column
            assert getattr(member, column) != getattr(empty, column), column
            assert field in LABELS, field
            assert field in {each.name for each in fields(Entry)}, field


def test_a_roster_that_is_exported_may_be_imported_again(
    session: Session, member: Member, root: Branch
) -> None:
    name = roll.send_roll(
        session, root, find_member(session, "赵敏"), AtOnce(), LONG_AGO
    )
    book = session.scalar(select(Attachment).where(Attachment.name == name))
    assert book
    assert book.content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book.content))
    heads = rows.get_sheet_by_index(0).to_python()[0]
    found = {known[0] for head in heads if (known := known_field(str(head)))}
    assert found >= set(ROSTER) - {"state"}, "only the active are exported"
    again = enrol(
        session, read_roster(book.content, name, TODAY).entries, root, LONG_AGO
    )
    assert again.changes == []


def test_every_column_has_a_head_in_what_a_member_gets() -> None:
    assert COLUMNS.keys() <= heads.HEADS.keys()


def test_who_left_leaves_nothing_but_what_stays(
    session: Session, member: Member
) -> None:
    number = member.id
    member.state = "left"
    session.flush()
    departures.notice_departures(session, LONG_AGO)
    after = timedelta(days=180)
    assert departures.erase_due(session, LONG_AGO + after, after)
    gone = session.get_one(Member, number)
    for column, use in COLUMNS.items():
        if not use.stays:
            assert getattr(gone, column) in (None, ""), column
    assert gone.name == departures.GONE


@pytest.mark.parametrize(
    ("who", "text"), [("guqing", "我的信息"), ("zhaomin", "顾清的资料")]
)
def test_what_is_known_is_shown(
    assistant: Assistant, storage: Storage, who: str, text: str
) -> None:
    with storage.write() as session:
        root = find_branch(session, BRANCH)
        assert root
        take_in(session, root)
    heard = assistant.answer(Message("wecom", who, id="m", text=text))
    assert heard.reply
    for column in SHOWN:
        said = TOLD.get(column, COLUMNS[column].cell)
        assert said in heard.reply.text, (column, heard.reply.text)


def test_the_command_line_lists_it(tmp_path: Path, storage: Storage) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f'[database]\nurl = "{storage.location}"\n', "utf-8")
    told = CliRunner().invoke(
        main, ["members", "list", "--json", "--config", str(path)]
    )
    row = json.loads(told.stdout)[0]
    assert {use.field(column) for column, use in COLUMNS.items() if use.cell} <= set(
        row
    )


def test_somebody_of_the_demo_has_it(assistant: Assistant, storage: Storage) -> None:
    Sample(date(2026, 3, 2)).enrol(assistant)
    with storage.read() as session:
        everyone = session.scalars(select(Member)).all()
        for column, use in COLUMNS.items():
            if use.shown:
                assert any(getattr(each, column) for each in everyone), column
