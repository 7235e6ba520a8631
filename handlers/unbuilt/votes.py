"""投票: what is being voted on, casting a vote, the outcome."""

from bot.command import Ask, command
from bot.next_steps import not_yet


@command(
    "vote",
    help="看正在进行的投票，投出自己的一票",
    shown=False,
    built=False,
)
def vote(ask: Ask) -> str:
    return not_yet(ask, "投票", "正式表决请以会上为准")
