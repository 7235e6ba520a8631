"""An order for a meeting that no sentence foresees, parted as it was learnt (tags).

12/10 14:00 党课 B座1204 主讲李伟 题目：…；各位请带笔记本
"""

from dataclasses import replace
from itertools import pairwise

from bot.branch.meetings.kinds import Kind, find_kinds
from bot.branch.meetings.plans import Plan
from bot.command import Ask
from bot.errors import Refusal
from bot.understanding.learnt.tags import (
    AGENDA,
    BEGINS,
    DEADLINE,
    HOSTS,
    KIND,
    LEADS,
    MARKS,
    MEETING_TAGGER,
    MORE,
    ORDER,
    PLACE,
    RECORDS,
    WHO,
    WITHOUT,
    Part,
    Parted,
)
from bot.understanding.slots.person import find_named
from bot.understanding.slots.scope import Scope
from bot.understanding.when import When, find_when
from handlers.meetings.applying import give_lead, give_words, read_deadline
from handlers.meetings.calling import call_people
from handlers.meetings.clauses import VERBS
from handlers.meetings.invited import take_invited
from handlers.meetings.reading import Read, branch_of

LITTLE = 4  # characters
SHORTEST, LONGEST = 2, 30  # characters of a name


def read_tagged(ask: Ask, text: str, known: Read) -> Read | None:
    """Read a meeting out of an order; None where a part is not what it was taken for.

    known: what was read of it in foreseen words; what is not learnt stays as it is
    there. Raises Refusal for what cannot be.
    """
    scope = Scope(ask.session, ask.standing.branch)
    parted = MEETING_TAGGER.part(text, scope.of(text).names)
    if parted is None:
        return None
    when, named = _find_moment(parted, ask), _name(parted)
    if when is None or not named:
        return None
    kinds = find_kinds(named)
    kind = kinds[0][0] if kinds else Kind.OTHER
    invited = take_invited(scope, "，".join(parted.all(WHO)), kind)
    group = invited.group.id if invited.group else None
    plan = replace(
        known.plan,
        kind=kind,
        branch=group or branch_of(scope, kind, text),
        starts_at=when.next[0],
        ends_at=when.end,
        place="" if parted.all(PLACE) else known.plan.place,
        name="" if kinds else named,
        agenda=_agenda(parted, known.plan.agenda),
    )
    plan = _give_words_and_leads(scope, plan, parted, text)
    if by := parted.all(DEADLINE):
        try:
            plan = replace(plan, answers_by=read_deadline(by[0], ask.now))
        except Refusal:
            return None
    if plan.without or plan.only:
        return replace(known, plan=plan, doubt="")
    gone = "、".join(parted.all(WITHOUT))
    plan, unused = call_people(scope, plan, invited.named, gone)
    return Read(plan, two=known.two, unused=unused)


def _give_words_and_leads(scope: Scope, plan: Plan, parted: Parted, text: str) -> Plan:
    """Set where it is, who lectures, who is in the chair, who writes the minutes."""
    for field, tag in (("place", PLACE), ("lecturer", LEADS)):
        said = [each for each in parted.all(tag) if f"{each}主持" not in text]
        if said and not getattr(plan, field):
            plan = give_words(plan, field, "，".join(said))
    for role, tag in (("host", HOSTS), ("recorder", RECORDS)):
        found = find_named(scope, "".join(parted.all(tag)[:1]))
        plan = give_lead(plan, role, found.member.id) if found else plan
    return plan


def _agenda(parted: Parted, known: tuple[str, ...]) -> tuple[str, ...]:
    """List what is on the agenda, with the verb before it: 讨论 年度计划.

    What was read in foreseen words stays where it says the same and little else.
    """
    found = list[str]()
    for before, part in pairwise((Part(ORDER, ""), *parted.parts)):
        words = part.words.strip(MARKS)
        if part.tag == AGENDA and words:
            verb = next(filter(before.words.endswith, VERBS), "")
            found.append(f"{verb}{words}")
    whole, said = "".join(known), "".join(found)
    if found and said in whole and len(whole) <= len(said) + LITTLE:
        found = list(known)
    return tuple(dict.fromkeys((*found, *parted.all(MORE))))


def _name(parted: Parted) -> str:
    """Return what the meeting is called; "" where that is not told."""
    called = "".join(parted.all(KIND)[:1])
    return called if SHORTEST <= len(called) <= LONGEST else ""


def _find_moment(parted: Parted, ask: Ask) -> When | None:
    """Find the one moment at which it begins, its day and hour said apart or not."""
    found = find_when("".join(parted.all(BEGINS)), ask.now)
    if len(found) != 1 or not found[0].next:
        return None
    when = found[0]
    return None if when.unclear or when.recurring or when.date_only else when
