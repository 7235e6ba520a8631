"""Who looked at or took out whose record: written down for good, never changed.

The database itself refuses to change or delete a line (a trigger of the migration).
Details never hold what was seen: no names, no contents, only what kind it was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, cast, insert, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.branch.people.members import Member
from bot.branch.people.tree import Branch
from bot.storage.database import Base, Id

CLI = "cli"
LONGEST = 255
GONE = "一位已不在名册的同志"
OPERATOR = "服务器管理员"
TITLES = {
    "members.list": "列出名册",
    "members.import": "改动权限",
    "members.revoke": "收回权限",
    "members.remove": "移出名册",
    "birthday.view": "查看入党日期和党龄",
    "card": "生成政治生日贺卡",
    "notices.export": "导出通知台账",
    "notices.view": "查看通知回执",
    "meetings.view": "查看会议的到会",
    "meetings.export": "导出会议材料",
    "development.view": "查看发展期限",
    "members.export": "导出名册",
    "members.view": "查看名册里的信息",
    "notes.view": "查看寄语",
    "phone.view": "查看手机号",
    "members.admit": "认下智能机器人的账号",
    "members.turn_away": "不认智能机器人里的来人",
    "ways.code": "给了绑定微信的码",
    "ways.unbind": "解绑了微信",
    "my_data.export": "导出数据",
    "records.list": "列出台账",
    "records.view": "查看台账",
    "records.export": "导出台账",
    "pack.view": "查看迎检缺项",
    "pack.made": "打迎检包",
    "console.link": "给了登录后台的链接",
    "console.settings": "改了设置",
    "settings.change": "改了运行的设置",
    "questions.view": "查看问书记的问题",
}


class Audit(Base):
    """One look. actor: a member's id, or "cli" for the operator of the machine.

    action: what was done, "birthday.view". subject_id: whose record it was; None where
    it was nobody's in particular. No foreign keys: a line outlives whom it tells of.
    """

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str]
    subject_id: Mapped[int | None] = mapped_column(Id)
    branch_id: Mapped[int | None] = mapped_column(Id)
    details: Mapped[str] = mapped_column(default="")

    __table_args__ = (Index("ix_audit_subject_id", "subject_id", "at"),)


@dataclass(frozen=True)
class Look:
    """That somebody looked. who: a name, or None for the operator."""

    at: datetime
    who: str | None
    action: str
    details: str


def note(  # noqa: PLR0913  # a line has many words
    session: Session,
    actor: Member | None,
    action: str,
    now: datetime,
    *,
    subjects: Sequence[int] = (),
    branch: Branch | None = None,
    details: str = "",
) -> None:
    """Write down that somebody saw or took out records, in the same transaction.

    actor: None for the operator at the command line. subjects: the ids of the members
    whose records they were, a line each; without any, one line of nobody's.
    """
    line: dict[str, Any] = {
        "at": now,
        "actor": str(actor.id) if actor else CLI,
        "action": action,
        "branch_id": branch.id if branch else None,
        "details": details[:LONGEST],
    }
    whose: Sequence[int | None] = subjects or (None,)
    session.execute(insert(Audit), [{**line, "subject_id": each} for each in whose])


def seen(session: Session, member: Member, limit: int = 20) -> list[Look]:
    """List who looked at a member's record, the latest first; own looks left out."""
    rows = session.scalars(
        select(Audit)
        .where(Audit.subject_id == member.id, Audit.actor != str(member.id))
        .order_by(Audit.at.desc(), Audit.id.desc())
        .limit(limit)
    ).all()
    names = _names(session, {row.actor for row in rows})
    return [Look(row.at, names.get(row.actor), row.action, row.details) for row in rows]


@dataclass(frozen=True)
class Line:
    """One line as the secretary reads it. whose: "" where it was nobody's."""

    number: int
    at: datetime
    who: str
    action: str
    whose: str
    details: str


def latest(
    session: Session, branch: Branch, before: int | None, limit: int
) -> list[Line]:
    """List who looked at records of a branch's people, or did so as one of them.

    before: only lines written before that one.
    """
    here = (
        select(Member.id)
        .join(Branch, Branch.id == Member.branch_id)
        .where(Branch.path.startswith(branch.path))
    )
    by_them = select(cast(here.subquery().c.id, String))
    rows = select(Audit).where(
        or_(Audit.subject_id.in_(here), Audit.actor.in_(by_them))
    )
    if before is not None:
        rows = rows.where(Audit.id < before)
    found = session.scalars(rows.order_by(Audit.id.desc()).limit(limit)).all()
    whose = {str(each.subject_id) for each in found if each.subject_id}
    names = _names(session, {each.actor for each in found} | whose)
    return [
        Line(
            each.id,
            each.at,
            names.get(each.actor, OPERATOR),
            TITLES.get(each.action, each.action),
            names.get(str(each.subject_id), "") if each.subject_id else "",
            each.details,
        )
        for each in found
    ]


def last_done(session: Session, action: str, branch: Branch) -> Line | None:
    """Return who did something for a branch last, and when."""
    found = session.scalars(
        select(Audit)
        .where(Audit.action == action, Audit.branch_id == branch.id)
        .order_by(Audit.id.desc())
        .limit(1)
    ).first()
    if found is None:
        return None
    names = _names(session, {found.actor})
    who = names.get(found.actor, OPERATOR)
    return Line(found.id, found.at, who, TITLES[action], "", found.details)


def _names(session: Session, actors: set[str]) -> dict[str, str]:
    ids = [int(actor) for actor in actors if actor != CLI]
    known = session.execute(select(Member.id, Member.called).where(Member.id.in_(ids)))
    names = {str(key): name for key, name in known}
    return {str(key): names.get(str(key), GONE) for key in ids}
