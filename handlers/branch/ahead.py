"""往后会发什么: where the secretary sees what will go out by itself.

Living days through takes a copy of the books and seconds: no work for a reply.
"""

from bot.branch.people.members import Role
from bot.command import Ask, command

HOW = (
    "往后会自动发的每一条，要在服务器上演练一遍才知道，聊天里来不及算。\n"
    "请管服务器的同志从{today}起演练 30 天，把结果给您看（只看，什么也不发）。\n"
    "聊天里能看的："
    "“提醒列表”看设好的提醒，“待发通知”看定时的通知，"
    "“下周政治生日”看祝福，“节点”看纪念日，“近期到期”看期限。"
)


@command(
    "stats.ahead",
    help="往后会自动发哪些消息，怎么看",
    role=Role.SECRETARY,
    shown=False,
)
def tell_how(ask: Ask) -> str:
    return HOW.format(today=f"{ask.now.month}月{ask.now.day}日")
