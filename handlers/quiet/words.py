"""A wish for quiet in words: what, from when and until when."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from bot.calendar.say import say_day
from bot.outbox import EVERYTHING, QuietWish
from bot.outbox.kinds import NAMES


def describe(wishes: Sequence[QuietWish], now: datetime) -> list[str]:
    """Say each wish for quiet in words, kinds of one name once."""
    told = [f"{_name(each.kind)}（{say_span(each, now).strip()}）" for each in wishes]
    return list(dict.fromkeys(told))


def say_verb(kinds: Sequence[str]) -> str:
    """Say what will not be done: 不打扰您, or 不再发学习提醒给您."""
    if kinds == [EVERYTHING]:
        return "不打扰您"
    return f"不再发{say_kinds(kinds)}给您"


def say_kinds(kinds: Sequence[str]) -> str:
    return "、".join(dict.fromkeys(map(_name, kinds)))


def _name(kind: str) -> str:
    return NAMES.get(kind, "全部自动消息")


def say_span(wish: QuietWish, now: datetime) -> str:
    """Say from when and until when, before what will not be done."""
    if wish.until is None:
        return "从现在起"
    since, until = (each.astimezone(now.tzinfo) for each in (wish.since, wish.until))
    last = (until - timedelta(minutes=1)).date()
    say = partial(say_day, today=now.date())
    if _is_midnight(until) and (since <= now or _is_midnight(since)):
        if since <= now:
            return f"到{say(last)}当天为止"
        if since.date() == last:
            return f"{say(last)}全天"
        return f"{say(since.date())}到{say(last)}"
    end = f"{until:%H:%M}" if last == until.date() else "24:00"
    if since <= now:
        return f"到{'今天' if last == now.date() else say(last)} {end} "
    last_day = "" if last == since.date() else f"{say(last)} "
    return f"{say(since.date())} {since:%H:%M} 到 {last_day}{end} "


def say_standing(wish: QuietWish, now: datetime) -> str:
    """Say the span of a wish that was told before."""
    return "一直" if wish.until is None else say_span(wish, now).strip()


def _is_midnight(moment: datetime) -> bool:
    return (moment.hour, moment.minute) == (0, 0)
