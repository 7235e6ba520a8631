"""The index of an inspection: twenty heads, and the papers of a year in each."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import pairwise
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.branch.duties.milestones import Milestone
from bot.branch.enrolment import roll
from bot.branch.meetings import meetings, papers, photos, sheets
from bot.branch.meetings.kinds import BY_KIND, Kind
from bot.branch.notices import burden
from bot.branch.people.members import Member
from bot.branch.people.tree import Branch
from bot.branch.records import papers as ledgers
from bot.branch.records import search, talks
from bot.branch.records.declared import find_kind
from bot.branch.records.search import Query
from bot.branch.study import hours
from bot.branch.study.hours import Conversion
from bot.calendar.recurrence.stretches import add_months
from bot.calendar.years import moments_of
from bot.config.settings import Config
from bot.errors import Refusal
from bot.files.word import Lines, write_paper
from bot.files.xlsx import Sheet, write_book
from bot.rulebook.load import find_rule

File: TypeAlias = tuple[str, bytes]
"""A file's name, and what is in it."""


@dataclass(frozen=True)
class Asked:
    """Whose year is asked for, and by when it is looked at."""

    session: Session
    branch: Branch
    year: int
    now: datetime
    config: Config

    @property
    def first(self) -> date:
        return date(self.year, 1, 1)

    @property
    def last(self) -> date:
        return date(self.year, 12, 31)

    @cached_property
    def meetings(self) -> Sequence[meetings.Meeting]:
        """List the meetings of the year that were not called off; read once."""
        first, last = moments_of(self.year, zone=self.now.tzinfo)
        return meetings.within(self.session, self.branch, first, last)


Files: TypeAlias = Callable[[Asked], Iterator[File]]


@dataclass(frozen=True)
class Head:
    """One head of the index. files: makes its papers one by one."""

    no: str
    title: str
    files: Files

    @property
    def folder(self) -> str:
        return f"{self.no} {self.title}"


def _officers(asked: Asked) -> Iterator[File]:
    rows = [
        (each.where, each.title, each.name)
        for each in roll.officers(asked.session, asked.branch)
    ]
    sheet = Sheet("班子与分工", ("所在组织", "职务", "姓名"), rows)
    yield "班子与分工.xlsx", write_book([sheet])


def _roll(asked: Asked) -> Iterator[File]:
    yield "名册.xlsx", write_book([roll.roll_sheet(asked.session, asked.branch)])


def _nothing(asked: Asked) -> Iterator[File]:
    """Keep a head whose originals are put in by hand."""
    yield from ()


def _minutes(kind: Kind) -> Files:
    def write(asked: Asked) -> Iterator[File]:
        found = [each for each in asked.meetings if each.kind == kind]
        if not found:
            return
        sheet = sheets.ledger(asked.session, found, asked.now)
        yield f"{BY_KIND[kind].title}台账.xlsx", write_book([sheet])
        for each in found:
            if not meetings.is_over(each, asked.now):
                continue
            day = meetings.day_of(each, asked.now)
            late = "（补录）" if each.late_entry else ""
            name = f"{day:%m%d} {BY_KIND[kind].title}{each.id}{late}.docx"
            yield name, papers.write_minutes(asked.session, each, asked.now)
            for photo, content in photos.read_photos(asked.session, each):
                yield f"{day:%m%d} {BY_KIND[kind].title}{each.id} {photo}", content

    return write


def _ledgers(*names: str) -> Files:
    def write(asked: Asked) -> Iterator[File]:
        for name in names:
            kind = find_kind(name)
            query = Query(kind, asked.branch, asked.first, asked.last)
            if search.count(asked.session, query):
                sheets = ledgers.sheets(asked.session, query, asked.now)
                yield f"{kind.title}台账.xlsx", write_book(sheets)

    return write


def _talks(asked: Asked) -> Iterator[File]:
    """Give the counts alone: who talked with whom stays with them."""
    found = talks.survey(asked.session, asked.branch, asked.year)
    pairs, every = found.due_pairs, len(found.members)
    rows = [
        ("支委之间（对）", pairs, pairs - len(found.lacking_pairs())),
        ("支委与党员（人）", every, every - len(found.lacking_committee())),
        ("党员之间（人）", every, every - len(found.lacking_members())),
    ]
    sheet = Sheet("谈心谈话", ("类别", "应谈", "已谈（双方确认）"), rows)
    yield "谈心谈话统计.xlsx", write_book([sheet])


def _development(asked: Asked) -> Iterator[File]:
    rows = asked.session.execute(
        select(Milestone, Member.name)
        .outerjoin(Member, Member.id == Milestone.member_id)
        .join(Branch, Branch.id == Milestone.branch_id)
        .where(
            Branch.path.startswith(asked.branch.path),
            Milestone.day.between(asked.first, asked.last),
        )
        .order_by(Milestone.day, Milestone.id)
    ).all()
    told = [
        (step.day, name or step.subject or "本支部", step.step.words)
        for step, name in rows
    ]
    if told:
        sheet = Sheet("发展党员", ("日期", "姓名", "步骤"), told)
        yield "发展党员进程.xlsx", write_book([sheet])
    yield from _ledgers("development")(asked)


def _study(asked: Asked) -> Iterator[File]:
    conversion = Conversion.of(asked.config.study)
    member, office = (
        int(find_rule(each, asked.last).decimal("hours"))
        for each in ("study.hours", "study.secretary_hours")
    )
    needed = (member, office)
    try:
        found = hours.totals(
            asked.session, asked.branch, asked.year, conversion, needed
        )
    except Refusal:
        return  # so few that a total would tell of one
    rows = [(found.people, found.hours, found.reached)]
    sheet = Sheet("学习学时", ("人数", "学时合计", "达到规定的人数"), rows)
    yield "学习学时合计.xlsx", write_book([sheet])


def _burden(asked: Asked) -> Iterator[File]:
    """Say of each month that is over what members were asked for."""
    quiet, today = asked.config.quiet, asked.now.date()
    said = list[str]()
    every = [add_months(asked.first, number) for number in range(-1, 12)]
    looked = [
        burden.look_back(asked.session, asked.branch, first, asked.now, quiet)
        for first in every
        if first <= today
    ]
    for before, month in pairwise(looked):
        if not month.silent:
            told = burden.describe(asked.branch, month, before, quiet, today)
            said += told.split("\n")
    if said:
        paper = write_paper(f"{asked.year}年减负自查", [Lines(said, indent=False)])
        yield "减负自查.docx", paper


_KINDS: Mapping[str, tuple[str, Kind]] = {
    "04": ("支部党员大会", Kind.GENERAL),
    "05": ("支部委员会会议", Kind.COMMITTEE),
    "06": ("党小组会", Kind.GROUP),
    "07": ("党课", Kind.LECTURE),
    "08": ("主题党日", Kind.THEME_DAY),
    "09": ("组织生活会", Kind.LIFE_MEETING),
    "10": ("民主评议党员", Kind.APPRAISAL),
}
INDEX = (
    Head("01", "班子与分工·换届批复", _officers),
    Head("02", "名册·党小组", _roll),
    Head("03", "年度计划·总结", _nothing),
    *(Head(no, title, _minutes(kind)) for no, (title, kind) in _KINDS.items()),
    Head("11", "谈心谈话（只有数）", _talks),
    Head("12", "党费", _ledgers("dues")),
    Head("13", "发展党员", _development),
    Head("14", "学习学时", _study),
    Head("15", "先锋岗·承诺·清单", _ledgers("post", "studio", "pledge", "task")),
    Head("16", "服务·志愿·接待", _ledgers("service", "visit")),
    Head(
        "17",
        "荣誉·媒体·佐证",
        _ledgers(
            *("honour", "project", "award", "paper", "media"),
            *("bulletin", "resource"),
        ),
    ),
    Head("18", "困难与意见（去名）", _ledgers("concern")),
    Head("19", "廉洁文化周", _ledgers("call", "work")),
    Head("20", "减负自查", _burden),
)
EVIDENCE = "17"
"""The head in which what shows the records is put."""
