"""When a meeting speaks by itself, to whom, and what it answers to a change."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.branch.meetings import (
    attendees,
    calls,
    leave_letters,
    leaves,
    letters,
    meetings,
    minutes,
    plans,
    resolutions,
    speeches,
)
from bot.branch.meetings import doors as door
from bot.branch.meetings.attendees import AWAY, COMING
from bot.branch.meetings.kinds import Kind
from bot.branch.meetings.leaves import ASKED, GRANTED, LAPSED
from bot.branch.meetings.meetings import Meeting, State
from bot.branch.meetings.plans import Plan
from bot.branch.meetings.quorum import Votes
from bot.branch.notices.notices import Desk
from bot.branch.notices.receipts import Receipt
from bot.branch.people.members import Member
from bot.branch.people.tree import find_branch
from bot.errors import Refusal
from bot.outbox import Letter, Recipient
from tests.bot.branch.meetings.test_doors import AT, MINUTE, NOW, call
from tests.bot.branch.meetings.test_roll import answer, leave
from tests.people import BRANCH, OTHER_BRANCH, find_member

EVENING = datetime(2026, 3, 3, 18, 30, tzinfo=AT.tzinfo)
SECOND = timedelta(seconds=1)


def told(session: Session, meeting: Meeting, what: str) -> list[str]:
    """Name who a letter of a meeting went to."""
    rows = (
        select(Member.name)
        .join(Recipient, Recipient.member_id == Member.id)
        .join(Letter, Letter.id == Recipient.letter_id)
        .where(Letter.key.like(f"{meeting.topic}:%:{what}"))
        .order_by(Member.id)
    )
    return list(session.scalars(rows))


def desk(session: Session, name: str = BRANCH) -> Desk:
    branch = find_branch(session, name)
    assert branch
    return Desk(find_member(session, "赵敏"), branch)


def test_the_door_opens_a_quarter_before_and_for_a_quarter_after(
    session: Session,
) -> None:
    meeting, gone = call(session), call(session, kind=Kind.LECTURE)
    gone.state = State.CANCELLED
    session.flush()
    quarter = letters.DOOR_OPENS
    assert letters.due_doors(session, AT - quarter - SECOND) == []
    assert letters.due_doors(session, AT - quarter) == [meeting]
    assert letters.due_doors(session, AT + quarter - SECOND) == [meeting]
    assert letters.due_doors(session, AT + quarter) == []


def test_the_evening_before_is_for_what_was_called_long_ago(session: Session) -> None:
    early = datetime(2026, 3, 4, tzinfo=AT.tzinfo)
    first = call(session, early)
    last = call(session, early + timedelta(hours=23, minutes=59))
    call(session, early + timedelta(days=1))
    call(session, EVENING + timedelta(hours=2))
    fresh, gone = call(session, kind=Kind.LECTURE), call(session, kind=Kind.THEME_DAY)
    fresh.at, gone.state = EVENING - letters.CALLED_LONG + SECOND, State.CANCELLED
    session.flush()
    assert letters.due_evenings(session, EVENING - MINUTE) == []
    assert letters.due_evenings(session, EVENING) == [first, last]
    fresh.at = EVENING - letters.CALLED_LONG
    session.flush()
    assert fresh in letters.due_evenings(session, EVENING)


@pytest.mark.parametrize(("hours", "good_for"), [(7, 3), (2, 2)])
def test_the_evening_s_reminder_is_good_for_three_hours_or_till_it_begins(
    session: Session, hours: int, good_for: int
) -> None:
    meeting = call(session, EVENING + timedelta(hours=hours))
    letters.remind(session, meeting, EVENING, EVENING)
    of_evening = select(Letter.not_after).where(Letter.key.endswith(":evening"))
    until = session.scalars(of_evening).one()
    assert until == EVENING + timedelta(hours=good_for)


def test_reminded_is_who_has_not_taken_leave_of_this_meeting(session: Session) -> None:
    meeting, other = call(session), call(session, kind=Kind.LECTURE)
    leave(session, meeting, "陈静", ASKED)
    leave(session, meeting, "刘洋", GRANTED)
    leave(session, meeting, "王芳", "refused")
    answer(session, meeting, "李伟", AWAY)
    answer(session, other, "何雪", AWAY)
    leave(session, other, "赵敏", GRANTED)
    letters.remind(session, meeting, EVENING, EVENING)
    assert told(session, meeting, "evening") == ["赵敏", "王芳", "何雪"]
    find_member(session, "何雪").state = "left"
    find_member(session, "王芳").plain = True
    door.sign_in(session, meeting, find_member(session, "赵敏"), "text", AT - MINUTE)
    letters.open_door(session, meeting, AT)
    assert told(session, meeting, "door:card") == []
    assert told(session, meeting, "door:text") == ["王芳"]
    assert told(session, meeting, "list:%") == ["赵敏"]


def test_a_press_is_taken_up_once_and_only_before_the_meeting(
    session: Session,
) -> None:
    meeting, gone = call(session), call(session, kind=Kind.LECTURE)
    theirs = desk(session, OTHER_BRANCH)
    calls.call(session, theirs, Plan(Kind.GENERAL, theirs.branch.id, AT), NOW)
    answer(session, meeting, "王芳", AWAY)
    answer(session, meeting, "李伟", COMING)
    answer(session, meeting, "孙丽", AWAY)  # of another meeting's list
    answer(session, gone, "陈静", AWAY)
    gone.state = State.CANCELLED
    session.flush()
    leave_letters.take_up(session, AT + letters.DOOR_OPENS)
    assert leave_letters.untold(session) == []
    leave_letters.take_up(session, AT)
    [asked] = leave_letters.untold(session)
    assert asked.member_id == find_member(session, "王芳").id
    leaves.decide(session, asked, find_member(session, "赵敏"), NOW, granted=True)
    leave_letters.take_up(session, AT)
    assert asked.state == GRANTED
    asked.state = LAPSED
    session.flush()
    leave_letters.take_up(session, AT)
    assert asked.state == ASKED


def test_the_secretary_who_asks_leave_is_not_asked_about_it(session: Session) -> None:
    meeting = call(session)
    for name in ("赵敏", "王芳"):
        leaves.ask(session, meeting.id, find_member(session, name).id, "有课", NOW)
    for each in leave_letters.untold(session):
        leave_letters.ask_secretary(session, each, NOW, NOW)
    keys = session.scalars(select(Letter.key).where(Letter.kind == "leave")).all()
    wang = find_member(session, "王芳").id
    assert [key.split(":")[:3] for key in keys] == [
        ["leave", str(meeting.id), str(wang)]
    ]


def move(session: Session, meeting: Meeting, now: datetime = NOW, **to: object) -> int:
    before = calls.plan_of(session, meeting, now)
    plan = Plan(**{**before.__dict__, **to})
    return calls.move(session, desk(session), meeting, plan, now)


def test_a_moved_hour_asks_anew_and_a_moved_place_does_not(session: Session) -> None:
    meeting, other = call(session), call(session, kind=Kind.LECTURE)
    for each in (meeting, other):
        answer(session, each, "王芳", COMING)
        leave(session, each, "李伟", GRANTED)
    wang, li = find_member(session, "王芳").id, find_member(session, "李伟").id

    def said(of: Meeting) -> tuple[str | None, str, str]:
        receipt = session.get_one(Receipt, (of.notice_id, wang))
        known, row = leaves.find(session, of.id, li), attendees.find(session, of, wang)
        assert known
        assert row
        return receipt.choice, known.state, row.said_before

    assert move(session, meeting, place="302") == 6
    assert said(meeting) == (COMING, GRANTED, "")
    assert move(session, meeting, starts_at=AT + timedelta(days=1)) == 6
    assert said(meeting) == (None, LAPSED, COMING)
    assert said(other) == (COMING, GRANTED, "")
    assert meeting.moves == 2
    with pytest.raises(Refusal, match="本来就是"):
        move(session, meeting)
    with pytest.raises(Refusal, match="已经开始"):
        move(session, meeting, meeting.starts_at, place="303")


def test_who_was_called_and_left_the_list_is_told_of_the_change(
    session: Session,
) -> None:
    meeting = call(session)
    other = find_branch(session, OTHER_BRANCH)
    assert other
    calls.cancel(session, desk(session), call(session, kind=Kind.LECTURE), "", NOW)
    find_member(session, "李伟").category = "积极分子"
    session.flush()
    assert calls.cancel(session, desk(session), meeting, "停电", NOW) == 6
    with pytest.raises(Refusal, match="已经取消"):
        calls.cancel(session, desk(session), meeting, "停电", NOW)
    assert meeting.why == "停电"


def test_a_twin_is_the_same_kind_branch_title_and_moment(session: Session) -> None:
    call(session)
    with pytest.raises(Refusal, match="已经定过"):
        call(session)
    call(session, AT + MINUTE)
    call(session, kind=Kind.LECTURE)
    call(session, name="支部党员大会（扩大）")
    other = Plan(Kind.GENERAL, desk(session, OTHER_BRANCH).branch.id, AT)
    calls.call(session, desk(session, OTHER_BRANCH), other, NOW)
    gone = call(session, AT + 2 * MINUTE)
    calls.cancel(session, desk(session), gone, "", NOW)
    call(session, AT + 2 * MINUTE)


@pytest.mark.parametrize(
    ("hours", "by"),
    [
        (2, None),
        (3, -1),
        (21, -1),
        (22, -1),
        (48, -15),
    ],
)
def test_answers_are_wanted_the_evening_before_or_an_hour_before(
    hours: int, by: int | None
) -> None:
    at = NOW + timedelta(hours=hours)
    plan = Plan(Kind.GENERAL, 1, at)
    expected = None if by is None else at + timedelta(hours=by)
    assert calls.answer_by(plan, NOW) == expected


def test_times_that_cannot_be() -> None:
    def check(at: datetime | None, until: datetime | None = None) -> datetime:
        return plans.check_time(Plan(Kind.GENERAL, 1, at, until), NOW)

    def enter(at: datetime) -> datetime:
        return plans.check_time(Plan(Kind.GENERAL, 1, at, late=True), NOW)

    for at, why in ((None, "几点"), (NOW, "已经过去")):
        with pytest.raises(Refusal, match=why):
            check(at)
    with pytest.raises(Refusal, match="结束时间"):
        check(AT, AT)
    assert check(AT, AT + SECOND) == AT
    with pytest.raises(Refusal, match="补录"):
        enter(NOW + SECOND)
    with pytest.raises(Refusal, match="一年以前"):
        enter(NOW - plans.LONGEST_PAST - SECOND)
    for at in (NOW, NOW - plans.LONGEST_PAST):
        assert enter(at) == at


def test_entered_after_its_day_is_a_late_entry(session: Session) -> None:
    midnight = NOW.replace(hour=0)
    for at, late in ((midnight, False), (midnight - MINUTE, True)):
        plan = Plan(Kind.GENERAL, desk(session).branch.id, at, late=True)
        entered = calls.record(session, desk(session), plan, NOW)
        assert entered.late_entry is late
    planned = call(session)
    assert planned.late_entry is False


def test_a_meeting_s_stage_goes_by_the_clock_until_it_is_closed(
    session: Session,
) -> None:
    meeting = call(session, ends_at=AT + timedelta(hours=1))
    ends = meeting.ends
    stages = [
        (AT - SECOND, "called", False),
        (AT, "on", False),
        (ends, "on", False),
        (ends + SECOND, "awaiting_minutes", True),
    ]
    for now, stage, over in stages:
        assert meetings.stage(meeting, now) == stage
        assert meetings.is_over(meeting, now) is over
    secretary = find_member(session, "赵敏")
    with pytest.raises(Refusal, match="还没有开始"):
        minutes.close(session, meeting, secretary, AT - SECOND)
    minutes.close(session, meeting, secretary, AT)
    assert meetings.is_over(meeting, AT)
    with pytest.raises(Refusal, match="已经散会"):
        minutes.close(session, meeting, secretary, AT)


def test_votes_are_held_against_who_is_here(session: Session) -> None:
    meeting = call(session)
    secretary = find_member(session, "赵敏")
    people = [
        find_member(session, each).id for each in ("赵敏", "陈静", "王芳", "何雪")
    ]
    with pytest.raises(Refusal, match="还没开"):
        speeches.add(session, meeting, None, "早了", secretary, AT - SECOND)
    with pytest.raises(Refusal, match="到会还没有记"):
        minutes.send(session, meeting, secretary, AT)
    door.mark(session, meeting, people, "paper", AT)

    def resolve(text: str, votes: Votes) -> tuple[bool, str]:
        done = resolutions.resolve(session, meeting, text, votes, secretary, AT)
        return done.row.passed, done.wanting

    with pytest.raises(Refusal, match="只有 3 人"):
        resolve("同意何雪转正", Votes(2, 1, 1))
    with pytest.raises(Refusal, match="只有 2 人"):
        resolve("同意何雪转正", Votes(3, written_for=3))
    with pytest.raises(Refusal, match="书面意见只在"):
        resolve("通过计划", Votes(3, written_for=1))
    assert resolve("同意何雪转正", Votes(2, 1, written_for=2)) == (True, "")
    assert resolve("通过计划", Votes(3)) == (True, "")
    assert resolve("通过总结", Votes(2, 1)) == (False, "")
    for name in ("陈静", "王芳"):
        door.leave_early(session, meeting, find_member(session, name).id, AT)
    passed, wanting = resolve("通过预算", Votes(1))
    assert not passed
    assert "还差 2 人" in wanting


def test_what_was_dropped_is_not_listed(session: Session) -> None:
    """Each meeting's own, in the order in which it was resolved."""
    meeting, other = call(session), call(session, kind=Kind.LECTURE)
    secretary = find_member(session, "赵敏")
    members = [find_member(session, each).id for each in ("赵敏", "陈静", "王芳")]
    texts = ("通过计划", "通过总结", "通过预算")
    for of in (meeting, other):
        door.mark(session, of, members, "paper", AT)
    for of, text in [*((meeting, each) for each in texts), (other, "同意换书")]:
        resolutions.resolve(session, of, text, Votes(3), secretary, AT)
    listed = resolutions.list_of(session, [meeting, other])
    assert [each.text for each in listed[meeting.id]] == [*texts]
    assert [each.text for each in listed[other.id]] == ["同意换书"]
    listed[meeting.id][1].dropped_at = AT
    session.flush()
    (standing,) = resolutions.list_of(session, [meeting]).values()
    assert [each.text for each in standing] == ["通过计划", "通过预算"]
    assert standing == resolutions.of_meeting(session, meeting)


def test_a_point_is_dropped_by_words_that_are_only_its_own(session: Session) -> None:
    meeting, other = call(session), call(session, kind=Kind.LECTURE)
    secretary = find_member(session, "赵敏")
    wang = find_member(session, "王芳").id
    for of in (meeting, other):
        assert speeches.add(session, of, None, "学得实", secretary, AT)
    assert speeches.add(session, meeting, wang, "学得实", secretary, AT)
    assert speeches.add(session, meeting, None, "学得实在", secretary, AT)
    assert speeches.add(session, meeting, None, "不同意", secretary, AT)
    with pytest.raises(Refusal, match="2 条"):
        minutes.drop(session, meeting, "学得实", AT)
    assert minutes.drop(session, meeting, "实在", AT) == "学得实在"
    with pytest.raises(Refusal, match="没有"):
        minutes.drop(session, meeting, "实在", AT)
    assert speeches.add(session, meeting, None, "学得实在", secretary, AT)
    kept = [
        (name, row.text, row.dissent)
        for name, row in speeches.list_of(session, meeting)
    ]
    assert kept == [
        (None, "学得实", False),
        ("王芳", "学得实", False),
        (None, "不同意", True),
        (None, "学得实在", False),
    ]
    assert len(speeches.list_of(session, other)) == 1
    whole = "长" * speeches.LONGEST
    assert speeches.add(session, meeting, None, whole, secretary, AT)
    with pytest.raises(Refusal, match="最多"):
        speeches.add(session, meeting, None, whole + "长", secretary, AT)


def test_locked_without_a_signature_is_found(session: Session) -> None:
    secretary = find_member(session, "赵敏")
    signed, odd = call(session), call(session, kind=Kind.LECTURE)
    for meeting in (signed, odd):
        door.mark(session, meeting, [secretary.id], "paper", AT)
        minutes.send(session, meeting, secretary, AT)
    minutes.sign(session, signed, secretary, AT)
    assert list(minutes.signed.find(session)) == []
    odd.state = State.LOCKED
    session.flush()
    [found] = minutes.signed.find(session)
    assert f"第 {odd.id} 次会议" in found


def test_signed_late_is_a_late_entry_and_given_back_is_open(session: Session) -> None:
    secretary = find_member(session, "赵敏")
    plan = Plan(
        Kind.GENERAL,
        desk(session).branch.id,
        NOW - timedelta(days=3),
        host=secretary.id,
        late=True,
    )
    meeting = calls.record(session, desk(session), plan, NOW)
    door.mark(session, meeting, [secretary.id], "paper", NOW)
    with pytest.raises(Refusal, match="不在等签字"):
        minutes.sign(session, meeting, secretary, NOW)
    minutes.send(session, meeting, secretary, NOW)
    with pytest.raises(Refusal, match="已经送"):
        minutes.send(session, meeting, secretary, NOW)
    minutes.give_back(session, meeting, secretary, "缺人", NOW)
    assert meeting.state == State.HELD
    with pytest.raises(Refusal, match="还没有送签"):
        minutes.reopen(session, meeting, secretary, "缺人", NOW)
    minutes.send(session, meeting, secretary, NOW)
    minutes.sign(session, meeting, secretary, NOW)
    assert (meeting.locked_at, meeting.late_entry) == (NOW, True)
    with pytest.raises(Refusal, match="签过"):
        minutes.sign(session, meeting, secretary, NOW)
    with pytest.raises(Refusal, match="说明原因"):
        minutes.reopen(session, meeting, secretary, "", NOW)
    with pytest.raises(Refusal, match="不能改了"):
        minutes.change_host(session, meeting, secretary, secretary, NOW)
    minutes.reopen(session, meeting, secretary, "票数", NOW)
    assert (meeting.state, meeting.locked_at) == (State.HELD, None)
