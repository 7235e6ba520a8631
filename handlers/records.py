"""台账: figures and files."""

import re

from bot.branch import ledgers, notices, roll
from bot.branch.members import Role
from bot.command import Ask, command
from bot.message import Reply
from handlers._unbuilt import not_yet

ROLL = re.compile(r"名册|花名册|党员.{0,2}名单|成员")
DONE = re.compile("(?:导出|导|下载)[了过]")
HOW = "要名册就说“导出名册”，要通知台账就说“导出通知台账”。"
BY_HAND = "支部现有的台账请先照旧查"


@command(
    "stats",
    names=("统计", "数据统计", "报表", "本月统计", "支部情况"),
    examples=(
        "统计一下",
        "支部统计",
        "本月数据统计",
        "这个月的统计数据",
        "上个月的统计",
        "年度统计",
        "季度汇总",
        "汇总一下本月情况",
        "本季度工作汇总",
        "支部本月报表",
        "月报",
        "年终报表",
        "看看支部整体情况",
        "支部工作情况怎么样",
        "今年开了几次支部大会",
        "今年上了几次党课",
        "这个月开了几次会",
        "本季度开展了几次主题党日",
        "三会一课完成情况统计",
        "全支部学习情况统计",
        "总共打卡多少人次",
        "全支部今天有多少人打卡",
        "支部的数据",
        "本月支部数据",
        "季度数据",
        "上季度的数据汇总",
    ),
    help="看支部的汇总数字",
    shown=False,
    built=False,
    role=Role.SECRETARY,
)
def show_stats(ask: Ask) -> str:
    return not_yet(ask, "统计", BY_HAND)


@command(
    "export",
    names=(
        "导出",
        "导出通知台账",
        "导出名册",
        "导出台账",
        "下载台账",
        "导出表格",
    ),
    examples=(
        "导出党员名单",
        "导出上次通知的回执",
        "把通知回执导成表格",
        "导出花名册",
        "导出全体党员的名册",
        "导出会议记录",
        "导出签到表",
        "导出学习台账",
        "导出本月台账",
        "导出党费记录",
        "导出成Excel",
        "导出Excel表格",
        "导出一份表格",
        "把名册导出来",
        "把签到记录导出成表",
        "把今年的会议记录导出",
        "生成Excel表",
        "生成一份台账",
        "下载名册",
        "下载会议记录",
        "下载学习台账",
        "给我一份台账的表格",
        "我要一份党员名册的Excel",
        "打包台账",
        "给我导一份名册",
        "台账导一份给我",
        "把统计表导出来",
        "把打卡数据导出来",
        "导一份会议记录",
        "导一下名册",
    ),
    help="把名册或通知台账导出成表格，例：导出名册、导出通知台账",
    role=Role.SECRETARY,
    shows=("通知的送达和回复",),
)
def export(ask: Ask) -> Reply | str:
    """Send the roll, or the ledger of the latest notice; no other table is kept yet.

    A file with so much about people goes only where it is clearly asked for.
    """
    if not ask.meant or DONE.search(ask.text):
        return f"这次没有导出。{HOW}"
    if ROLL.search(ask.text):
        name = roll.send_roll(
            ask.session, ask.standing.branch, ask.member, ask.made, ask.now
        )
        return Reply(f"“{name}”正在发到您的手机上，改好了可以让管理员再导入。")
    if not any(word in ask.text for word in ("通知", "回执", "回复", "台账")):
        return f"现在能导出的是名册和通知台账，这次没有导出。{HOW}"
    found = notices.latest(ask.session, ask.standing.branch, 1)
    if not found:
        return "还没有发过通知，没有台账可导出。"
    name = ledgers.send_ledger(ask.session, found[0], ask.member, ask.made, ask.now)
    return Reply(f"“{name}”正在发到您的手机上。")
