"""三室一岗: the studios and the pioneer posts of the branch."""

from bot.command import Ask, command
from bot.next_steps import not_yet


@command(
    "posts",
    names=("三室一岗", "先锋岗", "党员先锋岗", "我的岗位", "劳模工作室", "博士工作室"),
    examples=(
        "三室一岗有哪些",
        "三室一岗指的是什么",
        "三室一岗是哪些地方",
        "三室一岗都有谁负责",
        "党员先锋岗在哪里",
        "党员先锋岗都有谁",
        "党员先锋岗名单",
        "有几个先锋岗",
        "哪些实训室有先锋岗",
        "先锋岗的职责",
        "我的先锋岗",
        "我是哪个岗",
        "我负责哪个岗位",
        "我的岗位职责",
        "我的先锋岗要做什么",
        "书记工作室在哪",
        "书记工作室是干什么的",
        "劳模工作室在几楼",
        "劳模工作室有谁",
        "博士工作室是谁负责的",
        "博士工作室有哪些成员",
        "数控实训室的先锋岗是谁",
    ),
    help="看三室一岗和先锋岗",
    shown=False,
    built=False,
)
def show_posts(ask: Ask) -> str:
    return not_yet(ask, "三室一岗")
