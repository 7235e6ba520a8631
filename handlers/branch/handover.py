"""换届交接包: what a new committee is given, as one zip, with what is still open."""

from io import BytesIO

from bot.branch.inspection.handover import write_handover
from bot.branch.inspection.items import Asked
from bot.branch.people import audit
from bot.branch.people.members import Role
from bot.branch.people.send_file import send_file
from bot.command import Ask, command
from bot.message import Reply
from handlers.branch.pack import LARGEST, ZIP

SHOWN = 8


@command(
    "pack.handover",
    help="换届交接包：名册、各年台账、往来单位和未了事项",
    role=Role.SECRETARY,
)
def send_handover(ask: Ask) -> Reply | str:
    asked = Asked(ask.session, ask.standing.branch, ask.now.year, ask.now, ask.config)
    out = BytesIO()
    handed = write_handover(asked, out)
    content = out.getvalue()
    if len(content) > LARGEST:
        return (
            "材料太多，聊天里发不了。请管理员在服务器上运行 xiangyang pack --handover。"
        )
    name = f"换届交接包-{ask.now:%Y%m%d-%H%M}.zip"
    send_file(ask.session, name, ZIP, content, ask.member, ask.now)
    audit.note(ask.session, ask.member, "pack.made", ask.now, details="交接")
    lines = [
        f"换届交接包：{len(handed.files)} 份材料，“{name}”正在发到您的手机上，"
        "交接清单有三方签名的地方。",
        f"未了事项 {len(handed.open)} 项：" if handed.open else "没有未了的事项。",
        *(
            f"· {what}：{which}{f'（{day}）' if day else ''}"
            for what, which, day in handed.open[:SHOWN]
        ),
    ]
    if (more := len(handed.open) - SHOWN) > 0:
        lines.append(f"……还有 {more} 项，包里有全的。")
    return Reply("\n".join(lines))
