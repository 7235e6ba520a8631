"""A clause said of a meeting → the plan with it: 记录 陈静; 议题 …; 请张处长列席."""

import re
from dataclasses import replace
from datetime import datetime

from bot.branch.meetings.plans import Plan
from bot.errors import Refusal
from bot.understanding.drafts.replies import says_yes
from bot.understanding.slots.person import find_named, require_named
from bot.understanding.slots.scope import Scope
from bot.understanding.when import find_when
from handlers.meetings.calling import read_observers
from handlers.meetings.clauses import EDGES, Clause

SOFTLY = re.compile("(?<=^[一-龥]{2})一下")  # 研究一下何雪的事
ITEMS = re.compile(r"[；;\n]|(?:^|(?<=[；;\n，,。 ]))\d{1,2}[.、．]\s*")


def apply_clause(
    scope: Scope, plan: Plan, clause: Clause, *, strict: bool, now: datetime
) -> Plan | None:
    """Set in a plan what a clause says; None where it says when or where.

    strict: whoever leads must be known (raises Refusal), else nothing is set.
    """
    if says_yes(clause.words):
        return None  # 内容没问题 approves of it
    return _apply(scope, plan, clause, strict=strict, now=now)


def _apply(
    scope: Scope, plan: Plan, clause: Clause, *, strict: bool, now: datetime
) -> Plan | None:
    words = clause.words
    match clause.of:
        case "agenda" | "item":
            there = plan.agenda if clause.of == "item" else ()
            return replace(plan, agenda=(*there, *read_items(words)))
        case "host" | "recorder":
            find = require_named(scope, words, "主持 赵敏") if strict else None
            named = find or find_named(scope, words)
            return give_lead(plan, clause.of, named.member.id) if named else plan
        case "observers":
            return read_observers(scope, plan, words)
        case "place" | "lecturer" as field:
            return give_words(plan, field, words)
        case "deadline":
            return replace(plan, answers_by=read_deadline(words, now))
        case "name":
            if not 2 <= len(words) <= 30:
                raise Refusal("会议名称请用 2 到 30 个字。")
            return replace(plan, name=words)
    return None


def read_deadline(words: str, now: datetime) -> datetime:
    """Read by when to answer: the end of what is said. Raises Refusal if unclear."""
    found = find_when(words if words.endswith("前") else f"{words}前", now)
    if not found or found[0].unclear or found[0].recurring:
        raise Refusal(
            (found and found[0].unclear)
            or f"“{words}”是几点？要一个确定的时间，说成“周四中午前回复”这样。"
        )
    return found[0].next[0]


def give_words(plan: Plan, field: str, words: str) -> Plan:
    """Set where a meeting is, or who lectures, in words of the order."""
    if field == "place":
        return replace(plan, place=words)
    return replace(plan, lecturer=words)


def give_lead(plan: Plan, field: str, number: int) -> Plan:
    """Have somebody lead a meeting, or record it; who does is called to it."""
    without = tuple(each for each in plan.without if each != number)
    few = tuple(sorted({*plan.only, number})) if plan.only else ()
    plan = replace(plan, without=without, only=few)
    if field == "host":
        return replace(plan, host=number)
    return replace(plan, recorder=number)


def read_items(words: str) -> tuple[str, ...]:
    """Part an agenda into its items, in order."""
    items = (SOFTLY.sub("", each.strip(EDGES)) for each in ITEMS.split(words))
    return tuple(each for each in items if each)
