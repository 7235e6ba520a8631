"""Leave as it is asked: what sort a reason is, and whose leave of which meeting."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from bot.branch.meetings import leaves
from bot.branch.meetings.kinds import Kind
from bot.branch.meetings.leaves import DUTY, OWN, SICK
from bot.branch.people.members import Role, grant
from bot.branch.people.tree import find_branch
from tests.bot.branch.meetings.test_doors import NOW, call
from tests.people import BRANCH, OTHER_BRANCH, find_member


@pytest.mark.parametrize(
    ("why", "sort"),
    [
        ("发烧", SICK),
        ("带学生去医院体检", SICK),
        ("孩子发烧", OWN),
        ("监考", DUTY),
        ("爱人出差", OWN),
        ("有事", OWN),
        ("", OWN),
    ],
)
def test_what_sort_of_leave_a_reason_asks_for(why: str, sort: str) -> None:
    assert leaves.sort_of(why) == sort


@pytest.mark.parametrize(
    ("note", "why"),
    [
        ("周三的会，孩子发烧", "孩子发烧"),
        ("党课 监考。", "监考"),
        ("监考", "监考"),
        ("周三的会，", "周三的会，"),
    ],
)
def test_which_meeting_it_is_for_is_no_reason(note: str, why: str) -> None:
    assert leaves.tidy(note) == why


def test_leaves_are_of_their_meetings_and_of_who_asked(session: Session) -> None:
    wang, li = find_member(session, "王芳"), find_member(session, "李伟")
    first, second, third = (
        call(session, kind=each)
        for each in (Kind.GENERAL, Kind.LECTURE, Kind.THEME_DAY)
    )
    for meeting, who in ((first, wang), (first, li), (second, li), (third, wang)):
        leaves.ask(session, meeting.id, who.id, "有事", NOW)
    found = leaves.of_meetings(session, [first.id, second.id])
    assert {(each.meeting_id, each.member_id) for each in found} == {
        (first.id, wang.id),
        (first.id, li.id),
        (second.id, li.id),
    }
    hers = leaves.of_member(session, wang.id)
    assert hers.keys() == {first.id, third.id}
    assert {each.member_id for each in hers.values()} == {wang.id}


@pytest.mark.parametrize(("why", "sort"), [("", OWN), ("发烧", SICK)])
def test_asked_again_without_a_reason_the_first_one_holds(
    session: Session, why: str, sort: str
) -> None:
    meeting, zhao = call(session), find_member(session, "赵敏")
    wang, later = find_member(session, "王芳").id, NOW + timedelta(hours=1)
    leaves.ask(session, meeting.id, wang, why, NOW)
    known = leaves.find(session, meeting.id, wang)
    assert known
    assert (known.why, known.sort) == (why or None, sort)
    leaves.decide(session, known, zhao, NOW, granted=False)
    assert leaves.ask(session, meeting.id, wang, "", later)
    assert (known.why, known.sort) == (why or None, sort)
    assert (known.state, known.asked_at, known.decided_by) == ("asked", later, None)


@pytest.mark.parametrize(
    ("post", "role", "of", "reads"),
    [
        ("纪检委员", Role.COMMITTEE, BRANCH, True),
        ("纪律检查委员", Role.COMMITTEE, BRANCH, True),
        ("组织委员", Role.COMMITTEE, BRANCH, False),
        ("纪检委员", Role.LEADER, BRANCH, False),
        ("纪检委员", Role.COMMITTEE, OTHER_BRANCH, False),
        ("", Role.SECRETARY, BRANCH, True),
        ("", Role.SECRETARY, OTHER_BRANCH, False),
    ],
)
def test_why_is_for_the_secretary_and_who_watches_over_discipline(
    session: Session, post: str, role: Role, of: str, *, reads: bool
) -> None:
    li, branch = find_member(session, "李伟"), find_branch(session, BRANCH)
    place = find_branch(session, of)
    assert branch
    assert place
    li.position = post
    grant(session, li, role, place)
    assert leaves.may_read_why(session, li, branch) is reads
