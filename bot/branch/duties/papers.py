"""The papers of somebody's way into the Party: what is there, what lacks, by when.

Which papers there are: the working rules of 2026 as domain-works §13 lists them. The
program decides nothing; it counts what the secretary said is there, and what the
branch's own minutes show.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.branch.duties import deadlines
from bot.branch.duties.milestones import Milestone, Step
from bot.branch.meetings.kinds import Matter
from bot.branch.meetings.meetings import Meeting, State
from bot.branch.meetings.resolutions import Resolution
from bot.branch.people.members import Category, Member
from bot.branch.people.tree import Branch
from bot.branch.records import search
from bot.branch.records.kinds.development import DEVELOPMENT
from bot.branch.records.search import Query
from bot.branch.records.values import values_of_all
from bot.calendar.say import say_date


class Stage(IntEnum):
    """How far somebody is."""

    APPLICANT = 1
    ACTIVIST = 2
    CANDIDATE = 3
    PROBATIONARY = 4
    FULL = 5


TITLES = {
    Stage.APPLICANT: "入党申请人",
    Stage.ACTIVIST: "入党积极分子",
    Stage.CANDIDATE: "发展对象",
    Stage.PROBATIONARY: "预备党员",
    Stage.FULL: "正式党员",
}
ENTERING: Mapping[Stage, Sequence[str]] = {
    Stage.APPLICANT: ("入党申请书",),
    Stage.ACTIVIST: (
        *("申请人谈话记录", "推荐推优记录", "确定积极分子的支委会记录"),
        "积极分子备案",
    ),
    Stage.CANDIDATE: (
        *("培养考察登记表", "思想汇报", "听取意见记录", "列为发展对象的支委会记录"),
        *("党委同意拟列的意见", "公示结果"),
    ),
    Stage.PROBATIONARY: (
        *("政审结论", "培训证明", "支委会审查意见", "预审通知", "入党志愿书"),
        *("接收大会记录", "票数汇总表", "总支审议意见", "党委谈话记录", "接收批复"),
    ),
    Stage.FULL: (
        *("入党宣誓记录", "预备党员教育考察登记表", "转正申请", "转正征求意见记录"),
        *("转正的支委会审查意见", "转正大会记录", "转正批复"),
    ),
}
"""What must be there for somebody to become it, in the order in which it comes."""
OF_CATEGORY = {
    Category.ACTIVIST: Stage.ACTIVIST,
    Category.CANDIDATE: Stage.CANDIDATE,
    Category.PROBATIONARY: Stage.PROBATIONARY,
    Category.FULL: Stage.FULL,
}
SOURCE = (
    "材料按《中国共产党发展党员工作细则》（2026年版）列的，格式和份数以上级要求为准。"
)


@dataclass(frozen=True)
class Way:
    """Where somebody stands. behind: of steps that are done; next: of the one ahead.

    by: what is due of her, in words; "" for nothing that is known.
    """

    name: str
    stage: Stage
    behind: Sequence[str]
    ahead: Sequence[str]
    by: str = ""

    @property
    def becoming(self) -> str:
        return TITLES[Stage(min(self.stage + 1, Stage.FULL))]


def way_of(
    session: Session, branch: Branch, name: str, member: Member | None, today: date
) -> Way | None:
    """Tell where somebody stands; None of whom nothing is known."""
    stage = _stage(session, branch, name, member)
    if stage is None:
        return None
    there = papers_there(session, branch, name, member)
    behind = [
        paper
        for each, papers in ENTERING.items()
        if each <= stage
        for paper in papers
        if paper not in there
    ]
    following = ENTERING.get(Stage(stage + 1), ()) if stage < Stage.FULL else ()
    ahead = [paper for paper in following if paper not in there]
    called = member.called if member else name
    return Way(called, stage, behind, ahead, _by(session, branch, name, member, today))


def _stage(
    session: Session, branch: Branch, name: str, member: Member | None
) -> Stage | None:
    if member and member.category:
        return OF_CATEGORY.get(Category(member.category))
    noted = select(Milestone.id).where(
        Milestone.branch_id == branch.id,
        Milestone.subject == name,
        Milestone.step.in_([Step.APPLIED.value, Step.MET_APPLICANT.value]),
    )
    return Stage.APPLICANT if session.scalar(noted.limit(1)) else None


def papers_there(
    session: Session, branch: Branch, name: str, member: Member | None
) -> frozenset[str]:
    """Name the papers that are there, as told, or as locked minutes show."""
    query = Query(DEVELOPMENT, branch)
    rows = search.find(session, query)
    found = set()
    for values in values_of_all(session, rows):
        (who,) = values["people"]
        mine = who[0] == member.id if member else who[0] is None and who[1] == name
        if mine:
            found.add(str(values["paper"]))
    for meeting, resolution in votes_on(session, branch, name):
        if meeting.state == State.LOCKED and resolution.passed:
            full = "转正" in resolution.text
            found.add("转正大会记录" if full else "接收大会记录")
    return frozenset(found)


def votes_on(
    session: Session, branch: Branch, name: str
) -> Sequence[tuple[Meeting, Resolution]]:
    """List what meetings resolved of somebody's admission, the newest first."""
    rows = (
        select(Meeting, Resolution)
        .join(Resolution, Resolution.meeting_id == Meeting.id)
        .where(
            Meeting.branch_id == branch.id,
            Resolution.matter == Matter.ADMISSION,
            Resolution.dropped_at.is_(None),
            Resolution.text.contains(name, autoescape=True),
        )
        .order_by(Meeting.starts_at.desc(), Resolution.id.desc())
    )
    return [(meeting, each) for meeting, each in session.execute(rows)]


def _by(
    session: Session, branch: Branch, name: str, member: Member | None, today: date
) -> str:
    for each in deadlines.survey(session, today, branch).deadlines:
        mine = each.member_id == member.id if member else each.subject == name
        if mine:
            return f"{each.title}：{say_date(each.day)}"
    return ""


def everyone(session: Session, branch: Branch, today: date) -> Iterator[Way]:
    """Tell of each who is on the way and lacks a paper of a step that is done."""
    rows = select(Member).where(
        Member.state == "active",
        Member.branch_id.in_(
            select(Branch.id).where(Branch.path.startswith(branch.path))
        ),
        Member.category.in_(list(OF_CATEGORY)[:-1]),
    )
    for member in session.scalars(rows.order_by(Member.id)):
        way = way_of(session, branch, member.name, member, today)
        if way and (way.behind or way.ahead):
            yield way


def say_lacking(way: Way) -> Iterator[str]:
    """Say what somebody lacks, and what the next step will ask."""
    yield f"{way.name}（{TITLES[way.stage]}）{f'，{way.by}' if way.by else ''}"
    if way.behind:
        yield f"  前面各步没登记过的 {len(way.behind)} 份：{'、'.join(way.behind)}。"
    else:
        yield "  前面各步的材料都登记了。"
    if way.ahead:
        yield f"  到{way.becoming}要备：{'、'.join(way.ahead)}。"
