"""Posts as rosters write them: whole ones of one's own branch give roles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from bot.branch.people.members import Role
from bot.branch.people.posts import read_posts
from bot.branch.people.tree import Branch, BranchKind, find_branch
from tests.people import BRANCH, GROUP

S, C, L = Role.SECRETARY, Role.COMMITTEE, Role.LEADER
OWN = Branch(id=1, name=BRANCH, kind=BranchKind.BRANCH, path="/1/")
HERE = Branch(id=2, name=GROUP, kind=BranchKind.GROUP, path="/1/2/", parent_id=1)
GENERAL = Branch(id=3, name="机电学院党总支", kind=BranchKind.GENERAL, path="/3/")
PARTY = Branch(id=4, name="中共某校委员会", kind=BranchKind.COMMITTEE, path="/4/")


@pytest.mark.parametrize(
    ("post", "roles"),
    [
        ("书记", {S}),
        ("支部书记", {S}),
        ("党支部书记", {S}),
        (f"{BRANCH}书记", {S}),
        (f"中共{BRANCH}委员会书记", {S}),
        ("支部委员会书记", {S}),
        ("副书记", {C}),
        ("党支部副书记（兼）", {C}),
        ("委员", {C}),
        ("支委", {C}),
        ("支部委员", {C}),
        ("支委会委员", {C}),
        ("宣传委员", {C}),
        ("组织、宣传委员", {C}),
        ("组织宣传委员", {C}),
        ("组织委员兼纪检委员", {C}),
        ("支部学习委员", {C}),
        ("书记兼组织委员", {S, C}),
        ("书 记、组织委员", {S, C}),
        ("书记，党小组组长", {S, L}),
        ("组长", {L}),
        ("小组长", {L}),
        ("党小组长", {L}),
        (f"{GROUP}组长", {L}),
        (f"{GROUP}长", {L}),
        ("党员", set()),
        ("副组长", set()),
    ],
)
def test_whole_posts(post: str, roles: set[Role]) -> None:
    assert read_posts(post, OWN, HERE) == frozenset(roles)


@pytest.mark.parametrize(
    "post",
    [
        "团支部书记",
        "原支部书记",
        "校党委书记",
        "党委书记",
        "党总支书记",
        "书记助理",
        "书记员",
        "不再担任书记",
        "机关党支部书记",
        "无（曾任组织委员）",
        "代书记",
        "书记（已免）",
        "书记（2019—2022）",
        "拟任书记",
        "学习委员",
        "团支部组织委员",
        "组织委员会主任",
        "工会委员",
        "党委委员",
        "教研组长",
        "第二党小组组长",
        "教授",
        "、书记",
    ],
)
def test_whatever_else_is_asked(post: str) -> None:
    assert read_posts(post, OWN, HERE) is None


def test_each_kind_of_body_has_its_own_words() -> None:
    assert read_posts("党总支书记", GENERAL, GENERAL) == frozenset({S})
    assert read_posts("总支委员", GENERAL, GENERAL) == frozenset({C})
    assert read_posts("支部书记", GENERAL, GENERAL) is None
    assert read_posts("党委书记", PARTY, PARTY) == frozenset({S})
    assert read_posts("党委委员", PARTY, PARTY) == frozenset({C})
    assert read_posts("党总支书记", PARTY, PARTY) is None
    assert read_posts("组长", OWN, OWN) is None, "of which group?"


@given(st.text("原任前代拟不校团总助理曾书记", min_size=1, max_size=6))
def test_what_is_added_to_a_post_makes_it_another(more: str) -> None:
    for post in (f"{more}书记", f"书记{more}"):
        found = read_posts(post, OWN, OWN)
        assert found is None or set(post.replace("书记", "")) == set()


def test_the_branch_of_the_tests_reads_so_too(session: Session) -> None:
    group = find_branch(session, GROUP)
    branch = find_branch(session, BRANCH)
    assert group
    assert branch
    assert read_posts("支部书记兼党小组组长", branch, group) == frozenset({S, L})
