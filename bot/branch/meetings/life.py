"""组织生活会: what goes before it, what was found wanting, what is mended and by when.

Steps as the rule of the 组织生活会 has them: study and talks before, 查摆, 整改 after.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot import outbox
from bot.branch.meetings import meetings
from bot.branch.meetings.meetings import Meeting, State
from bot.branch.people import members
from bot.branch.people.members import Member
from bot.branch.people.tree import home
from bot.calendar.say import say_date
from bot.errors import Refusal
from bot.message import Text
from bot.outbox import Importance, Plan, Window
from bot.storage.database import Base, Id, take
from bot.storage.invariants import proof
from bot.storage.prepared import Prepared

STEPS = {"study": "会前学习", "talk": "会前谈心", "problem": "查摆", "mend": "整改"}
LONGEST = 1000
BEFORE = timedelta(days=1)
LATE = timedelta(days=1)
GOOD_FOR = timedelta(days=3)


class LifeStep(Base):
    """One step. member_id: whose problem it is, or who mends it; None: the branch's.

    due: by when it is mended. told_at, raised_at: that whoever mends it, and then the
    secretary, was told. dropped_at: taken out as written wrongly.
    """

    __tablename__ = "life_step"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    meeting_id: Mapped[int] = mapped_column(
        ForeignKey("meeting.id", ondelete="CASCADE"), index=True
    )
    step: Mapped[str]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    text: Mapped[str]
    due: Mapped[date | None]
    written_by: Mapped[int] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    raised_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    dropped_at: Mapped[datetime | None]


def add(  # noqa: PLR0913  # what, of whom, by when, who writes it
    session: Session,
    meeting: Meeting,
    step: str,
    text: str,
    by: Member,
    now: datetime,
    *,
    member_id: int | None = None,
    due: date | None = None,
) -> LifeStep | None:
    """Write a step down; None if just that stands already. Raises Refusal.

    Once the minutes are sent only what is mended is still added: that comes after.
    """
    take(session, meeting)
    if meeting.state == State.CANCELLED:
        raise Refusal(f"“{meeting.title}”取消了。")
    sealed = meeting.state in (State.LOCKED, State.AWAITING_SIGNATURE)
    if sealed and step != "mend":
        raise Refusal(f"“{meeting.title}”的记录已经送签，{STEPS[step]}不能再加了。")
    if len(text) > LONGEST:
        raise Refusal(f"一条最多 {LONGEST} 字，请分几条发。")
    for each in of_meeting(session, meeting):
        if (each.step, each.text, each.member_id) == (step, text, member_id):
            return None
    row = LifeStep(
        meeting_id=meeting.id,
        step=step,
        member_id=member_id,
        text=text,
        due=due,
        written_by=by.id,
        at=now,
    )
    session.add(row)
    session.flush()
    return row


def of_meeting(session: Session, meeting: Meeting) -> Sequence[LifeStep]:
    """List what stands of a meeting, in the order of the steps."""
    mine = select(LifeStep).where(
        LifeStep.meeting_id == meeting.id, LifeStep.dropped_at.is_(None)
    )
    order = list(STEPS)
    found = session.scalars(mine.order_by(LifeStep.id)).all()
    return sorted(found, key=lambda each: order.index(each.step))


def drop(
    session: Session, meeting: Meeting, step: str, text: str, now: datetime
) -> LifeStep:
    """Take out what was written wrongly; the row stays as the trace. Raises Refusal.

    Once the minutes are sent only what is mended is still taken out, and what is
    mended already stays.
    """
    take(session, meeting)
    sealed = meeting.state in (State.LOCKED, State.AWAITING_SIGNATURE)
    if sealed and step != "mend":
        raise Refusal(
            f"“{meeting.title}”的记录已经送签，{STEPS[step]}不能再划掉。"
            "要改，先说“退回记录 原因”。"
        )
    mine = [each for each in of_meeting(session, meeting) if each.step == step]
    found = [each for each in mine if text and text in each.text]
    exact = [each for each in found if each.text == text] or found
    if len(exact) != 1:
        many = f"有 {len(exact)} 条都含“{text}”，请多说几个字。"
        none = f"{STEPS[step]}里没有“{text}”。说“组织生活会进展”看记了哪些。"
        raise Refusal(many if exact else none)
    drop_row(session, exact[0], now)
    return exact[0]


def drop_row(session: Session, row: LifeStep, now: datetime) -> None:
    """Take one step out. Raises Refusal for what was mended."""
    take(session, row)
    if row.done_at is not None:
        raise Refusal("这一条已经销号，不能划掉。")
    row.dropped_at = now
    session.flush()


def finish(session: Session, row: LifeStep, now: datetime) -> bool:
    """Note that something is mended; False if that was noted."""
    take(session, row)
    if row.done_at is not None:
        return False
    row.done_at = now
    session.flush()
    return True


def say(session: Session, row: LifeStep, now: datetime) -> str:
    """Say a step: whose it is, what, by when, whether it is done."""
    name = session.get_one(Member, row.member_id).called if row.member_id else ""
    if row.step != "mend":
        return f"{name}：{row.text}" if name else row.text
    by = f"，{name}负责" if name else ""
    due = f"，{say_date(row.due)}前" if row.due else ""
    done = row.done_at and row.done_at.astimezone(now.tzinfo).date()
    return f"{row.text}{by}{due}" + (f"，{say_date(done)}完成" if done else "")


def is_late(row: LifeStep, today: date) -> bool:
    return row.done_at is None and row.due is not None and row.due < today


_UNMENDED = (
    LifeStep.step == "mend",
    LifeStep.due.is_not(None),
    LifeStep.done_at.is_(None),
    LifeStep.dropped_at.is_(None),
    LifeStep.raised_at.is_(None),
)
_TO_TELL = Prepared(
    select(LifeStep.due, LifeStep.told_at, LifeStep.member_id).where(*_UNMENDED)
)


def next_days(session: Session) -> Iterator[date]:
    """Yield of each that is to be mended the day on which somebody is next told."""
    for due, told, member in _TO_TELL.all(session):
        yield due + LATE if told or member is None else due - BEFORE


def follow(session: Session, now: datetime, at: datetime) -> None:
    """Tell who mends something the day before it is due; if late, the secretary.

    Each once; at: when the letter may go.
    """
    today = now.date()
    waiting = select(LifeStep).where(*_UNMENDED, LifeStep.due <= today + BEFORE)
    for row in session.scalars(waiting.order_by(LifeStep.id)).all():
        meeting = session.get_one(Meeting, row.meeting_id)
        if (
            row.told_at is None
            and row.member_id is not None
            and not is_late(row, today)
        ):
            to = session.get_one(Member, row.member_id)
            said = (
                f"整改快到期了：{say(session, row, now)}。做完了说“整改完成 {row.id}”。"
            )
            _tell(session, to, f"mend:{row.id}", said, now, at)
            row.told_at = now
        elif is_late(row, today):
            said = f"整改过期还没完成：{say(session, row, now)}（{meeting.title}）。"
            for each in members.secretaries(session, home(session, meeting.branch_id)):
                _tell(session, each, f"mend_late:{row.id}:{each.id}", said, now, at)
            row.raised_at = now
    session.flush()


def _tell(  # noqa: PLR0913  # a letter has many words
    session: Session, to: Member, key: str, said: str, now: datetime, at: datetime
) -> None:
    plan = Plan(
        key, "minutes", Text(said), Window(at, at + GOOD_FOR), Importance.NOTICE
    )
    outbox.put_to(session, plan, to.userid, to.id, now=now)


def say_all(session: Session, meeting: Meeting, now: datetime) -> list[str]:
    """Say all steps of a meeting, a line each; a step without any says so."""
    found = of_meeting(session, meeting)
    lines = []
    for step, title in STEPS.items():
        mine = [each for each in found if each.step == step]
        if not mine:
            lines.append(f"{title}：还没有记")
        for each in mine:
            late = "（过期了）" if is_late(each, now.date()) else ""
            number = f"{each.id}. " if step == "mend" else ""
            lines.append(f"{title}：{number}{say(session, each, now)}{late}")
    return lines


def find(session: Session, number: int) -> tuple[LifeStep, Meeting]:
    """Find what is to be mended by its number. Raises Refusal if there is none."""
    row = session.get(LifeStep, number)
    if row is None or row.dropped_at is not None or row.step != "mend":
        raise Refusal(f"没有第 {number} 条整改。说“组织生活会进展”看编号。")
    return row, meetings.find(session, row.meeting_id)


@proof("组织生活会：整改以外的没有期限")
def only_mending_is_due(session: Session) -> Iterator[str]:
    odd = select(LifeStep.id).where(LifeStep.step != "mend", LifeStep.due.is_not(None))
    for number in session.scalars(odd):
        yield f"第 {number} 条不是整改，却有期限"
