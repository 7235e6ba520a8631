"""往后推半个钟头, 提前一天: a meeting moved by so much from when it is to be."""

from dataclasses import replace
from datetime import datetime

from bot.branch.meetings.plans import Plan
from bot.understanding.drafts.changes import told_changes


def read_shift(plan: Plan, said: str, now: datetime) -> Plan | None:
    """Move a plan by what is said, it lasts as long; None where that is no distance."""
    changes = told_changes(said, now)
    moves = [each.what for each in changes] == ["shift"]
    if not moves or plan.starts_at is None or plan.late:
        return None
    by = changes[0].by
    ends_at = plan.ends_at and plan.ends_at + by
    return replace(plan, starts_at=plan.starts_at + by, ends_at=ends_at)
