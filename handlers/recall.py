"""撤回通知: take back a notice that was wrong."""

from bot.branch.members import Role
from bot.command import Ask, command
from handlers._unbuilt import not_yet


@command(
    "recall_notice",
    names=("撤回通知", "收回通知", "撤销通知", "作废通知", "取消通知"),
    examples=(
        "撤回上一条通知",
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
    ),
    help="撤回发错的通知",
    role=Role.SECRETARY,
    acts=True,
)
def recall_notice(ask: Ask) -> str:
    return not_yet("撤回通知", "可以再发一条通知更正")
