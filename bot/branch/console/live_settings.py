"""What was changed of the settings, by whom and when; each change can be undone.

A line is never rewritten: undoing is a change back. What holds is the latest line of
each setting; None is what the file says.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.branch.people import audit
from bot.branch.people.members import Member
from bot.config.live import BY_NAME
from bot.errors import Refusal
from bot.storage.database import Base, Id, take_turn

NOT_LAST = "这一项后来又改过，先看看现在是多少再改。"


class SettingChange(Base):
    """One change. before, value: as `Live.read` writes it; None: as the file says."""

    __tablename__ = "setting_change"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str]
    before: Mapped[str | None]
    value: Mapped[str | None]
    changed_by: Mapped[int] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime]


def version(session: Session) -> int:
    """Tell how far the changes have come: the last line's number, 0 for none."""
    return session.scalar(select(func.max(SettingChange.id))) or 0


def current(session: Session) -> Mapping[str, str]:
    """Return what holds of each setting that is not as the file says."""
    return {
        name: row.value
        for name, row in last_changes(session).items()
        if row.value is not None
    }


def last_changes(session: Session) -> Mapping[str, SettingChange]:
    """Return the latest change of each setting; of those that are no more, none."""
    newest = select(func.max(SettingChange.id)).group_by(SettingChange.name)
    rows = session.scalars(select(SettingChange).where(SettingChange.id.in_(newest)))
    return {row.name: row for row in rows if row.name in BY_NAME}


def change(
    session: Session, name: str, value: str | None, by: Member, now: datetime
) -> bool:
    """Have a setting be otherwise; False where it is so already."""
    before = current(session).get(name)
    if value == before:
        return False
    session.add(
        SettingChange(name=name, before=before, value=value, changed_by=by.id, at=now)
    )
    said = f"{BY_NAME[name].title}：{before or '照文件'} → {value or '照文件'}"
    audit.note(session, by, "settings.change", now, details=said)
    session.flush()
    return True


def undo(session: Session, number: int, by: Member, now: datetime) -> SettingChange:
    """Change a setting back to what it was. Raises Refusal where it changed since."""
    row = session.get(SettingChange, number)
    if row is None or last_changes(session).get(row.name) is not row:
        raise Refusal(NOT_LAST)
    change(session, row.name, row.before, by, now)
    return row


def history(session: Session, limit: int) -> Sequence[SettingChange]:
    rows = select(SettingChange).order_by(SettingChange.id.desc()).limit(limit)
    return session.scalars(rows).all()


def hold_all(session: Session) -> None:
    """Have the settings to ourselves until the commit."""
    take_turn(session, "settings", patient=True)
