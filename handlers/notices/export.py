"""导出: the roll, or a notice's ledger, as a spreadsheet."""

import re
from collections.abc import Sequence

from bot.branch.enrolment import roll
from bot.branch.notices import ledgers, notices, replies
from bot.branch.notices.notices import Notice
from bot.branch.people.members import Role
from bot.command import Ask, answering, command
from bot.inbox.open_questions import Open
from bot.message import Reply
from handlers.notices.pick import number_in, pick
from handlers.notices.which import ask_which, hear_which, say_line

ROLL = ("名册", "党员名单", "党员的名单", "党员们的名单", "党员同志名单", "成员")
DONE = ("导出了", "导出过", "导了", "导过", "下载了", "下载过")
OF_NOTICES = ("通知", "回执", "回复", "台账")
WANTED = re.compile(
    r"导出?来?成?|下载|打包|生成|[一1]?[份个张]|表格?|台账|(?i:excel)|送达|数据"
)
HOW = "名册说“导出名册”，通知台账说“导出通知台账”，别的台账说是哪一种，例：导出服务。"


@command(
    "export",
    help="把名册或通知台账导出成表格，例：导出名册、导出通知台账",
    role=Role.SECRETARY,
    shows=("通知的送达和回复",),
)
def export(ask: Ask) -> Reply | str:
    """Send the roll, or a notice's ledger, the latest one's where none is named.

    A file with so much about people goes only where it is clearly asked for.
    """
    if not ask.meant or _says(ask, DONE):
        return f"这次没有导出。{HOW}"
    if _says(ask, ROLL):
        name = roll.send_roll(
            ask.session, ask.standing.branch, ask.member, ask.made, ask.now
        )
        return Reply(f"“{name}”正在发到您的手机上，改好了可以让管理员再导入。")
    number = number_in(ask.text)
    if number is None and not _says(ask, OF_NOTICES):
        return f"没听出要导出哪一样，这次没有导出。{HOW}"
    found = notices.latest(ask.session, ask.standing.branch)
    if not found:
        return "还没有发过通知，没有台账可导出。"
    if number is not None:
        return _export_numbered(ask, found, number)
    picked = pick(found, WANTED.sub("", ask.text), ask.now)
    if not picked.said:
        return _send(ask, found[0])
    if len(picked.found) == 1:
        return _send(ask, picked.found[0])
    lost = "" if picked.found else "没有找到这样的通知。"
    asked = f"{lost}导出哪一条的台账？"
    return ask_which(ask, "which_export", asked, picked.found or found)


def _says(ask: Ask, words: Sequence[str]) -> bool:
    return any(each in ask.text for each in words)


@answering("which_export")
def export_that(ask: Ask, question: Open) -> Reply | str | None:
    meant = hear_which(ask, question)
    return _send(ask, meant) if isinstance(meant, Notice) else meant


def _export_numbered(ask: Ask, found: Sequence[Notice], number: int) -> Reply | str:
    """Take the number that lists show before a notice, else count from the newest.

    One that she was only sent is another branch's, and counts no place here.
    """
    for each in found:
        if each.id == number:
            return _send(ask, each)
    sent = replies.sent_to(ask.session, ask.member, ask.now)
    if any(each.id == number for each, _ in sent):
        told = f"第 {number} 条不是本支部发的，这里没有它的台账。"
    elif 1 <= number <= len(found):
        return _send(ask, found[number - 1])
    else:
        told = f"没有第 {number} 条。"
    lines = [say_line(ask, each) for each in found]
    how = f"要哪一条，就说“导出第 {found[0].id} 条”。"
    return "\n".join([f"{told}最近的通知共 {len(found)} 条：", *lines, how])


def _send(ask: Ask, notice: Notice) -> Reply:
    name = ledgers.send_ledger(ask.session, notice, ask.member, ask.made, ask.now)
    return Reply(f"“{name}”正在发到您的手机上。")
