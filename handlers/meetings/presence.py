"""Who goes before the end, and who only sits in."""

import re
from collections.abc import Sequence

from bot.branch.meetings import doors
from bot.branch.meetings.meetings import Meeting
from bot.branch.people.members import Member
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
    people, meeting = _people(ask), _on(ask)
    for each in people:
        if not doors.leave_early(ask.session, meeting, each.id, ask.now):
            raise Refusal(
                f"“{meeting.title}”没有记{each.called}到会，或者已经记了先走。"
            )
    again = f"又来了说“{people[0].called}回来了”。"
    said = f"记下了：{_names(people)}先走了（{ask.now:%H:%M}）。{again}"
    return Reply(say_after(ask, meeting, said), changed=True)


@command("attendance.again", help="先走的人又回来了", acts=True, shown=False)
def come_again(ask: Ask) -> Reply:
    """Note who is back, and say whether there are enough again."""
    people, meeting = _people(ask), _on(ask)
    for each in people:
        if not doors.come_again(ask.session, meeting, each.id, ask.now):
            raise Refusal(f"“{meeting.title}”没有记过{each.called}先走，不用再记。")
    said = f"记下了：{_names(people)}回来了（{ask.now:%H:%M}）。"
    return Reply(say_after(ask, meeting, said), changed=True)


def _people(ask: Ask) -> list[Member]:
    """Find who is named, one or two. Raises NotMeant for whom nobody is called."""
    scope = Scope(ask.session, which.here(ask))
    names = [slot(ask, "person"), *filter(None, [ask.slots.get("more", "")])]
    if any(name not in scope.called for name in names):
        raise NotMeant
    return [scope.find_member(name) for name in names]


def _on(ask: Ask) -> Meeting:
    if not which.list_past(ask, ""):
        raise NotMeant
    meeting = which.to_write(ask)
    if not meeting.starts_at <= ask.now <= meeting.ends:
        raise NotMeant
    return meeting


def _names(people: Sequence[Member]) -> str:
    return "、".join(each.called for each in people)


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
