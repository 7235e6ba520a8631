"""When a reminder goes: a draft is given a time, or another hour."""

from dataclasses import replace
from datetime import datetime

from bot.branch.reminders.draft import ReminderDraft
from bot.understanding.when import When, read_when


def move_hour(wish: ReminderDraft, hour: str, now: datetime) -> ReminderDraft | None:
    """Let a wish keep its days and come at another hour; None where that is unclear."""
    if wish.once_at is not None:
        day = wish.once_at.astimezone(now.tzinfo)
        when = read_when(f"{day:%Y}年{day.month}月{day.day}日{hour}", now)
        if when.unclear:
            return None
        moment = when.next[0]
        counted = wish.reckoned and replace(wish.reckoned, at=moment.time())
        same = counted and counted.moment(now.tzinfo) == moment
        reckoned = counted if same else None
        return replace(wish, once_at=moment, reckoned=reckoned, note="")
    when = read_when(f"每天{hour}", now)
    if wish.rule is None or when.rule is None or when.rule.shift:
        return None
    note = "；".join(when.assumed)
    return replace(wish, rule=replace(wish.rule, at=when.rule.at), note=note)


def set_time(wish: ReminderDraft, when: When) -> ReminderDraft:
    """Give a wish the time that was read, unless it is unclear or a limit."""
    if when.unclear or when.deadline:
        return wish
    once_at = None if when.recurring else when.next[0]
    note = "；".join(when.assumed)
    return replace(
        wish, rule=when.rule, once_at=once_at, reckoned=when.reckoned, note=note
    )
