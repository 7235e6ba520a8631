"""Whom a call leaves out, to whom alone it goes, and who is told of it since."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.branch.meetings import (
    attendees,
    calls,
    exceptions,
    leaves,
    meetings,
    resolutions,
    turnout,
    voters,
)
from bot.branch.meetings.exceptions import CallException
from bot.branch.meetings.kinds import Kind
from bot.branch.meetings.meetings import Meeting
from bot.branch.meetings.plans import Plan
from bot.branch.meetings.quorum import Votes
from bot.branch.notices import notices, reach
from bot.branch.people.members import Category
from bot.outbox import Letter, Recipient
from bot.understanding.slots.scope import Scope
from handlers.meetings.calling import call_people, change_people
from handlers.meetings.invited import take_invited
from tests.bot.branch.meetings.test_calls import desk
from tests.bot.branch.meetings.test_doors import AT, MINUTE, NOW, call
from tests.people import find_member


def number(session: Session, name: str) -> int:
    return find_member(session, name).id


def numbers(session: Session, *names: str) -> tuple[int, ...]:
    return tuple(number(session, each) for each in names)


def names(session: Session, people: tuple[int, ...]) -> set[str]:
    rows = calls.names_of(session, Plan(Kind.OTHER, 1, only=people))
    return {*rows.values()}


def change(session: Session, meeting: Meeting, **fields: object) -> int:
    plan = replace(calls.plan_of(session, meeting, NOW), **fields)  # type: ignore[arg-type]
    return calls.move(session, desk(session), meeting, plan, NOW)


def told_since(session: Session, letters: int) -> list[int | None]:
    rows = select(Recipient.member_id).where(Recipient.letter_id > letters)
    return [*session.scalars(rows.order_by(Recipient.id))]


def last_letter(session: Session) -> int:
    return session.scalars(select(Letter.id).order_by(Letter.id.desc())).first() or 0


@pytest.mark.parametrize("kind", [Kind.LECTURE, Kind.GENERAL, Kind.COMMITTEE])
def test_who_is_left_out_is_in_no_count(session: Session, kind: Kind) -> None:
    meeting = call(session, kind=kind, without=numbers(session, "陈静"))
    figures = turnout.figures(session, meeting, NOW)
    whole = 2 if kind == Kind.COMMITTEE else 6
    assert figures.expected == whole - 1
    assert attendees.find(session, meeting, number(session, "陈静")) is None
    attendees.renew(session, meeting, NOW + timedelta(hours=1))
    assert turnout.figures(session, meeting, NOW).expected == whole - 1


def test_a_call_to_a_few_goes_to_no_other(session: Session) -> None:
    few = numbers(session, "赵敏", "李伟")
    meeting = call(session, kind=Kind.OTHER, only=few)
    assert set(attendees.called(session, meeting)) == set(few)
    assert calls.plan_of(session, meeting, NOW).only == few


def test_only_who_is_added_or_taken_out_hears_of_it(session: Session) -> None:
    wangfang, chenjing = numbers(session, "王芳", "陈静")
    meeting = call(session, kind=Kind.LECTURE, without=(chenjing,))
    letters = last_letter(session)
    told = change(session, meeting, without=(wangfang,))
    assert told == 2
    assert {*told_since(session, letters)} == {wangfang, chenjing}
    assert meeting.notice_id
    notice = notices.find(session, meeting.notice_id)
    planned = {each.member_id for each in reach.ledger(session, notice)}
    assert {wangfang, chenjing} <= planned
    silent = reach.silent(session, notice, 10)
    assert wangfang not in silent.people
    letters = last_letter(session)
    assert change(session, meeting, without=()) == 1
    assert told_since(session, letters) == [wangfang]
    assert len(reach.ledger(session, notice)) == 6


def test_who_is_added_and_reads_plain_text_hears_of_it_too(session: Session) -> None:
    people = numbers(session, "王芳", "陈静")
    meeting = call(session, kind=Kind.LECTURE, without=people)
    find_member(session, "王芳").plain = True
    letters = last_letter(session)
    assert change(session, meeting, without=()) == len(people)
    assert {*told_since(session, letters)} == {*people}


def test_who_is_taken_out_as_the_hour_moves_is_told_once(session: Session) -> None:
    wangfang = number(session, "王芳")
    meeting = call(session, kind=Kind.LECTURE)
    letters = last_letter(session)
    change(session, meeting, without=(wangfang,), starts_at=AT + timedelta(days=1))
    told = told_since(session, letters)
    assert told.count(wangfang) == 1
    assert len(told) == 6


@pytest.mark.parametrize(("days", "till_its_end"), [(1, False), (9, True)])
def test_who_is_taken_out_may_read_it_for_days_or_till_the_end(
    session: Session, days: int, *, till_its_end: bool
) -> None:
    at = NOW + timedelta(days=days)
    meeting = call(session, at, kind=Kind.LECTURE)
    change(session, meeting, without=numbers(session, "王芳"))
    out = select(Letter.not_after).where(Letter.topic == f"{meeting.topic}:out")
    until = meeting.ends if till_its_end else NOW + notices.GOOD_FOR
    assert session.scalars(out).one() == until


def test_who_is_taken_out_has_nothing_to_be_on_leave_from(session: Session) -> None:
    wangfang = number(session, "王芳")
    meeting = call(session, kind=Kind.LECTURE)
    leaves.ask(session, meeting.id, wangfang, "监考", NOW)
    change(session, meeting, without=(wangfang,))
    assert leaves.find(session, meeting.id, wangfang) is None


def test_no_call_makes_fewer_of_those_who_admit(session: Session) -> None:
    """Not in the call, not by a resolution of a matter that its agenda did not name."""
    lost = numbers(session, "陈静", "李伟")
    meeting = call(session, agenda=("讨论何雪转正",), without=lost)
    assert turnout.figures(session, meeting, NOW).voters == 5
    meeting = call(session, at=AT + timedelta(days=1), without=lost)
    meeting.state = meetings.State.CALLED
    at = meeting.starts_at + MINUTE
    for row in turnout.list_people(session, meeting, NOW):
        attendees.find(session, meeting, row.member_id).came_at = at  # type: ignore[union-attr]
    by = find_member(session, "赵敏")
    done = resolutions.resolve(session, meeting, "同意何雪转正", Votes(2), by, at)
    assert (done.row.voters, done.row.passed) == (5, False)
    plain = resolutions.resolve(session, meeting, "同意年度计划", Votes(2), by, at)
    assert (plain.row.voters, plain.row.passed) == (3, True)


def read(session: Session, kind: Kind, said: str) -> tuple[Plan, tuple[str, ...]]:
    own = desk(session)
    scope = Scope(session, own.branch)
    plan = Plan(kind, own.branch.id, AT, host=own.author.id)
    invited = take_invited(scope, said, kind)
    return call_people(scope, plan, invited.named, invited.gone)


@pytest.mark.parametrize(
    ("kind", "said", "without", "sits_in", "only"),
    [
        (Kind.LECTURE, "陈静不用来", {"陈静"}, set(), set()),
        (Kind.LECTURE, "除了陈静和王芳", {"陈静", "王芳"}, set(), set()),
        (Kind.THEME_DAY, "预备党员不用参加", {"何雪"}, set(), set()),
        (Kind.LECTURE, "积极分子也参加", set(), {"李伟"}, set()),
        (Kind.GENERAL, "请积极分子来旁听", set(), {"李伟"}, set()),
        (Kind.COMMITTEE, "叫上王芳", set(), {"王芳"}, set()),
        (Kind.OTHER, "叫上王芳和何雪", set(), set(), {"赵敏", "王芳", "何雪"}),
        (Kind.OTHER, "全体党员和积极分子参加", set(), {"李伟"}, set()),
        (Kind.GENERAL, "只叫王芳", set(), set(), set()),
        (Kind.LECTURE, "除了陈静都来", {"陈静"}, set(), set()),
        (Kind.LECTURE, "不叫王芳了", {"王芳"}, set(), set()),
        (Kind.LECTURE, "别叫陈静，王芳也别来", {"陈静", "王芳"}, set(), set()),
        (Kind.OTHER, "就我和王芳", set(), set(), {"赵敏", "王芳"}),
        (Kind.OTHER, "只有李伟和何雪", set(), set(), {"赵敏", "李伟", "何雪"}),
    ],
)
def test_what_an_order_says_of_people(
    session: Session,
    kind: Kind,
    said: str,
    without: set[str],
    sits_in: set[str],
    only: set[str],
) -> None:
    find_member(session, "李伟").category = Category.ACTIVIST
    session.flush()
    plan, unused = read(session, kind, said)
    assert names(session, plan.without) == without
    assert names(session, plan.sits_in) == sits_in
    assert names(session, plan.only) == only
    assert bool(unused) == (not (without or sits_in or only))


@pytest.mark.parametrize(
    "said",
    [
        *("王芳", "陈静不用来吗", "听说陈静不用来", "王芳的材料", "有人不用来"),
        *("材料不用来", "不叫外卖了", "除了带笔还要带本", "请王芳准备材料"),
    ],
)
def test_what_is_no_word_of_who_comes(session: Session, said: str) -> None:
    own = desk(session)
    plan = Plan(Kind.LECTURE, own.branch.id, AT, host=own.author.id)
    assert change_people(Scope(session, own.branch), plan, said) is None


def test_a_plan_read_back_calls_the_same_few(session: Session) -> None:
    meeting = call(session, kind=Kind.OTHER, only=numbers(session, "赵敏", "王芳"))
    assert voters.expected(session, calls.plan_of(session, meeting, NOW)) == sorted(
        numbers(session, "赵敏", "王芳")
    )


def test_what_is_said_again_is_as_it_was_said_first(session: Session) -> None:
    """And each meeting has exceptions of its own."""
    people = numbers(session, "王芳", "陈静")
    first = call(session, kind=Kind.LECTURE, without=people)
    other = call(session, kind=Kind.OTHER, only=people[:1])
    by, later = number(session, "赵敏"), NOW + MINUTE
    said = exceptions.of_meeting(session, first.id)
    assert said == exceptions.Exceptions(tuple(sorted(people)))

    def times(meeting: Meeting) -> set[datetime]:
        rows = select(CallException.at).where(CallException.meeting_id == meeting.id)
        return {*session.scalars(rows)}

    again = exceptions.Exceptions(tuple(sorted(people, reverse=True)))
    exceptions.set_for(session, first.id, again, by, later)
    assert times(first) == {NOW}
    exceptions.set_for(session, first.id, exceptions.Exceptions(people[:1]), by, later)
    assert times(first) == {later}
    assert times(other) == {NOW}
    assert exceptions.of_meeting(session, other.id).only == people[:1]
