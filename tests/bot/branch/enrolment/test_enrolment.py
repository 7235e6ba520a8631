"""A roster comes in: added, updated, told apart, never guessed."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.branch.duties.deadlines import survey
from bot.branch.duties.milestones import Milestone
from bot.branch.enrolment.enrolment import Summary, enrol
from bot.branch.people import members
from bot.branch.people.members import Category, Member, Role
from bot.branch.people.tree import Branch, find_branch
from bot.errors import Refusal
from bot.files.roster.entry import Entry
from bot.files.roster.terms import Term
from tests.conftest import LONG_AGO
from tests.people import BRANCH, GROUP, OTHER_BRANCH, find_member


def root(session: Session, name: str = BRANCH) -> Branch:
    found = find_branch(session, name)
    assert found is not None
    return found


def bring(session: Session, *rows: dict[str, Any], to: str = BRANCH) -> Summary:
    entries = [Entry(number, **row) for number, row in enumerate(rows, 2)]
    return enrol(session, entries, root(session, to), LONG_AGO)


def all_of(session: Session, name: str) -> list[Member]:
    found = select(Member).where(Member.name == name).order_by(Member.id)
    return list(session.scalars(found))


def test_somebody_new(session: Session) -> None:
    done = bring(
        session,
        {
            "name": "周新",
            "userid": "ZhouXin",
            "category": "正式党员",
            "joined": date(2015, 7, 1),
            "full_member_since": date(2016, 7, 1),
            "group": GROUP,
        },
    )
    assert (done.added, done.updated, done.unnamed) == (["周新"], [], 6)
    member = members.find(session, "zhouxin")
    assert member is not None
    assert (member.userid, member.joined_day) == ("ZhouXin", 701)
    assert member.category == Category.FULL
    assert member.branch_id == root(session, GROUP).id


WAY = {
    "name": "周新",
    "category": "发展对象",
    "activist_since": date(2024, 3, 5),
    "candidate_since": date(2025, 4, 1),
    "elected": date(2023, 6, 20),
    "term": Term(3),
}


def due(session: Session, *kinds: str) -> list[tuple[str, date]]:
    found = survey(session, date(2025, 12, 1), root(session)).deadlines
    return [(each.kind, each.day) for each in found if each.kind in kinds]


def test_deadlines_are_counted_from_what_a_roster_says(session: Session) -> None:
    done = bring(session, WAY)
    assert [str(each) for each in done.changes] == [
        f"{BRANCH}：支部换届选举 （空） → 2023-06-20"
    ]
    assert due(session, "review", "term") == [
        ("review", date(2024, 9, 5)),
        ("term", date(2026, 6, 20)),
    ]
    again = bring(session, WAY)
    assert (again.updated, again.unchanged, again.changes) == ([], 1, [])


def test_corrected_days_take_the_place_of_the_first(session: Session) -> None:
    bring(session, WAY)
    right = {"activist_since": date(2024, 2, 5), "elected": date(2023, 6, 2)}
    done = bring(session, WAY | right)
    assert [str(each) for each in done.changes] == [
        "周新：确定为入党积极分子 2024-03-05 → 2024-02-05",
        f"{BRANCH}：支部换届选举 2023-06-20 → 2023-06-02",
    ]
    assert due(session, "review", "term") == [
        ("review", date(2024, 8, 5)),
        ("term", date(2026, 6, 2)),
    ]


def test_another_election_is_added_and_an_older_one_refused(session: Session) -> None:
    bring(session, WAY)
    bring(session, WAY | {"elected": date(2025, 11, 20), "term": Term(5)})
    assert due(session, "term") == [("term", date(2030, 11, 20))]
    with pytest.raises(Refusal, match=r"第 2 行：.*已经登记过 2025-11-20 换届"):
        bring(session, WAY)


def test_two_rows_that_tell_a_term_otherwise_are_refused(session: Session) -> None:
    other = {"name": "吴越", "elected": date(2023, 6, 21)}
    with pytest.raises(Refusal, match=r"第 3 行：.*和第 2 行不一样"):
        bring(session, WAY, other)


def test_of_who_has_joined_no_such_days_are_kept(session: Session) -> None:
    days = {"activist_since": date(2009, 3, 5), "candidate_since": date(2010, 4, 1)}
    assert bring(session, {"name": "王芳", **days}).changes == []
    assert not session.scalars(select(Milestone)).all()


def test_a_step_tells_the_category_where_no_column_does(session: Session) -> None:
    bring(session, {"name": "周新"})
    done = bring(session, {"name": "周新", "activist_since": date(2024, 3, 5)})
    assert [str(each) for each in done.changes] == [
        "周新：确定为入党积极分子 （空） → 2024-03-05",
        "周新：类别 （空） → 入党积极分子",
    ]


def test_days_stay_with_who_changes_the_branch(session: Session) -> None:
    bring(session, WAY)
    bring(session, {"name": "周新", "group": GROUP})
    assert due(session, "review") == [("review", date(2024, 9, 5))]


def test_the_same_again_changes_nothing(session: Session) -> None:
    row = {"name": "周新", "joined": date(2015, 7, 1), "branch": BRANCH}
    bring(session, row)
    again = bring(session, row)
    assert (again.added, again.updated, again.unchanged) == ([], [], 1)
    assert len(all_of(session, "周新")) == 1


def test_again_with_changes(session: Session) -> None:
    done = bring(
        session,
        {"name": "李伟", "joined": date(2012, 3, 1), "position": "组织委员"},
        {"name": "王芳"},
    )
    assert (done.updated, done.unchanged) == (["李伟"], 1)
    assert [str(each) for each in done.changes] == [
        "李伟：入党日期 2012-02-29 → 2012-03-01",
        "李伟：职务 （空） → 组织委员",
    ]
    member = find_member(session, "李伟")
    assert (member.joined, member.joined_day) == (date(2012, 3, 1), 301)
    assert member.full_member_since == date(2013, 2, 28), "what is not said stays"


def test_an_account_for_who_had_none(session: Session) -> None:
    bring(session, {"name": "周新"})
    done = bring(session, {"name": "周新", "userid": "zhouxin"})
    assert [str(each) for each in done.changes] == ["周新：账号 （空） → zhouxin"]
    assert members.find(session, "ZHOUXIN") == find_member(session, "周新")


def test_an_account_and_the_day_tell_who_it_is_whatever_the_name(
    session: Session,
) -> None:
    joined = date(2011, 3, 2)
    done = bring(session, {"name": "王方", "userid": "WangFang", "joined": joined})
    assert "王方：姓名 王芳 → 王方" in [str(each) for each in done.changes]
    assert len(all_of(session, "王方")) == 1
    assert all_of(session, "王芳") == []


def test_a_namesake_with_another_account_is_somebody_new(session: Session) -> None:
    done = bring(session, {"name": "王芳", "userid": "wangfang2"})
    assert done.added == ["王芳"]
    assert len(all_of(session, "王芳")) == 2


def test_namesakes_that_cannot_be_told_apart_stop_it_all(session: Session) -> None:
    bring(session, {"name": "王芳", "userid": "wangfang2"})
    with pytest.raises(Refusal) as told:
        bring(session, {"name": "周新"}, {"name": "王芳"}, {"name": "李伟"})
    assert str(told.value).startswith("第 3 行：名册里有 2 位“王芳”")


def test_namesakes_are_told_apart_by_the_day_of_joining(session: Session) -> None:
    bring(session, {"name": "王芳", "userid": "w2", "joined": date(2020, 1, 1)})
    bring(session, {"name": "王芳", "joined": date(2020, 1, 1), "position": "组长"})
    first, second = all_of(session, "王芳")
    assert (first.position, second.position) == (None, "组长")


def test_namesakes_are_told_apart_by_their_branch(session: Session) -> None:
    bring(session, {"name": "王芳", "userid": "w2"}, to=GROUP)
    bring(session, {"name": "王芳", "userid": "w3", "branch": "新支部"})
    bring(session, {"name": "王芳", "branch": "新支部", "position": "委员"})
    assert [each.position for each in all_of(session, "王芳")] == [None, None, "委员"]


def test_two_namesakes_of_one_file_are_two_people(session: Session) -> None:
    rows = (
        {"name": "周新", "branch": "甲支部", "joined": date(2010, 1, 1)},
        {"name": "周新", "branch": "乙支部", "joined": date(2012, 1, 1)},
    )
    assert bring(session, *rows).added == ["周新", "周新"]
    assert bring(session, *rows).unchanged == 2
    assert bring(session, *reversed(rows)).unchanged == 2
    assert [each.joined for each in all_of(session, "周新")] == [
        date(2010, 1, 1),
        date(2012, 1, 1),
    ]


@pytest.mark.parametrize("turned", [False, True])
def test_a_new_namesake_does_not_become_the_old_one(
    session: Session, *, turned: bool
) -> None:
    bring(session, {"name": "周新", "branch": "甲支部"})
    (old,) = all_of(session, "周新")
    rows = [{"name": "周新", "branch": "甲支部"}, {"name": "周新", "branch": "乙支部"}]
    done = bring(session, *(reversed(rows) if turned else rows))
    assert (done.added, done.unchanged) == (["周新"], 1)
    assert old.branch_id == root(session, "甲支部").id


def test_branches_and_groups_grow(session: Session) -> None:
    done = bring(session, {"name": "周新", "branch": "甲支部", "group": "一组"})
    assert done.branches == ["甲支部", "一组"]
    group = root(session, "一组")
    assert group.parent_id == root(session, "甲支部").id
    assert group.path.startswith(root(session).path)


def test_moving_to_another_group(session: Session) -> None:
    done = bring(session, {"name": "李伟", "group": GROUP})
    assert [str(each) for each in done.changes] == [f"李伟：支部 {BRANCH} → {GROUP}"]


def test_another_branch_s_people_are_not_touched(session: Session) -> None:
    done = bring(session, {"name": "孙丽"})
    assert done.added == ["孙丽"]
    assert len(all_of(session, "孙丽")) == 2
    assert all_of(session, "孙丽")[0].branch_id == root(session, OTHER_BRANCH).id


@pytest.mark.parametrize(
    ("position", "role"),
    [
        ("书记", Role.SECRETARY),
        ("支部书记", Role.SECRETARY),
        ("副书记", Role.COMMITTEE),
        ("宣传委员", Role.COMMITTEE),
        ("党小组组长", Role.LEADER),
        ("教师", None),
        (None, None),
    ],
)
def test_a_position_gives_a_role(
    session: Session, position: str | None, role: Role | None
) -> None:
    bring(session, {"name": "周新", "position": position, "group": GROUP})
    member = find_member(session, "周新")
    assert members.roles(session, member) == ([role] if role else [])
    if role:
        held_in = GROUP if role == Role.LEADER else BRANCH
        assert members.standing(session, member).branch.name == held_in
