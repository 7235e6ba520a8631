"""三室一岗: the studios and the pioneer posts of the branch."""

from bot.command import Ask, command
from bot.next_steps import not_yet


@command(
    "posts",
    help="看三室一岗和先锋岗",
    shown=False,
    built=False,
)
def show_posts(ask: Ask) -> str:
    return not_yet(ask, "三室一岗")
