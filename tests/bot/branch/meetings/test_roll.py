"""Who is on a meeting's list, in which state, and how a list is counted."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from bot.branch.meetings import (
    attendees,
    calls,
    doors,
    leave_letters,
    leaves,
    turnout,
    voters,
)
from bot.branch.meetings.kinds import Kind
from bot.branch.meetings.leaves import ASKED, GRANTED, LAPSED, REFUSED
from bot.branch.meetings.meetings import Meeting, State
from bot.branch.meetings.plans import Plan
from bot.branch.meetings.turnout import Person, count, say_states
from bot.branch.notices import receipts
from bot.branch.notices.notices import Desk
from bot.branch.notices.receipts import Receipt
from bot.branch.people.members import Role, grant
from bot.branch.people.tree import find_branch
from bot.errors import Refusal
from tests.bot.branch.meetings.test_doors import AT, MINUTE, NOW, call
from tests.people import BRANCH, GROUP, OTHER_BRANCH, find_member

OVER = AT + timedelta(hours=4)


def answer(session: Session, meeting: Meeting, name: str, choice: str) -> None:
    who = find_member(session, name).id
    told = {"notice_id": meeting.notice_id, "member_id": who, "choice": choice}
    receipts.record(session, Receipt(at=NOW, how="button", **told))


def states(session: Session, meeting: Meeting, now: datetime) -> dict[str, str]:
    people = turnout.list_people(session, meeting, now)
    return {each.name: each.state for each in people}


def leave(session: Session, meeting: Meeting, name: str, state: str) -> None:
    who = find_member(session, name)
    leaves.ask(session, meeting.id, who.id, "家里有事", NOW)
    known = leaves.find(session, meeting.id, who.id)
    assert known
    if state in (GRANTED, REFUSED):
        granted = state == GRANTED
        leaves.decide(
            session, known, find_member(session, "赵敏"), NOW, granted=granted
        )
    known.state = state
    session.flush()


def test_what_each_said_and_did_before_and_after(session: Session) -> None:
    meeting = call(session)
    second = call(session, AT + timedelta(hours=1), Kind.LECTURE)
    answer(session, meeting, "王芳", attendees.COMING)
    answer(session, second, "李伟", attendees.COMING)
    leave(session, meeting, "陈静", ASKED)
    leave(session, meeting, "刘洋", GRANTED)
    leave(session, second, "何雪", GRANTED)
    leave(session, meeting, "赵敏", REFUSED)
    answer(session, meeting, "赵敏", attendees.COMING)
    assert states(session, meeting, NOW) == {
        "赵敏": "coming",
        "陈静": "leave",
        "刘洋": "leave",
        "王芳": "coming",
        "李伟": "called",
        "何雪": "called",
    }
    doors.sign_in(session, meeting, find_member(session, "王芳"), "text", AT)
    doors.sign_in(
        session, second, find_member(session, "李伟"), "text", second.starts_at
    )
    doors.make_up(session, meeting, find_member(session, "何雪").id, OVER)
    assert states(session, meeting, OVER) == {
        "赵敏": "absent",
        "陈静": "absent",
        "刘洋": "leave",
        "王芳": "present",
        "李伟": "absent",
        "何雪": "made_up",
    }
    figures = turnout.figures(session, meeting, OVER)
    assert (figures.expected, figures.present, figures.absent) == (6, 1, 3)
    assert figures.leave == 1


def person(state: str, **more: object) -> Person:
    told = {
        "member_id": 1,
        "userid": None,
        "name": "",
        "state": state,
        "expected": True,
    }
    voter = {"votes": True, "full": True}
    return Person(**{**told, **voter, **more})  # type: ignore[arg-type]


def test_a_list_is_counted_with_a_second_of_everything() -> None:
    came = {"at": AT}
    people = [
        person("present", **came),
        person("present", **came, left_at=AT + MINUTE),
        person("late", **came, leave=GRANTED),
        person("late", **came, leave=ASKED),
        person("leave", leave=GRANTED),
        person("leave", leave=ASKED),
        person("absent", leave=LAPSED),
        person("coming"),
        person("called"),
        person("present", **came, votes=False),
        person("present", **came, expected=False, votes=False),
        person("called", expected=False, votes=False),
    ]
    figures = count(people, guests=2)
    assert (figures.expected, figures.present) == (10, 5)
    assert (figures.voters, figures.voters_present, figures.voters_here) == (9, 4, 3)
    assert (figures.leave, figures.absent) == (1, 1)
    assert figures.observers == 3
    assert [each.partition("：")[0] for each in say_states(people)] == [
        "到会 3",
        "迟到 2",
        "能参加 1",
        "请假 2",
        "没回复 1",
        "缺席 1",
    ]


def test_who_sits_in_votes_nowhere_and_stands_last(session: Session) -> None:
    sunli = find_member(session, "孙丽")
    meeting = call(session, sits_in=(sunli.id,))
    people = turnout.list_people(session, meeting, NOW)
    assert people[-1].name == "孙丽"
    assert (people[-1].expected, people[-1].votes, people[-1].full) == (
        False,
        False,
        True,
    )
    assert turnout.figures(session, meeting, NOW).voters == 5
    doors.mark(session, meeting, [sunli.id], "paper", AT)
    figures = turnout.figures(session, meeting, AT)
    assert (figures.present, figures.observers, figures.voters_present) == (0, 1, 0)


def test_who_moves_away_is_taken_off_unless_she_came(session: Session) -> None:
    meeting = call(session)
    other = find_branch(session, OTHER_BRANCH)
    assert other
    doors.sign_in(session, meeting, find_member(session, "王芳"), "text", AT)
    for name in ("王芳", "李伟"):
        find_member(session, name).branch_id = other.id
    session.flush()
    attendees.renew(session, meeting, AT)
    names = [each.name for each in turnout.list_people(session, meeting, AT)]
    assert "王芳" in names, "she was there"
    assert "李伟" not in names
    meeting.state = State.LOCKED
    find_member(session, "陈静").state = "left"
    attendees.renew(session, meeting, AT)
    names = [each.name for each in turnout.list_people(session, meeting, AT)]
    assert "陈静" in names, "what is signed stays"


def test_on_a_committee_who_is_on_it_votes(session: Session) -> None:
    """A probationary member on it, if there is one, votes there and nowhere else."""
    branch = find_branch(session, BRANCH)
    assert branch
    grant(session, find_member(session, "何雪"), Role.COMMITTEE, branch)
    board = turnout.figures(session, call(session, kind=Kind.COMMITTEE), NOW)
    assert (board.expected, board.voters) == (3, 3)
    whole = turnout.figures(session, call(session), NOW)
    assert (whole.expected, whole.voters) == (6, 5)


def test_a_branch_without_a_committee_has_no_meeting_of_it(session: Session) -> None:
    branch = find_branch(session, OTHER_BRANCH)
    assert branch
    plan = Plan(Kind.COMMITTEE, branch.id, AT)
    with pytest.raises(Refusal, match="没有支部委员"):
        voters.audience_of(session, plan)


def test_letters_of_a_meeting_are_of_the_part_or_of_whose_letters_they_are(
    session: Session,
) -> None:
    board, group = find_branch(session, BRANCH), find_branch(session, GROUP)
    assert board
    assert group
    part = Plan(Kind.GROUP, group.id, AT)
    for plan, at, scope, branches in (
        (Plan(Kind.COMMITTEE, board.id, AT), 0, board.id, ()),
        (Plan(Kind.COMMITTEE, board.id, AT), 99, 99, ()),
        (part, 0, group.id, ()),
        (part, group.id, group.id, ()),
        (part, board.id, board.id, (group.id,)),
    ):
        found = voters.audience_of(session, plan, at)
        assert (found.scope, found.branches) == (scope, branches)


def test_the_door_opens_half_an_hour_before_and_closes_with_the_meeting(
    session: Session,
) -> None:
    meeting = call(session, ends_at=AT + timedelta(hours=1))
    wang, li = find_member(session, "王芳"), find_member(session, "李伟")
    opens = AT - doors.OPENS
    with pytest.raises(Refusal, match="30 分钟"):
        doors.sign_in(session, meeting, wang, "text", opens - timedelta(seconds=1))
    assert doors.open_to(session, wang.id, opens - timedelta(seconds=1)) == []
    assert doors.open_to(session, wang.id, opens) == [meeting]
    assert doors.all_open(session, AT + timedelta(hours=1)) == [meeting]
    assert doors.all_open(session, AT + timedelta(hours=1, seconds=1)) == []
    late = AT + doors.LATE_AFTER
    assert doors.sign_in(session, meeting, wang, "text", late)
    assert doors.sign_in(session, meeting, li, "text", late + timedelta(seconds=1))
    assert states(session, meeting, late)["王芳"] == "present"
    assert states(session, meeting, late)["李伟"] == "late"
    with pytest.raises(Refusal, match="不在"):
        doors.sign_in(session, meeting, find_member(session, "孙丽"), "text", AT)
    meeting.state = State.CANCELLED
    assert doors.all_open(session, AT) == []
    with pytest.raises(Refusal, match="取消"):
        doors.sign_in(session, meeting, find_member(session, "陈静"), "text", AT)


def test_a_door_is_open_to_who_is_called_there(session: Session) -> None:
    branch = call(session)
    group = find_branch(session, GROUP)
    assert group
    plan = Plan(Kind.GROUP, group.id, AT - MINUTE)
    desk = Desk(find_member(session, "赵敏"), group)
    smaller, _ = calls.call(session, desk, plan, NOW)
    assert doors.open_to(session, find_member(session, "李伟").id, AT) == [branch]
    assert doors.open_to(session, find_member(session, "王芳").id, AT) == [
        smaller,
        branch,
    ]


def test_going_and_coming_back_and_being_taken_out(session: Session) -> None:
    meeting = call(session)
    wang = find_member(session, "王芳")
    assert not doors.leave_early(session, meeting, wang.id, AT)
    doors.sign_in(session, meeting, wang, "text", AT)
    assert doors.leave_early(session, meeting, wang.id, AT + MINUTE)
    assert not doors.leave_early(session, meeting, wang.id, AT + 2 * MINUTE)
    here = turnout.figures(session, meeting, AT)
    assert (here.present, here.voters_present, here.voters_here) == (1, 1, 0)
    assert doors.sign_in(session, meeting, wang, "text", AT + 9 * MINUTE)
    assert states(session, meeting, AT)["王芳"] == "present", "she was there in time"
    assert turnout.figures(session, meeting, AT).voters_here == 1
    assert doors.unmark(session, meeting, wang.id, AT)
    assert not doors.unmark(session, meeting, wang.id, AT)
    assert turnout.figures(session, meeting, AT).present == 0


def test_the_paper_list_marks_once_and_only_who_is_expected(session: Session) -> None:
    meeting = call(session)
    wang, li = (find_member(session, each).id for each in ("王芳", "李伟"))
    assert doors.mark(session, meeting, [wang], "paper", AT) == 1
    assert doors.mark(session, meeting, [wang, li], "paper", AT) == 1
    with pytest.raises(Refusal, match="应到名单"):
        doors.mark(session, meeting, [find_member(session, "孙丽").id], "paper", AT)
    with pytest.raises(Refusal, match="还没到时间"):
        doors.mark(session, meeting, [wang], "paper", AT - doors.OPENS - MINUTE)
    for state, told in ((State.LOCKED, "锁定"), (State.CANCELLED, "取消")):
        meeting.state = state
        with pytest.raises(Refusal, match=told):
            doors.mark(session, meeting, [wang], "paper", AT)


def test_guests_and_made_up_lessons_once(session: Session) -> None:
    meeting = call(session)
    assert doors.bring_guest(session, meeting, "张处长", AT)
    assert not doors.bring_guest(session, meeting, "张处长", AT)
    assert doors.bring_guest(session, meeting, "李处长", AT)
    assert turnout.figures(session, meeting, AT).observers == 2
    wang = find_member(session, "王芳")
    assert doors.make_up(session, meeting, wang.id, OVER)
    assert not doors.make_up(session, meeting, wang.id, OVER)
    doors.mark(session, meeting, [wang.id], "paper", AT)
    with pytest.raises(Refusal, match="到了会"):
        doors.make_up(session, meeting, wang.id, OVER)


def test_who_only_sits_in_is_neither_expected_nor_voting(session: Session) -> None:
    meeting = call(session)
    sun, wang = (find_member(session, each).id for each in ("孙丽", "王芳"))
    opens = AT - doors.OPENS
    with pytest.raises(Refusal, match="还没到时间"):
        doors.sit_in(session, meeting, sun, opens - timedelta(seconds=1))
    doors.sit_in(session, meeting, sun, opens)
    row = attendees.find(session, meeting, sun)
    assert row
    assert (row.expected, row.votes, row.full, row.came_at) == (False,) * 3 + (None,)
    doors.sit_in(session, meeting, sun, AT)
    assert (row.came_at, row.how) == (meeting.starts_at, "recorder")
    doors.sign_in(session, meeting, find_member(session, "王芳"), "text", AT - MINUTE)
    before = turnout.figures(session, meeting, AT)
    doors.sit_in(session, meeting, wang, AT)
    after = turnout.figures(session, meeting, AT)
    assert (after.expected, after.voters) == (before.expected - 1, before.voters - 1)
    assert (before.observers, after.observers) == (1, 2)
    signed = attendees.find(session, meeting, wang)
    assert signed
    assert (signed.came_at, signed.how) == (AT - MINUTE, "text")


def test_the_reason_of_a_leave_is_for_two_offices_of_its_branch(
    session: Session,
) -> None:
    branch, other = find_branch(session, BRANCH), find_branch(session, OTHER_BRANCH)
    group = find_branch(session, GROUP)
    assert branch
    assert other
    assert group
    secretary, member = find_member(session, "赵敏"), find_member(session, "陈静")

    def may(name: str, at: object = branch) -> bool:
        return leaves.may_read_why(session, find_member(session, name), at)  # type: ignore[arg-type]

    assert may("赵敏")
    assert may("赵敏", group), "a group's leave is its branch's secretary's to read"
    assert not may("赵敏", other)
    assert not may("陈静")
    member.position = "纪检委员"
    assert may("陈静")
    assert not may("陈静", other)
    find_member(session, "王芳").position = "纪检委员"
    assert not may("王芳"), "the words alone are no office"
    secretary.position = "纪检委员"
    assert not may("赵敏", other)


def test_a_leave_without_a_reason_has_none(session: Session) -> None:
    meeting, wang = call(session), find_member(session, "王芳")
    leaves.ask(session, meeting.id, wang.id, "", NOW)
    leave = leaves.find(session, meeting.id, wang.id)
    assert leave
    assert leave.why is None


def test_leave_is_asked_decided_and_asked_again(session: Session) -> None:
    meeting, wang = call(session), find_member(session, "王芳")
    second = call(session, kind=Kind.LECTURE)
    secretary = find_member(session, "赵敏")
    assert leaves.ask(session, meeting.id, wang.id, "", NOW)
    assert not leaves.ask(session, meeting.id, wang.id, "", NOW)
    assert leaves.ask(session, meeting.id, wang.id, "发烧", NOW)
    assert not leaves.ask(session, meeting.id, wang.id, "发烧", NOW)
    assert leaves.find(session, second.id, wang.id) is None
    known = leaves.find(session, meeting.id, wang.id)
    assert known
    assert (known.state, known.sort, known.after) == (ASKED, leaves.SICK, False)
    assert leave_letters.untold(session) == [known]
    leave_letters.ask_secretary(session, known, NOW, NOW)
    assert leave_letters.untold(session) == []
    assert leaves.decide(session, known, secretary, NOW, granted=False)
    assert not leaves.decide(session, known, secretary, NOW, granted=False)
    later = NOW + MINUTE
    assert leaves.ask(session, meeting.id, wang.id, "", later), "refused: asked anew"
    assert (known.state, known.decided_by, known.why) == (ASKED, None, "发烧")
    assert (known.asked_at, leave_letters.untold(session)) == (later, [known])
    assert leaves.decide(session, known, secretary, NOW, granted=True)
    assert not leaves.ask(session, meeting.id, wang.id, "", NOW), "granted stays"
    assert known.state == GRANTED
    assert leaves.withdraw(session, meeting.id, wang.id)
    assert not leaves.withdraw(session, meeting.id, wang.id)


def test_a_leave_that_nobody_decided_is_found(session: Session) -> None:
    meeting = call(session)
    for name, state in (("王芳", GRANTED), ("李伟", REFUSED), ("何雪", ASKED)):
        leave(session, meeting, name, state)
    assert list(leaves.decided.find(session)) == []
    wang = find_member(session, "王芳").id
    odd = leaves.find(session, meeting.id, wang)
    assert odd
    odd.decided_by = None
    session.flush()
    [found] = leaves.decided.find(session)
    assert f"{wang} 号的请假" in found
