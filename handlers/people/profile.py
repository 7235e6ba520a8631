"""我的信息: what the roster says of whoever asks."""

from bot import outbox
from bot.branch.people import members, phones
from bot.branch.people.members import group_name, party_branch, roles
from bot.calendar.say import say_date
from bot.command import Ask, command
from bot.message import Reply
from bot.next_steps import send_on
from bot.outbox import PEOPLE

FIRST_IN_WECHAT = (
    "好的，以后先发到您的微信；公众号隔了两天没说话就发不过去，那时改发企业微信。"
    "改回来，说“我用企业微信看”。"
)
FIRST_THERE = "好的，以后先发到企业微信。"


@command(
    "reads_in",
    help="在个人微信里看不到卡片的话，说“我用微信看”，改发文字",
    acts=True,
)
def choose_reading(ask: Ask) -> Reply:
    """Send to WeChat first where it is bound; else plain text for its plugin.

    The personal-WeChat plugin of WeCom shows no cards.
    """
    here = "企业微信" in ask.text
    mine = outbox.ways_of(ask.session, [ask.member.id]).get(ask.member.id, [])
    if any(each.channel == "official" for each in mine):
        outbox.prefer(ask.session, ask.member.id, PEOPLE if here else "official")
        members.read_plainly(ask.member, plain=False)
        return Reply(FIRST_THERE if here else FIRST_IN_WECHAT, changed=True)
    members.read_plainly(ask.member, plain=not here)
    if ask.member.plain:
        return Reply(
            "好的，以后通知用文字发给您，看到回“收到”就行。"
            "改回来，说“我用企业微信看”。",
            changed=True,
        )
    return Reply("好的，以后通知用卡片发给您，点“收到”就行。", changed=True)


@command(
    "profile",
    help="名册里自己的信息",
)
def show_profile(ask: Ask) -> str:
    member = ask.member
    held = "、".join(role.title for role in roles(ask.session, member))
    lines = [
        ("姓名", member.name),
        ("支部", party_branch(ask.session, member).name),
        ("党小组", group_name(ask.session, member)),
        ("类别", member.category),
        ("入党日期", member.joined and say_date(member.joined)),
        (
            "转正日期",
            member.full_member_since and say_date(member.full_member_since),
        ),
        ("职务", member.position),
        ("电话", phones.own(ask.session, member)),
        ("在助手里的角色", held or "党员"),
        ("免打扰", _quiet(ask)),
    ]
    told = "\n".join(f"{label}：{value}" for label, value in lines if value)
    then = send_on(ask, "请告诉支部书记更正", "在名册里改好，再请管理员导入")
    return f"{told}\n有不对的，{then}。"


def _quiet(ask: Ask) -> str:
    wishes = outbox.wishes(ask.session, ask.member.id, ask.now)
    if not wishes:
        return ""
    return f"设了 {len(wishes)} 项，发“我的免打扰开着吗”看，发“取消免打扰”取消"
