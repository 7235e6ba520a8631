"""The files of a work, and what its author lets be shown of it."""

from pathlib import Path

from bot.branch.records import search
from bot.branch.records.kinds.work import EVERYWHERE, INSIDE, NOWHERE, WORK
from bot.branch.records.search import Query
from bot.branch.records.tables import Record
from bot.branch.works import entries, files
from bot.command import Answer, Ask, answering, command
from bot.errors import Denied, Refusal
from bot.inbox.open_questions import Open
from bot.message import Reply
from bot.received import read_file
from bot.text.phrases import read_beside
from bot.understanding.slots.listed_number import number_ahead
from handlers.records.view import where
from handlers.records.which import find_numbered
from handlers.records.work_rules import SENDING, say_hand_over, where_to
from handlers.records.work_sent import show_sent, takes
from handlers.records.work_steps import may_change
from handlers.records.work_steps import set_consent as set_consent_of

FILE = Path(WORK.beside)
INSIDE_WORDS = ("外网", "网上", "校内")
NO_WORDS = ("撤回", "收回", "不展", "别展")


@command(
    "submit_work.page",
    help="作品的原图、视频在哪里传，例：作品 12 传原图",
    phrases=read_beside(FILE, "submit_work.page"),
    shown=False,
)
def show_page(ask: Ask) -> str:
    work = find_own(ask)
    ask.offer(SENDING, "原图从网页传", work=work.id)
    return where_to(ask, work)


@command(
    "submit_work.drop",
    help="去掉作品的一个文件，例：作品 12 去掉第1个文件",
    phrases=read_beside(FILE, "submit_work.drop"),
    acts=True,
    previewed=True,
    shown=False,
)
def drop_file(ask: Ask) -> Reply:
    work = find_own(ask)
    place = number_ahead(ask.slots.get("n", ""))
    if place is None:
        raise Refusal(f"去掉第几个？说“作品 {work.id} 去掉第1个文件”这样。")
    gone = files.drop(ask.session, work, place, ask.member, ask.now)
    return Reply(f"去掉了“{gone.name}”。\n{where_to(ask, work)}", changed=True)


@answering(SENDING, hears=("image", "file"), offer=True)
def take_picture(ask: Ask, question: Open) -> Answer | None:
    """Keep a picture, or show a file, that is sent right after its work was told."""
    kind, media_id = ask.message.kind, ask.message.fields.get("MediaId", "")
    if kind not in ("image", "file") or not media_id:
        return None
    work = find_numbered(ask, question.details["work"], WORK)
    if kind == "file":
        file = read_file(ask)
        return show_sent(ask, work, file) if takes(work, file) else None
    files.take_picture(ask.session, work, media_id, ask.member, ask.now)
    return Reply(
        f"收下了，算作品 {work.id} 的文件。聊天会压缩图片，能传原图的话：\n"
        f"{where_to(ask, work)}",
        changed=True,
    )


@command(
    "submit_work.consent",
    help="作品让不让展示、展到哪里，例：我的作品别往外网放",
    phrases=read_beside(FILE, "submit_work.consent"),
    acts=True,
    previewed=True,
    shown=False,
)
def set_consent(ask: Ask) -> Reply:
    """Do as an author says at once, and have the secretary look elsewhere."""
    said = ask.slots.get("show", "") or ask.text
    show = EVERYWHERE
    if any(each in said for each in NO_WORDS):
        show = NOWHERE
    elif any(each in said for each in INSIDE_WORDS) and "可以" not in said:
        show = INSIDE
    return Reply(set_consent_of(ask, find_own(ask), show), changed=True)


def find_own(ask: Ask) -> Record:
    """Find the speaker's work: by its number, or her only one. Raises Refusal."""
    number = number_ahead(ask.slots.get("number", ""))
    if number is not None:
        work = find_numbered(ask, number, WORK)
        if not may_change(ask, work):
            raise Denied(f"作品 {number} 不是您的。")
        return work
    mine = search.find(
        ask.session, Query(WORK, where(ask), only_of=ask.member.id), limit=5
    )
    if len(mine) != 1:
        told = "、".join(entries.title_of(each) for each in mine)
        which = (
            f"您有：{told}。请带上编号，说“作品 {mine[0].id} 只在校内展示”这样。"
            if mine
            else ""
        )
        raise Refusal(which or "没有找到您交的作品。")
    return mine[0]


@command(
    "submit_work.hand_in",
    help="心得体会、思想汇报交给谁",
    phrases=read_beside(FILE, "submit_work.hand_in"),
    shown=False,
)
def show_whom(ask: Ask) -> str:
    """Say to whom goes what is no work for a call; nothing is taken in."""
    return say_hand_over(ask)
