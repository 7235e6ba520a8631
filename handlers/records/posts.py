"""岗位牌: printed to hang, and as a picture to send on."""

from functools import partial
from pathlib import Path

from bot.branch.people.members import Role
from bot.branch.people.send_file import send_file, send_picture
from bot.branch.records import plates
from bot.branch.records.kinds.posts import POST
from bot.branch.records.tables import Record
from bot.command import Ask, command
from bot.errors import Denied, Refusal
from bot.files.print import PDF, draw_png, must_have, print_pdf
from bot.message import Reply
from bot.next_steps import send_on
from bot.text.phrases import read_beside
from bot.understanding.slots.person import find_named
from bot.understanding.slots.scope import Scope
from handlers.records.view import where

MOST = 4


@command(
    "posts.plate",
    help="岗位牌的图片和打印的 PDF，例：亮一下我的岗位牌",
    phrases=read_beside(Path(POST.beside), "posts.plate"),
    shown=False,
)
def send_plates(ask: Ask) -> Reply:
    """Send the plate of one's own post; the secretary gets anybody's."""
    for row in _find(ask):
        values = plates.plate(ask.session, row, ask.now.year)
        name = f"岗位牌-{row.title}"
        pdf = ask.made.get(f"{name}.pdf", partial(print_pdf, "plate", values))
        png = ask.made.get(f"{name}.png", partial(draw_png, "plate", values))
        to, now = ask.member, ask.now
        send_picture(ask.session, f"{name}.png", must_have(png), to, now)
        send_file(ask.session, f"{name}.pdf", PDF, must_have(pdf), to, now)
    more = "职责、承诺没写的，请书记补上再要一次。"
    if ask.standing.role >= Role.SECRETARY:
        more = "职责、承诺没写的，更正先锋岗补上再要一次。"
    return Reply(
        f"岗位牌发到您手机上了：图片可以转发，PDF 用 A4 横着打印。{more}", changed=True
    )


def _find(ask: Ask) -> list[Record]:
    """Find whose plates are meant. Raises Refusal for nobody's, Denied for others'."""
    branch = where(ask)
    named = find_named(Scope(ask.session, branch), ask.text)
    member = named.member if named else None
    if member is None and "我" not in ask.text:
        by_name = plates.find_posts(ask.session, branch, None, ask.text)
    else:
        who = member.id if member else ask.member.id
        by_name = plates.find_posts(ask.session, branch, who)
    if not by_name:
        called = member.called if member else "您"
        step = send_on(ask, "设岗请找书记", "要设就说“设先锋岗 数控精度岗，王芳”")
        raise Refusal(f"没有找到{called}的先锋岗。{step}。")
    own = member is None or member.id == ask.member.id
    if ask.standing.role < Role.COMMITTEE and not own:
        raise Denied("别人的岗位牌由支委来打印。")
    return by_name[:MOST]
