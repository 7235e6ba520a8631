"""What did not arrive of late, by its reason: for whoever can mend it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from bot.outbox.letters import REFUSED, Letter, Recipient

WITHDRAWN = ("通知已撤回，没有发", "会议改了或取消了", "已有更正，没有再发")


@dataclass(frozen=True)
class Failure:
    """reason: why; kind: of which letters; number: to how many."""

    reason: str
    kind: str
    number: int


def refused_since(
    session: Session, people: Select[int], since: datetime
) -> list[Failure]:
    """Count what some people were refused since then, most first."""
    rows = session.execute(
        select(Recipient.reason, Letter.kind, func.count())
        .join(Letter, Letter.id == Recipient.letter_id)
        .where(
            REFUSED,
            Recipient.settled_at >= since,
            func.coalesce(Recipient.member_id, 0).in_(people),
            Recipient.reason.not_in(WITHDRAWN),
        )
        .group_by(Recipient.reason, Letter.kind)
        .order_by(func.count().desc())
        .limit(20)
    )
    return [Failure(reason or "", kind, number) for reason, kind, number in rows]
