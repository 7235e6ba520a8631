"""作品展 and 奖状: what is shown to whom, and what is printed for whoever won."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path

from bot.branch.people.members import Role
from bot.branch.people.send_file import send_file
from bot.branch.records import open_pages
from bot.branch.records.kinds.call import POPULAR
from bot.branch.records.kinds.work import WORK
from bot.branch.records.values import values_of
from bot.branch.works import certificates, entries, prizes, showing
from bot.branch.works.certificates import WorkCertificate
from bot.command import Ask, command
from bot.errors import Refusal
from bot.files.print import PDF, must_have, print_pdf
from bot.message import Reply
from bot.text.phrases import read_beside
from handlers.records.view import where
from handlers.records.which import find_numbered, read_number

FILE = Path(WORK.beside)
OPEN_FOR = timedelta(days=183)
DONE = ("public", "announced")


@command(
    "submit_work.show",
    help="把作品展出来，要作品展的网页",
    phrases=read_beside(FILE, "submit_work.show"),
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def show(ask: Ask) -> Reply:
    """Show what may be shown: inside to the branch, outside what its authors allow."""
    branch = where(ask)
    call = entries.latest_call(ask.session, branch, "announced", named=ask.text)
    count, kept = showing.show_all(ask.session, call, ask.member, ask.now)
    if not count:
        raise Refusal("没有一件可以展出：作者没有同意，或者画面里的人还没问过。")
    outside = len(showing.shown(ask.session, call, outside=True))
    left = f"{kept} 件没有同意或没问过画面里的人，没有展。" if kept else ""
    pages = _pages(ask, call.id, branch.id, outside)
    return Reply(
        f"“{call.title}”展出 {count} 件。{left}{pages}"
        "作者随时可以说“我的作品别往外网放”“我的作品不展了”，网页马上撤下。",
        changed=True,
    )


def _pages(ask: Ask, call_id: int, branch_id: int, outside: int) -> str:
    url = ask.config.server.public_url
    if not url:
        return "还没有配置网页的地址，网页展厅用不了。"
    told = f"\n支部里看：{url}/m/gallery/{call_id}\n"
    if not outside:
        return told
    page = open_pages.give(
        ask.session,
        "gallery",
        branch_id,
        ask.member,
        ask.now,
        record_id=call_id,
        goes_at=ask.now + OPEN_FOR,
    )
    return (
        f"{told}外面看（{outside} 件作者同意上网的，半年）：{url}/m/show/{page.door}\n"
    )


@command(
    "submit_work.like",
    help="给展出的作品点赞，例：给7号作品点赞",
    phrases=read_beside(FILE, "submit_work.like"),
    acts=True,
    previewed=True,
    shown=False,
)
def like(ask: Ask) -> Reply | str:
    """Note a like, where the call has them on; it is no part of any prize."""
    call = entries.latest_call(ask.session, where(ask), "announced")
    if values_of(ask.session, call).get("popular") != POPULAR:
        raise Refusal(showing.NOT_POPULAR.format(title=call.title))
    if not (mark := ask.slots.get("mark", "")):
        raise Refusal("给几号点赞？例：给7号作品点赞。")
    work = entries.find_marked(ask.session, call, int(mark))
    if not showing.like(ask.session, call, work, ask.member, ask.now):
        return f"{mark} 号您已经点过了，一件点一次。"
    return Reply(f"给 {mark} 号点赞了。只作人气，不影响评奖。", changed=True)


@command(
    "submit_work.certificate",
    help="打印获奖作品的奖状",
    phrases=read_beside(FILE, "submit_work.certificate"),
    role=Role.SECRETARY,
    shown=False,
)
def send_certificates(ask: Ask) -> Reply:
    call = entries.latest_call(ask.session, where(ask), *DONE, named=ask.text)
    won = prizes.winners(ask.session, call)
    rows = [
        certificates.number_for(ask.session, each, ask.member, ask.now) for each in won
    ]
    if not rows:
        raise Refusal(f"“{call.title}”没有获奖的作品。")
    _send(ask, f"奖状-{call.title}.pdf", rows)
    numbers = f"{rows[0].number} 到 {rows[-1].number}"
    return Reply(
        f"{len(rows)} 张奖状发到您手机上了，编号 {numbers}。"
        "盖章的地方空着。名字错了先更正作品，再说“作品 12 的奖状重出”。",
        changed=True,
    )


@command(
    "submit_work.reissue",
    help="奖状重出一张，原编号作废，例：作品 12 的奖状重出",
    phrases=read_beside(FILE, "submit_work.reissue"),
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def reissue(ask: Ask) -> Reply:
    work = find_numbered(ask, read_number(ask, "作品 12 的奖状重出"), WORK)
    row, void = certificates.reissue(ask.session, work, ask.member, ask.now)
    _send(ask, f"奖状-{row.number}.pdf", [row])
    return Reply(
        f"重出好了，新编号 {row.number}；原来的 {void} 作废，请收回。", changed=True
    )


def _send(ask: Ask, name: str, rows: Sequence[WorkCertificate]) -> None:
    day = ask.now.date()
    values = certificates.print_certificates(ask.session, rows, day)
    made = ask.made.get(name, partial(print_pdf, "certificate", values))
    send_file(ask.session, name, PDF, must_have(made), ask.member, ask.now)
