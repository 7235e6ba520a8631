"""Which of the kept reminders words mean: by number, by time, by what they say."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.branch.reminders.reminders import Reminder
from bot.calendar.recurrence import Recurrence
from bot.understanding.slots.listed_number import number_in
from bot.understanding.slots.overlap import share, without
from bot.understanding.when import When, find_when

NEWEST = ("刚才", "刚刚", "刚设", "上一条", "上一个", "最后设", "最新")
EVERY = ("所有", "全部", "统统", "都")
NOT_EVERY = ("都有", "都是")
THINGS = ("提醒", "闹钟")
ALIKE = 0.5
IDLE = (
    "不用再 不用 不需要 不要再 不要 别再 别 取消 删除 删 关闭 关 停止 停 撤销 去 掉"
    " 暂停 恢复 继续 重新 打开 修改 改成 改到 改为 改 把 将 请 帮我 帮 麻烦 提醒 闹钟"
    " 列表 清单 查看 看看 看 一下 那个 那条 这个 这条 我 的 了 吧 吗 呢 啊 关于 有没有"
    " 有 哪些 什么 几个 设 过 定时 大家 全体党员 党员 所有人 所有 全部 统统 都"
)
"""Words that do not tell one reminder from another."""


@dataclass(frozen=True)
class Pick:
    """found: those that the words may mean. said: whether they name any at all.

    told: whether they speak of reminders; 取消 alone may mean anything.
    """

    found: tuple[Reminder, ...]
    said: bool
    told: bool = True

    @property
    def one(self) -> Reminder | None:
        """Give the only one that can be meant."""
        certain = len(self.found) == 1 and (self.said or self.told)
        return self.found[0] if certain else None


def pick(reminders: Sequence[Reminder], words: str, now: datetime) -> Pick:
    """Pick by the most certain sign that the words give."""
    if (wanted := number_in(words)) is not None:
        return _picked(each for each in reminders if each.id == wanted)
    if _has(words, NEWEST) and reminders:
        return _picked([max(reminders, key=lambda each: each.id)])
    times = [when for when in find_when(words, now) if not when.unclear]
    topic = _topic(words, now)
    if not times and not topic:
        told = _has(words, THINGS)
        return Pick(tuple(reminders), said=False, told=told)
    found = list(reminders)
    if times:
        found = [each for each in found if _is_at(each, times[0], now)]
    if topic:
        found = [each for each in found if share(topic, each.text)]
    return _picked(found)


def names(reminder: Reminder, now: datetime, words: str) -> bool:
    """Tell whether words name a reminder, by its time or what it says: 礼拜一那个.

    What speaks of reminders is a command of its own: 改提醒 1 改到三点.
    """
    if _has(words, THINGS):
        return False
    picked, topic = pick([reminder], words, now), _topic(words, now)
    alike = not topic or share(topic, reminder.text) >= ALIKE
    return picked.said and bool(picked.found) and alike


def speaks_of(text: str, words: str) -> bool:
    """Tell whether a reminder's text speaks of what words name: 交表那个."""
    topic = without(words, IDLE)
    return bool(topic) and share(topic, text) >= ALIKE


def means_all(words: str) -> bool:
    for each in NOT_EVERY:
        words = words.replace(each, "")
    return _has(words, EVERY)


def _has(words: str, every: Iterable[str]) -> bool:
    return any(each in words for each in every)


def _picked(found: Iterable[Reminder]) -> Pick:
    return Pick(tuple(found), said=True)


def _topic(words: str, now: datetime) -> str:
    """Leave the words that say what the reminder is about."""
    for when in reversed(find_when(words, now)):
        words = words[: when.span[0]] + "，" + words[when.span[1] :]
    return without(words, IDLE)


def _is_at(reminder: Reminder, when: When, now: datetime) -> bool:
    """Whether its rule is what was said, or a coming moment lies on that day."""
    rule = reminder.recurrence
    if when.recurring:
        return rule is not None and _same_days(rule, when)
    due = reminder.next_due
    if due is None:
        return False
    local, meant = due.astimezone(now.tzinfo), when.next[0]
    at_hour = when.date_only or local.timetz() == meant.timetz()
    return local.date() == meant.date() and at_hour


def _same_days(rule: Recurrence, when: When) -> bool:
    said = when.rule
    if said is None or (said.kind, said.month) != (rule.kind, rule.month):
        return False
    if not when.date_only and said.at != rule.at:
        return False
    numbers = set(said.point.numbers) if said.point else set()
    kept = set(rule.point.numbers) if rule.point else set()
    same_kind = not (said.point and rule.point) or said.point.of == rule.point.of
    return same_kind and numbers <= kept and set(said.weekdays) <= set(rule.weekdays)
