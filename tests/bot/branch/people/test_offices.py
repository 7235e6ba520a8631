"""A roster gives and takes roles: what it says is held is held, and no more."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.branch.enrolment.enrolment import Summary, enrol
from bot.branch.people import members, offices
from bot.branch.people.members import Member, Role, add_member, grant
from bot.branch.people.offices import Settings
from bot.branch.people.tree import Branch, find_branch, plant
from bot.files.roster.entry import Entry
from tests.conftest import LONG_AGO
from tests.people import BRANCH, GROUP, OTHER_BRANCH, find_member

SECOND = "第二党小组"


def root(session: Session, name: str = BRANCH) -> Branch:
    found = find_branch(session, name)
    assert found is not None
    return found


def bring(
    session: Session, *rows: dict[str, Any], to: str = BRANCH, secretary: str = ""
) -> Summary:
    entries = [Entry(number, **row) for number, row in enumerate(rows, 2)]
    settings = Settings(root(session), {secretary} if secretary else ())
    return enrol(session, entries, root(session, to), LONG_AGO, settings=settings)


def held(session: Session, name: str) -> list[tuple[str, Role]]:
    who = find_member(session, name)
    return [
        (session.get_one(Branch, each.branch_id).name, Role(each.role))
        for each in offices.grants_of(session, who)
    ]


@pytest.mark.parametrize("post", ["", "教师", "原支部书记", "不再担任书记"])
def test_a_roster_without_the_post_takes_it(session: Session, post: str) -> None:
    done = bring(session, {"name": "赵敏", "position": post}, {"name": "陈静"})
    assert done.revoked == [f"赵敏：书记（{BRANCH}）"]
    assert held(session, "赵敏") == []
    assert held(session, "陈静") == [(BRANCH, Role.COMMITTEE)], "its row says nothing"
    assert bool(done.asked) == bool(post)


def test_a_lower_post_takes_the_place_of_the_higher(session: Session) -> None:
    done = bring(session, {"name": "赵敏", "position": "组织委员"})
    assert (done.granted, done.revoked) == (
        [f"赵敏：支部委员（{BRANCH}）"],
        [f"赵敏：书记（{BRANCH}）"],
    )
    again = bring(session, {"name": "赵敏", "position": "组织委员"})
    assert (again.granted, again.revoked) == ([], [])


def test_what_is_no_post_here_is_asked_once_for_all_it_is_said_of(
    session: Session,
) -> None:
    rows = [{"name": f"新{each}", "position": "校党委书记"} for each in "甲乙丙丁戊己"]
    done = bring(session, *rows, {"name": "李伟", "position": "书记助理"})
    first, second = done.asked
    assert first.startswith(
        "职务“校党委书记”（新甲、新乙、新丙、新丁、新戊 等 6 人）没有给权限："
    )
    assert "只写“书记”" in first
    assert second.startswith("职务“书记助理”（李伟）")
    assert done.granted == []


def test_a_leader_without_a_group_is_asked(session: Session) -> None:
    done = bring(session, {"name": "李伟", "position": "党小组组长"})
    assert held(session, "李伟") == []
    assert "“党小组”一列" in done.asked[0]


def test_who_moves_to_another_branch_commands_the_old_one_no_more(
    session: Session,
) -> None:
    upper = plant(session, "学院党总支")
    branch = root(session)
    branch.parent_id, branch.path = upper.id, f"{upper.path}{branch.id}/"
    plant(session, "第二党支部", upper)
    grant(session, find_member(session, "赵敏"), Role.COMMITTEE, upper)
    find_member(session, "赵敏").position = "支部书记"
    done = bring(session, {"name": "赵敏", "branch": "第二党支部"}, to="学院党总支")
    assert done.revoked == [f"赵敏：书记（{BRANCH}）"]
    assert held(session, "赵敏") == [("学院党总支", Role.COMMITTEE)]
    assert "赵敏：职务 支部书记 → （空）" in map(str, done.changes)
    back = bring(
        session,
        {"name": "赵敏", "branch": BRANCH, "position": "支部书记"},
        to="学院党总支",
    )
    assert back.granted == [f"赵敏：书记（{BRANCH}）"]


def test_a_leader_who_changes_the_group_leads_the_old_one_no_more(
    session: Session,
) -> None:
    liu = find_member(session, "刘洋")
    grant(session, liu, Role.COMMITTEE, root(session))
    liu.position = "党小组组长"
    done = bring(session, {"name": "刘洋", "group": SECOND})
    assert done.revoked == [f"刘洋：党小组组长（{GROUP}）"]
    assert held(session, "刘洋") == [(BRANCH, Role.COMMITTEE)]
    assert session.scalar(select(Member.position).where(Member.id == liu.id)) is None
    moved = bring(session, {"name": "刘洋", "group": GROUP, "position": "组长"})
    assert (moved.granted, moved.revoked) == (
        [f"刘洋：党小组组长（{GROUP}）"],
        [f"刘洋：支部委员（{BRANCH}）"],
    )


def test_who_leaves_holds_nothing_and_gets_nothing_back_by_returning(
    session: Session,
) -> None:
    row = {"name": "陈静", "userid": "chenjing", "joined": date(2009, 12, 4)}
    done = bring(session, row | {"state": "left"})
    assert done.revoked == [f"陈静：支部委员（{BRANCH}）"]
    back = bring(session, row | {"state": "active"})
    assert (back.granted, held(session, "陈静")) == ([], [])


def test_whom_the_settings_name_stays_and_it_is_told(session: Session) -> None:
    done = bring(session, {"name": "赵敏", "position": ""}, secretary="zhaomin")
    assert done.revoked == []
    assert held(session, "赵敏") == [(BRANCH, Role.SECRETARY)]
    assert done.kept[0].startswith(f"赵敏 仍是{BRANCH}书记：设置文件")


def test_the_roster_of_one_branch_says_nothing_of_another(session: Session) -> None:
    other = root(session, OTHER_BRANCH)
    grant(session, find_member(session, "孙丽"), Role.SECRETARY, other)
    done = bring(session, {"name": "孙丽", "userid": "sunli", "position": "书记"})
    assert held(session, "孙丽") == [(OTHER_BRANCH, Role.SECRETARY)]
    assert OTHER_BRANCH in done.asked[0]
    row = {"name": "孙丽", "userid": "sunli", "position": "组织委员"}
    assert bring(session, row).revoked == []
    assert held(session, "孙丽") == [(OTHER_BRANCH, Role.SECRETARY)]


def test_settings_make_nobody_secretary_who_has_left(session: Session) -> None:
    who = add_member(session, "钱进", root(session), LONG_AGO)
    members.link(who, "qianjin")
    who.state = "left"
    members.ensure_secretaries(session, ["QianJin"], root(session), LONG_AGO)
    assert held(session, "钱进") == []


def test_all_is_taken_everywhere(session: Session) -> None:
    zhao = find_member(session, "赵敏")
    grant(session, zhao, Role.LEADER, root(session, GROUP))
    grant(session, zhao, Role.COMMITTEE, root(session, OTHER_BRANCH))
    said = offices.revoke_all(session, zhao)
    assert said == [
        f"赵敏：书记（{BRANCH}）",
        f"赵敏：支部委员（{OTHER_BRANCH}）",
        f"赵敏：党小组组长（{GROUP}）",
    ]
    assert members.standing(session, zhao).role == Role.MEMBER
    assert held(session, "陈静") == [(BRANCH, Role.COMMITTEE)]
    assert offices.revoke_all(session, zhao) == []


@pytest.mark.parametrize(
    ("post", "group"),
    [
        ("第一党小组组长", GROUP),
        ("一组组长", GROUP),
        ("第1小组组长", GROUP),
        (f"{BRANCH}第一党小组长", GROUP),
        ("智能制造教工支部第一党小组组长", GROUP),
        ("组织委员兼第一党小组组长", GROUP),
        ("第二党小组组长", SECOND),
        (f"{BRANCH}第二党小组组长", SECOND),
    ],
)
@pytest.mark.parametrize("branch", [None, BRANCH])
def test_a_post_that_names_the_group_needs_no_column(
    session: Session, post: str, group: str, branch: str | None
) -> None:
    row = {"name": "李伟", "position": post, "branch": branch}
    done = bring(session, row)
    assert done.asked == []
    assert (group, Role.LEADER) in held(session, "李伟")
    where = find_member(session, "李伟").branch_id
    assert session.get_one(Branch, where).name == group
    again = bring(session, row)
    assert (again.granted, again.revoked, again.changes) == ([], [], [])


@pytest.mark.parametrize(
    ("post", "why"),
    [
        ("二组组长", "名册里没有这个党小组"),
        ("组长", "没有写是哪个党小组的组长"),
        ("二组组长、组长", "没有写是哪个党小组的组长"),
        ("教研组长", "不是本支部的党内职务"),
        ("原第一党小组组长", "不是本支部的党内职务"),
        ("机关党支部第一党小组组长", "不是本支部的党内职务"),
        ("第二党小组副组长助理", "不是本支部的党内职务"),
    ],
)
def test_a_leader_is_told_what_is_really_lacking(
    session: Session, post: str, why: str
) -> None:
    done = bring(session, {"name": "李伟", "position": post})
    assert (held(session, "李伟"), done.branches) == ([], [])
    assert why in done.asked[0]


@pytest.mark.parametrize(
    ("post", "before", "now", "stays"),
    [
        ("党小组组长", GROUP, GROUP, True),
        ("党小组组长", GROUP, SECOND, False),
        ("组织委员", GROUP, SECOND, True),
        ("组织委员", GROUP, BRANCH, True),
        ("组织委员", GROUP, OTHER_BRANCH, False),
        ("党小组组长", BRANCH, OTHER_BRANCH, False),
        ("教研组长", GROUP, SECOND, True),
    ],
)
def test_a_post_outlasts_a_move_within_its_branch_but_for_leaders(
    session: Session, post: str, before: str, now: str, *, stays: bool
) -> None:
    plant(session, SECOND, root(session))
    who = find_member(session, "李伟")
    who.branch_id = root(session, now).id
    assert offices.outlasts(session, who, post, root(session, before)) is stays


def test_a_group_of_the_same_name_in_a_branch_below_is_another(
    session: Session,
) -> None:
    """Nor is one that is only called so and no group."""
    general = plant(session, "学院党总支")
    below = plant(session, "第三党支部", general)
    plant(session, SECOND, below)
    first, second = plant(session, SECOND, root(session)), "第2党小组"
    plant(session, second, root(session))
    post = "第二党小组组长"
    assert offices.group_led(session, post, root(session)) == first.name
    assert offices.group_led(session, "二组组长", general) == ""
    assert offices.group_led(session, "二组组长", below) == SECOND


def test_who_is_asked_of_is_named_up_to_five(session: Session) -> None:
    told = offices.Settled()
    for name in "甲乙丙丁戊":
        told.ask("校党委书记", "别处的", name)
    assert told.questions == [
        "职务“校党委书记”（甲、乙、丙、丁、戊）没有给权限：别处的"
    ]


def test_settings_keep_one_role_of_one_branch_of_whom_they_name(
    session: Session,
) -> None:
    """Another role, the same one elsewhere, and whoever has left: those go."""
    zhao, settings = find_member(session, "赵敏"), Settings(root(session), {"zhaomin"})
    second = plant(session, "第二党支部")
    grant(session, zhao, Role.SECRETARY, second)
    grant(session, zhao, Role.LEADER, root(session, GROUP))

    def kept(who: Member) -> list[bool]:
        return [settings.holds(who, each) for each in offices.grants_of(session, who)]

    assert kept(zhao) == [True, False, False]
    chen = find_member(session, "陈静")
    grant(session, chen, Role.SECRETARY, root(session))
    assert not any(kept(chen))
    gone = {"name": "赵敏", "userid": "zhaomin", "joined": date(2004, 6, 18)}
    done = bring(session, gone | {"state": "left"}, secretary="zhaomin")
    assert (len(done.revoked), done.kept) == (3, [])


def test_a_leader_by_post_commands_the_group_and_not_the_branch(
    session: Session,
) -> None:
    bring(session, {"name": "王芳", "position": "组长", "group": GROUP})
    assert held(session, "王芳") == [(GROUP, Role.LEADER)]
    bring(session, {"name": "王芳", "position": "组长兼组织委员", "group": GROUP})
    assert held(session, "王芳") == [(BRANCH, Role.COMMITTEE), (GROUP, Role.LEADER)]
    assert bring(session, {"name": "王芳"}).revoked == []
