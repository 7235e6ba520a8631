"""撤回通知: take back a notice that was wrong."""

from bot.branch.notices import notices, withdrawal
from bot.branch.notices.notices import Notice, State
from bot.branch.notices.withdrawal import reached_groups
from bot.branch.people.members import Role
from bot.command import Ask, answering, command
from bot.errors import Refusal
from bot.inbox.open_questions import Open
from bot.message import Reply
from handlers.notices.pick import pick
from handlers.notices.which import ask_which, hear_which

YES = ("确认", "确定", "撤回", "确认撤回", "是", "是的")
NO = ("取消", "算了", "不撤了", "不撤回", "不用了")


@command(
    "recall_notice",
    names=("撤回通知", "收回通知", "撤销通知", "作废通知", "取消通知"),
    examples=(
        "撤回上一条通知",
        "撤回第2条",
        "把昨天发的那条撤回来",
        "撤回第3条通知",
        "撤回党费那个通知",
        "撤回培训的通知",
        "撤回关于交表的通知",
        "把体检那条通知撤回",
        "取消第2条待发的通知",
        "第2条不发了",
        "撤回那条通知",
        "撤回周五开会的通知",
        "撤回我刚发的通知",
        "把通知撤回",
        "把刚才的通知撤回来",
        "把刚才发的通知收回来",
        "把那条通知撤掉",
        "把通知作废",
        "收回刚才的通知",
        "收回上一条通知",
        "通知撤回",
        "通知发错了，撤回",
        "通知发错了，帮我收回",
        "刚才的通知发错了，撤回来",
        "通知内容写错了，赶紧撤回",
        "通知时间写错了，撤回去",
        "通知作废",
        "刚才的通知作废",
        "上一条通知作废，不算数",
        "取消刚才发的通知",
        "取消那条通知",
        "撤销通知",
        "撤销那条通知",
        "撤销刚才那条通知",
        "撤销刚才的通知",
        "撤销上一条通知",
        "刚才那条通知不要了",
        "通知撤了吧",
        "那条通知不算，收回",
        "撤回昨天的通知",
        "撤回昨天发的通知",
        "撤回上周的通知",
        "刚才的通知有误，撤回",
        "通知有误，作废",
        "把通知收回",
    ),
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
    picked = pick(standing, ask.text, ask.now)
    if not picked.found:
        return ask_which(
            ask, "which_recall", "没有找到这样的通知。撤回哪一条？", standing
        )
    if picked.said and len(picked.found) > 1:
        return ask_which(ask, "which_recall", "撤回哪一条通知？", picked.found)
    return _ask_sure(ask, picked.found[0])


@answering("which_recall")
def recall_that(ask: Ask, question: Open) -> str | None:
    meant = hear_which(ask, question)
    return _ask_sure(ask, meant) if isinstance(meant, Notice) else meant


def _ask_sure(ask: Ask, notice: Notice) -> str:
    withdrawal.check(notice, ask.now)
    asked = f"撤回“{notice.title}”吗？"
    ask.put_question("recall_notice", asked, notice=notice.id)
    if notice.goes_at > ask.now or notice.state == State.AWAITING:
        return f"{asked}它还没有发出，撤回就是取消。回“确认”或“取消”。"
    groups = "群里的那条要人工删；" if reached_groups(ask.session, notice) else ""
    return (
        f"{asked}企业微信里的会收回；已经看到的人看到过了，{groups}"
        "在个人微信里看的那一份收不回来。回“确认”撤回，回“取消”不动。"
    )


@answering("recall_notice")
def confirm_recall(ask: Ask, question: Open) -> Reply | str | None:
    said = ask.text.strip(" 。！!，,")
    if said in NO:
        ask.close_question()
        return "好的，没有撤回。"
    if said not in YES:
        return None
    ask.close_question()
    notice = notices.find(ask.session, question.details["notice"])
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
