"""台账: figures and files."""

from bot.branch.people.members import Role
from bot.command import Ask, command
from bot.next_steps import not_yet

BY_HAND = "支部现有的台账请先照旧查"


@command(
    "stats",
    help="看支部的汇总数字",
    shown=False,
    built=False,
    role=Role.SECRETARY,
)
def show_stats(ask: Ask) -> str:
    return not_yet(ask, "统计", BY_HAND)
