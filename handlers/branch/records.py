"""台账: figures and files."""

from bot.branch.people.members import Role
from bot.command import Ask, command
from bot.next_steps import not_yet

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
