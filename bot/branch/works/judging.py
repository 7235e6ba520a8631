"""Works judged by their numbers: who judges sees no name, and nothing of her own.

Three marks: 主题 40, 艺术 30, 创新 30 (domain-works §7). From five judges on the
highest and the lowest of a work are left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.branch.people.members import Member, secretaries
from bot.branch.people.tree import home
from bot.branch.records import book
from bot.branch.records.tables import Record
from bot.branch.records.values import people_of, values_of
from bot.branch.works import entries
from bot.calendar.say import say_date
from bot.errors import Denied, Refusal
from bot.storage.database import Base, Id, take

MOST = {"theme": 40, "art": 30, "fresh": 30}
TITLES = {"theme": "主题", "art": "艺术", "fresh": "创新"}
TRIMMED_FROM = 5
LONGEST_COMMENT = 200
NOT_ON = "“{title}”现在是{state}，不在盲评，没有记。"
NOT_ON_JURY = "您不是“{title}”的评委。"
NOT_BLIND = (
    "{names}看得到作者，不能当盲评的评委。请换人：“更正征集 {number} 评委改成…”。"
)
EARLY = "“{title}”收到 {day} 为止，还不能开始。要提前停，先把截止日期更正到昨天以前。"
NO_JURY = "还没有评委。先说“更正征集 {number} 评委改成王芳、李伟”。"
UNCHECKED = "还有 {count} 件没做形式审查（{which}）。通过或者退回了再开始盲评。"
NOTHING = "还没有通过形式审查的作品，开始不了。"
OWN = "{mark} 号您要回避，没有记分。"


class WorkScore(Base):
    """What one of a jury gives a work. name: of whom the roster does not know.

    recused: judges it not, for a reason of her own. entered_by: who wrote it down.
    """

    __tablename__ = "work_score"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"))
    juror_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    name: Mapped[str | None]
    theme: Mapped[int]
    art: Mapped[int]
    fresh: Mapped[int]
    comment: Mapped[str]
    recused: Mapped[bool]
    entered_by: Mapped[int] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("record_id", "juror_id"),
        UniqueConstraint("record_id", "name"),
    )


@dataclass(frozen=True)
class Juror:
    """number: a member's; None of an expert from outside, known by name."""

    number: int | None
    name: str


@dataclass(frozen=True)
class Marks:
    theme: int
    art: int
    fresh: int
    comment: str = ""

    @property
    def total(self) -> int:
        return self.theme + self.art + self.fresh


def jury_of(session: Session, call: Record) -> Sequence[Juror]:
    people = people_of(session, [call])[call.id].get("jury", [])
    return [Juror(number, name) for number, name in people]


def begin(session: Session, call: Record, by: Member, now: datetime) -> Sequence[Juror]:
    """Close a call and give its works to the jury. Raises Refusal while it cannot."""
    if call.day and call.day >= now.date():
        raise Refusal(EARLY.format(title=call.title, day=say_date(call.day)))
    jury = jury_of(session, call)
    if not jury:
        raise Refusal(NO_JURY.format(number=call.id))
    seeing = [each.name for each in jury if _sees_names(session, call, each)]
    if seeing:
        names = "、".join(seeing)
        raise Refusal(NOT_BLIND.format(names=names, number=call.id))
    if left := entries.works_of(session, call, "told"):
        which = "、".join(f"作品 {each.id}" for each in left[:5])
        raise Refusal(UNCHECKED.format(count=len(left), which=which))
    works = entries.works_of(session, call, "checked")
    if not works:
        raise Refusal(NOTHING)
    book.move(session, call, "judging", by.id, now)
    entries.number_blindly(session, call, works)
    return jury


def _sees_names(session: Session, call: Record, juror: Juror) -> bool:
    """Tell whether somebody sees who made what: the secretary, and 纪检委员."""
    if juror.number is None:
        return False
    branch = home(session, call.branch_id)
    if juror.number in [each.id for each in secretaries(session, branch)]:
        return True
    post = session.get_one(Member, juror.number).position or ""
    return "纪检" in post


def find_juror(session: Session, call: Record, member: Member) -> Juror:
    """Find somebody on a jury. Raises Denied."""
    for each in jury_of(session, call):
        if each.number == member.id:
            return each
    raise Denied(NOT_ON_JURY.format(title=call.title))


def find_expert(session: Session, call: Record, said: str) -> Juror:
    """Find who of a jury is called so, from outside the roster. Raises Refusal."""
    outside = [each for each in jury_of(session, call) if each.number is None]
    alike = [each for each in outside if each.name[0] == said[0]]
    meant = [each for each in alike if each.name == said] or alike
    if len(meant) == 1:
        return meant[0]
    names = "、".join(each.name for each in outside)
    told = f"校外评委有：{names}。" if names else "这次没有校外评委。"
    raise Refusal(f"“{said}”不在评委里。{told}名册里的评委各自来打分。")


def must_avoid(session: Session, work: Record, juror: Juror) -> bool:
    """Tell whether it is her own work, or one that she taught."""
    return juror.number is not None and entries.is_author(session, work, juror.number)


def score(  # noqa: PLR0913  # what, by whom, and who writes it down
    session: Session,
    call: Record,
    work: Record,
    juror: Juror,
    marks: Marks | None,
    by: Member,
    now: datetime,
) -> WorkScore:
    """Write down what a judge gives, or anew; marks None: she judges it not.

    Raises Refusal for marks beyond what there is, and for one's own work.
    """
    session.refresh(call)
    if not take(session, call) or call.state != "judging":
        raise Refusal(NOT_ON.format(title=call.title, state=_state(call)))
    mark = entries.mark_of(session, work)
    if work.state != "checked" or mark is None:
        raise Refusal(f"“{call.title}”没有这一号作品。")
    if marks and must_avoid(session, work, juror):
        raise Refusal(OWN.format(mark=mark))
    for name, most in MOST.items():
        if marks and not 0 <= getattr(marks, name) <= most:
            raise Refusal(f"{TITLES[name]}分最多 {most}，没有记。")
    if marks and len(marks.comment) > LONGEST_COMMENT:
        raise Refusal(f"评语最多 {LONGEST_COMMENT} 字，请说短些。")
    row = _find(session, work, juror) or WorkScore(
        record_id=work.id,
        juror_id=juror.number,
        name=None if juror.number else juror.name,
    )
    told = marks or Marks(0, 0, 0)
    row.theme, row.art, row.fresh = told.theme, told.art, told.fresh
    row.comment, row.recused = told.comment, marks is None
    row.entered_by, row.at = by.id, now
    session.add(row)
    session.flush()
    return row


def _find(session: Session, work: Record, juror: Juror) -> WorkScore | None:
    who = (
        WorkScore.name == juror.name
        if juror.number is None
        else WorkScore.juror_id == juror.number
    )
    rows = select(WorkScore).where(WorkScore.record_id == work.id, who)
    return session.scalar(rows)


def _state(call: Record) -> str:
    states = {"open": "征集中", "public": "公示中", "announced": "已公布"}
    return states.get(call.state, "盲评中")


@dataclass(frozen=True)
class Paper:
    """One work as a judge sees it: its number, and what she gave so far."""

    mark: int
    work: Record
    given: WorkScore | None
    avoid: bool

    @property
    def is_done(self) -> bool:
        return self.avoid or self.given is not None


def papers_for(session: Session, call: Record, juror: Juror) -> Sequence[Paper]:
    """List what a judge has before her, in the order of the numbers."""
    found = []
    for work in entries.works_of(session, call, "checked"):
        given = _find(session, work, juror)
        avoid = must_avoid(session, work, juror) or bool(given and given.recused)
        mark = entries.mark_of(session, work)
        if mark is not None:
            found.append(Paper(mark, work, given, avoid))
    return found


def lacking(session: Session, call: Record) -> Mapping[str, int]:
    """Count by judge how many works still wait for her; nobody who is through."""
    found = {}
    for juror in jury_of(session, call):
        left = [each for each in papers_for(session, call, juror) if not each.is_done]
        if left:
            found[juror.name] = len(left)
    return found


@dataclass(frozen=True)
class Standing:
    """What a work comes to: the mean of those that count. judges: how many gave."""

    mark: int
    work: Record
    judges: int
    total: float
    theme: float
    fresh: float

    def key(self, *, by_theme: bool) -> tuple[float, ...]:
        """Return what it is ranked by: equal keys are a tie."""
        return (self.total, self.theme, self.fresh) if by_theme else (self.total,)


def standings(session: Session, call: Record) -> Sequence[Standing]:
    """Rank the works of a call, the best first; equals by their number."""
    works = entries.works_of(session, call, "checked", "judged", "shown", "down")
    ids = [each.id for each in works]
    given: dict[int, list[WorkScore]] = {each: [] for each in ids}
    jury = {each.number or each.name for each in jury_of(session, call)}
    rows = select(WorkScore).where(
        WorkScore.record_id.in_(ids), WorkScore.recused.is_(False)
    )
    for row in session.scalars(rows):
        if (row.juror_id or row.name) in jury:  # not who was taken off it since
            given[row.record_id].append(row)
    found = [
        stand(mark, each, given[each.id])
        for each in works
        if (mark := entries.mark_of(session, each)) is not None
    ]
    return sorted(found, key=lambda each: (-each.total, -each.theme, each.mark))


def stand(mark: int, work: Record, scores: Sequence[WorkScore]) -> Standing:
    ranked = sorted(scores, key=lambda each: each.theme + each.art + each.fresh)
    counted = ranked[1:-1] if len(ranked) >= TRIMMED_FROM else ranked
    many = max(len(counted), 1)
    theme = sum(each.theme for each in counted) / many
    art = sum(each.art for each in counted) / many
    fresh = sum(each.fresh for each in counted) / many
    total = round(theme + art + fresh, 2)
    return Standing(mark, work, len(scores), total, round(theme, 2), round(fresh, 2))


def named(session: Session, work: Record) -> str:
    """Name the authors of a work, for when they may be known."""
    return "、".join(name for _, name in values_of(session, work)["people"])
