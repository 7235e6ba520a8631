"""What is said of a meeting → its plan: kind, moment, place, agenda, who leads."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.branch.meetings.kinds import BY_KIND, OTHER, Kind, find_kinds
from bot.branch.meetings.plans import Plan
from bot.branch.people.tree import BranchKind
from bot.command import Ask
from bot.errors import Refusal
from bot.text.parts import without
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.slots.place import is_place
from bot.understanding.slots.scope import Scope
from bot.understanding.when import find_period, find_when
from handlers.meetings.applying import apply_clause
from handlers.meetings.calling import call_people
from handlers.meetings.clauses import EDGES, VERBS, part_clauses
from handlers.meetings.invited import leaves_out, read_coming, take_invited

HERE = Path(__file__)
PLACE = Lexicon(HERE, "held_at")
ORDER = Lexicon(HERE, "ordering")
SMALL = Lexicon(HERE, "small_words")
DECIDED = Lexicon(HERE, "decided")
CLOCK = re.compile(
    r"(?:凌晨|早上|上午|中午|下午|傍晚|晚上)?\s*(?:[01]?\d|2[0-3]|[一二两三四五六七八九十]{1,3})"
    r"(?:点(?:半|[一二三四五]?十?[一二三四五六七八九]?分?|\d{1,2}分?)?|[:：]\d{2})"
)
AROUND = Lexicon(HERE, "around")
GOES = ("参观", "走访", "慰问", "祭扫", "瞻仰", "观看")
"""What is done at a place, and names it: 参观廉政教育基地."""
DOES = "|".join((*VERBS, *GOES, "学习", "学"))
LECTURES = Lexicon(HERE, "lectures")
LECTURE = "党课"
BUSINESS = re.compile(
    rf"[，, ]*(?:来|主要是?|一起|集体|专题)?(?P<does>{DOES})(?=[^，,。；;])"
)
"""What a meeting is to do, right after its kind."""
GATHERING = Lexicon(HERE, "gathering")
FEW = 2
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Read:
    """A plan as far as it is said. doubt: what is asked back, "" for nothing.

    two: it was given two kinds; only the first counts.
    unused: words for people by which the call does not go.
    """

    plan: Plan
    doubt: str = ""
    two: Kind | None = None
    unused: tuple[str, ...] = ()


def read_plan(ask: Ask, text: str, *, late: bool = False) -> Read:
    """Read a meeting out of an order. Raises Refusal for what cannot be."""
    said = ORDER.cut(_part_lecturer(text.strip())).strip(EDGES)
    scope = Scope(ask.session, ask.standing.branch)
    plan = Plan(Kind.OTHER, ask.standing.branch.id, late=late, host=ask.member.id)
    said, clauses = part_clauses(
        _part_business(said),
        lambda words: _is_apart(scope, words, ask.now),
    )
    for clause in clauses:
        plan = apply_clause(scope, plan, clause, strict=False, now=ask.now) or plan
    agenda = plan.agenda
    said, moment, end, doubt = take_moment(said, ask.now, late=late)
    said, place = take_place(said) if not plan.place else (said, plan.place)
    before = GATHERING.part(text)[0]  # what they meet for is no kind of meeting
    kinds = find_kinds(before if not agenda else before.replace(agenda[0], ""))
    kind = kinds[0][0] if kinds else Kind.OTHER
    two = kinds[1][0] if len(kinds) > 1 else None
    invited = take_invited(scope, said, kind)
    said = invited.rest
    if kind == Kind.OTHER:
        said, plan = _part_gathering(said, plan)
    plan = replace(
        plan,
        kind=kind,
        branch=invited.group.id if invited.group else branch_of(scope, kind, text),
        starts_at=moment,
        ends_at=end,
        place=place,
        name="" if kind != Kind.OTHER else _name(said, agenda),
    )
    if not plan.agenda and (decided := DECIDED.find(_from_name(scope, text))):
        plan = replace(plan, agenda=(decided[0],))
    if kind != Kind.OTHER and not plan.agenda and (about := _about(said, kind)):
        plan = replace(plan, agenda=(about,))
    plan, unused = call_people(scope, plan, invited.named, invited.gone)
    return Read(plan, doubt, two, unused)


def _is_apart(scope: Scope, words: str, now: datetime) -> bool:
    """Tell whether words are of no agenda: when it is, who comes, who need not."""
    comes = leaves_out(scope, words) or read_coming(scope, words) is not None
    return comes or _is_when(words, now)


def _part_lecturer(said: str) -> str:
    """Part who gives a lecture from it: 请李伟讲一次党课 → 党课，由李伟主讲."""
    hit = LECTURES.find(said)
    if hit is None or LECTURE not in said:
        return said
    before, after = said[: hit.start()], said[hit.end() :]
    kind = "" if LECTURE in before + after else LECTURE
    return f"{before}{kind}，由{hit['who']}主讲，{after}"


def _part_business(said: str) -> str:
    """Part what a meeting is to do from its kind: 开支委会研究… → 开支委会，研究…."""
    for _, (_, end) in reversed(find_kinds(said)):
        if hit := BUSINESS.match(said, end):
            said = f"{said[:end]}，{said[hit.start('does') :]}"
    return said


def _part_gathering(said: str, plan: Plan) -> tuple[str, Plan]:
    """Part what people only meet for from the meeting: 碰个头，学文件."""
    hit = GATHERING.find(said)
    if hit is None:
        return said, plan
    apart = SMALL.cut(said[: hit.start()]), said[hit.end() :]
    about = "，".join(filter(None, (each.strip(EDGES) for each in apart)))
    items = (about,) if len(about) >= FEW and not plan.agenda else plan.agenda
    return "碰头会", replace(plan, agenda=items)


def _from_name(scope: Scope, text: str) -> str:
    """Begin a text at the name in it whose 转正 it speaks of: 一下何雪转正."""
    at = text.find("转正")
    names = (each for each in scope.called if text[:at].endswith(each))
    name = max(names, key=len, default="") if at > 0 else ""
    return text[at - len(name) :] if name else text


def _is_when(words: str, now: datetime) -> bool:
    """Tell whether words say when, and perhaps where, and no more."""
    rest, at, _, _ = take_moment(words, now)
    return at is not None and not says_more(rest)


def says_more(rest: str) -> bool:
    """Tell whether what is left of words without a moment is more than a place."""
    left, _ = take_place(rest)
    return len(without(AROUND.cut(left), f"{EDGES}\u3000")) > FEW


def take_moment(
    text: str, now: datetime, *, late: bool = False
) -> tuple[str, datetime | None, datetime | None, str]:
    """Part the moment from the rest; with its end, and what is to be asked back."""
    found = find_when(text, now)
    if not found:
        return text, None, None, ""
    first = found[0]
    rest = f"{text[: first.span[0]]}，{text[first.span[1] :]}"
    if first.recurring:
        return rest, None, None, "每次会分开定。这一次是哪天、几点？例：周三下午两点。"
    if late:
        return _past_moment(text, rest, now)
    if first.unclear:
        return rest, None, None, first.unclear
    if first.date_only:
        return rest, None, None, "几点开始？请连日期一起说，例：周三下午两点。"
    return rest, first.next[0], first.end, ""


def _past_moment(
    text: str, rest: str, now: datetime
) -> tuple[str, datetime | None, datetime | None, str]:
    """Place a moment that is over: its day behind us, its hour as it is said."""
    day = find_period(text, now, "past")
    if day is None or day.end - day.start > ONE_DAY:
        return rest, None, None, "是哪天开的？例：补录 11月5日下午两点支委会"
    hit = CLOCK.search(text)
    clock = find_when(f"明天{hit[0]}", now) if hit else []
    if not clock or clock[0].date_only or not clock[0].next:
        return rest, None, None, "几点开的？请连日期一起说，例：11月5日下午两点。"
    hour = clock[0].next[0]
    return rest, day.start.replace(hour=hour.hour, minute=hour.minute), None, ""


def take_place(text: str) -> tuple[str, str]:
    """Part the place from the rest: 在301, 去烈士陵园, or what looks like one."""
    if hit := PLACE.find(text):
        place = hit["at"] or hit["to"]
        return f"{text[: hit.start()]}，{text[hit.end() :]}", place
    pieces = re.split(r"[，,。；;\s]+", text)
    for each in pieces:
        if gone := next((verb for verb in GOES if each.startswith(verb)), ""):
            if is_place(each.removeprefix(gone)):
                return text, each.removeprefix(gone)
        elif each and is_place(each):
            return text.replace(each, "，", 1), each
    return text, ""


def branch_of(scope: Scope, kind: Kind, text: str) -> int:
    """Tell whose meeting it is: a group's own where one is named."""
    if kind != Kind.GROUP:
        return scope.branch.id
    groups = [each for each in scope.branches if each.kind == BranchKind.GROUP]
    if not groups:
        raise Refusal("本支部没有分党小组，不用开党小组会。要开会，说是哪一种会就行。")
    named = re.search(r"第?[0-9一二三四五六七八九十]{1,2}(?:党)?小?组", text)
    if named and (found := scope.find_branch(named[0])):
        return found.id
    if len(groups) == 1:
        return groups[0].id
    names = "、".join(each.name for each in groups)
    raise Refusal(f"是哪个党小组的会？{names}。请带上组名再说一次。")


def _name(said: str, agenda: tuple[str, ...]) -> str:
    """Name what is of no kind by what is left of the words."""
    words = SMALL.cut(said)
    pieces = [each.strip(EDGES) for each in re.split(r"[，,。；;：:\s]+", words)]
    left = "".join(each for each in pieces if each not in ("", "会议", "活动", "会"))
    return left[:20] or (agenda[0][:20] if agenda else OTHER.title)


def _about(said: str, kind: Kind) -> str:
    """Tell what a meeting is about by the clauses that say nothing else of it.

    Of a theme day, what stands beside its own name says that too.
    """
    pieces = [each.strip(EDGES) for each in re.split(r"[，,。；;\n]", said)]
    if kind == Kind.THEME_DAY:
        pieces = [BY_KIND[kind].called.sub("", each) for each in pieces]
    pieces = [
        CLOCK.sub("", each, count=1) if CLOCK.match(each) else each for each in pieces
    ]
    left = [SMALL.cut(each).strip(EDGES) for each in pieces if not find_kinds(each)]
    return "，".join(each for each in left if len(each) >= FEW)
