"""The tree of branches: kinds by name, paths, and who is inside what."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.branch.people import members
from bot.branch.people.members import Member, Role, grant
from bot.branch.people.tree import (
    Branch,
    BranchKind,
    find_branch,
    guess_kind,
    home,
    plant,
)
from tests.people import BRANCH, GROUP, OTHER_BRANCH, find_member


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("示例学院党委", BranchKind.COMMITTEE),
        ("示例学院委员会", BranchKind.COMMITTEE),
        ("精密制造工程系党总支", BranchKind.GENERAL),
        ("精密制造工程系党总支部", BranchKind.GENERAL),
        ("示例总支部委员会", BranchKind.GENERAL),
        ("示例总支委员会", BranchKind.GENERAL),
        ("示例支部委员会", BranchKind.BRANCH),
        (BRANCH, BranchKind.BRANCH),
        ("示例联合体", BranchKind.BRANCH),
        (GROUP, BranchKind.GROUP),
        ("一组", BranchKind.GROUP),
    ],
)
def test_the_kind_is_in_the_name(name: str, kind: BranchKind) -> None:
    assert guess_kind(name) == kind


def test_a_name_is_found_below_its_parent_only(session: Session) -> None:
    root, other = find_branch(session, BRANCH), find_branch(session, OTHER_BRANCH)
    assert root
    assert other
    twin = plant(session, GROUP, other)
    assert find_branch(session, GROUP, other) == twin
    assert find_branch(session, GROUP, root) != twin
    assert find_branch(session, BRANCH, other) is None
    plant(session, "新组", other)
    ours = plant(session, "新组", root)
    assert find_branch(session, "新组") == ours, "of two, the first in the tree"


def test_home_is_the_party_branch(session: Session) -> None:
    wangfang = find_member(session, "王芳")
    assert members.party_branch(session, wangfang).name == BRANCH
    assert members.group_name(session, wangfang) == GROUP
    assert members.group_name(session, find_member(session, "李伟")) is None
    alone = plant(session, "孤组")
    assert home(session, alone.id) == alone


def names_within(session: Session, branch: str) -> list[str | None]:
    found = find_branch(session, branch)
    assert found
    inside = (
        select(Member.userid)
        .join(Branch, Branch.id == Member.branch_id)
        .where(Branch.path.startswith(found.path))
        .order_by(Member.id)
    )
    return list(session.scalars(inside))


def test_a_branch_holds_its_groups_and_no_neighbour(session: Session) -> None:
    assert names_within(session, GROUP) == ["liuyang", "wangfang"]
    assert "wangfang" in names_within(session, BRANCH)
    assert names_within(session, OTHER_BRANCH) == ["sunli"]


def test_branch_1_does_not_hold_branch_10(session: Session) -> None:
    for number in range(20):
        plant(session, f"第{number}支部")
    root = find_branch(session, BRANCH)
    assert root
    tenth = session.get_one(type(root), root.id * 10)
    find_member(session, "孙丽").branch_id = tenth.id
    session.flush()
    assert "sunli" not in names_within(session, BRANCH)


def test_who_has_left_is_not_known(session: Session) -> None:
    find_member(session, "王芳").state = "left"
    session.flush()
    assert members.find(session, "wangfang") is None


def test_the_highest_role_counts_where_it_is_held(session: Session) -> None:
    member = find_member(session, "王芳")
    standing = members.standing(session, member)
    assert (standing.role, standing.branch.name) == (Role.MEMBER, BRANCH)
    other = find_branch(session, OTHER_BRANCH)
    assert other
    assert grant(session, member, Role.COMMITTEE, other)
    assert not grant(session, member, Role.COMMITTEE, other)
    standing = members.standing(session, member)
    assert (standing.role, standing.branch.name) == (Role.COMMITTEE, OTHER_BRANCH)
    root, group = find_branch(session, BRANCH), find_branch(session, GROUP)
    assert root
    assert group
    grant(session, member, Role.COMMITTEE, root)
    grant(session, member, Role.LEADER, group)
    known = members.recognise(session, "wangfang")
    assert known
    for standing in (members.standing(session, member), known[1]):
        assert (standing.role, standing.branch.name) == (Role.COMMITTEE, BRANCH)
