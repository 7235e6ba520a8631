"""What the secretary decided about a coming greeting: its words, or none at all."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ForeignKey, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.branch.people.members import Member
from bot.errors import Refusal
from bot.storage.database import Base, insert_new
from bot.storage.prepared import Prepared

LONGEST_WORDS = 120


class BirthdayPlan(Base):
    """For one member and one year. words: in place of the branch's usual ones."""

    __tablename__ = "birthday_plan"

    member_id: Mapped[int] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), primary_key=True
    )
    year: Mapped[int] = mapped_column(primary_key=True)
    stopped: Mapped[bool] = mapped_column(default=False)
    words: Mapped[str | None]
    by_id: Mapped[int]
    at: Mapped[datetime]


_STOPPED = Prepared(
    select(BirthdayPlan.member_id).where(
        BirthdayPlan.member_id == bindparam("of_member"),
        BirthdayPlan.year == bindparam("of_year"),
        BirthdayPlan.stopped,
    )
)


def is_stopped(session: Session, member_id: int, year: int) -> bool:
    """Tell whether the secretary wants no greeting sent."""
    return _STOPPED.first(session, of_member=member_id, of_year=year) is not None


def find(session: Session, member_id: int, year: int) -> BirthdayPlan | None:
    return session.get(BirthdayPlan, (member_id, year))


def of(session: Session, members: Collection[int], year: int) -> list[BirthdayPlan]:
    """List the plans for these members in a year."""
    rows = select(BirthdayPlan).where(
        BirthdayPlan.member_id.in_(members), BirthdayPlan.year == year
    )
    return list(session.scalars(rows))


def stop(session: Session, to: tuple[int, int], by: Member, now: datetime) -> None:
    """Send (member id, year) no greeting."""
    _open(session, to, by, now).stopped = True
    session.flush()


def resume(session: Session, to: tuple[int, int], by: Member, now: datetime) -> None:
    """Send the greeting after all."""
    _open(session, to, by, now).stopped = False
    session.flush()


def reword(
    session: Session,
    to: tuple[int, int],
    words: str | None,
    by: Member,
    now: datetime,
) -> None:
    """Say these words instead of the usual ones; None: the usual ones again."""
    _open(session, to, by, now).words = words and check_words(words)
    session.flush()


def check_words(words: str) -> str:
    """Tidy the words of a greeting. Raises Refusal if they do not fit a card."""
    tidy = words.strip()
    if len(tidy) > LONGEST_WORDS:
        raise Refusal(
            f"寄语有 {len(tidy)} 字，贺卡上放不下，请缩短到 {LONGEST_WORDS} 字以内。"
        )
    return tidy


def _open(
    session: Session, to: tuple[int, int], by: Member, now: datetime
) -> BirthdayPlan:
    member_id, year = to
    row = {"member_id": member_id, "year": year, "by_id": by.id, "at": now}
    insert_new(session, BirthdayPlan, row)
    plan = session.get_one(BirthdayPlan, to, populate_existing=True)
    plan.by_id, plan.at = by.id, now
    return plan
