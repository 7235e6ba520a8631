"""A member's own quiet hours, set and dropped by a word of his or her own."""

from bot import outbox
from bot.calendar.quiet_hours import Hours, hours_open
from bot.command import Answer, Ask, Kept, Referring
from bot.errors import Refusal
from bot.message import Reply

FOCUS = "quiet.hours"
LEAST = 3
"""How many hours of a day must be left in which a message can come."""


def keep(ask: Ask, hours: Hours) -> Reply:
    """Set the asker's hours. Raises Refusal where the whole day would be quiet."""
    if hours.starts == hours.ends:
        raise Refusal("头尾是同一个时间。请说从几点到几点，例：免打扰时间21点到8点")
    if hours_open(ask.config.quiet, hours) < LEAST:
        raise Refusal(
            f"每天 {_say(hours)} 都不发，一天里就没有能提醒您的时候了。"
            "想全停，说“免打扰”；只停一段，说“免打扰时间21点到8点”。"
        )
    outbox.keep_hours(ask.session, ask.member.id, hours, ask.now)
    ask.note_focus(FOCUS)
    return Reply(
        f"好的，以后每天 {_say(hours)} 不给您发自动消息，能等的等到时间过了再发。\n"
        "您自己设的提醒、书记发的通知照常。改回来说“取消免打扰时间”。",
        changed=True,
    )


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


def _drop_last(ask: Ask, _kept: Kept) -> Answer:
    return drop(ask) or "您没有设免打扰时间，提醒都照常。"


LAST = Referring(
    FOCUS,
    title=lambda ask, kept: "免打扰时间" if describe(ask) else "",
    undo=_drop_last,
    verbs=("设", "设置", "定", "弄", "说"),
    called=("免打扰", "免打扰时间", "勿扰"),
    of=("mute.hours",),
)


def describe(ask: Ask) -> str:
    """Say the asker's hours, "" if there are none."""
    hours = outbox.hours_of(ask.session, [ask.member.id]).get(ask.member.id)
    return f"每天 {_say(hours)}（自己设的）" if hours else ""


def _say(hours: Hours) -> str:
    over = "次日 " if hours.ends <= hours.starts else ""
    return f"{hours.starts:%H:%M} 到{over or ' '}{hours.ends:%H:%M}"
