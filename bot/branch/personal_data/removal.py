"""Taking somebody out of the roster for good: the account is free for another.

The member's row stays, without the account, and with it what he or she wrote and was
sent; the clock of the departed (bot.branch.departures) then takes it. Nothing that
waits under the account may reach who has it next.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot import outbox
from bot.branch.people import audit, offices
from bot.branch.people.members import Member
from bot.branch.personal_data import departures
from bot.inbox import focus, open_questions

NOT_HERE = "已移出名册"


@dataclass(frozen=True)
class Removed:
    """What it took. revoked: roles, in words; stopped: letters not sent yet."""

    name: str
    revoked: list[str]
    stopped: int


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
