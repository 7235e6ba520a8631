"""Noting a step of the way into the Party: checked against the rules, then written."""

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.branch.duties import milestones
from bot.branch.duties.milestones import WORDS, Fact, Milestone, Step
from bot.branch.people.members import Category, Member, add_member, party_branch
from bot.branch.people.tree import Branch
from bot.calendar.recurrence.stretches import add_months
from bot.calendar.say import say_date
from bot.calendar.workdays import is_workday
from bot.errors import Refusal
from bot.rulebook.deadlines import deadline
from bot.rulebook.load import find_rule
from bot.storage.database import hold, take

FULL = "full"
NEEDS: dict[str, tuple[Category, ...]] = {
    FULL: (Category.PROBATIONARY,),
    Step.VOTED: (Category.PROBATIONARY,),
    Step.EXTENDED: (Category.PROBATIONARY,),
    Step.REVIEWED: (Category.ACTIVIST, Category.CANDIDATE),
    Step.PUBLISHED: (Category.ACTIVIST,),
    Step.CANDIDATE: (Category.ACTIVIST, Category.CANDIDATE),
    Step.EXAMINED: (Category.CANDIDATE,),
    Step.RECEIVED: (Category.CANDIDATE,),
    Step.ACTIVIST: (Category.ACTIVIST, Category.CANDIDATE),
}


@dataclass(frozen=True)
class Record:
    """What is about to be noted. day None: still to be asked.

    subject: "" for the branch itself. member_id None: not in the roster yet. called:
    what to say for the subject where another has the name too.
    """

    step: Step | str
    day: date | None
    subject: str = ""
    member_id: int | None = None
    years: int | None = None
    called: str = ""

    @property
    def words(self) -> str:
        who = self.called or self.subject
        if self.step == Step.MET_APPLICANT:
            return f"同入党申请人{who}谈话"
        what = "转正" if self.step == FULL else WORDS[Step(self.step)]
        term = f"（任期 {self.years} 年）" if self.years else ""
        return f"{who}{what}{term}"

    def on(self, day: date) -> "Record":
        return replace(self, day=day)

    def pack(self) -> dict[str, Any]:
        kept = asdict(self)
        kept["what"] = str(kept.pop("step"))
        kept["day"] = self.day and self.day.isoformat()
        return kept

    @classmethod
    def unpack(cls, kept: dict[str, Any]) -> "Record":
        values = dict(kept)
        what, day = values.pop("what"), values.pop("day")
        step = FULL if what == FULL else Step(what)
        return cls(step, day and date.fromisoformat(day), **values)


def only_one(session: Session, branch: Branch, step: str) -> Member | None:
    """Find the only one in a branch of whom a step can be said; None of several."""
    below = select(Branch.id).where(Branch.path.startswith(branch.path))
    rows = select(Member).where(
        Member.state == "active",
        Member.branch_id.in_(below),
        Member.category.in_(NEEDS[step]),
    )
    found = session.scalars(rows.limit(2)).all()
    return found[0] if len(found) == 1 else None


def complete(session: Session, record: Record, months: int | None) -> Record:
    """Work out the end of an extension from its length."""
    if record.step != Step.EXTENDED or months is None or record.day is not None:
        return record
    return record.on(add_months(_end_of_probation(session, record), months))


def check(session: Session, branch: Branch, record: Record) -> None:
    """Raise Refusal for what cannot be so."""
    if record.member_id is None:
        return
    member = session.get_one(Member, record.member_id)
    needed = NEEDS.get(record.step)
    allowed = record.step == Step.ACTIVIST and member.category is None
    if needed and member.category not in needed and not allowed:
        is_now = member.category or "没有写类别"
        raise Refusal(f"名册里{member.called}是{is_now}，不能登记“{record.words}”。")
    if record.step == FULL:
        _check_full(member, record)
    if record.step == Step.EXTENDED:
        _check_extension(session, record)


def explain(session: Session, record: Record) -> str:
    """Say what else the record does."""
    if record.member_id is None and record.step == Step.ACTIVIST:
        return f"名册里没有{record.subject}，会新加为入党积极分子。"
    if record.step == Step.CANDIDATE:
        return _say_notice_open(session, record)
    if record.step == FULL:
        return "名册里会改成正式党员，党龄从这天算；期限提醒随之停止。"
    return ""


def _say_notice_open(session: Session, record: Record) -> str:
    """Notice one who is made a candidate before the public notice is over."""
    since = select(func.max(Milestone.day)).where(
        Milestone.member_id == record.member_id, Milestone.step == Step.PUBLISHED
    )
    published = session.scalar(since) if record.member_id else None
    if published is None or record.day is None or record.day < published:
        return ""
    until = deadline("develop.publicity", published, is_workday)
    if record.day > until.day:
        return ""
    return (
        f"\n请核对：公示{say_date(published)}开始，到{say_date(until.day)}才满，"
        f"满后再列为发展对象；这天还在公示期里。\n{until.rule.citation}\n"
    )


def write(
    session: Session, branch: Branch, record: Record, by: Member, now: datetime
) -> bool:
    """Write it down; False if it was."""
    if (day := record.day) is None:
        raise Refusal("还不知道是哪一天。")
    hold(session, Branch, branch.id)
    member = _find(session, branch, record)
    if member is not None:
        take(session, member)
        record = replace(record, member_id=member.id)
    check(session, branch, record)
    if member is not None and record.step == FULL:
        milestones.become_full(session, member, day)
        return True
    member_id = record.member_id
    if member_id is None and record.step == Step.ACTIVIST:
        member = add_member(session, record.subject, branch, now)
        member_id = member.id
    place = party_branch(session, member) if member else branch
    fact = Fact(Step(record.step), day, record.subject, member_id, record.years)
    return milestones.note(session, place, fact, by, now)


def _find(session: Session, branch: Branch, record: Record) -> Member | None:
    """Find whose record it is, also who was added since it was asked for."""
    if record.member_id:
        return session.get(Member, record.member_id)
    if record.step != Step.ACTIVIST:
        return None
    same = select(Member).where(
        Member.name == record.subject,
        Member.branch_id == branch.id,
        Member.state == "active",
    )
    found = session.scalars(same).all()
    return found[0] if len(found) == 1 else None


def _check_full(member: Member, record: Record) -> None:
    if member.joined is None or record.day is None:
        raise Refusal(f"名册里没有{member.called}的入党日期，请先补上。")
    earliest = deadline("develop.probation", member.joined)
    if record.day < earliest.day:
        raise Refusal(
            f"{member.called}的预备期到{say_date(earliest.day)}才满，"
            "转正日期不会更早。\n"
            f"{earliest.rule.citation}"
        )


def _check_extension(session: Session, record: Record) -> None:
    """Allow one extension, of half a year at least and a year at most."""
    earlier = select(Milestone.id).where(
        Milestone.member_id == record.member_id,
        Milestone.step == Step.EXTENDED,
        Milestone.day != record.day,
    )
    end = _end_of_probation(session, record)
    rule = find_rule("develop.extend", end)
    first, last = (
        add_months(end, int(rule.decimal(name))) for name in ("least", "most")
    )
    if session.scalar(earlier) is not None:
        raise Refusal(f"预备期只能延长一次，已经登记过了。\n{rule.citation}")
    if record.day is not None and not first <= record.day <= last:
        raise Refusal(
            "延长要不少于半年、不超过 1 年，"
            f"就是{say_date(first)}到{say_date(last)}之间。\n"
            f"{rule.citation}"
        )


def _end_of_probation(session: Session, record: Record) -> date:
    member = session.get(Member, record.member_id) if record.member_id else None
    if member is None or member.joined is None:
        raise Refusal(f"名册里没有{record.subject}的入党日期，请先补上。")
    return deadline("develop.probation", member.joined).day
