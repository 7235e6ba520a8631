"""今年参加了几次会: one person's year of meetings, oneself's or one's people's."""

from collections import Counter
from collections.abc import Sequence

from bot.branch.meetings import meetings, turnout
from bot.branch.meetings.meetings import Meeting
from bot.branch.meetings.turnout import Person
from bot.branch.people import audit
from bot.branch.people.members import Member, Role
from bot.calendar.years import moments_of
from bot.command import Ask, NotMeant, command
from bot.errors import Denied
from bot.understanding.slots.scope import Scope
from handlers.meetings import which

MOST = 8


@command(
    "attendance.year", help="一年里参加了几次会、缺了哪几次", acts=False, shown=False
)
def show_year(ask: Ask) -> str:
    """Tell how many meetings of a year somebody came to, and which were missed.

    Everybody may ask it of himself or herself; of others, who leads them.
    """
    member = _whose(ask)
    year = which.year_of(ask)
    first, last = moments_of(year, zone=ask.now.tzinfo)
    found = meetings.within(ask.session, which.here(ask), first, last)
    over = [x for x in found if meetings.is_held(x, ask.now) and x.ends <= ask.now]
    over = which.of_words(ask, over, ask.slots.get("of", ""), "past")
    rows = _rows(ask, over, member)
    if member.id != ask.member.id:
        audit.note(
            ask.session, ask.member, "meetings.view", ask.now, subjects=[member.id]
        )
    whose = "您" if member.id == ask.member.id else member.called
    if not rows:
        return f"{year} 年到今天，没有叫{whose}参加、已经开过的会。"
    came = sum(each.came for _, each in rows)
    lines = [f"{year} 年到今天，{whose}应到 {len(rows)} 次，到了 {came} 次。"]
    kinds = Counter(meeting.title for meeting, each in rows if each.came)
    if kinds:
        lines.append("到了：" + "、".join(f"{what} {n}" for what, n in kinds.items()))
    away = [(meeting, each) for meeting, each in rows if not each.came]
    lines += [
        f"没到：{meetings.say(meeting, ask.now)}，{turnout.STATES[each.state]}"
        for meeting, each in away[:MOST]
    ]
    if len(away) > MOST:
        lines.append(f"……还有 {len(away) - MOST} 次没到。")
    return "\n".join(lines)


def _whose(ask: Ask) -> Member:
    """Find whose year is asked for. Raises Denied, and NotMeant for nobody of ours."""
    name = ask.slots.get("person", "")
    if not name:
        return ask.member
    if name in (ask.member.name, ask.member.called):
        return ask.member
    if ask.standing.role < Role.LEADER:
        raise Denied("别的同志参加了几次会，由书记和党小组组长看；您自己的直接问我。")
    scope = Scope(ask.session, ask.standing.branch)
    if name not in scope.called:
        raise NotMeant
    return scope.find_member(name)


def _rows(
    ask: Ask, found: Sequence[Meeting], member: Member
) -> list[tuple[Meeting, Person]]:
    """Pair the meetings that somebody was to come to with what is known of it."""
    listed = turnout.list_all(ask.session, found, ask.now)
    return [
        (meeting, each)
        for meeting in found
        for each in listed[meeting.id]
        if each.member_id == member.id and each.expected
    ]
