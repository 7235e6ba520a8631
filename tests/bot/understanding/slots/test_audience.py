"""Words for people → who is meant, in a branch with two groups that sound alike."""

import pytest
from sqlalchemy.orm import Session

from bot.branch.people.audience import Audience, count_heads
from bot.branch.people.members import Category, Role, add_member, grant
from bot.branch.people.tree import Branch, find_branch, plant
from bot.errors import Refusal
from bot.understanding.slots.audience import read_audience
from bot.understanding.slots.scope import Scope
from tests.conftest import LONG_AGO
from tests.people import BRANCH, GROUP, find_member

ALL = "赵敏 陈静 刘洋 王芳 李伟 何雪 张和平"


@pytest.fixture
def scope(session: Session) -> Scope:
    """The branch of tests/people.py, an eleventh group with 张和平, and 钱进.

    钱进 is an activist and no party member yet.
    """
    root = find_branch(session, BRANCH)
    assert root
    eleventh = plant(session, "第十一党小组", root)
    member = add_member(session, "张和平", eleventh, LONG_AGO)
    member.category = Category.FULL
    add_member(session, "钱进", root, LONG_AGO).category = Category.ACTIVIST
    session.flush()
    return Scope(session, root)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("", ALL),
        ("全体党员", ALL),
        ("各位党员", ALL),
        ("全体党员同志们", ALL),
        ("大家", ALL + " 钱进"),
        ("所有人", ALL + " 钱进"),
        ("全体党员和积极分子", ALL + " 钱进"),
        ("本支部党员", ALL),
        ("第一党小组", "刘洋 王芳"),
        ("第一小组", "刘洋 王芳"),
        ("第1组", "刘洋 王芳"),
        ("1组", "刘洋 王芳"),
        ("一组", "刘洋 王芳"),
        ("１组的同志们", "刘洋 王芳"),
        ("11组", "张和平"),
        ("十一组", "张和平"),
        ("第十一党小组", "张和平"),
        ("第一党小组、11组", "刘洋 王芳 张和平"),
        ("预备党员", "何雪"),
        ("正式党员", "赵敏 陈静 刘洋 王芳 李伟 张和平"),
        ("正式党员、预备党员和积极分子", ALL + " 钱进"),
        ("积极分子", "钱进"),
        ("第一党小组的正式党员", "刘洋 王芳"),
        ("第一党小组的党员", "刘洋 王芳"),
        ("第一党小组和预备党员", "刘洋 王芳 何雪"),
        ("预备党员、第一党小组", "刘洋 王芳 何雪"),
        ("支委", "赵敏 陈静"),
        ("支委会成员", "赵敏 陈静"),
        ("组长", "刘洋"),
        ("两位组长", "刘洋"),
        ("各组组长", "刘洋"),
        ("各党小组的组长", "刘洋"),
        ("支委和组长", "赵敏 陈静 刘洋"),
        ("支委和第一党小组", "赵敏 陈静 刘洋 王芳"),
        ("支委、预备党员", "赵敏 陈静 何雪"),
        ("王芳", "王芳"),
        ("王芳同志", "王芳"),
        ("王芳、李伟", "王芳 李伟"),
        ("王芳，李伟 何雪", "王芳 李伟 何雪"),
        ("张和平", "张和平"),
        ("张和平和李伟", "李伟 张和平"),
        ("李伟和张和平以及王芳", "王芳 李伟 张和平"),
        ("王芳和第一党小组", "刘洋 王芳"),
        ("李伟和第一党小组", "刘洋 王芳 李伟"),
        ("李伟、预备党员", "李伟 何雪"),
        ("全体党员和王芳", ALL),
        ("全体党员，除了王芳", "赵敏 陈静 刘洋 李伟 何雪 张和平"),
        ("大家（除了王芳、李伟）", "赵敏 陈静 刘洋 何雪 张和平 钱进"),
        ("除了王芳以外的党员", "赵敏 陈静 刘洋 李伟 何雪 张和平"),
        ("除王芳、李伟外的其他人", "赵敏 陈静 刘洋 何雪 张和平"),
        ("除了王芳，所有党员", "赵敏 陈静 刘洋 李伟 何雪 张和平"),
        ("全体党员，除了预备党员", "赵敏 陈静 刘洋 王芳 李伟 张和平"),
        ("全体党员，除了支委", "刘洋 王芳 李伟 何雪 张和平"),
        ("全体党员，除了第一党小组", "赵敏 陈静 李伟 何雪 张和平"),
        ("第一党小组，不包括刘洋", "王芳"),
    ],
)
def test_words_mean_these_people(scope: Scope, words: str, names: str) -> None:
    audience = read_audience(scope, words)
    assert set(count_heads(scope.session, audience).names) == set(names.split())
    assert Audience.unpack(audience.pack()) == audience


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("王芳、李韦", "没有叫“李韦”的，是不是李伟"),
        ("王方", "是不是王芳"),
        ("张老师", "没有叫“张老师”的，是不是张和平"),
        ("周星星", "名册里没有“周星星”"),
        ("孙丽", "名册里没有“孙丽”"),
        ("机关党支部", "没有找到“机关党支部”。这里有：智能制造教工党支部"),
        ("第三党小组", "没有找到“第三党小组”"),
        ("21组", "没有找到“21组”"),
        ("党小组", "没有找到“党小组”|“党小组”是哪一个"),
        ("除了周星星以外的党员", "名册里没有“周星星”"),
        ("第一党小组的预备党员和正式党员", "请分两次发"),
        ("第一党小组的预备党员、11组的正式党员", "请分两次发"),
    ],
)
def test_whom_nobody_knows_is_asked_back(scope: Scope, words: str, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        read_audience(scope, words)


def test_namesakes_are_asked_back(scope: Scope) -> None:
    add_member(scope.session, "王芳", scope.branch, LONG_AGO)
    with pytest.raises(Refusal, match="有 2 位“王芳”"):
        read_audience(scope, "王芳")


def test_groups_alike_are_asked_back(scope: Scope) -> None:
    plant(scope.session, "机电第二党小组", scope.branch)
    plant(scope.session, "数控第二党小组", scope.branch)
    with pytest.raises(Refusal, match=r"是哪一个？机电第二党小组、数控第二党小组"):
        read_audience(scope, "第二党小组")


def test_group_is_found_by_its_ending(scope: Scope) -> None:
    group = plant(scope.session, "机电第二党小组", scope.branch)
    assert read_audience(scope, "二组").branches == (group.id,)


def test_who_left_is_no_more_meant(scope: Scope) -> None:
    find_member(scope.session, "王芳").state = "left"
    scope.session.flush()
    assert "王芳" not in count_heads(scope.session, read_audience(scope, "1组")).names
    with pytest.raises(Refusal, match="名册里没有“王芳”"):
        read_audience(scope, "王芳")


def test_office_elsewhere_is_none_here(scope: Scope) -> None:
    """李伟 sits on another branch's committee, not on this one's."""
    other = scope.session.query(Branch).filter_by(name="机关党支部").one()
    grant(scope.session, find_member(scope.session, "李伟"), Role.COMMITTEE, other)
    head = count_heads(scope.session, read_audience(scope, "支委"))
    assert set(head.names) == {"赵敏", "陈静"}


def test_group_leader_speaks_for_the_group(scope: Scope) -> None:
    group = find_branch(scope.session, GROUP)
    assert group
    head = count_heads(
        scope.session, read_audience(Scope(scope.session, group), "大家")
    )
    assert head.names == ("刘洋", "王芳")


def test_many_are_counted_not_named(scope: Scope) -> None:
    find_member(scope.session, "何雪").userid = None
    scope.session.flush()
    head = count_heads(scope.session, read_audience(scope, "全体党员"), few=3)
    assert (head.total, head.reachable, head.names) == (7, 5, ())
