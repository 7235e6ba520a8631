"""我的信息: what the roster says of whoever asks."""

from bot.branch.members import group_name, party_branch, roles
from bot.command import Ask, command


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
        ("入党日期", member.joined and f"{member.joined:%Y年%m月%d日}"),
        (
            "转正日期",
            member.full_member_since and f"{member.full_member_since:%Y年%m月%d日}",
        ),
        ("职务", member.position),
        ("在助手里的角色", held or "党员"),
    ]
    told = "\n".join(f"{label}：{value}" for label, value in lines if value)
    return f"{told}\n有不对的，请告诉支部书记更正。"
