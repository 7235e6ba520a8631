"""岗位牌: printed to hang, and as a picture to send on."""

from functools import partial
from pathlib import Path

from bot.branch.people.members import Role
from bot.branch.people.send_file import send_file, send_picture
from bot.branch.records import plates, search
from bot.branch.records.kinds.posts import POST
from bot.branch.records.search import Query
from bot.branch.records.tables import Record
from bot.branch.records.values import values_of
from bot.command import Ask, NotMeant, command
from bot.errors import Denied, Refusal
from bot.files.print import PDF, draw_png, must_have, print_pdf
from bot.message import Reply
from bot.next_steps import send_on
from bot.text.phrases import read_beside
from bot.understanding.slots.person import find_named
from bot.understanding.slots.scope import Scope
from handlers.records.drafts import Draft
from handlers.records.tell import go_on
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


@command(
    "posts.holder",
    help="先锋岗换人，例：把数控那块牌换成王芳的名字",
    phrases=read_beside(Path(POST.beside), "posts.holder"),
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def change_holder(ask: Ask) -> Reply | str:
    """Show a post with another holder; it is told by its name or its room."""
    if "place" not in ask.slots:
        raise Refusal("哪个岗换成谁？例：把数控那块牌换成王芳的名字。")
    scope = Scope(ask.session, ask.standing.branch)
    named = find_named(scope, ask.slots.get("who", ""))
    if named is None:
        raise NotMeant
    place = ask.slots["place"].strip(" 的")
    rows = search.find(ask.session, Query(POST, where(ask)))
    found = [
        row for row in rows if place in f"{row.title}{row.fields.get('place', '')}"
    ]
    if not found:
        raise Refusal(f"没有叫“{place}”的先锋岗。发“三室一岗”看有哪些。")
    if len(found) > 1:
        listed = "、".join(f"{row.id} {row.title}" for row in found[:MOST])
        raise Refusal(f"有几个岗都对得上：{listed}。说“更正先锋岗 编号 党员改成…”。")
    values = values_of(ask.session, found[0])
    changed = {**values, "people": [[named.member.id, named.member.name]]}
    return go_on(ask, Draft(POST, changed, of=found[0].id))
