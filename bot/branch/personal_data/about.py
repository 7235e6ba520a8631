"""Everything that is stored about one member, whichever table holds it.

A column that refers to a member is found by its name or its foreign key, so that a
new table is told of and exported without an edit here (only its title is added).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    MetaData,
    Table,
    and_,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session

from bot.branch.ballots.appraisals import AppraisalLine
from bot.branch.birthdays.greetings import Greeting
from bot.branch.birthdays.notes import BirthdayNote
from bot.branch.birthdays.plans import BirthdayPlan
from bot.branch.meetings.leaves import Leave
from bot.branch.people import audit
from bot.branch.people.members import Member
from bot.branch.people.send_file import make_book, send_book
from bot.branch.personal_data.heads import head_of
from bot.branch.records.declared import every_kind
from bot.cards.deferred import Drawn
from bot.files.roster.words import STATE_TITLES
from bot.files.xlsx import Sheet
from bot.outbox import Letter, Recipient, threads_of
from bot.outbox.kinds import NAMES
from bot.storage.database import Base

STATES = {
    **STATE_TITLES,
    "pending": "待发",
    "delivered": "送达",
    "refused": "未送达",
    "sent": "已发",
    "awaiting": "等审批",
    "withdrawn": "已撤回",
}
EXACT = 10**15
"""From here on a sheet rounds a number."""
NAMED = ("member_id", "subject_id", "author_id", "by_id")
TITLES = {
    "member": "名册",
    "role_grant": "角色",
    "check_in": "打卡",
    "greeting": "政治生日祝贺",
    "birthday_plan": "政治生日祝福的安排",
    "birthday_note": "写给我和我写的寄语",
    "collective_sign_in": "集体政治生日会签到",
    "milestone": "发展党员的日期",
    "deadline_warned": "提醒过我的期限",
    "receipt": "通知回复",
    "notice": "我发的通知",
    "notice_template": "我存的通知模板",
    "setting_change": "我改的设置",
    "recipient": "发给我的消息",
    "asked": "问书记的问题",
    "knowledge": "我加的支部知识",
    "observance": "我加的节点",
    "reminder": "我设的提醒",
    "audit": "查看记录",
    "question": "等我回答的问题",
    "question_aside": "先放着的问题",
    "focus": "刚才说到的事",
    "phone": "手机号",
    "way": "收消息的方式",
    "binding_code": "绑定微信的六位数字",
    "planned_day": "我排的学习",
    "study_leave": "学习请假",
    "training": "我登记的培训",
    "study_hours": "学时",
    "material": "我发的学习资料",
    "mute": "免打扰",
    "own_hours": "免打扰时间",
    "departure": "离开支部的日期",
    "record": "我记的台账",
    "record_person": "写到我的台账",
    "record_change": "我改过的台账",
    "evidence": "我交的佐证",
    "work_file": "我交的作品文件",
    "work_score": "我打的盲评分",
    "work_like": "我点过赞的作品",
    "work_certificate": "我出的奖状",
    "open_page": "我开的外部网页",
    "meeting": "我召集或主持的会议",
    "attendee": "会议的到会",
    "call_exception": "会议不叫我或只叫我们几个",
    "meeting_leave": "会议请假",
    "meeting_note": "会议记录里的发言",
    "meeting_photo": "我交的签到表照片",
    "resolution": "我记的决议",
    "minutes_step": "会议记录的签送",
    "appraisal_line": "民主评议的等次",
    "life_step": "组织生活会的查摆和整改",
    "plan_item": "我排的年度计划",
    "school_span": "我记的校历",
    "poll": "我发起的投票",
    "poll_seat": "我能投的票",
    "console_link": "我要过的后台登录链接",
    "console_session": "我登录后台的设备",
    "console_sending": "我在后台办的事",
    "calendar_address": "我的日历订阅",
}


@dataclass(frozen=True)
class TableRows:
    """What one table holds of a member. rows: as stored, one mapping each."""

    table: str
    title: str
    rows: Sequence[Mapping[str, object]]


def collect(
    session: Session, member: Member, tables: MetaData = Base.metadata
) -> list[TableRows]:
    """List what every table holds of a member; tables without a row are left out."""
    found = [_hold(session, member, table) for table in tables.sorted_tables]
    return [held for held in found if held.rows]


def refers(table: Table) -> list[Column[object]]:
    """List the columns of a table that refer to a member."""
    return [column for column in table.columns if _refers(column)]


def send_all(session: Session, member: Member, made: Drawn, now: datetime) -> str:
    """Send a member everything as one xlsx file; return its name."""
    name = f"我的数据-{now:%Y%m%d-%H%M}.xlsx"
    sheets = [_sheet(held, now.tzinfo) for held in collect(session, member)]
    audit.note(session, member, "my_data.export", now, subjects=[member.id])
    return send_book(session, name, make_book(sheets, made), member, now)


def _refers(column: Column[object]) -> bool:
    to_member = any(key.target_fullname == "member.id" for key in column.foreign_keys)
    return to_member or column.name in NAMED or column.name.endswith("_by")


def _hold(session: Session, member: Member, table: Table) -> TableRows:
    title = TITLES.get(table.name, table.name)
    if table.name == Recipient.__tablename__:
        return TableRows(table.name, title, _letters(session, member))
    mine = [column == member.id for column in refers(table)]
    if table.name == Member.__tablename__:
        mine.append(table.c.id == member.id)
    if table.name == audit.Audit.__tablename__:
        mine.append(table.c.actor == str(member.id))
    if "thread" in table.columns:
        threads = threads_of(session, member.id, member.account)
        mine.append(func.lower(table.c.thread).in_(threads))
    if not mine:
        return TableRows(table.name, title, [])
    theirs = [~surprise for surprise in _surprises(table, member)]
    rows = session.execute(select(table).where(or_(*mine), *theirs)).mappings()
    return TableRows(
        table.name, title, [_without_others(table, dict(row), member) for row in rows]
    )


def _surprises(table: Table, member: Member) -> list[ColumnElement[bool]]:
    """Match what is not, or not yet, hers: what others wrote for her birthday."""
    match table.name:
        case BirthdayNote.__tablename__:
            hidden = or_(table.c.dropped, ~_greeted(table))
            by_others = table.c.author_id != member.id
        case BirthdayPlan.__tablename__:
            hidden = and_(~table.c.stopped, ~_greeted(table))
            by_others = table.c.by_id != member.id
        case Leave.__tablename__:  # whoever decided it has no share in why
            return [table.c.member_id != member.id]
        case AppraisalLine.__tablename__:  # until she is told
            return [and_(table.c.told_at.is_(None), table.c.opinion != "")]
        case _:
            return []
    return [and_(table.c.member_id == member.id, by_others, hidden)]


def _greeted(table: Table) -> ColumnElement[bool]:
    return exists().where(
        Greeting.member_id == table.c.member_id, Greeting.year == table.c.year
    )


def _without_others(
    table: Table, row: Mapping[Any, object], member: Member
) -> dict[str, object]:
    """Leave out who else a row refers to: that is theirs, not hers."""
    others = {column.name for column in refers(table) if row[column.name] != member.id}
    return {str(name): value for name, value in row.items() if name not in others}


def _letters(session: Session, member: Member) -> list[dict[str, object]]:
    rows = session.execute(
        select(Letter.created_at, Letter.kind, Letter.body, Recipient.state)
        .join(Recipient, Recipient.letter_id == Letter.id)
        .where(
            (Recipient.member_id == member.id)
            | (func.lower(Recipient.user) == (member.account or ""))
        )
        .order_by(Recipient.id)
    )
    return [
        {"at": at, "kind": kind, "text": _words(body), "state": state}
        for at, kind, body, state in rows
    ]


def _words(body: Mapping[str, object]) -> str:
    return str(body.get("text") or body.get("title") or "（图片或文件）")


def _sheet(held: TableRows, zone: tzinfo | None) -> Sheet:
    names = list(dict.fromkeys(name for row in held.rows for name in row))
    heads = [head_of(held.table, name) for name in names]
    rows = [
        [_cell_of(name, row.get(name), zone) for name in names] for row in held.rows
    ]
    return Sheet(held.title, heads, rows)


def _cell_of(name: str, value: object, zone: tzinfo | None) -> object:
    if name == "kind" and isinstance(value, str):
        return _say_kind(value)
    if name == "state" and isinstance(value, str):
        return STATES.get(value, value)
    return _cell(value, zone)


def _say_kind(value: str) -> str:
    """Say a kind of record or of message in words, where it is one of those."""
    titles = {each.name: each.title for each in every_kind()}
    return titles.get(value) or NAMES.get(value, value)


def _cell(value: object, zone: tzinfo | None) -> object:
    """Give a value as a sheet holds it: a number, a day, a moment, or text."""
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case datetime():
            return value.astimezone(zone)
        case dict() | list():
            return json.dumps(value, ensure_ascii=False)
        case int() if abs(value) >= EXACT:
            return str(value)
        case int() | float() | date():
            return value
        case _:
            return str(value)
