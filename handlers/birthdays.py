"""政治生日: one's own, the party age, and whose birthdays fall into this month."""

from datetime import date

from bot.branch import greetings
from bot.branch.members import party_branch
from bot.command import Ask, command
from bot.partyage import anniversary, era, party_age, years_since_joining

RULE = (
    "政治生日是支部大会通过您为预备党员的日子；党龄从转正那天算起（党章第七条），"
    "所以“入党几周年”和“党龄几年”不是一回事。"
)


@command(
    "my_birthday",
    names=("政治生日", "我的政治生日", "党龄", "我的党龄", "入党日期", "我的入党日期"),
    examples=(
        "我的政治生日是哪天",
        "我哪天入党的",
        "我入党多少年了",
        "我党龄几年了",
        "我什么时候入的党",
        "我什么时候转正的",
        "我入党几周年",
        "查我的政治生日",
    ),
    help="自己的政治生日、入党周年和党龄",
)
def show_own(ask: Ask) -> str:
    member, today = ask.member, ask.now.date()
    if member.joined is None:
        return "名册里还没有您的入党日期，请联系支部书记补上。"
    joined = member.joined
    years = years_since_joining(joined, today)
    age = party_age(joined, member.full_member_since, today)
    coming = anniversary(joined, today.year)
    if coming < today:
        coming = anniversary(joined, today.year + 1)
    days = (coming - today).days
    wait = "就是今天，祝您政治生日快乐！" if days == 0 else f"还有 {days} 天"
    lines = [
        f"入党日期：{_say(joined)}" + (f"（入党 {years} 周年）" if years else ""),
        f"党龄：{age} 年" if age is not None else "党龄：转正后开始计算",
        f"下一个政治生日：{_say(coming)}，{wait}",
        RULE if era(joined).probation is not False else era(joined).meaning,
    ]
    return "\n".join(lines)


@command(
    "birthdays",
    names=("本月生日", "本月政治生日", "这个月的政治生日", "政治生日名单"),
    examples=(
        "这个月谁过政治生日",
        "本月有哪些同志过政治生日",
        "这个月谁生日",
        "最近谁过政治生日",
        "谁的政治生日快到了",
        "本月寿星有谁",
    ),
    help="本支部本月的政治生日",
)
def show_month(ask: Ask) -> str:
    branch = party_branch(ask.session, ask.member)
    today = ask.now.date()
    found = greetings.of_month(ask.session, branch, today)
    if not found:
        return f"{branch.name}{today.month}月没有同志过政治生日。"
    lines = [
        f"· {each.joined.month}月{each.joined.day}日 {each.name}"
        f"（{today.year - each.joined.year} 周年）"
        for each in found
        if each.joined and each.joined.year < today.year
    ]
    return f"{branch.name}{today.month}月政治生日：\n" + "\n".join(lines)


def _say(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
