"""Taking somebody out of the roster for good: the account is free for another.

The member's row stays, without the account, and with it what he or she wrote and was
sent; the clock of the departed (bot.branch.departures) then takes it. Nothing that
waits under the account may reach who has it next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import outbox
from bot.branch.people import audit, members, offices
from bot.branch.people.members import Member, Role
from bot.branch.people.tree import Branch
from bot.branch.personal_data import departures
from bot.branch.personal_data.departures import Departure
from bot.branch.records import left
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
RESTORED_WITHIN = timedelta(days=1)
TOO_LATE = "没有找到一天以内移出名册的{name}。要加回来，请管理员照名册导入。"
TAKEN = "{name}原来的企业微信账号已经是{other}的了，请管理员照名册改。"


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
    grants = offices.grants_of(session, member)
    held = " ".join(f"{each.branch_id}:{each.role}" for each in grants)
    userid, active = member.userid, member.state == "active"
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
    if active and (row := session.get(Departure, member.id)):
        row.userid, row.held = userid, held
    audit.note(session, by, "members.remove", now, subjects=[member.id], details=why)
    return Removed(member.marked, revoked, stopped)


def stop_letters(session: Session, member: Member, now: datetime) -> int:
    """Refuse what waits for somebody who is not spoken to any more; return how many."""
    accounts = [each for each in (member.userid, member.account) if each]
    return outbox.cancel_of(session, member.id, accounts, NOT_HERE, now)


def find_removed(session: Session, branch: Branch, name: str, now: datetime) -> Member:
    """Find who was noted as gone within a day, of a branch. Raises Refusal."""
    found = _find_removed(session, branch, name, now)
    if found is None:
        raise Refusal(TOO_LATE.format(name=name))
    return found


def was_removed(session: Session, branch: Branch, name: str, now: datetime) -> bool:
    """Tell whether somebody of that name was noted as gone within a day."""
    return _find_removed(session, branch, name, now) is not None


def _find_removed(
    session: Session, branch: Branch, name: str, now: datetime
) -> Member | None:
    rows = (
        select(Member)
        .join(Departure, Departure.member_id == Member.id)
        .join(Branch, Branch.id == Member.branch_id)
        .where(
            Member.name == name,
            Member.state == "left",
            Branch.path.startswith(branch.path),
            Departure.since > now - RESTORED_WITHIN,
            Departure.held.is_not(None),
        )
    )
    return session.scalars(rows.order_by(Departure.since.desc())).first()


def restore(session: Session, member: Member, now: datetime, by: Member) -> list[str]:
    """Take somebody back who was removed by mistake; return the roles given back.

    Raises Refusal once it is too late, or where another has the account.
    """
    row = session.get(Departure, member.id)
    if row is None or row.held is None or row.since <= now - RESTORED_WITHIN:
        raise Refusal(TOO_LATE.format(name=member.name))
    other = members.find(session, row.userid) if row.userid else None
    if other is not None and other.id != member.id:
        raise Refusal(TAKEN.format(name=member.name, other=other.called))
    member.state = "active"
    if row.userid:
        members.link(member, row.userid)
    for each in row.held.split():
        branch_id, _, role = each.partition(":")
        if (branch := session.get(Branch, int(branch_id))) is not None:
            members.grant(session, member, Role(int(role)), branch)
    left.give_back(session, member, row.since, by, now)
    session.delete(row)
    session.flush()
    audit.note(session, by, "members.restore", now, subjects=[member.id])
    return offices.held(session, member)
