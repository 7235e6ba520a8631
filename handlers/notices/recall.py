"""撤回通知: take back a notice that was wrong."""

from bot.branch.notices import notices, withdrawal
from bot.branch.notices.notices import Notice, State
from bot.branch.notices.withdrawal import reached_groups
from bot.branch.people.members import Role
from bot.command import Ask, Drafting, Kept, answering, command
from bot.errors import Refusal
from bot.inbox.open_questions import Open
from bot.message import Reply
from handlers.notices.pick import pick
from handlers.notices.which import ask_which, hear_which


@command(
    "recall_notice",
    help="撤回发错的通知",
    role=Role.SECRETARY,
    acts=True,
)
def recall_notice(ask: Ask) -> str:
    """Ask first: what is taken back, and what recall cannot do."""
    found = notices.latest(ask.session, ask.standing.branch)
    standing = [each for each in found if each.state != State.WITHDRAWN]
    if not standing:
        raise Refusal("没有可以撤回的通知。")
    words = "" if "back" in ask.slots else ask.text
    picked = pick(standing, words, ask.now)
    if not picked.found:
        return ask_which(
            ask, "which_recall", "没有找到这样的通知。撤回哪一条？", standing
        )
    if picked.said and len(picked.found) > 1:
        return ask_which(ask, "which_recall", "撤回哪一条通知？", picked.found)
    return ask_sure(ask, picked.found[0])


@answering("which_recall")
def recall_that(ask: Ask, question: Open) -> str | None:
    meant = hear_which(ask, question)
    return ask_sure(ask, meant) if isinstance(meant, Notice) else meant


def ask_sure(ask: Ask, notice: Notice) -> str:
    """Ask whether it is to be taken back, and say what that cannot do."""
    withdrawal.check(notice, ask.now)
    asked = f"撤回“{notice.title}”吗？"
    ask.put_draft("recall_notice", asked, notice=notice.id)
    if notice.goes_at > ask.now or notice.state == State.AWAITING:
        return f"{asked}它还没有发出，撤回就是取消。回“确认”或“取消”。"
    groups = "群里的那条要人工删；" if reached_groups(ask.session, notice) else ""
    return (
        f"{asked}企业微信里的会收回；已经看到的人看到过了，{groups}"
        "在个人微信里看的那一份收不回来。回“确认”撤回，回“取消”不动。"
    )


def _withdraw(ask: Ask, kept: Kept) -> Reply:
    ask.close_question()
    notice = notices.find(ask.session, kept["notice"])
    done = withdrawal.withdraw(ask.session, notice, ask.member, ask.now)
    if done.kept:
        text = f"已取消：“{notice.title}”没有发给任何人。"
    else:
        stopped = f"，另外 {done.stopped} 人还没发到、不发了" if done.stopped else ""
        held = f"，{done.held} 人正在发送、送到后再收回" if done.held else ""
        text = (
            f"正在撤回“{notice.title}”：{done.taken_back} 人已送达的在收回"
            f"{held}{stopped}。要补充说明，发“更正 新的内容”。"
        )
    return Reply(text, changed=True)


WITHDRAWAL = Drafting(
    "recall_notice",
    show=lambda ask, kept: ask_sure(ask, notices.find(ask.session, kept["notice"])),
    confirm=_withdraw,
    verbs=("撤回", "撤", "撤掉", "撤了", "收回", "收"),
    dropped="好的，没有撤回。",
)
