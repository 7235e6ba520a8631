"""How a branch wants its cards, and which day it keeps for a 29 February."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, cast

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.calendar.party_age import LeapDay
from bot.cards.sheet import LONGEST_SEAL, SEAL, FormName, Sheet, SizeName, StyleName
from bot.errors import Refusal
from bot.files.print.fonts import make_one_line, missing_glyphs
from bot.files.print.own import own_cards
from bot.storage.database import Base, put_row

Period = Literal["month", "quarter", "off"]

STYLE_NAMES: dict[StyleName, str] = {"red": "红金", "paper": "宣纸", "dawn": "朝霞"}
SIZE_NAMES: dict[SizeName, str] = {"phone": "手机", "a5": "A5"}
FORM_NAMES: dict[FormName, str] = {
    "phone": "手机",
    "a5": "A5",
    "white": "A5 打印",
    "bleed": "A5 带 3 毫米出血，给印厂",
}
LEAP_DAYS: dict[LeapDay, str] = {"02-28": "2月28日", "03-01": "3月1日"}
PERIODS: dict[Period, str] = {"month": "每月", "quarter": "每季度", "off": "不提醒"}


class CardLook(Base):
    """collective: how often the secretary is offered a collective birthday.

    seal: what stands in the leisure seal.
    """

    __tablename__ = "card_look"

    branch_id: Mapped[int] = mapped_column(
        ForeignKey("branch.id", ondelete="CASCADE"), primary_key=True
    )
    style: Mapped[str]
    size: Mapped[str]
    leap_day: Mapped[str]
    collective: Mapped[str]
    seal: Mapped[str] = mapped_column(default=SEAL, server_default=SEAL)


@dataclass(frozen=True)
class Look:
    style: str = "red"
    size: SizeName = "phone"
    leap_day: LeapDay = "02-28"
    collective: Period = "quarter"
    seal: str = SEAL

    @property
    def words(self) -> str:
        return (
            f"{style_names().get(self.style, self.style)}、{SIZE_NAMES[self.size]}尺寸"
        )

    def sheet(self, form: FormName | None = None) -> Sheet:
        """Tell how a card is to be drawn; form: if not as the branch chose."""
        return Sheet(self.style, form or self.size, self.seal)


PLAIN = Look()


def style_names() -> dict[str, str]:
    """Name the styles in words: ours, and those that the branch brings."""
    ours: dict[str, str] = dict(STYLE_NAMES.items())
    return ours | {each: each for each in own_cards().list_styles()}


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


def check_seal(words: str) -> str:
    """Check what is to stand in the seal. Raises Refusal."""
    words = make_one_line(words)
    if not 1 <= len(words) <= LONGEST_SEAL or " " in words:
        raise Refusal(f"印章里写1到{LONGEST_SEAL}个字，例：贺卡印章 同心向阳")
    if lost := missing_glyphs(words):
        raise Refusal(f"印章里的“{lost}”字库里没有，请换一个字。")
    return words


def _read(row: CardLook) -> Look:
    return Look(
        row.style,
        cast(SizeName, row.size),
        cast(LeapDay, row.leap_day),
        cast(Period, row.collective),
        row.seal,
    )
