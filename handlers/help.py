"""帮助: what the assistant can do for whoever asks."""

from bot.branch.members import Role
from bot.command import Ask, Command, command


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
    ),
    help="看看我会什么",
)
def show_help(ask: Ask) -> str:
    role = ask.standing.role
    mine = [each for each in ask.commands.open_to(role) if each.help]
    lines = [_line(each) for each in mine if each.role == Role.MEMBER]
    extra = [_line(each) for each in mine if each.role > Role.MEMBER]
    text = f"{ask.member.name}您好，直接打字告诉我就行：\n" + "\n".join(lines)
    if extra:
        text += f"\n\n您是{role.title}，还可以：\n" + "\n".join(extra)
    return text


def _line(command: Command) -> str:
    return f"· {command.names[0]}：{command.help}"
