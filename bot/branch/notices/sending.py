"""A draft goes: by the word of its author in the chat, or of a page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from bot.branch.notices import corrections, draft_rules, notices, reach
from bot.branch.notices.drafts import Draft
from bot.branch.notices.notices import Desk, Notice
from bot.branch.people.audience import Head, count_heads
from bot.branch.people.members import Member
from bot.branch.people.tree import Branch
from bot.calendar.quiet_hours import next_loud
from bot.calendar.say import say_time
from bot.config.settings import Config
from bot.errors import Refusal

NOBODY = "“{who}”里没有能收到消息的人，没有发。"


@dataclass(frozen=True)
class Sent:
    """approvers: who is asked to let it go, by name."""

    notice: Notice
    planned: int
    approvers: Sequence[str] = ()

    def say(self, now: datetime) -> str:
        """Say what happens next, without what one may say then."""
        if self.approvers:
            who = "、".join(self.approvers)
            return f"已写好，共 {self.planned} 人，等{who}审批后发出。"
        if self.notice.goes_at > now:
            when = say_time(self.notice.goes_at, now)
            return f"已定好，{when}发出，共 {self.planned} 人。"
        return f"正在发，共 {self.planned} 人。"


def keep_quiet(config: Config, draft: Draft, now: datetime) -> Draft:
    """Put off to the morning what would go in the quiet hours, unless it is urgent."""
    if draft.urgent or draft.goes_at:
        return draft
    loud = next_loud(config.quiet, now)
    return draft if loud == now else replace(draft, goes_at=loud)


def needs_approval(config: Config, head: Head) -> bool:
    least = config.notices.approve_from
    return bool(least) and head.total >= least


def check(session: Session, draft: Draft, now: datetime) -> Head:
    """Count whom a draft would reach. Raises Refusal for what cannot go out so."""
    head = count_heads(session, draft.audience)
    if not head.reachable:
        raise Refusal(NOBODY.format(who=draft.audience.words))
    notices.check(draft, now)
    return head


def send(  # noqa: PLR0913  # who sends what, from where, by which settings, and when
    session: Session,
    author: Member,
    branch: Branch,
    draft: Draft,
    config: Config,
    now: datetime,
) -> Sent:
    """Write the notice down with its letters, or ask for the approval that it needs."""
    approval = needs_approval(config, count_heads(session, draft.audience))
    desk = Desk(author, branch, config.server.public_url, needs_approval=approval)
    notice = notices.publish(session, desk, draft, now)
    corrections.stop_outdated(session, now)
    planned = reach.status(session, notice).tally.planned
    asked = draft_rules.ask_approval(session, notice, desk, now) if approval else ()
    return Sent(notice, planned, asked)
