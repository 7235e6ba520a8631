"""三会一课体检: what was due, what was held, which months are missing, what to do."""

from bot.branch.meetings import digest, frequency
from bot.branch.meetings.kinds import find_kind
from bot.branch.people.members import Role
from bot.branch.people.tree import BranchKind
from bot.command import Ask, command
from bot.rulebook.citing import cite
from handlers.meetings import which

ABOVE = (BranchKind.COMMITTEE, BranchKind.GENERAL)


@command(
    "frequency",
    help="三会一课开全了没有，缺哪几个月",
    role=Role.SECRETARY,
)
def show_frequency(ask: Ask) -> str:
    year, branch = which.year_of(ask), ask.standing.branch
    kind = find_kind(ask.text.replace("三会一课", ""))
    above = not kind and branch.kind in ABOVE
    if above and (below := digest.describe_below(ask.session, branch, year, ask.now)):
        return f"【三会一课体检】{branch.name} {year} 年\n{below}"
    if not kind:
        return digest.describe(ask.session, branch, year, ask.now)
    every = frequency.check_year(ask.session, branch, year, ask.now)
    lines = [each for each in every if each.kind == kind[0]]
    said = [*map(digest.say_line, lines), frequency.advise(lines)]
    return "\n".join([*filter(None, said), *cite(each.rule for each in lines)])
