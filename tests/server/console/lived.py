"""A branch that has something of each kind: told in chat, and by each kind's form."""

import re
from collections.abc import Mapping
from datetime import date
from io import BytesIO

from bot.branch.records.declared import every_kind
from bot.branch.records.fields import Amount, Choice, Day, Field, Organisation, People
from bot.branch.records.kind import Kind
from handlers.records import form
from tests.server.console.visitor import Visitor
from tests.stage import Stage

SAID = """\
赵敏> 发通知 周五下午三点开会，选项 能参加/请假，周四18点截止
赵敏> 确认
李伟* 请假
赵敏> 存成模板 周五例会
赵敏> 安排会议 周三下午两点在301开支部党员大会，赵敏主持
赵敏> 确认
李伟> 周三的会我要请假，去外地出差
王芳> 打卡 学习强国 42分
赵敏> 每周五下午四点提醒大家交思想汇报
赵敏> 确认
赵敏> 学习计划 明天 读《党章》总纲
赵敏> 确认
李伟> 问书记 活动室怎么借
李伟> 好
"""
DAY, SOON = date(2026, 3, 1), date(2026, 3, 20)
OWN: Mapping[str, Mapping[str, str]] = {
    "appointment": {"host": "陈静", "day": "2026-03-05", "time": "15:00"},
    "call": {
        "sorts": "摄影",
        "day": str(SOON),
        "shown_until": "2026-04-02",
        "prizes": "一等奖1、二等奖2",
        "jury": "陈静、刘洋",
    },
    "talk": {"people": "赵敏、李伟"},
    "work": {"title": "晨光", "call": "", "sort": "摄影"},
    "pledge": {"until": str(SOON)},
}
"""What a kind's form asks for that only it understands."""
LAST = ("bulletin", "mark", "work")
"""Kinds that are told of another's record."""
VOTE = {
    "question": "下次主题党日去哪",
    "choices": "烈士陵园\n纪念馆\n敬老院",
    "purpose": "征求意见",
    "closes_at": "2026-03-04T18:00",
}
MEETING = {
    "kind": "committee",
    "starts_at": "2026-03-01T09:00",
    "place": "301",
    "host": "赵敏",
    "late": "1",
}
ENTRY, PNG = "/console/records/entry/17", b"\x89PNG\r\n\x1a\n" + bytes(32)
KNOWN = {"title": "活动室在哪", "text": "活动室在三楼东头。"}


def live(stage: Stage, secretary: Visitor) -> None:
    """Have a branch do a little of everything."""
    stage.play(SAID)
    for kind in sorted(every_kind(), key=lambda each: each.name in LAST):
        _tell(secretary, kind)
    for _ in range(2):
        _send(secretary, "/console/ballots/new", **VOTE)
    _send(secretary, "/console/ballots/2", into="/close")
    secretary.get(ENTRY)
    sheet = (BytesIO(PNG), "单子.png")
    assert secretary.post(f"{ENTRY}/evidence/upload", file=sheet).status_code == 303
    _send(secretary, "/console/meetings/new", **MEETING)
    _send(secretary, "/console/knowledge/", into="new", **KNOWN)
    page, until = "/console/appraisal/", "2026-03-04T18:00"
    _send(secretary, page, into="new", closes_at=until)
    _send(secretary, page, into="close")
    _send(
        secretary, "/console/settings/", into="change", **{"quiet.weekly_budget": "5"}
    )


def _tell(visitor: Visitor, kind: Kind) -> None:
    said = {each.name: _said_in(each) for each in form.fields_of(kind)}
    path = f"/console/records/{kind.name}/new"
    _send(visitor, path, **{**said, **OWN.get(kind.name, {})})


def _said_in(field: Field) -> str:
    match field:
        case Day():
            return f"{DAY:%Y-%m}" if field.month else str(DAY)
        case Choice():
            return field.values[0]
        case People():
            return "李伟"
        case Amount():
            return "2"
        case Organisation():
            return "万盛机械"
    return "一些内容"


def _send(visitor: Visitor, page: str, *, into: str = "", **fields: str) -> None:
    """Open a page, and send its form."""
    assert visitor.get(page).status_code == 200, page
    answer = visitor.post(page + into, **fields)
    assert answer.status_code == 303, (page, re.findall("alert.*", answer.text))
