"""企业确认: a page on which a company says that a service was so."""

from pathlib import Path

from bot.branch.people.members import Role
from bot.branch.records import confirmed, parties
from bot.branch.records.kinds.service import SERVICE
from bot.command import Ask, command
from bot.errors import Denied, Refusal
from bot.message import Reply
from bot.text.phrases import read_beside
from handlers.records.which import find_numbered, read_number

NO_PAGES = "还没有配置网页的地址。请把服务单打印出来盖章，拍照发给我。"


@command(
    "service.page",
    help="给企业确认服务的网页，例：服务 12 给企业确认",
    phrases=read_beside(Path(SERVICE.beside), "service.page"),
    acts=True,
    previewed=True,
    shown=False,
)
def give_page(ask: Ask) -> Reply:
    """Give the address to whoever was there: she sends it on to the company."""
    row = find_numbered(ask, read_number(ask, "服务 12 给企业确认"), SERVICE)
    office = ask.standing.role >= Role.SECRETARY
    if not office and not parties.is_about(ask.session, row, ask.member):
        raise Denied(f"服务 {row.id} 由去过的同志或者书记请企业确认。")
    url = ask.config.server.public_url
    if not url:
        raise Refusal(NO_PAGES)
    page = confirmed.open_page(ask.session, row, ask.member, ask.now)
    return Reply(
        f"把这个网页发给企业的联系人，{confirmed.OPEN_FOR.days} 天内有效，不用账号：\n"
        f"{url}/m/confirm/{page.door}\n对方确认了，或者说有出入，我告诉您。",
        changed=True,
    )
