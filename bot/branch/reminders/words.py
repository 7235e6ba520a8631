"""How a reminder is told: its time in full, what comes next, one line of a list."""

from collections.abc import Sequence
from datetime import datetime

from bot.branch.people.audience import Audience
from bot.branch.reminders.draft import ReminderDraft
from bot.branch.reminders.reminders import Reminder, State, goes_at, wish_of
from bot.calendar.quiet_hours import is_quiet
from bot.calendar.recurrence.words import write_rule
from bot.calendar.say import say_day, say_time
from bot.calendar.workdays import is_provisional
from bot.config.settings import Quiet

TITLE = 24


def say_when(wish: ReminderDraft, now: datetime, quiet: Quiet) -> list[str]:
    """Say a wish's time in full, its next three moments, and what is odd of them."""
    coming = wish.coming(now)
    note = f"（{wish.note}）" if wish.note else ""
    if wish.rule is None:
        lines = [f"时间：{say_time(moment, now)}{note}" for moment in coming]
    else:
        next_ones = "、".join(say_time(moment, now) for moment in coming)
        lines = [f"时间：{write_rule(wish.rule)}{note}", f"接下来：{next_ones}"]
    if wish.rests_on_forecast(coming):
        years = sorted({each.year for each in coming if is_provisional(each.year)})
        told = "、".join(f"{year}年" for year in years)
        anew = "会重新算" if wish.rule else "会重新算，日子变了就告诉您"
        lines.append(f"暂算：{told}的放假和调休安排还没公布，公布后我{anew}。")
    if any(is_quiet(quiet, moment) for moment in coming):
        lines.append(_say_quiet(coming, quiet, own=wish.audience is None))
    return lines


def _say_quiet(moments: Sequence[datetime], quiet: Quiet, *, own: bool) -> str:
    """Say what becomes of moments that lie in the quiet hours."""
    hours = f"{quiet.starts:%H:%M}到{quiet.ends:%H:%M}是安静时间，"
    if all(goes_at(moment, quiet, own=own) == moment for moment in moments):
        return f"{hours}不过这是您自己要的，到点照样叫您。"
    return f"{hours}这时候的提醒会等到{quiet.ends:%H:%M}再发。"


def say_line(reminder: Reminder, now: datetime) -> str:
    """Say all of a reminder in one line: its number, time, people, words."""
    wish = wish_of(reminder, now)
    whom = "我" if reminder.own else Audience.unpack(reminder.audience).words
    return (
        f"{reminder.id}. {_say_time(wish, now)} 提醒{whom}："
        f"{shorten(reminder.text)}{_say_next(reminder, now)}"
    )


def shorten(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= TITLE else f"{line[: TITLE - 1]}…"


def _say_time(wish: ReminderDraft, now: datetime) -> str:
    if wish.rule is not None:
        return write_rule(wish.rule)
    return say_time(wish.once_at, now) if wish.once_at else ""


def _say_next(reminder: Reminder, now: datetime) -> str:
    due = reminder.next_due
    if reminder.state == State.PAUSED:
        until = reminder.paused_until
        return f"（暂停到{say_day(until)}）" if until else "（暂停中）"
    if reminder.rule is None or due is None:
        return "（暂算）" if reminder.provisional else ""
    forecast = "，暂算" if reminder.provisional else ""
    return f"（下次 {say_time(due, now)}{forecast}）"
