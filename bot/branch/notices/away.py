"""我周三请假: leave from what a mere notice announced, told to the secretary."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot import outbox
from bot.branch.notices import receipts
from bot.branch.notices.notices import Notice
from bot.branch.notices.receipts import Receipt
from bot.branch.people import members
from bot.branch.people.members import Member
from bot.branch.people.tree import home
from bot.message import Text
from bot.outbox import Importance, Plan, Window

AWAY = "请假"
WORTH_TELLING = timedelta(days=2)


def stay_away(  # noqa: PLR0913  # who, from what, why, and when it is told
    session: Session,
    notice: Notice,
    member: Member,
    why: str,
    now: datetime,
    at: datetime,
) -> Sequence[str]:
    """Note that somebody stays away, and tell the secretaries; return their names.

    at: from when they may be told. Nobody is told twice of the same.
    """
    receipt = Receipt(
        notice_id=notice.matter,
        member_id=member.id,
        at=now,
        how="text",
        choice=AWAY,
        note=why or None,
    )
    if not receipts.record(session, receipt):
        return ()
    because = f"，原因：{why}" if why else ""
    text = f"{member.called}请假：“{notice.title}”{because}。已记在回执里。"
    return tell(session, notice, member, "away", text, now, at)


def tell(  # noqa: PLR0913  # of whom and what, in which words, and when
    session: Session,
    notice: Notice,
    member: Member,
    what: str,
    text: str,
    now: datetime,
    at: datetime,
) -> Sequence[str]:
    """Tell the secretaries of who stays away or comes after all; return their names.

    what: which of the two, a word of the letters' keys.
    """
    branch = home(session, notice.branch_id)
    every = members.secretaries(session, branch)
    told = [each for each in every if each.id != member.id]
    for each in told:
        plan = Plan(
            key=f"{what}:{notice.matter}:{member.id}:{each.id}:{now.timestamp():.0f}",
            kind="leave",
            content=Text(text),
            window=Window(at, at + WORTH_TELLING),
            importance=Importance.NOTICE,
        )
        outbox.put_to(session, plan, each.userid, each.id, now=now)
    return [each.called for each in told]
