"""参观预约: the page for people outside, and what becomes of what they ask for."""

from pathlib import Path

from bot.branch.people import audit
from bot.branch.people.members import Role
from bot.branch.records import open_pages
from bot.branch.records.kinds.visit import VISIT
from bot.branch.records.tables import Record
from bot.branch.records.values import values_of
from bot.branch.records.visits import phone_of
from bot.command import Ask, command
from bot.errors import Refusal
from bot.message import Reply
from bot.storage.encrypted import can_seal
from bot.text.phrases import read_beside
from handlers.records import preview, visit_steps
from handlers.records.reading import Reader
from handlers.records.view import where
from handlers.records.which import find_numbered, read_number

FILE = Path(VISIT.beside)
NO_PAGES = "还没有配置网页的地址，参观预约的网页用不了。"
CLOSING = ("关", "停用", "收回")
KEPT = "联系电话加密保存，参观后半年自动清除。"
NOT_KEPT = "还没有设加密的密钥，联系电话不会留下，请对方看网页上的结果。"


@command(
    "visit.page",
    help="给外单位约参观的网页",
    phrases=read_beside(FILE, "visit.page"),
    role=Role.SECRETARY,
    shown=False,
)
def give_page(ask: Ask) -> Reply:
    """Give the address of the form, or close it; a new one has another address."""
    branch = where(ask)
    if any(each in ask.text for each in CLOSING):
        count = open_pages.close(ask.session, "visit", branch.id, ask.now)
        told = "关掉了，原来的地址打不开了。" if count else "现在没有开着的预约网页。"
        return Reply(told, changed=bool(count))
    url = ask.config.server.public_url
    if not url:
        raise Refusal(NO_PAGES)
    page = open_pages.give(ask.session, "visit", branch.id, ask.member, ask.now)
    kept = KEPT if can_seal(ask.session) else NOT_KEPT
    return Reply(
        f"外单位在这里约参观，不用账号：\n{url}/m/visit/{page.door}\n"
        f"有人约了我告诉书记，定下来之前不算。{kept}"
        "不用了说“关掉参观预约网页”。",
        changed=True,
    )


@command(
    "visit.agree",
    help="同意网页上约的参观，例：同意接待 12，王芳讲解，地点：数控实训室",
    phrases=read_beside(FILE, "visit.agree"),
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def agree(ask: Ask) -> Reply:
    """Settle a visit: who guides, and where; the guide is told."""
    row = _asked(ask)
    rest = ask.slots.get("rest", "")
    heard = Reader(ask, VISIT, rest).read(rest) if rest else None
    guides = visit_steps.agree(ask, row, heard.values if heard else {})
    told = preview.line(VISIT, row, values_of(ask.session, row), ask)
    who = (
        f"告诉{'、'.join(guides)}了。"
        if guides
        else "讲解还没定，说“更正接待 {} 讲解王芳”。"
    )
    return Reply(
        f"定了：{told}\n{who.format(row.id)}对方在他的网页上看得到结果。"
        f"{_call(ask, row)}",
        changed=True,
    )


def _call(ask: Ask, row: Record) -> str:
    known = phone_of(ask.session, row)
    return f"要打电话说“接待 {row.id} 的联系电话”。" if known else ""


@command(
    "visit.decline",
    help="婉拒网页上约的参观，例：婉拒接待 12 那天有考试",
    phrases=read_beside(FILE, "visit.decline"),
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def decline(ask: Ask) -> Reply:
    row = _asked(ask)
    why = ask.slots.get("rest", "").strip(" ，,。")
    return Reply(visit_steps.decline(ask, row, why), changed=True)


@command(
    "visit.contact",
    help="来访单位的联系电话，例：接待 12 的联系电话",
    phrases=read_beside(FILE, "visit.contact"),
    role=Role.SECRETARY,
    shown=False,
    private=True,
)
def show_contact(ask: Ask) -> str:
    row = find_numbered(ask, read_number(ask, "接待 12 的联系电话"), VISIT)
    audit.note(ask.session, ask.member, "records.view", ask.now, details="来访联系电话")
    told = phone_of(ask.session, row)
    return (
        f"接待 {row.id}：{told}"
        if told
        else f"接待 {row.id} 没有留电话，或者已经清除。"
    )


def _asked(ask: Ask) -> Record:
    return find_numbered(ask, read_number(ask, "同意接待 12"), VISIT)
