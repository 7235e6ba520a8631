"""打开后台: a link that signs in its owner, for ten minutes, once."""

from bot.branch.console import links
from bot.branch.people.members import Role
from bot.command import Ask, command

NO_ADDRESS = "后台还没有网址：请管理员在设置的 [server] public_url 里写上，再重启。"


@command(
    "console",
    help="打开后台：在网页上看和办支部的事",
    role=Role.COMMITTEE,
    private=True,
)
def open_console(ask: Ask) -> str:
    address = ask.config.server.public_url
    if not address:
        return NO_ADDRESS
    own_part = links.make(ask.session, ask.member, ask.now)
    return (
        f"点开登录后台（十分钟内有效，只能用一次，不要转给别人）：\n"
        f"{address}/console/enter/{own_part}"
    )
