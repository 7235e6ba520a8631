"""反映困难、交作品: what a member brings to the branch."""

from bot.branch.people.referral import ABOVE
from bot.command import Ask, command
from bot.next_steps import not_yet, send_on


@command(
    "concern",
    help="向支部反映困难、问题或建议",
    shown=False,
    built=False,
)
def raise_concern(ask: Ask) -> str:
    told = "这样的事请直接告诉书记或支委，他们会记着"
    step = send_on(ask, told, f"可以先照老办法记着，支部办不了的{ABOVE}")
    return not_yet(ask, "反映困难和建议", step)


@command(
    "submit_work",
    help="交作品或心得体会",
    shown=False,
    built=False,
)
def submit_work(ask: Ask) -> str:
    step = send_on(ask, "作品可以先直接交给书记或宣传委员", "作品可以先照老办法收着")
    return not_yet(ask, "交作品", step)
