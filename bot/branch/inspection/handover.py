"""换届交接包: what a new committee is given, with what is still open, to be signed.

The years of the term in their ledgers, whom the branch deals with, and the list of what
waits for somebody. What only an inspection needs is in the pack of a year.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO
from zipfile import ZipFile

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import progress
from bot.branch.duties import deadlines
from bot.branch.duties import papers as ways
from bot.branch.enrolment import roll
from bot.branch.inspection.items import Asked, File
from bot.branch.inspection.pack import put_file
from bot.branch.meetings import meetings, sheets
from bot.branch.people.tree import Branch
from bot.branch.records import papers as ledgers
from bot.branch.records import search
from bot.branch.records.declared import every_kind
from bot.branch.records.kind import Kind
from bot.branch.records.open_pages import OpenPage
from bot.branch.records.search import Query
from bot.branch.records.tables import Organisation, OrganisationAlias, Record
from bot.calendar.say import say_date
from bot.calendar.years import moments_of
from bot.files.word import Block, Grid, Head, Lines, write_paper
from bot.files.xlsx import Sheet, write_book

TERM = 3
"""Years that are handed over where the last election is not on file."""
UNFINISHED = {
    "concern": ("received", "taken", "again"),
    "appointment": ("asked", "moved", "agreed"),
    "visit": ("asked", "booked"),
    "service": ("told",),
    "pledge": ("told", "public"),
    "bulletin": ("draft", "first", "second", "third"),
    "call": ("open", "judging", "public"),
}
"""The states in which a record still waits for somebody."""
APART = ("talk", "appointment", "concern", "mark")
"""Kinds whose rows are not handed on: who talked with whom, who asked for help."""
NOTE = (
    "谈心谈话、困难与意见、个人的清单只交数，不交是谁。电话、盲评分不在包里。"
    "账号的权限请管理员在设置和名册里改，离任的另换密钥和 Secret。"
)


@dataclass
class HandedOver:
    """files: their names; open: what waits for somebody, by what it is."""

    files: list[str] = field(default_factory=list)
    open: list[tuple[str, str, str]] = field(default_factory=list)


def write_handover(asked: Asked, out: BinaryIO) -> HandedOver:
    """Write the zip of a term, file by file."""
    handed = HandedOver(open=list(_open(asked)))
    with ZipFile(out, "w") as zipped:
        for name, content in (*_standing(asked), *_years(asked)):
            handed.files.append(name)
            put_file(zipped, name, content, asked)
        for name, content in _front(asked, handed):
            put_file(zipped, name, content, asked)
    return handed


def first_year(asked: Asked) -> int:
    """Tell from which year on it is handed over: that of the last election."""
    begun = deadlines.elected_on(asked.session, asked.branch)
    if begun is not None:
        return begun.year
    return asked.year - TERM + 1


def _standing(asked: Asked) -> Iterator[File]:
    officers = [
        (each.where, each.title, each.name)
        for each in roll.officers(asked.session, asked.branch)
    ]
    heads = ("所在组织", "职务", "姓名")
    yield (
        "01 班子和名册.xlsx",
        write_book(
            [
                Sheet("班子与分工", heads, officers),
                roll.roll_sheet(asked.session, asked.branch),
            ]
        ),
    )
    today = asked.now.date()
    told = [
        line
        for way in ways.everyone(asked.session, asked.branch, today)
        for line in ways.say_lacking(way)
    ]
    if told:
        paper = [Lines([*told, ways.SOURCE], indent=False)]
        yield "02 发展党员到哪一步.docx", write_paper("发展党员到哪一步", paper)
    companies = list(_companies(asked.session, asked.branch))
    if companies:
        sheet = Sheet("往来单位", ("名称", "别的叫法"), companies)
        yield "03 往来单位.xlsx", write_book([sheet])


def _companies(session: Session, branch: Branch) -> Iterator[tuple[str, str]]:
    rows = (
        select(Organisation.name, OrganisationAlias.name)
        .outerjoin(
            OrganisationAlias, OrganisationAlias.organisation_id == Organisation.id
        )
        .where(Organisation.branch_id == branch.id)
        .order_by(Organisation.name, OrganisationAlias.name)
    )
    found: dict[str, list[str]] = {}
    for name, also in session.execute(rows):
        found.setdefault(name, []).extend([also] if also else [])
    yield from ((name, "、".join(also)) for name, also in found.items())


def _years(asked: Asked) -> Iterator[File]:
    """Give the ledgers of each year: of the meetings, and of every kind of records."""
    years = range(first_year(asked), asked.year + 1)
    for year in progress.each("装材料", years):
        first, last = moments_of(year, zone=asked.now.tzinfo)
        held = meetings.within(asked.session, asked.branch, first, last)
        if held:
            sheet = sheets.ledger(asked.session, held, asked.now)
            yield f"{year}/会议台账.xlsx", write_book([sheet])
        for kind in every_kind():
            query = Query(kind, asked.branch, date(year, 1, 1), date(year, 12, 31))
            if kind.name in APART or not search.count(asked.session, query):
                continue
            ledger = ledgers.sheets(asked.session, query, asked.now)
            yield f"{year}/{kind.title}台账.xlsx", write_book(ledger)


def _open(asked: Asked) -> Iterator[tuple[str, str, str]]:
    """List what waits for somebody: what, which, and since when or by when."""
    session, branch, now = asked.session, asked.branch, asked.now
    for each in deadlines.survey(session, now.date(), branch).deadlines:
        yield "期限", each.title, say_date(each.day)
    first, _ = moments_of(first_year(asked), zone=now.tzinfo)
    for meeting in meetings.within(session, branch, first, now):
        stage = meetings.stage(meeting, now)
        if stage in ("awaiting_minutes", "awaiting_signature"):
            day = say_date(meetings.day_of(meeting, now))
            yield f"会议{meetings.STAGES[stage]}", meeting.title, day
    for kind in every_kind():
        for row in _waiting(session, branch, kind):
            day = say_date(row.day) if row.day else ""
            yield f"{kind.title}（{kind.state_title(row.state)}）", _say(kind, row), day
    pages = select(OpenPage).where(
        OpenPage.branch_id == branch.id,
        OpenPage.closed_at.is_(None),
        OpenPage.record_id.is_(None),
    )
    for _ in session.scalars(pages):
        yield "网页", "给外单位的参观预约网页开着", ""


def _waiting(session: Session, branch: Branch, kind: Kind) -> Iterator[Record]:
    if states := UNFINISHED.get(kind.name):
        yield from search.find(session, Query(kind, branch, states=states))


def _say(kind: Kind, row: Record) -> str:
    """Say which it is; of what is not handed on, only its number."""
    named = row.title if kind.name not in APART and row.title else ""
    return f"{kind.short} {row.id}{f'：{named}' if named else ''}"


def _front(asked: Asked, handed: HandedOver) -> Iterator[File]:
    heads = ("事项", "哪一件", "日期")
    yield "00 未了事项.xlsx", write_book([Sheet("未了事项", heads, handed.open)])
    rows = [(str(place), name) for place, name in enumerate(handed.files, 1)]
    grid = Grid(("序号", "材料"), rows, (1.8, 13.0))
    signed = [
        ("移交人", "　　　　　　　　　　日期："),
        ("接收人", "　　　　　　　　　　日期："),
        ("监交人", "　　　　　　　　　　日期："),
        ("未了事项", f"{len(handed.open)} 项，见“00 未了事项”"),
        ("纸质档案", "\n\n"),
        ("印章", ""),
    ]
    title = f"{asked.branch.name}换届交接清单"
    blocks: list[Block] = [grid, Lines(["", NOTE], indent=False), Head(signed)]
    yield "00 交接清单.docx", write_paper(title, blocks)
