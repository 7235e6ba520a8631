"""How a branch wants its cards, and which day it keeps for a 29 February."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, cast

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.calendar.party_age import LeapDay
from bot.cards.sheet import SizeName
from bot.cards.styles import StyleName
from bot.storage.database import Base, put_row

Period = Literal["month", "quarter", "off"]

STYLE_NAMES: dict[StyleName, str] = {"red": "红金", "paper": "宣纸", "dawn": "朝霞"}
SIZE_NAMES: dict[SizeName, str] = {"phone": "手机", "a5": "A5"}
LEAP_DAYS: dict[LeapDay, str] = {"02-28": "2月28日", "03-01": "3月1日"}
PERIODS: dict[Period, str] = {"month": "每月", "quarter": "每季度", "off": "不提醒"}


class CardLook(Base):
    """collective: how often the secretary is offered a collective birthday."""

    __tablename__ = "card_look"

    branch_id: Mapped[int] = mapped_column(
        ForeignKey("branch.id", ondelete="CASCADE"), primary_key=True
    )
    style: Mapped[str]
    size: Mapped[str]
    leap_day: Mapped[str]
    collective: Mapped[str]


@dataclass(frozen=True)
class Look:
    style: StyleName = "red"
    size: SizeName = "phone"
    leap_day: LeapDay = "02-28"
    collective: Period = "quarter"

    @property
    def words(self) -> str:
        return f"{STYLE_NAMES[self.style]}、{SIZE_NAMES[self.size]}尺寸"


PLAIN = Look()


def looks(session: Session, branches: Collection[int]) -> dict[int, Look]:
    """Return the looks that branches chose; who chose none is not in it."""
    if not branches:
        return {}
    rows = session.scalars(select(CardLook).where(CardLook.branch_id.in_(branches)))
    return {row.branch_id: _read(row) for row in rows}


def look(session: Session, branch_id: int) -> Look:
    row = session.get(CardLook, branch_id)
    return PLAIN if row is None else _read(row)


def choose(session: Session, branch_id: int, wanted: Look) -> None:
    put_row(session, CardLook, {"branch_id": branch_id, **vars(wanted)})


def _read(row: CardLook) -> Look:
    return Look(
        cast(StyleName, row.style),
        cast(SizeName, row.size),
        cast(LeapDay, row.leap_day),
        cast(Period, row.collective),
    )
