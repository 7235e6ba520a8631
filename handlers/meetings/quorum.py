"""要多少人到才算数: how many have a vote, how many must come, by which rule."""

from bot.branch.meetings import quorum, voters
from bot.branch.meetings.kinds import TITLES, Kind, Matter, find_kind, matter_of
from bot.branch.meetings.plans import Plan
from bot.command import Ask, NotMeant, command
from bot.understanding.when.numbers import find_number
from handlers.meetings import which

WORDS = {
    Matter.ADMISSION: "讨论接收、转正的支部党员大会",
    Matter.ELECTION: "选举的支部党员大会",
}


@command("attendance.quorum", help="开会要到几个人才算数", shown=False)
def say_quorum(ask: Ask) -> str:
    """Reckon for the branch as it is today, or for the figures that are said."""
    today, branch = ask.now.date(), which.here(ask)
    found = find_kind(ask.text)
    kind, matter = found[0] if found else Kind.GENERAL, matter_of(ask.text)
    if "选" in ask.slots.get("for", ""):
        matter = Matter.ELECTION
    of = find_number(ask.slots.get("of", ""))
    voting = of or len(voters.voters(ask.session, Plan(kind, branch.id), today))
    need = quorum.needed(kind, matter, voting, today)
    if need is None:
        return f"{TITLES[kind]}没有查到人数的规定，人到齐了开最好。"
    what = WORDS.get(matter, TITLES[kind])
    whose = "" if of else branch.name
    lines = [f"{what}：{whose}有表决权 {voting} 人，至少到会 {need.need} 人才能开。"]
    here = find_number(ask.slots.get("here", ""))
    if here is not None:
        verdict = "够了" if here >= need.need else f"还差 {need.need - here} 人"
        lines.append(f"到了 {here} 人，{verdict}（按都有表决权算）。")
    if "here" in ask.slots and here is None:
        raise NotMeant
    rule = need.rules[0]
    return "\n".join([*lines, rule.text, rule.citation])
