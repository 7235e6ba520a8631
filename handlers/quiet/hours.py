"""A member's own quiet hours, set and dropped by a word of his or her own."""

import re

from bot import outbox
from bot.calendar.quiet_hours import Hours, hours_open
from bot.command import Ask
from bot.errors import Refusal
from bot.message import Reply
from bot.understanding.slots.daily_hours import find_hours
from bot.understanding.slots.person import other_named

LEAST = 3
"""How many hours of a day must be left in which a message can come."""
WANTS = re.compile(r"别|不要|不用|不想|不许|勿|免|安静|静音|停")
ONCE = re.compile(
    r"[今明后昨][天晚早日儿]|[这本下上]个?[周月]|周末|[周星][一二三四五六日天期]"
    r"|\d[月号日]|[一二三四五六七八九十][月号]|休息日|假期|节"
)
OTHERS = re.compile(
    r"[他她]|大家|同志|全体|老师|别人|人家|支部|小组|群里|[说问讲][:：“\"]|如果|要是|假如"
)
DROPS = re.compile(r"(?:取消|删|去掉|清除|不要|关闭|关掉|恢复).{0,6}(?:时间|时段)")
HOURS = re.compile("时间|时段")


def change(ask: Ask) -> Reply | None:
    """Set or drop the asker's hours if that is what is said; else None.

    Raises Refusal where a time may mean two, or the whole day would be quiet.
    """
    text = ask.text
    if ONCE.search(text) or OTHERS.search(text) or other_named(ask):
        return None
    if DROPS.search(text):
        return drop(ask) or Reply("您没有设免打扰时间，提醒都照常。")
    if not WANTS.search(text):
        return None
    hours = find_hours(text, ask.config.quiet)
    return None if hours is None else _keep(ask, hours)


def drop(ask: Ask) -> Reply | None:
    """Drop the asker's hours; None if there are none."""
    if not outbox.drop_hours(ask.session, ask.member.id, ask.now):
        return None
    quiet = ask.config.quiet
    return Reply(
        "好的，您的免打扰时间取消了。"
        f"{quiet.starts:%H:%M} 到 {quiet.ends:%H:%M} 我照旧不主动发消息。",
        changed=True,
    )


def describe(ask: Ask) -> str:
    """Say the asker's hours, "" if there are none."""
    hours = outbox.hours_of(ask.session, [ask.member.id]).get(ask.member.id)
    return f"每天 {_say(hours)}（自己设的）" if hours else ""


def _keep(ask: Ask, hours: Hours) -> Reply:
    if hours.starts == hours.ends:
        raise Refusal("头尾是同一个时间。请说从几点到几点，例：免打扰时间21点到8点")
    if hours_open(ask.config.quiet, hours) < LEAST:
        raise Refusal(
            f"每天 {_say(hours)} 都不发，一天里就没有能提醒您的时候了。"
            "想全停，说“免打扰”；只停一段，说“免打扰时间21点到8点”。"
        )
    outbox.keep_hours(ask.session, ask.member.id, hours, ask.now)
    return Reply(
        f"好的，以后每天 {_say(hours)} 不给您发自动消息，能等的等到时间过了再发。\n"
        "您自己设的提醒、书记发的通知照常。改回来说“取消免打扰时间”。",
        changed=True,
    )


def _say(hours: Hours) -> str:
    over = "次日 " if hours.ends <= hours.starts else ""
    return f"{hours.starts:%H:%M} 到{over or ' '}{hours.ends:%H:%M}"
