"""附文件: how a picture or file gets into a notice, told before there is one."""

from bot.branch.notices import previews
from bot.branch.people.members import Role
from bot.command import Ask, command


@command(
    "broadcast.enclose",
    help="通知里加图片和文件的办法",
    role=Role.SECRETARY,
    shown=False,
)
def tell_how(ask: Ask) -> str:
    pages = bool(ask.config.server.public_url)
    return previews.HOW_TO_ENCLOSE if pages else previews.HOW_TO_SEND_PICTURES
