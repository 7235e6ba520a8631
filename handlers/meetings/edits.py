"""What may be changed of a meeting in its preview: 改到 …, 地点 …, 议题 …, 主持 …."""

import re
from dataclasses import replace

from bot.branch.meetings.meetings import Plan
from bot.command import Ask
from bot.errors import Refusal
from bot.understanding.slots.person import require_named
from bot.understanding.slots.scope import Scope
from bot.understanding.speech import listen
from bot.understanding.when import find_when
from handlers.meetings.reading import (
    LIKE_A_PLACE,
    give_lead,
    read_items,
    take_moment,
    take_place,
)

SMALL = re.compile(r"那就|改?[到在]|时间|地点|还是|就|吧|开|是|[\s，,。；;：:的]")
FEW = 2
TO = re.compile(
    r"^(?:时间|日期)?(?:改[到在成为]|换到|推迟到|提前到|定在|挪到|[:： ])\s*(.+)$"
)
AT = re.compile(
    r"^(?:地点|换地点|换到|在|去)(?:改到|改在|改成|换到|是|为)?[:：\s]*(.{2,20})$"
)
ABOUT = re.compile(r"^(?:议题|议程|内容)(?:改成|改为|是|有)?[:：\s]*(.+)$", re.DOTALL)
LEADS = re.compile(
    r"^(?:主持|主持人)(?:改成|换成|换|是|由)?[:：\s]*(.+)$|^由?(.+?)主持$"
)
WRITES = re.compile(
    r"^(?:记录|记录人)(?:改成|换成|换|是|由)?[:：\s]*(.+)$|^由?(.+?)记录$"
)
SPEAKS = re.compile(r"^(?:主讲|主讲人)(?:改成|换成|换|是|由)?[:：\s]*(.+)$")
SITS = re.compile(r"^列席(?:人员)?[:：\s]*(.+)$|^(.+?)列席$")
CALLED = re.compile(r"^(?:名称|标题|会议名称)(?:改成|是)?[:：\s]*(.{2,30})$")


def read_edit(
    ask: Ask, plan: Plan, words: str | None = None, *, bare: bool = False
) -> Plan | None:
    """Change a plan by what is said; None if the words change nothing.

    bare: a moment or a place alone is the answer to what was asked.
    """
    said = (ask.text if words is None else words).strip(" 。！!，,")
    scope = Scope(ask.session, ask.standing.branch)
    if hit := ABOUT.match(said):
        return replace(plan, agenda=read_items(hit[1]))
    for field, form in (("host", LEADS), ("recorder", WRITES)):
        if hit := form.match(said):
            name = (hit[1] or hit[2]).strip()
            named = require_named(scope, name, "主持 赵敏")
            return give_lead(plan, field, named.member.id)
    if hit := SPEAKS.match(said):
        return replace(plan, lecturer=hit[1].strip())
    if hit := SITS.match(said):
        names = re.split("[、和，, ]+", (hit[1] or hit[2]).strip())
        people = tuple(scope.find_number(each) for each in names)
        return replace(plan, sits_in=people)
    if hit := CALLED.match(said):
        return replace(plan, name=hit[1].strip())
    return _read_when_and_where(ask, plan, said, bare=bare)


def _read_when_and_where(ask: Ask, plan: Plan, said: str, *, bare: bool) -> Plan | None:
    told, hit = said, TO.match(said)
    if hit:
        told = hit[1]
    elif not bare and not AT.match(said):
        return None
    if listen(told).asks:
        return None
    rest, at, end, doubt = take_moment(told, ask.now, late=plan.late)
    if hit is None and not AT.match(said) and _says_more(rest):
        return None
    if doubt:
        again = _same_day(plan, told, ask)
        if again is None:
            raise Refusal(doubt)
        return again
    place = _place(ask, said, rest)
    if at is None and not place:
        return None
    changed = replace(plan, place=place or plan.place)
    return changed if at is None else replace(changed, starts_at=at, ends_at=end)


def _says_more(rest: str) -> bool:
    """Tell whether words say more than a moment and a place do."""
    left, _ = take_place(rest)
    return len(SMALL.sub("", left)) > FEW


def _same_day(plan: Plan, told: str, ask: Ask) -> Plan | None:
    """Keep the hour where only another day was said: 改到周四."""
    found = find_when(told, ask.now)
    day_only = bool(found) and found[0].date_only and not found[0].unclear
    if not day_only or plan.starts_at is None or plan.late:
        return None
    day = found[0].next[0]
    moved = plan.starts_at.replace(year=day.year, month=day.month, day=day.day)
    return replace(plan, starts_at=moved, ends_at=None)


def _place(ask: Ask, said: str, rest: str) -> str:
    left, place = take_place(rest)
    if place:
        return place
    if (hit := AT.match(said)) and not find_when(hit[1], ask.now):
        return hit[1].strip()
    bare = left.strip(" ，,。")
    return bare if bare and LIKE_A_PLACE.fullmatch(bare) else ""
