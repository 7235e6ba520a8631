"""开了没有: whether a kind was held in a stretch, or when it was held last."""

from bot.branch.meetings import meetings
from bot.branch.meetings.kinds import TITLES, find_kind
from bot.branch.meetings.meetings import STAGES, Meeting
from bot.command import Ask, NotMeant, command
from bot.understanding.when import find_period
from handlers.meetings import which

MOST = 6


@command("events.held", help="某个会开过没有", shown=False)
def say_held(ask: Ask) -> str:
    kind, period = find_kind(ask.text), find_period(ask.text, ask.now, "past")
    if kind is None:
        raise NotMeant
    begun = [each for each in which.begun(ask) if each.kind == kind[0]]
    held = [each for each in begun if each.starts_at <= ask.now]
    title = TITLES[kind[0]]
    if period is None:
        none = f"这里没有记过{title}。"
        return f"最近一次：{_say(ask, held[0])}。" if held else none
    ahead = [
        each
        for each in meetings.within(ask.session, which.here(ask), ask.now, period.end)
        if each.kind == kind[0]
    ]
    found = [each for each in held if period.start <= each.starts_at < period.end]
    when = ask.text[slice(*period.span)].strip()
    lines = [
        f"{when}{title}开了 {len(found)} 次："
        if found
        else f"{when}{title}没有开过的记录。"
    ]
    lines += [_say(ask, each) for each in reversed(found[:MOST])]
    lines += [f"还定了：{meetings.say(each, ask.now)}" for each in ahead[:MOST]]
    if not found and which.is_secretary(ask):
        lines.append("真开过的，说“补录 日期 几点 会名”，不要补编。")
    return "\n".join(lines)


def _say(ask: Ask, meeting: Meeting) -> str:
    stage = STAGES[meetings.stage(meeting, ask.now)]
    return f"{meetings.say(meeting, ask.now)}（{stage}）"
