"""会议和活动: what is on, when and where, and what one has answered."""

from datetime import timedelta

from bot.branch.meetings import leaves, meetings, turnout
from bot.branch.meetings.kinds import TITLES, find_kind
from bot.branch.meetings.meetings import Meeting, State
from bot.branch.people.members import Role
from bot.command import Ask, command
from bot.understanding.when import find_period
from handlers.meetings import which

MOST = 6
AHEAD = timedelta(days=92)
HOW_LEAVE = "去不了的，发“请假”加一句原因，书记批了会告诉您。"


@command("events", help="看看近期的会议和活动")
def list_events(ask: Ask) -> str:
    branch = which.here(ask)
    since = ask.now - timedelta(days=1)
    ahead = meetings.within(ask.session, branch, since, ask.now + AHEAD, cancelled=True)
    found = [each for each in ahead if each.ends >= ask.now and _meant(ask, each)]
    on = [each for each in found if each.state != State.CANCELLED]
    off = [each for each in found if each.state == State.CANCELLED]
    if not found:
        return _nothing(ask)
    lines = [_say(ask, each) for each in on[:MOST]]
    lines += [f"已取消：{meetings.say(each, ask.now)}" for each in off[:MOST]]
    if len(on) > MOST:
        lines.append(f"另有 {len(on) - MOST} 个。")
    if "请假" in ask.text or "去不了" in ask.text:
        lines.append(HOW_LEAVE)
    return "\n".join(lines)


def _meant(ask: Ask, meeting: Meeting) -> bool:
    kind = find_kind(ask.text)
    if kind and kind[0] != meeting.kind:
        return False
    period = find_period(ask.text, ask.now, "future")
    return period is None or period.start <= meeting.starts_at < period.end


def _nothing(ask: Ask) -> str:
    kind, period = find_kind(ask.text), find_period(ask.text, ask.now, "future")
    what = TITLES[kind[0]] if kind else "会议或活动"
    when = ask.text[slice(*period.span)].strip() if period else "近期"
    how = "定了会发通知给您。"
    if ask.standing.role >= Role.SECRETARY:
        how = "要开，说“安排会议 周三下午两点支部大会”。"
    return f"{when}没有定好的{what}。{how}"


def _say(ask: Ask, meeting: Meeting) -> str:
    """Say all that the call said, and where oneself stands."""
    parts = [meetings.say(meeting, ask.now)]
    if items := meetings.agenda(ask.session, meeting):
        parts.append(f"议题：{'；'.join(items)}")
    if meeting.lecturer:
        parts.append(f"主讲：{meeting.lecturer}")
    mine = _mine(ask, meeting)
    return "；".join(parts) + (f"\n　您：{mine}" if mine else "")


def _mine(ask: Ask, meeting: Meeting) -> str:
    me = turnout.find_person(ask.session, meeting, ask.member.id, ask.now)
    if me is None:
        return ""
    if me.leave and not me.came:
        return f"请假，{leaves.SAID[me.leave]}"
    again = f"（改期前您回的是“{me.said_before}”）" if me.said_before else ""
    if me.state == "called":
        return f"还没回复，请回“能参加”或“请假”{again}"
    return turnout.STATES[me.state]
