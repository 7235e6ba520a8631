"""帮助: what the assistant can do for whoever asks."""

from bot.branch.members import Role
from bot.command import Ask, Command, command

FIRST = (
    "checkin",
    "my_checkins",
    "undo",
    "notices",
    "receipt",
    "my_birthday",
    "birthdays",
    "ask",
    "dues",
    "broadcast",
    "notice_status",
    "nudge",
)


@command(
    "help",
    names=("帮助", "?", "？", "help", "功能", "菜单"),
    examples=(
        "你会什么",
        "你能做什么",
        "怎么用",
        "有什么功能",
        "使用说明",
        "我该怎么跟你说",
        "你是谁",
        "能帮我干什么",
        "教教我怎么用",
        "有哪些口令",
        "你都会什么",
        "你能干什么",
        "你可以做什么",
        "你有什么用",
        "你有哪些功能",
        "能做哪些事",
        "介绍一下你自己",
        "介绍一下功能",
        "功能列表",
        "功能说明",
        "操作指南",
        "使用帮助",
        "怎么使用",
        "这个怎么用",
        "这个小助手怎么用",
        "我该怎么用你",
        "不会用",
        "不知道怎么用",
        "教我用一下",
        "教一下怎么操作",
        "第一次用，不会",
        "新手怎么上手",
        "怎么学习打卡",
        "打卡怎么打",
        "怎么签到",
        "签到怎么签",
        "怎么请假",
        "请假怎么请",
        "怎么发通知",
        "通知怎么发",
        "怎么撤回通知",
        "怎么撤销打卡",
        "怎么设提醒",
        "怎么投票",
        "怎么安排会议",
        "怎么导出名册",
        "该怎么跟你说",
        "要怎么说你才懂",
        "看看发通知怎么发",
        "教我怎么发通知",
        "教我怎么打卡",
        "发通知要怎么说",
        "打错了怎么撤销",
        "你会做的事有哪些",
        "你会做哪些事",
        "把你会的列出来",
        "你能帮忙做什么",
        "有没有说明书",
        "有教程吗",
        "使用教程",
        "怎么操作",
        "操作说明",
        "这里能办什么事",
        "能办哪些事",
        "教我怎么签到",
        "告诉我怎么打卡",
        "告诉我怎么用",
        "签到怎么操作",
        "撤回怎么操作",
        "请假怎么操作",
        "怎么提醒大家",
        "怎么交作品",
        "怎么反映问题",
        "怎么开启免打扰",
        "怎么看通知",
        "在哪里打卡",
        "在哪里请假",
        "打卡发什么",
        "打卡都要写哪些内容",
        "第一次用，你能干什么",
        "发什么可以打卡",
        "口令有哪些",
        "有什么命令",
    ),
    help="看看我会什么",
)
def show_help(ask: Ask) -> str:
    role = ask.standing.role
    mine = sorted(
        (each for each in ask.commands.open_to(role) if each.shown), key=_place
    )
    lines = [_line(each) for each in mine if each.role == Role.MEMBER]
    extra = [_line(each) for each in mine if each.role > Role.MEMBER]
    text = f"{ask.member.name}您好，直接打字告诉我就行：\n" + "\n".join(lines)
    if extra:
        text += f"\n\n您是{role.title}，还可以：\n" + "\n".join(extra)
    return text


def _place(command: Command) -> int:
    """Put what is asked for every day in front."""
    return FIRST.index(command.intent) if command.intent in FIRST else len(FIRST)


def _line(command: Command) -> str:
    return f"· {command.names[0]}：{command.help}"
