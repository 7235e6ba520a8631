"""Words for people → whom a meeting's plan calls: fewer, a few, or others besides.

Who is of the roster is called; who only sits in is neither 应到 nor has a vote.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from bot.branch.meetings import voters
from bot.branch.meetings.kinds import TITLES, Kind
from bot.branch.meetings.plans import Plan
from bot.branch.people.audience import name_people
from bot.branch.people.members import Member
from bot.errors import Refusal
from bot.text.parts import part_at
from bot.understanding.slots.audience import read_audience, take_audience
from bot.understanding.slots.scope import Scope
from handlers.meetings.invited import WHOLE, Named, read_coming, read_gone

GUEST = re.compile(
    "[一-龥·]{1,8}(?:处长|院长|书记|主任|科长|老师|同志|部长|校长|局长|教授|经理|先生|女士|代表)"
)
"""Somebody who is not on the roster, by a name with a title."""
BETWEEN = "、和，, "
FEWER = "{kind}应到的人是规定好的，不能只叫{words}。来不了的请本人请假。"


def call_people(
    scope: Scope, plan: Plan, named: Sequence[Named], gone: str
) -> tuple[Plan, tuple[str, ...]]:
    """Have a plan call whom an order names, but for who is left out.

    Return too the words by which the call does not go: a name that is nobody's here
    costs only itself, and nothing else that was said.
    """
    unused = list[str]()
    for each in named:
        call = partial(_call, scope, plan, each, alone=plan.kind == Kind.OTHER)
        changed = _try(call)
        unused += [each.words] if changed is None else []
        plan = changed or plan
    if gone:
        changed = _try(partial(leave_out, scope, plan, gone))
        unused += [f"除了{gone}"] if changed in (None, plan) else []
        plan = changed or plan
    return plan, tuple(unused)


def _try(change: Callable[[], Plan | None]) -> Plan | None:
    """Change a plan; None where that is refused."""
    try:
        return change()
    except Refusal:
        return None


def change_people(scope: Scope, plan: Plan, said: str) -> Plan | None:
    """Hear who is called besides, or not; None where words say nothing of that.

    Raises Refusal where they change nothing, or cannot be.
    """
    if gone := read_gone(scope, said):
        changed = leave_out(scope, plan, gone)
        if changed == plan:
            raise Refusal(f"{gone}本来就不在参加的人里，没有改。")
        return changed
    named = read_coming(scope, said)
    if named is None:
        return None
    if not _find_people(scope, named.words):
        raise Refusal(f"名册里没有{named.words}，没有改。")
    called = _call(scope, plan, named, alone=named.only)
    if called is None and named.only:
        raise Refusal(FEWER.format(kind=TITLES[plan.kind], words=named.words))
    if called in (None, plan):
        raise Refusal(f"{named.words}本来就在参加的人里，没有改。")
    return called


def leave_out(scope: Scope, plan: Plan, words: str) -> Plan:
    """Leave people out of a plan. Raises Refusal for who leads it, or for everybody."""
    gone = set(_find_people(scope, words))
    if plan.host in gone:
        host = scope.session.get_one(Member, plan.host).called
        raise Refusal(f"{host}主持这个会，不能不叫。换人主持，先说“主持 姓名”。")
    called = set(_usual(scope, plan))
    few = tuple(each for each in plan.only if each not in gone)
    if plan.only and not few:
        raise Refusal("这样就没有人参加了，没有改。")
    without = () if plan.only else sorted({*plan.without, *(gone & called)})
    if called <= {*without}:
        raise Refusal("这样就没有人参加了，没有改。")
    sits_in = tuple(each for each in plan.sits_in if each not in gone)
    return replace(plan, without=tuple(without), only=few, sits_in=sits_in)


def read_observers(scope: Scope, plan: Plan, words: str) -> Plan:
    """Have just those sit in whom words name: of the roster, or guests with a title.

    Raises Refusal for a name that is nobody's here.
    """
    people, guests = list[int](), list[str]()
    for each in _parts(scope, words):
        if not take_audience(scope, each)[1] or not GUEST.fullmatch(each):
            people += _find_people(scope, each)
        else:
            guests.append(each)
    sits_in = tuple(dict.fromkeys(people))
    only = tuple(each for each in plan.only if each not in sits_in)
    return replace(plan, sits_in=sits_in, guests=tuple(guests), only=only)


def _parts(scope: Scope, words: str) -> list[str]:
    """Part people: a name with 和 in it is one where it is somebody's."""
    if not take_audience(scope, words)[1]:
        return [words]
    return part_at(words, BETWEEN)


def _call(scope: Scope, plan: Plan, named: Named, *, alone: bool) -> Plan | None:
    """Have a plan call people too, or them alone; None where it cannot go by them."""
    people = _find_people(scope, named.words)
    usual = set(_usual(scope, plan))
    if plan.only:
        only = dict.fromkeys([*plan.only, *people])
        return replace(plan, only=tuple(only))
    back = {*plan.without} & {*people}
    besides = [each for each in people if each not in usual]
    if (named.only or (alone and not back)) and not usual <= {*people}:
        return _call_only(plan, people)
    if not back and not besides:
        return plan if usual <= {*people} else None
    return replace(
        plan,
        without=tuple(each for each in plan.without if each not in back),
        sits_in=tuple(dict.fromkeys([*plan.sits_in, *besides])),
    )


def _call_only(plan: Plan, people: Sequence[int]) -> Plan | None:
    """Have a plan call these alone, with who leads it; None where rules call others."""
    if plan.kind in WHOLE:
        return None
    leads = [plan.host] if plan.host else []
    only = tuple(dict.fromkeys([*leads, *people]))
    sits_in = tuple(each for each in plan.sits_in if each not in only)
    return replace(plan, only=only, without=(), sits_in=sits_in)


def _find_people(scope: Scope, words: str) -> Sequence[int]:
    """Find who is meant, by number. Raises Refusal for who is nobody here."""
    return [*name_people(scope.session, read_audience(scope, words))]


def _usual(scope: Scope, plan: Plan) -> Sequence[int]:
    """List whom the kind of a meeting calls where its caller says nothing else."""
    return voters.expected(scope.session, replace(plan, without=(), only=()))
