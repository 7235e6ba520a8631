"""Clauses of an order, or of an answer to its preview: 记录 陈静; 地点 302; 议题 …."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from bot.branch.meetings.plans import Plan
from bot.errors import Refusal
from bot.understanding.sentences.forms import Forms
from bot.understanding.slots.person import find_named, require_named
from bot.understanding.slots.scope import Scope
from bot.understanding.when import find_when

HERE = Path(__file__)
OF_A_MEETING = (
    "agenda",
    "host",
    "recorder",
    "lecturer",
    "observers",
    "place",
    "deadline",
)
IN_AN_ORDER = Forms(HERE, *OF_A_MEETING)
IN_AN_EDIT = Forms(HERE, *OF_A_MEETING, "item", "name", "to", "at", "keep")
SAME_HOUR = Forms(HERE, "same_hour")
VERBS = ("讨论", "研究", "审议", "表决", "传达", "通报", "总结", "选举", "部署")
ABOUT = (*VERBS, *(f"专题{each}" for each in VERBS))
"""What begins an agenda without saying so."""
SOFTLY = re.compile("(?<=^[一-龥]{2})一下")  # 研究一下何雪的事
MARKS = re.compile(r"([，,。；;\n])")
ITEMS = re.compile(r"[；;\n]|(?:^|(?<=[；;\n，,。 ]))\d{1,2}[.、．]\s*")
EDGES = " \t\n，,。；;：:、"


@dataclass(frozen=True)
class Clause:
    """of: which of a meeting's particulars it says, as the sections are called."""

    of: str
    words: str


def read_clause(said: str, forms: Forms) -> Clause | None:
    """Read one clause; None where it says nothing of its own."""
    if said.startswith(ABOUT):
        return Clause("agenda", said)
    found = forms.find(said)
    if found is None:
        return None
    return Clause(found.template.intent, found.slots.get("words", "").strip(EDGES))


def part_clauses(
    text: str, is_apart: Callable[[str], bool]
) -> tuple[str, Sequence[Clause]]:
    """Part the clauses that say something of their own from the rest of an order.

    What follows the agenda is of it too, but for who leads, where it is, and what
    stands apart from any: when it is, who is left out.
    """
    rest, agenda, found = list[str](), list[str](), list[Clause]()
    pieces = [*MARKS.split(text), ""]
    for said, mark in zip(pieces[::2], pieces[1::2], strict=True):
        left, clause = _cut_last(said)
        if clause and clause.of == "agenda" and not agenda:
            rest += [left, mark]
            agenda += [clause.words, mark]
        elif agenda and clause is None and is_apart(said):
            rest += [said, mark]
        elif agenda and (clause is None or clause.of == "agenda" or left.strip()):
            agenda += [said, mark]
        else:
            rest += [left, mark]
            found += [clause] if clause else []
    if items := "".join(agenda).strip(EDGES):
        found.append(Clause("agenda", items))
    return "".join(rest), found


def _cut_last(said: str) -> tuple[str, Clause | None]:
    """Cut off what a piece ends with, from as far left as white space lets it begin."""
    words = said.split()
    for at in range(len(words)):
        if clause := read_clause(" ".join(words[at:]), IN_AN_ORDER):
            return " ".join(words[:at]), clause
    return said, None


def apply_clause(
    scope: Scope, plan: Plan, clause: Clause, *, strict: bool, now: datetime
) -> Plan | None:
    """Set in a plan what a clause says; None where it says when or where.

    strict: whoever leads must be known (raises Refusal), else nothing is set.
    """
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
            names = [each for each in re.split("[、和，, ]+", words) if each]
            return replace(plan, sits_in=tuple(map(scope.find_number, names)))
        case "place" | "lecturer" as field:
            return give_words(plan, field, words)
        case "deadline":
            return replace(plan, answers_by=_read_deadline(words, now))
        case "name":
            if not 2 <= len(words) <= 30:
                raise Refusal("会议名称请用 2 到 30 个字。")
            return replace(plan, name=words)
    return None


def _read_deadline(words: str, now: datetime) -> datetime:
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
    """Have somebody lead a meeting, or record it."""
    if field == "host":
        return replace(plan, host=number)
    return replace(plan, recorder=number)


def read_items(words: str) -> tuple[str, ...]:
    """Part an agenda into its items, in order."""
    items = (SOFTLY.sub("", each.strip(EDGES)) for each in ITEMS.split(words))
    return tuple(each for each in items if each)
