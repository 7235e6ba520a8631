"""排行: off unless a branch and its member both want it, and says why."""

from bot.command import Ask, command

WHY_OFF = (
    "排行没有打开。打卡和学习是自愿的，记录只有您自己看得到，"
    "不排名、不比较、不作考核：国家的规定要求政务应用不搞强制打卡和积分排名，"
    "为的是给大家减负。\n想看自己的，发“我的打卡”。"
)


@command(
    "ranking",
    help="说明为什么不排名",
)
def explain_ranking(ask: Ask) -> str:
    return WHY_OFF
