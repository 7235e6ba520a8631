"""附文件: how a picture or file gets into a notice, told before there is one."""

from bot.branch.notices import previews
from bot.branch.people.members import Role
from bot.command import Ask, command


@command(
    "broadcast.enclose",
    names=(
        "通知怎么带附件",
        "附文件",
        "加图片",
        "加附件",
        "传文件",
        "上传文件",
        "上传图片",
        "上传附件",
    ),
    examples=(
        "怎么在通知里加图片",
        "通知能带附件吗",
        "通知里怎么放文件",
        "通知可以带图片吗",
        "发个带图片的通知",
        "发一个带附件的通知",
        "给大家发个文件",
        "给全体党员发个文件",
        "怎么给大家发文件",
        "能给大家发文件吗",
        "把这个文件发给大家",
        "把文件发给全体党员",
        "发一张图片给全体党员",
        "怎么把图片发给大家",
    ),
    help="通知里加图片和文件的办法",
    role=Role.SECRETARY,
    shown=False,
)
def tell_how(ask: Ask) -> str:
    pages = bool(ask.config.server.public_url)
    return previews.HOW_TO_ENCLOSE if pages else previews.HOW_TO_SEND_PICTURES
