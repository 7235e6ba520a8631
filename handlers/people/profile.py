"""我的信息: what the roster says of whoever asks."""

from bot import outbox
from bot.branch.people import members, phones
from bot.branch.people.members import group_name, party_branch, roles
from bot.calendar.say import say_date
from bot.command import Ask, command
from bot.message import Reply
from bot.next_steps import send_on


@command(
    "reads_in",
    names=("我用微信看", "我用企业微信看", "看不到卡片"),
    examples=("我在微信里看通知", "我用个人微信看的，卡片不显示", "卡片看不到"),
    help="在个人微信里看不到卡片的话，说“我用微信看”，改发文字",
    acts=True,
)
def choose_reading(ask: Ask) -> Reply:
    """Send plain text where the personal-WeChat plugin shows no cards."""
    members.read_plainly(ask.member, plain="企业微信" not in ask.text)
    if ask.member.plain:
        return Reply(
            "好的，以后通知用文字发给您，看到回“收到”就行。"
            "改回来，说“我用企业微信看”。",
            changed=True,
        )
    return Reply("好的，以后通知用卡片发给您，点“收到”就行。", changed=True)


@command(
    "profile",
    names=("我的信息", "我的资料", "个人信息"),
    examples=(
        "看看我的信息",
        "我的资料对不对",
        "我在哪个支部",
        "我是哪个党小组的",
        "我在名册里是怎么写的",
        "我是正式党员吗",
        "我的身份是什么",
        "我的信息",
        "我的个人信息",
        "我的个人资料",
        "查看我的信息",
        "查我的信息",
        "看看我的资料",
        "我的资料",
        "我的名片",
        "我登记的信息",
        "我登记的信息对吗",
        "我在名册里是什么",
        "名册上我的信息",
        "名册里我的职务是什么",
        "我在哪个党支部",
        "我是哪个支部的",
        "我的支部是哪个",
        "我属于哪个支部",
        "我属于哪个党小组",
        "我在第几党小组",
        "我的党小组",
        "我分在哪个小组",
        "我是什么党员",
        "我是预备党员还是正式党员",
        "我是不是正式党员",
        "我的职务是什么",
        "我的角色是什么",
        "我的权限有哪些",
        "登记的我的入党日期对不对",
        "我登记的入党时间是多少",
        "修改我的信息",
        "修改我的资料",
        "更改我的信息",
        "改一下我的信息",
        "改一下我的岗位",
        "我的信息有误，要改",
        "我的信息写错了",
        "我的资料错了，改一下",
        "我的名字写错了",
        "我的姓名登记错了，应该是李玮",
        "我的入党日期不对，应该是2012年7月",
        "我的职务变了，现在是系主任",
        "我换岗位了",
        "我换单位了，现在在机电系",
        "我的岗位改成实训室主任",
        "我登记的入党日期是哪天",
        "我的入党日期登记的是哪天",
        "系统里我的入党日期是多少",
    ),
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
