"""五个一、七个一: a member's own list of the year."""

from bot.command import Ask, command
from bot.next_steps import not_yet


@command(
    "checklist",
    help="看自己的五个一、七个一完成到哪里",
    shown=False,
    built=False,
)
def show_checklist(ask: Ask) -> str:
    return not_yet(ask, "五个一、七个一清单")
