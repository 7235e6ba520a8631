"""服务、荣誉、参观接待: what members and the branch did."""

from bot.command import Ask, command
from bot.next_steps import not_yet


@command(
    "visit",
    help="登记或预约参观接待",
    shown=False,
    built=False,
)
def visit(ask: Ask) -> str:
    return not_yet(ask, "参观接待")
