"""节点: the fixed days of the year, how far off, how many years."""

import re
from dataclasses import dataclass
from datetime import date

from bot.command import Ask, command

FURTHER = 3


@dataclass(frozen=True)
class Day:
    """A day of every year. since: the year of what it remembers, if it is counted."""

    month: int
    day: int
    name: str
    called: tuple[str, ...]
    since: int | None = None

    def next_from(self, today: date) -> date:
        this_year = date(today.year, self.month, self.day)
        return this_year if this_year >= today else this_year.replace(today.year + 1)


DAYS = (
    Day(3, 5, "学雷锋纪念日", ("学雷锋", "雷锋日")),
    Day(4, 15, "全民国家安全教育日", ("国家安全",)),
    Day(5, 1, "劳动节", ("劳动节", "五一")),
    Day(5, 4, "青年节", ("青年节", "五四"), 1919),
    Day(7, 1, "建党纪念日", ("七一", "建党", "党的生日", "党生日"), 1921),
    Day(8, 1, "建军节", ("八一", "建军"), 1927),
    Day(9, 3, "抗战胜利纪念日", ("九三", "抗战胜利"), 1945),
    Day(9, 10, "教师节", ("教师节",)),
    Day(9, 30, "烈士纪念日", ("烈士",)),
    Day(10, 1, "国庆节", ("国庆", "十一"), 1949),
    Day(12, 4, "国家宪法日", ("宪法",)),
    Day(12, 9, "一二·九运动纪念日", ("一二九", "一二·九"), 1935),
    Day(12, 13, "国家公祭日", ("公祭",)),
)


@command(
    "observances",
    names=("节点", "纪念日", "节日", "重要节点", "七一", "五四", "国庆"),
    examples=(
        "七一是哪天",
        "七一还有多久",
        "距离七一还有几天",
        "离七一还有多少天",
        "国庆还有几天",
        "国庆节还有多久",
        "五四青年节是哪天",
        "五四还有几天",
        "建党节是几号",
        "建军节是哪一天",
        "教师节还有几天",
        "建党多少年了",
        "今年是建党多少周年",
        "今年国庆是多少周年",
        "建国多少周年",
        "建军多少年了",
        "九三是什么纪念日",
        "烈士纪念日是几号",
        "国家公祭日是哪天",
        "宪法日是什么时候",
        "国家安全教育日是几月几号",
        "学雷锋纪念日是哪天",
        "一二九运动是哪年",
        "一二九运动纪念日",
        "这个月有哪些节点",
        "最近有什么节日",
        "最近有哪些纪念日",
        "下一个重要节点是哪天",
        "下个节日是什么",
        "今天是什么日子",
        "今天有什么纪念意义",
        "明天是什么节日",
        "今年有哪些重要的纪念日",
    ),
    help="重要节点是哪天，还有几天",
)
def show_observances(ask: Ask) -> str:
    today = ask.now.date()
    coming = sorted(DAYS, key=lambda each: each.next_from(today))
    named = [each for each in coming if re.search("|".join(each.called), ask.text)]
    if not named:
        asked = f"{today.month}月{today.day}日"
        named = coming[:FURTHER]
        return f"今天{asked}，接下来的节点：\n{_lines(named, today)}"
    return _lines(named, today)


def _lines(days: list[Day], today: date) -> str:
    return "\n".join(_describe(each, today) for each in days)


def _describe(day: Day, today: date) -> str:
    coming = day.next_from(today)
    left = (coming - today).days
    when = "就是今天" if left == 0 else f"还有 {left} 天"
    years = f"，{coming.year - day.since} 周年" if day.since else ""
    return f"{day.name}：{coming.year}年{day.month}月{day.day}日，{when}{years}。"
