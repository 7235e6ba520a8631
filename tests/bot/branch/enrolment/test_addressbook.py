"""Accounts of the company's address book find their members, or nobody."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import outbox
from bot.branch.enrolment import addressbook
from bot.branch.enrolment.addressbook import Colleague
from bot.branch.notices import notices, replies
from bot.branch.notices.drafts import Draft
from bot.branch.notices.notices import Desk
from bot.branch.notices.receipts import Receipt
from bot.branch.people import members
from bot.branch.people.audience import Audience
from bot.branch.people.members import Member, Role, add_member, grant, link
from bot.branch.people.tree import Branch, find_branch
from bot.branch.study import checkins
from bot.branch.study.checkins import Study
from tests.conftest import LONG_AGO
from tests.people import BRANCH, GROUP, OTHER_BRANCH, find_member


@pytest.fixture
def root(session: Session) -> Branch:
    found = find_branch(session, BRANCH)
    assert found is not None
    return found


@pytest.fixture
def newcomer(session: Session, root: Branch) -> Member:
    """Somebody of the roster, 周兰, whose account is not known."""
    return add_member(session, "周兰", root, LONG_AGO)


def test_one_name_on_both_sides_is_linked(
    session: Session, root: Branch, newcomer: Member
) -> None:
    people = [Colleague("ZhouLan", "周兰"), Colleague("wangfang", "王芳")]
    sync = addressbook.link_accounts(session, people, root)
    assert (sync.linked, sync.unknown) == (["周兰"], [])
    assert (newcomer.userid, newcomer.account) == ("ZhouLan", "zhoulan")
    assert addressbook.link_accounts(session, people, root).linked == []


def test_namesakes_on_either_side_are_not_guessed(
    session: Session, root: Branch, newcomer: Member
) -> None:
    two = [Colleague("zhou1", "周兰"), Colleague("zhou2", "周兰")]
    assert addressbook.link_accounts(session, two, root).unknown == ["周兰", "周兰"]
    add_member(session, "周兰", root, LONG_AGO)
    one = addressbook.link_accounts(session, two[:1], root)
    assert (one.linked, one.unknown) == ([], ["周兰"])
    assert newcomer.userid is None


def test_who_left_or_belongs_elsewhere_is_not_linked(
    session: Session, root: Branch, newcomer: Member
) -> None:
    newcomer.state = "left"
    other = find_branch(session, OTHER_BRANCH)
    assert other
    add_member(session, "吴强", other, LONG_AGO)
    people = [Colleague("zhoulan", "周兰"), Colleague("wuqiang", "吴强")]
    sync = addressbook.link_accounts(session, people, root)
    assert sync.unknown == ["周兰", "吴强"]


def test_shadow_gets_its_name(session: Session, root: Branch) -> None:
    members.ensure_secretaries(session, ["QianJin"], root, LONG_AGO)
    sync = addressbook.link_accounts(session, [Colleague("qianjin", "钱进")], root)
    assert sync.linked == ["钱进"]
    assert find_member(session, "钱进").account == "qianjin"


def test_shadow_becomes_the_member_of_the_roster_with_all_it_did(
    session: Session, root: Branch, newcomer: Member
) -> None:
    """She was named in the settings, and worked, before the roster came."""
    members.ensure_secretaries(session, ["ZhouLan"], root, LONG_AGO)
    shadow = find_member(session, "ZhouLan")
    desk = Desk(shadow, root)
    notice = notices.publish(session, desk, Draft("开会", Audience(root.id)), LONG_AGO)
    receipt = Receipt(
        notice_id=notice.id, member_id=shadow.id, at=LONG_AGO, how="text", choice=None
    )
    assert replies.acknowledge(session, notice, receipt)
    checkins.check_in(session, shadow, Study("党章", None, None), LONG_AGO, 1)
    people = [Colleague("zhoulan", "周兰")]
    assert addressbook.link_accounts(session, people, root).linked == ["周兰"]
    assert members.find(session, "zhoulan") == newcomer
    assert members.roles(session, newcomer) == [Role.SECRETARY]
    assert members.roles(session, shadow) == []
    assert (shadow.state, shadow.account) == ("left", None)
    assert notices.find(session, notice.id).author_id == newcomer.id
    assert checkins.record(session, newcomer, LONG_AGO.date()).total == 1
    ((mine, answer),) = replies.sent_to(session, newcomer, LONG_AGO)[:1]
    assert mine == notice
    assert answer is not None
    assert outbox.unbalanced(session) == []


def test_role_that_both_hold_is_held_once(
    session: Session, root: Branch, newcomer: Member
) -> None:
    grant(session, newcomer, Role.SECRETARY, root)
    members.ensure_secretaries(session, ["ZhouLan"], root, LONG_AGO)
    addressbook.link_accounts(session, [Colleague("ZhouLan", "周兰")], root)
    assert members.roles(session, newcomer) == [Role.SECRETARY]
    assert newcomer.account == "zhoulan"


def test_unknown_are_added_to_the_branch_of_their_department(
    session: Session, root: Branch
) -> None:
    people = [
        Colleague("wangfang", "王芳"),
        Colleague("wuqiang", "吴强", ("办公室", GROUP)),
        Colleague("zhaoyun", "赵云", ("办公室",)),
    ]
    assert addressbook.add_unknown(session, people, root, LONG_AGO) == ["吴强", "赵云"]
    homes = {
        each.name: session.get_one(Branch, each.branch_id).name
        for each in session.scalars(select(Member).where(Member.account.is_not(None)))
    }
    assert (homes["吴强"], homes["赵云"]) == (GROUP, BRANCH)
    assert addressbook.add_unknown(session, people, root, LONG_AGO) == []


def test_link_keeps_the_writing_of_the_account(newcomer: Member) -> None:
    link(newcomer, "ZhouLan")
    assert (newcomer.userid, newcomer.account) == ("ZhouLan", "zhoulan")
