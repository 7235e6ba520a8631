"""五个一、七个一: a member's own list of the year."""

from bot.command import Ask, command
from bot.next_steps import not_yet


@command(
    "checklist",
    names=("五个一", "七个一", "清单", "我的清单", "待办", "任务清单"),
    examples=(
        "我的五个一",
        "五个一有哪些",
        "五个一完成情况",
        "五个一做了几个",
        "五个一我还差什么",
        "我的七个一完成了没有",
        "七个一还剩几项",
        "七个一进度",
        "七个一是哪七个",
        "我的清单完成多少了",
        "看看我的清单还差什么",
        "我还有什么没做",
        "我今年还有哪些任务没完成",
        "还有什么要我做的",
        "我的待办有哪些",
        "有什么待办事项",
        "任务完成情况",
        "五个一 谈心谈话 完成",
        "五个一里的一次感悟我写完了",
        "七个一 第二项做完了",
        "七个一的第一项完成",
        "清单里的党性体检我做好了",
        "党性体检做完了，勾掉",
        "把五个一里的谈心勾上",
    ),
    help="看自己的五个一、七个一完成到哪里",
    shown=False,
    built=False,
)
def show_checklist(ask: Ask) -> str:
    return not_yet(ask, "五个一、七个一清单")
