"""民主评议: each full member is graded by all without names, then by the committee.

Probationary members grade and are not graded (条例 第十八条). 优秀 stays within a
third; of what, practice differs: of all members, or of those graded. Both are shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot import outbox
from bot.branch.ballots import results, voting
from bot.branch.ballots.boxes import Keys
from bot.branch.ballots.polls import APPRAISAL, Poll, Question, State
from bot.branch.meetings import voters
from bot.branch.meetings.kinds import Kind
from bot.branch.meetings.plans import Plan as MeetingPlan
from bot.branch.people.audience import Audience, select_people
from bot.branch.people.members import Member
from bot.branch.people.tree import Branch
from bot.calendar.say import say_moment
from bot.errors import Refusal
from bot.files.xlsx import Sheet
from bot.message import Text
from bot.outbox import Importance, Plan, Window
from bot.storage.database import Base

GRADES = ("优秀", "合格", "基本合格", "不合格")
BEST = GRADES[0]
MOST = 100
"""People in one appraisal: larger branches appraise by 党小组."""
HEADS = ("序号", "姓名", "自评", *GRADES, "支部意见", "反馈日期")
HOW = "回一句话就行，例：测评 某某、某某优秀，其余合格"


class AppraisalLine(Base):
    """One who is graded. own: the grade given to oneself; opinion: the branch's."""

    __tablename__ = "appraisal_line"

    poll_id: Mapped[int] = mapped_column(
        ForeignKey("poll.id", ondelete="CASCADE"), primary_key=True
    )
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    own: Mapped[str]
    opinion: Mapped[str]
    told_at: Mapped[datetime | None]


@dataclass(frozen=True)
class Limit:
    """How many may be 优秀 at the most. of_all: of all members; of_graded: of those."""

    members: int
    graded: int

    @property
    def of_all(self) -> int:
        return self.members // 3

    @property
    def of_graded(self) -> int:
        return self.graded // 3

    @property
    def most(self) -> int:
        return max(self.of_all, self.of_graded)

    def __str__(self) -> str:
        return (
            f"优秀不超过三分之一：按党员总数 {self.members} 人算最多 {self.of_all} 个，"
            f"按参加评定的 {self.graded} 人算最多 {self.of_graded} 个"
        )


def graded(session: Session, branch: Branch, now: datetime) -> Sequence[Member]:
    """List who is graded today: the full members, those of the groups too."""
    plan = MeetingPlan(Kind.APPRAISAL, branch.id)
    return voters.voters(session, plan, now.date())


def limit_of(session: Session, branch_id: int, graded: int) -> Limit:
    """Reckon how many may be 优秀. graded: how many are, in the round where one is."""
    plan = MeetingPlan(Kind.APPRAISAL, branch_id)
    return Limit(len(voters.expected(session, plan)), graded)


def open_round(  # noqa: PLR0913  # of whose branch, by whom, until when
    session: Session,
    branch: Branch,
    author: Member,
    closes_at: datetime,
    keys: Keys,
    now: datetime,
) -> Poll:
    """Open the round and ask everybody. Raises Refusal where one is open, or cannot be.

    Each ballot gives every graded member one grade; only sums of grades are kept.
    """
    found = latest(session, branch)
    if found is not None and found.state == State.OPEN:
        raise Refusal("民主评议的测评正在进行，不能再发起一次。")
    voting.check_close(closes_at, now)
    people = graded(session, branch, now)
    if not 1 <= len(people) <= MOST:
        raise Refusal(f"参加评定的正式党员要在 1 到 {MOST} 人，请分党小组评。")
    choices = [key(each.id, grade) for each in people for grade in GRADES]
    text = f"{now.year} 年民主评议党员"
    question = Question(APPRAISAL, text, tuple(choices), closes_at, len(people))
    audience = Audience(branch.id)
    poll = voting.open_box(session, branch, author, question, audience, keys, now)
    session.add_all(
        AppraisalLine(poll_id=poll.id, member_id=each.id, own="", opinion="")
        for each in people
    )
    session.flush()
    _ask(session, poll, people, audience, now)
    return poll


def key(member_id: int, grade: str) -> str:
    """Name a choice in the box: by number, so that it goes when the name does."""
    return f"{member_id}·{grade}"


def _ask(
    session: Session,
    poll: Poll,
    people: Sequence[Member],
    audience: Audience,
    now: datetime,
) -> None:
    names = "、".join(each.called for each in people)
    said = (
        f"【民主评议·不记名】给每位同志评一档（{'、'.join(GRADES)}）：{names}\n{HOW}。"
        f"每人都要评到；{say_moment(poll.closes_at, now)}截止。投出去不能改；"
        "只记谁投了，不记投了什么。自己的等次另说“自评 合格”。"
    )
    plan = Plan(
        f"{poll.topic}:text",
        "poll",
        Text(said),
        Window(now, poll.closes_at),
        Importance.NOTICE,
        topic=poll.topic,
    )
    outbox.put(session, plan, select_people(session, audience), now=now)


def latest(session: Session, branch: Branch) -> Poll | None:
    """Find the last round of a branch that was not given up."""
    mine = select(Poll).where(
        Poll.branch_id == branch.id,
        Poll.purpose == APPRAISAL,
        Poll.state != State.VOID,
    )
    return session.scalars(mine.order_by(Poll.id.desc())).first()


def lines(session: Session, poll: Poll) -> Sequence[tuple[str, AppraisalLine]]:
    """List who is graded, with the name of now."""
    rows = session.execute(
        select(Member.called, AppraisalLine)
        .join(Member, Member.id == AppraisalLine.member_id)
        .where(AppraisalLine.poll_id == poll.id)
        .order_by(AppraisalLine.member_id)
    )
    return [(name, row) for name, row in rows]


def cast(  # noqa: PLR0913  # whose ballot, what it says, sealed how, and when
    session: Session,
    poll: Poll,
    member_id: int,
    given: Mapping[int, str],
    keys: Keys,
    now: datetime,
) -> None:
    """Take a whole ballot, once. Raises Refusal, and then nothing is spent."""
    found = lines(session, poll)
    missing = [name for name, row in found if row.member_id not in given]
    if missing:
        raise Refusal(f"还有 {len(missing)} 位没有评到，这次没有投。{HOW}")
    limit = limit_of(session, poll.branch_id, len(found))
    best = sum(grade == BEST for grade in given.values())
    if best > limit.most:
        raise Refusal(f"{limit}。您这张票的优秀多了，没有投，请重新评。")
    picks = [key(number, grade) for number, grade in given.items()]
    voting.cast(session, poll, member_id, picks, keys, now)


def rate_oneself(session: Session, poll: Poll, member: Member, grade: str) -> None:
    """Note one's own grade. Raises Refusal for who is not graded, or too late."""
    row = session.get(AppraisalLine, (poll.id, member.id))
    if row is None:
        raise Refusal("您不在评定等次的名单里（预备党员参加评议，不评等次）。")
    if row.opinion:
        raise Refusal("支部意见已经定了，自评不能再改。")
    row.own = grade
    session.flush()


def tallies(session: Session, poll: Poll) -> Mapping[int, Mapping[str, int]] | None:
    """Count by member how often each grade was given; None before, or of too few."""
    told = results.results(poll)
    if told is None:
        return None
    return {
        row.member_id: {grade: told[key(row.member_id, grade)] for grade in GRADES}
        for _, row in lines(session, poll)
    }


def check_opinions(
    session: Session, poll: Poll, given: Mapping[int, str]
) -> tuple[Limit, int]:
    """Return the limit, and how many are 优秀. Raises Refusal where that cannot be."""
    if poll.state == State.OPEN:
        raise Refusal("测评还没有截止，支部意见要在测评以后定。")
    found = lines(session, poll)
    if any(row.told_at for _, row in found):
        raise Refusal("结果已经反馈给本人，不能再改。")
    missing = [name for name, row in found if row.member_id not in given]
    if missing:
        raise Refusal(f"还有 {len(missing)} 位没有定：{'、'.join(missing)}。")
    limit = limit_of(session, poll.branch_id, len(found))
    best = sum(grade == BEST for grade in given.values())
    if best > limit.most:
        raise Refusal(f"{limit}。现在优秀 {best} 个，多了。")
    return limit, best


def set_opinions(session: Session, poll: Poll, given: Mapping[int, str]) -> None:
    """Write the branch's opinion of everybody down. Raises Refusal."""
    check_opinions(session, poll, given)
    for _, row in lines(session, poll):
        row.opinion = given[row.member_id]
    session.flush()


def tell_each(session: Session, poll: Poll, now: datetime, at: datetime) -> int:
    """Tell everybody the own grade alone; return how many. Raises Refusal."""
    found = [row for _, row in lines(session, poll)]
    if not found or not all(row.opinion for row in found):
        raise Refusal("支部意见还没有定全，先说“评议意见：某某优秀，其余合格”。")
    new = [row for row in found if row.told_at is None]
    for row in new:
        to = session.get_one(Member, row.member_id)
        own = f"（自评：{row.own}）" if row.own else ""
        said = f"{poll.question}：您的等次是{row.opinion}{own}。有不同意见请跟书记说。"
        plan = Plan(
            f"appraisal:{poll.id}:{to.id}",
            "poll",
            Text(said),
            Window(at, at + timedelta(days=3)),
            Importance.NOTICE,
        )
        outbox.put_to(session, plan, to.userid, to.id, now=now)
        row.told_at = now
    session.flush()
    return len(new)


def write_sheet(session: Session, poll: Poll, now: datetime) -> Sheet:
    """Make the sheet of a round, a line a member."""
    counted = tallies(session, poll) or {}
    rows = []
    for number, (name, row) in enumerate(lines(session, poll), 1):
        votes = counted.get(row.member_id, {})
        told = row.told_at and row.told_at.astimezone(now.tzinfo).date()
        given = [votes.get(grade, "") for grade in GRADES]
        rows.append((number, name, row.own, *given, row.opinion, told or ""))
    return Sheet("民主评议汇总", HEADS, rows)
