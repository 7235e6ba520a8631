"""By what members are known: a roster's name, or only the account of the settings."""

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.branch.people import members
from bot.branch.people.members import Member, add_member, link
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
