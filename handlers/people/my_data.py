"""关于自己: what is kept, and who looked."""

from bot.branch.people import audit, members
from bot.branch.people.members import Role
from bot.branch.personal_data import about
from bot.calendar.say import say_date
from bot.command import Ask, command
from bot.message import Reply
from bot.next_steps import send_on

DELETING = (
    "打卡可以自己撤（发“撤销打卡”）。名册和会议、通知的回执是支部的工作记录，"
    "要改要删{then}。\n发“导出我的数据”可以先拿一份。"
)
NOT_KEPT = (
    "身份证号、工资、出生日期不存；算党费用的收入算完就忘；"
    "我回的话留 7 天防重发，过后删掉。"
)
NEXT = "发“导出我的数据”给您一个文件；“谁能看到我的打卡”“谁看过我的信息”也可以问。"
SINCE = "（从记录功能启用之后算起；您自己看的不列。）"
MOST, MOST_NAMES, LOOKED_THROUGH = 10, 5, 100


@command(
    "my_data",
    help="看我存了您的什么，导出，谁看过",
)
def show_my_data(ask: Ask) -> str:
    """Tell what is kept."""
    held = about.collect(ask.session, ask.member)
    kept = "、".join(f"{each.title} {len(each.rows)} 条" for each in held)
    return f"我存了关于您的：{kept}。\n{NOT_KEPT}\n{NEXT}"


@command("my_data.export", help="一份我存的关于您的全部记录", shown=False)
def send_my_data(ask: Ask) -> Reply | str:
    """Send it; who only asks whether that can be done, is told how."""
    if not ask.meant:
        return NEXT
    name = about.send_all(ask.session, ask.member, ask.made, ask.now)
    return Reply(f"“{name}”正在发到您的手机上，里面是我存的关于您的全部记录。")


@command("my_data.erasure", help="怎么删掉关于自己的记录", shown=False)
def tell_of_erasure(ask: Ask) -> str:
    return DELETING.format(then=send_on(ask, "请找支部书记", "请管理员在服务器上做"))


@command("my_data.seen", help="谁看过自己的信息", shown=False)
def tell_who_looked(ask: Ask) -> str:
    looks = audit.seen(ask.session, ask.member, LOOKED_THROUGH)
    if not looks:
        return f"还没有人单独查看或导出过您的记录。\n{SINCE}"
    zone = ask.now.tzinfo
    alike: dict[tuple[str, str], list[str]] = {}
    for look in looks:
        did = audit.TITLES.get(look.action, look.action)
        told = f"{look.who or audit.OPERATOR}：{did}"
        at = look.at.astimezone(zone)
        alike.setdefault((say_date(at), told), []).append(f"{at:%H:%M}")
    lines = [
        f"· {day} {hours[0]} {told}"
        + (f"（当天 {n} 次）" if (n := len(hours)) > 1 else "")
        for (day, told), hours in list(alike.items())[:MOST]
    ]
    return "\n".join(("最近看过或导出过您的记录的：", *lines, SINCE))


@command("my_data.sight", help="谁能看到自己的什么", shown=False)
def tell_who_may(ask: Ask) -> str:
    """Tell who may see what, from the commands as they are and the roles as given."""
    lines = ["打卡：只有您自己（书记只看得到总数）。"]
    shown: dict[str, Role] = {}
    for each in ask.commands.by_intent.values():
        for record in each.shows:
            shown[record] = min(each.role, shown.get(record, each.role))
    for record, role in sorted(shown.items(), key=lambda pair: (pair[1], pair[0])):
        lines.append(f"{record}：{_holders(ask, role)}。")
    lines.append("管理服务器的同志也能看名册，每次都记下来。")
    return "\n".join((*lines, "发“谁看过我的信息”看记录。"))


def _holders(ask: Ask, role: Role) -> str:
    if role == Role.MEMBER:
        return f"{members.party_branch(ask.session, ask.member).name}的同志"
    held = members.holders(ask.session, ask.member, role)
    names = "、".join(
        f"{where}{title}{name}" for where, title, name in held[:MOST_NAMES]
    )
    more = f"等 {len(held)} 人" if len(held) > MOST_NAMES else ""
    return names + more if held else "现在没有人"
