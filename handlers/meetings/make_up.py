"""补课: who was absent makes it up; counted apart from who came."""

from bot.branch.meetings import attendees, doors, meetings
from bot.branch.people.members import Role
from bot.command import Ask, command
from bot.errors import Refusal
from bot.message import Reply
from bot.understanding.slots.person import find_named
from bot.understanding.slots.scope import Scope
from handlers.meetings import which


@command(
    "attendance.made_up",
    help="登记补课，例：登记补课 刘洋",
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def make_up(ask: Ask) -> Reply:
    scope = Scope(ask.session, ask.standing.branch)
    words = ask.slots.get("person") or ask.words
    named = find_named(scope, words)
    if named is None:
        raise Refusal("谁补课了？例：登记补课 刘洋")
    for meeting in which.begun(ask):
        if not which.fits(meeting, named.before + named.after, ask.now, "past"):
            continue
        row = attendees.find(ask.session, meeting, named.member.id)
        if row and row.expected and row.came_at is None and not row.made_up_at:
            doors.make_up(ask.session, meeting, named.member.id, "", ask.now)
            return Reply(
                f"记下了：{named.member.called}补了“{meetings.say(meeting, ask.now)}”。"
                "补课另算，不算到会。",
                changed=True,
            )
    raise Refusal(f"{named.member.called}没有缺席、还没补的会。")
