"""Who goes before the end, and who only sits in."""

import re

from bot.branch.meetings import doors
from bot.command import Ask, NotMeant, command
from bot.errors import Refusal
from bot.message import Reply
from bot.understanding.slots.scope import Scope
from handlers.meetings import which
from handlers.meetings.attendance import say_after
from handlers.meetings.which import slot

STRANGER = re.compile("[一-龥·]{2,8}(?:处长|院长|书记|主任|科长|老师|同志|部长|校长)?")


@command("attendance.early", help="有人中途离会", acts=True, shown=False)
def leave_early(ask: Ask) -> Reply:
    """Note who goes early, and say at once whether the rest is still enough."""
    scope = Scope(ask.session, which.here(ask))
    if (name := slot(ask, "person")) not in scope.called:
        raise NotMeant
    meeting = which.to_write(ask)
    if not meeting.starts_at <= ask.now <= meeting.ends:
        raise NotMeant
    member = scope.find_member(name)
    if not doors.leave_early(ask.session, meeting, member.id, ask.now):
        raise Refusal(f"“{meeting.title}”没有记{member.called}到会，或者已经记了先走。")
    said = f"记下了：{member.called}先走了（{ask.now:%H:%M}）。"
    return Reply(say_after(ask, meeting, said), changed=True)


@command("attendance.observer", help="记列席的人", acts=True, shown=False)
def sit_in(ask: Ask) -> Reply:
    """Note who sits in: of the roster, or a guest by name."""
    said = (ask.slots.get("person") or slot(ask, "who")).strip(" ：:")
    said = re.sub("^(?:请|邀请|让)|也?来?$", "", said)
    meeting = which.to_write(ask)
    scope = Scope(ask.session, which.here(ask))
    told = []
    for name in re.split("[、和，,]", said):
        if name in scope.called:
            doors.sit_in(ask.session, meeting, scope.find_number(name), ask.now)
        elif STRANGER.fullmatch(name):
            doors.bring_guest(ask.session, meeting, name, ask.now)
        else:
            raise NotMeant
        told.append(name)
    said = f"列席记下了：{'、'.join(told)}。列席的不算应到，没有表决权。"
    return Reply(say_after(ask, meeting, said), changed=True)
