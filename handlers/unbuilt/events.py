"""会议和活动: what is on, signing in, leave, planning, who came."""

from bot.branch.birthdays import collectives
from bot.branch.notices import replies
from bot.branch.people.members import Role, party_branch
from bot.command import Answer, Ask, command
from bot.message import Reply
from bot.next_steps import not_yet, send_on


@command(
    "events",
    help="看看近期的会议和活动",
    shown=False,
    built=False,
)
def list_events(ask: Ask) -> str:
    return not_yet(ask, "查会议和活动")


@command(
    "sign_in",
    help="到会后签到，例：签到 1234",
    shown=False,
    built=False,
    acts=True,
)
def sign_in(ask: Ask) -> Reply | str:
    """Sign in to the collective birthday that is on; other meetings are not kept."""
    branch = party_branch(ask.session, ask.member)
    if ask.message.kind == "event" and ask.words.isdecimal():
        found = collectives.find_for(ask.session, int(ask.words), branch)
    else:
        found = collectives.open_for(ask.session, branch, ask.now)
    if found is not None:
        new = collectives.sign_in(ask.session, found, ask.member, ask.now)
        if ticket := ask.message.ticket:
            replies.grey_out(ask.session, ask.member, ticket, "已签到", ask.now)
        return Reply("签到好了，欢迎您！" if new else "您已经签过到了。", changed=new)
    return not_yet(ask, "签到", "请按会场的办法签到")


@command(
    "leave",
    help="给会议或活动请假，例：请假 周五的会 家里有事",
    shown=False,
    built=False,
    acts=True,
)
def ask_leave(ask: Ask) -> str:
    told = "请先直接跟书记说一声，免得误了请假"
    return not_yet(ask, "请假", send_on(ask, told, "谁请了假，可以先照老办法记着"))


@command(
    "plan_event",
    help="安排会议或活动，例：安排会议 下周三下午两点 302 支部大会",
    shown=False,
    built=False,
    role=Role.SECRETARY,
    acts=True,
)
def plan_event(ask: Ask) -> Answer:
    if "政治生日" in ask.text:
        return ask.commands.by_intent["collective_birthday"].run(ask)
    return not_yet(ask, "安排会议", "可以先用“发通知”把时间地点告诉大家")


@command(
    "attendance",
    help="看会议到了多少人、谁请了假",
    shown=False,
    built=False,
    role=Role.SECRETARY,
)
def show_attendance(ask: Ask) -> str:
    return not_yet(ask, "查到会情况", "可以先看会场的签到册")
