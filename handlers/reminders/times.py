"""When a reminder goes: a draft is given a time, or another hour."""

from dataclasses import replace
from datetime import datetime

from bot.branch.reminders.draft import ReminderDraft
from bot.understanding.when import When, read_when
from bot.understanding.when.instead import half_of


def move_hour(wish: ReminderDraft, hour: str, now: datetime) -> ReminderDraft | None:
    """Let a wish keep its days and come at another hour; None where that is unclear."""
    if wish.once_at is not None:
        day = wish.once_at.astimezone(now.tzinfo)
        written = f"{day:%Y}年{day.month}月{day.day}日"
        when = read_when(f"{written}{hour}", now)
        if when.unclear:  # 十点半, of what was at nine in the morning
            when = read_when(f"{written}{half_of(day)}{hour}", now)
        if when.unclear:
            return None
        moment = when.next[0]
        counted = wish.reckoned and replace(wish.reckoned, at=moment.time())
        same = counted and counted.moment(now.tzinfo) == moment
        reckoned = counted if same else None
        return replace(wish, once_at=moment, reckoned=reckoned, note="")
    when = read_when(f"每天{hour}", now)
    if when.unclear and wish.rule is not None and wish.rule.at is not None:
        then = datetime.combine(now.date(), wish.rule.at, now.tzinfo)
        when = read_when(f"每天{half_of(then)}{hour}", now)
    if wish.rule is None or when.rule is None or when.rule.shift:
        return None
    note = "；".join(when.assumed)
    return replace(wish, rule=replace(wish.rule, at=when.rule.at), note=note)


def move_day(wish: ReminderDraft, when: When, now: datetime) -> ReminderDraft | None:
    """Let a wish keep its hour and come on another day; None where that is unclear."""
    if when.unclear or when.deadline:
        return None
    if when.recurring and when.rule is not None and wish.rule is not None:
        rule = replace(when.rule, at=wish.rule.at)
        return replace(wish, rule=rule, once_at=None, reckoned=None, note="")
    if when.recurring or wish.once_at is None:
        return None
    at = wish.once_at.astimezone(now.tzinfo).time()
    moment = datetime.combine(when.next[0].date(), at, now.tzinfo)
    return replace(wish, once_at=moment, reckoned=None, note="")


def set_time(wish: ReminderDraft, when: When) -> ReminderDraft:
    """Give a wish the time that was read, unless it is unclear or a limit."""
    if when.unclear or when.deadline:
        return wish
    once_at = None if when.recurring else when.next[0]
    note = "；".join(when.assumed)
    return replace(
        wish, rule=when.rule, once_at=once_at, reckoned=when.reckoned, note=note
    )
