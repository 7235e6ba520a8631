"""Taking somebody out of the roster for good: the account is free for another.

The member's row stays, without the account, and with it what he or she wrote and was
sent; the clock of the departed (bot.branch.departures) then takes it. Nothing that
waits under the account may reach who has it next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot import outbox
from bot.branch.people import audit, members, offices
from bot.branch.people.members import Member
from bot.branch.people.tree import Branch
from bot.branch.personal_data import departures
from bot.errors import Refusal
from bot.inbox import focus, open_questions

NOT_HERE = "已移出名册"
LAST = (
    "您是{branch}唯一的书记，登记了就没有人管这个支部了，没有登记。\n"
    "请管理员先把接任的书记导入名册，再由新书记登记。"
)
BY_SETTINGS = (
    "{name}是设置里写明的书记，登记了下次启动还会加回来，没有登记。\n"
    "请管理员先从设置里去掉，再登记。"
)


@dataclass(frozen=True)
class Removed:
    """What it took. revoked: roles, in words; stopped: letters not sent yet."""

    name: str
    revoked: list[str]
    stopped: int


def check(
    session: Session,
    member: Member,
    by: Member,
    branch: Branch,
    secretaries: Sequence[str],
) -> None:
    """Raise Refusal for whom the branch cannot do without.

    secretaries: the accounts that the settings name.
    """
    if member.id == by.id:
        every = members.secretaries(session, branch)
        if all(each.id == member.id for each in every):
            raise Refusal(LAST.format(branch=branch.name))
    if member.account in {each.casefold() for each in secretaries}:
        raise Refusal(BY_SETTINGS.format(name=member.called))


def remove(
    session: Session,
    member: Member,
    why: str,
    now: datetime,
    *,
    by: Member | None = None,
) -> Removed:
    """Free a member's account. by: who did it, None for the operator; written down."""
    revoked = offices.revoke_all(session, member)
    stopped = stop_letters(session, member, now)
    for thread in outbox.threads_of(session, member.id, member.account):
        open_questions.close_all(session, thread)
        focus.drop_all(session, thread)
    outbox.unbind_all(session, member.id)
    member.userid = member.account = None
    member.state = "left" if member.state == "active" else member.state
    session.flush()
    departures.notice_departures(session, now)
    audit.note(session, by, "members.remove", now, subjects=[member.id], details=why)
    return Removed(member.marked, revoked, stopped)


def stop_letters(session: Session, member: Member, now: datetime) -> int:
    """Refuse what waits for somebody who is not spoken to any more; return how many."""
    accounts = [each for each in (member.userid, member.account) if each]
    return outbox.cancel_of(session, member.id, accounts, NOT_HERE, now)
