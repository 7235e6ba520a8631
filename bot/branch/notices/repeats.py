"""The same notice once more: said in its preview, and never sent again without that."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from bot import outbox
from bot.branch.notices import notices, reach
from bot.branch.notices.drafts import Draft
from bot.branch.notices.notices import Notice, State
from bot.branch.people.audience import select_people
from bot.calendar.say import say_ago, say_time
from bot.outbox import Recipient

OF_LATE = timedelta(days=1)


@dataclass(frozen=True)
class Repeat:
    """What a draft says once more. planned: to how many; again: who would have two."""

    notice: Notice
    planned: int
    again: int

    def say(self, now: datetime) -> str:
        ago = say_ago(self.notice.at, now)
        if self.notice.state == State.AWAITING:
            told = f"{ago}已送审，给 {self.planned} 人，还没有发"
        elif self.notice.goes_at > now:
            when = say_time(self.notice.goes_at, now)
            told = f"{ago}已定好，{when}发给 {self.planned} 人"
        else:
            told = f"{say_ago(self.notice.goes_at, now)}已发给 {self.planned} 人"
        which = "这" if self.again == self.planned else "其中"
        return f"请核对：同样的通知{told}，再发，{which} {self.again} 人会收到两遍。"


def find_repeat(session: Session, draft: Draft, now: datetime) -> Repeat | None:
    """Find what said the same of late to some of those whom a draft is for."""
    corrects = None
    if draft.corrects is not None:
        corrects = notices.find(session, draft.corrects).matter
    since = now - OF_LATE
    same = (
        select(Notice)
        .where(
            Notice.branch_id == draft.audience.scope,
            Notice.text == draft.text,
            Notice.corrects.is_not_distinct_from(corrects),
            Notice.state != State.WITHDRAWN,
            or_(Notice.at > since, Notice.goes_at > since),
        )
        .order_by(Notice.id.desc())
    )
    people = select_people(session, draft.audience).subquery()
    meant = Recipient.member_id.in_(select(people.c.id))
    for notice in session.scalars(same):
        again = session.scalar(
            reach.planned(session, notice, func.count()).where(meant)
        )
        if again:
            planned = outbox.count_planned(session, notice.topic)
            return Repeat(notice, planned, again)
    return None
