"""By what members are known: a roster's name, or only the account of the settings."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.branch.people import members
from bot.branch.people.members import Grant, Member, add_member, link
from bot.branch.people.tree import find_branch
from tests.conftest import LONG_AGO
from tests.people import BRANCH


@pytest.mark.parametrize(
    ("name", "account", "state", "kept"),
    [
        ("ZhaoMin", "zhaomin", "active", False),
        ("zhaomin", "ZhaoMin", "active", False),
        ("赵敏", "zhaomin", "active", True),
        ("赵敏", None, "active", True),
        ("赵敏", None, "left", False),
    ],
)
def test_a_roster_is_kept_where_a_name_is_more_than_an_account(
    session: Session, name: str, account: str | None, state: str, *, kept: bool
) -> None:
    session.execute(update(Member).values(state="left"))
    branch = find_branch(session, BRANCH)
    assert branch
    member = add_member(session, name, branch, LONG_AGO)
    session.execute(update(Member).values(account=None, userid=None))
    session.refresh(member)
    if account:
        link(member, account)
    member.state = state
    session.flush()
    assert members.is_kept(session) is kept


def test_unknown_is_an_account_that_nobody_here_is_known_by(session: Session) -> None:
    branch = find_branch(session, BRANCH)
    assert branch
    link(add_member(session, "Bare", branch, LONG_AGO), "bare")
    session.flush()
    asked = ["ZhaoMin", "bare", "shaotang", "nobody", "wangfang"]
    assert members.unknown_accounts(session, asked) == ["bare", "shaotang", "nobody"]


@pytest.mark.parametrize(
    ("wrong", "number"),
    [
        ({}, 0),
        ({"account": "other"}, 1),
        ({"account": None}, 1),
        ({"userid": None}, 1),
        ({"userid": None, "account": None}, 0),
        ({"userid": "@all", "account": "@all"}, 1),
        ({"userid": "WangFang"}, 0),
    ],
)
def test_an_account_that_is_kept_irregularly_is_found(
    session: Session, wrong: dict[str, str | None], number: int
) -> None:
    mine = update(Member).where(Member.name == "王芳")
    if wrong:
        session.execute(mine.values(**wrong))
    assert len(list(members.regular.find(session))) == number
    grant = select(Grant).order_by(Grant.id).limit(1)
    session.scalars(grant).one().role = 99
    session.flush()
    assert len(list(members.regular.find(session))) == number + 1
