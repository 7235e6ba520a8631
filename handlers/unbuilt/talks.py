"""交作品: what a member hands in."""

from bot.command import Ask, command
from bot.next_steps import not_yet, send_on


@command(
    "submit_work",
    help="交作品或心得体会",
    shown=False,
    built=False,
)
def submit_work(ask: Ask) -> str:
    step = send_on(ask, "作品可以先直接交给书记或宣传委员", "作品可以先照老办法收着")
    return not_yet(ask, "交作品", step)
