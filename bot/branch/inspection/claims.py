"""What speaks for 七个有力 and the three projects: sentences that end in evidence.

Which works speak for which head is how branches read it (no text says so); whoever
records an honour may say it outright. What nothing is recorded of is a gap, not prose.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from bot.branch.meetings import meetings
from bot.branch.meetings.kinds import BY_KIND, Kind
from bot.branch.people.tree import Branch
from bot.branch.records import search
from bot.branch.records.declared import find_kind, kinds_of
from bot.branch.records.evidence import evidence_of
from bot.branch.records.kind import Sees
from bot.branch.records.kinds.honours import PROJECT_OF, STRENGTH
from bot.branch.records.search import Query, say_figures

CITED = 6
"""How many numbers a sentence ends in; the ledger has them all."""
HEADS: Mapping[str, Sequence[str | Kind]] = {
    "教育党员有力": (Kind.LECTURE, Kind.THEME_DAY),
    "管理党员有力": (Kind.GENERAL, Kind.COMMITTEE, Kind.GROUP, "dues"),
    "监督党员有力": (Kind.LIFE_MEETING, Kind.APPRAISAL),
    "组织师生有力": ("post", "studio", "pledge"),
    "宣传师生有力": ("bulletin", "media"),
    "凝聚师生有力": ("talk", "concern"),
    "服务师生有力": ("service", "visit"),
    "筑基项目": (Kind.LECTURE, Kind.THEME_DAY, "talk"),
    "示范项目": ("post", "studio", "resource", "visit"),
    "向阳项目": ("pledge", "service", "honour", "project", "award", "paper", "media"),
}
CALLED = {
    "筑基": "筑基项目",
    "示范": "示范项目",
    "向阳": "向阳项目",
    "人人出彩": "向阳项目",
}
"""Other words for a head."""


@dataclass(frozen=True)
class Reach:
    """Whose records are asked about: from one day to another, both within."""

    branch: Branch
    first: date
    last: date
    now: datetime

    def query(self, kind: str) -> Query:
        return Query(find_kind(kind), self.branch, self.first, self.last)


@dataclass(frozen=True)
class Claim:
    """One sentence. cited: what shows it; bare: of how many nothing does."""

    text: str
    cited: Sequence[str]
    bare: int = 0

    def say(self) -> str:
        shown = "、".join(self.cited[:CITED])
        more = f" 等 {len(self.cited)} 件" if len(self.cited) > CITED else ""
        source = f"（{shown}{more}）" if shown else ""
        lacks = f"；其中 {self.bare} 条没有佐证" if self.bare else ""
        return f"{self.text}{lacks}{source}"


@dataclass(frozen=True)
class Found:
    """What speaks for a head in a time, and of what nothing is recorded."""

    claims: Sequence[Claim]
    gaps: Sequence[str]


def gather(session: Session, head: str, reach: Reach) -> Found:
    """Gather what is recorded for a head."""
    claims, gaps = [], []
    for source in HEADS[head]:
        if isinstance(source, Kind):
            title = BY_KIND[source].title
            claim = _of_meetings(session, source, reach)
        else:
            title = find_kind(source).title
            claim = _of_records(session, reach.query(source))
        if claim:
            claims.append(claim)
        else:
            gaps.append(title)
    claims += _told(session, head, reach)
    return Found(claims, gaps)


def _of_meetings(session: Session, kind: Kind, reach: Reach) -> Claim | None:
    first, now = reach.first, reach.now
    begin = datetime(first.year, first.month, first.day, tzinfo=now.tzinfo)
    after = begin + (reach.last - first + timedelta(days=1))
    held = [
        each.id
        for each in meetings.within(session, reach.branch, begin, after)
        if each.kind == kind and meetings.is_over(each, now)
    ]
    if not held:
        return None
    cited = [f"会议 {number}" for number in held]
    return Claim(f"{BY_KIND[kind].title} {len(held)} 次", cited)


def _of_records(session: Session, query: Query) -> Claim | None:
    """Sum a kind up; what only its parties may see is counted and not cited."""
    kind = query.kind
    figures = search.sum_up(session, query)
    if not figures:
        return None
    text = f"{kind.title} {say_figures(figures, kind)}"
    if kind.sees is not Sees.BRANCH:
        return Claim(text, ())
    rows = search.find(session, replace(query, states=kind.counting))
    shown = evidence_of(session, [row.id for row in rows])
    cited = [number for row in rows for number in shown[row.id]]
    bare = sum(not shown[row.id] for row in rows)
    if not cited:
        cited = [f"{kind.short} {row.id}" for row in rows]
    return Claim(text, cited, bare)


def _told(session: Session, head: str, reach: Reach) -> Iterator[Claim]:
    """Give what was recorded as speaking for this head."""
    field = STRENGTH if head in STRENGTH.values else PROJECT_OF
    for kind in kinds_of("honours"):
        if kind.name in HEADS[head]:
            continue
        query = replace(reach.query(kind.name), choices={field.name: (head,)})
        if claim := _of_records(session, query):
            yield claim
