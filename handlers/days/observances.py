"""支部自己的节点: the secretary adds and removes days, and turns one into a notice."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot import outbox
from bot.branch.duties import observances
from bot.branch.duties.observances import NamedDay
from bot.branch.people.members import Role
from bot.calendar.say import say_date, say_day
from bot.calendar.yearly_days import YearlyDay, draft
from bot.command import Answer, Ask, NotMeant, command
from bot.errors import Refusal
from bot.message import Reply, Text
from bot.outbox import Importance, Plan, Window
from bot.rulebook.days import fixed_days
from bot.understanding.slots.past_day import names_year
from bot.understanding.when import find_period
from handlers.days.named_days import days_of, is_meant

LUNAR = ("农历", "阴历", "正月", "腊月")
YEARLY = "每年"
LEFT_OVER = ("节点", "日历", "提醒", "帮我", "记上", "加上", "?", "？")
SHORTEST = 2
MISHEARD = "没听准叫什么节点。例：加节点 12月9日 支部成立纪念日。"


def is_own(ask: Ask, name: str) -> bool:
    """Tell whether the branch has a day called so."""
    kept = observances.own(ask.session, ask.standing.branch)
    return any(each.name == name for each in kept)


@command(
    "observances.add",
    help="加支部自己的节点，提前一周提醒您，例：加节点 12月9日 支部成立纪念日",
    role=Role.SECRETARY,
    acts=True,
)
def add_observance(ask: Ask) -> Reply:
    named = _read_named(_said(ask), ask.now)
    branch = ask.standing.branch
    day = observances.add(ask.session, ask.member, branch, named, ask.now)
    next_day = day.next_from(ask.now.date()) or ask.now.date()
    coming = say_day(next_day, ask.now.date())
    since = f"，从 {day.since} 年算周年" if day.since else ""
    return Reply(
        f"已加节点：{observances.say(day)} {day.name}{since}，下一次是{coming}。\n"
        f"提前一周提醒您。不要了就发“删节点 {day.name}”。",
        changed=True,
    )


def _said(ask: Ask) -> str:
    """Put the day and the name together: 每年6月18日 支部成立日."""
    slots = ask.slots
    if "month" not in slots:
        return slots.get("what") or ask.words or ask.text
    year = f"{slots['year']}年" if "year" in slots else ""
    day = f"{slots.get('era', '')}{year}{slots['month']}月{slots['day']}日"
    name = f"{slots.get('what', '')}{slots.get('kind', '')}"
    return f"{day} {name or slots['text']}"


@command(
    "observances.remove",
    help="删掉支部自己加的节点，例：删节点 支部成立纪念日",
    role=Role.SECRETARY,
    acts=True,
    shown=False,
    knows=is_own,
)
def remove_observance(ask: Ask) -> Reply | str:
    words = ask.slots.get("own") or ask.slots.get("what") or ask.words
    words = words.strip(" ：:，,。“”")
    if ask.slots and len(words) < SHORTEST:
        raise NotMeant
    if not words:
        return "要删哪个节点？例：删节点 支部成立纪念日。发“支部节点”看有哪些。"
    if any(words in (each.name, *each.called) for each in fixed_days()):
        return f"“{words}”是全国的节点，删不掉；只能删支部自己加的。"
    day = observances.remove(ask.session, ask.standing.branch, words, ask.now)
    return Reply(f"已删掉节点：{observances.say(day)} {day.name}。", changed=True)


@command(
    "observances.move",
    help="改支部自己加的节点的日子",
    role=Role.SECRETARY,
    acts=True,
    shown=False,
    knows=is_own,
)
def move_observance(ask: Ask) -> Reply | str:
    if "own" not in ask.slots:
        own = observances.own(ask.session, ask.standing.branch)
        if not own:
            return "支部还没有自己的节点。要加就说：加节点 12月9日 支部成立纪念日"
        return f"改哪个节点、改到哪天？例：把{own[0].name}改到12月10日"
    return _move(ask, ask.slots["own"], ask.slots["day"])


def _move(ask: Ask, name: str, words: str) -> Reply:
    """Take the day off the calendar, and put it there anew; both, or neither."""
    named = _read_named(f"{words} {name}", ask.now)
    branch = ask.standing.branch
    old = observances.remove(ask.session, branch, name, ask.now)
    once, today = named.once or old.once, ask.now.date()
    if once and (once, named.month, named.day) < (today.year, today.month, today.day):
        past = say_date(date(once, named.month, named.day))
        raise Refusal(f"{past}已经过去了，没有改。")
    since = named.since or old.since
    named = NamedDay(name, named.month, named.day, since, once)
    day = observances.add(ask.session, ask.member, branch, named, ask.now)
    return Reply(
        f"已改：{name}从{observances.say(old)}改到{observances.say(day)}。",
        changed=True,
    )


@command(
    "observances.notice",
    help="给一个节点拟通知稿，先预览再发，例：节点通知 国家宪法日",
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def draft_notice(ask: Ask) -> Answer:
    """Hand the draft to 发通知, whose preview and 确认 then follow."""
    day, on = _find(ask)
    return _hand_on(ask, "broadcast", f"发通知 {draft(day, on)}")


@command(
    "observances.remind",
    help="给一个节点设提醒，例：节点提醒 国家宪法日",
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def draft_reminder(ask: Ask) -> Answer:
    day, on = _find(ask)
    when = f"{on.year}年{on.month}月{on.day}日上午9点"
    return _hand_on(ask, "remind", f"{when}提醒大家今天是{day.title(on)}")


def _read_named(words: str, now: datetime) -> NamedDay:
    """Read the date and the name. Raises Refusal where one is not certain."""
    if any(each in words for each in LUNAR):
        raise Refusal("节点只能用公历日期，例：加节点 12月9日 支部成立纪念日。")
    bare = words.replace(f"{YEARLY}的", "").replace(YEARLY, "")
    period = find_period(bare, now, "future")
    if period is None or period.end - period.start > timedelta(days=1):
        raise Refusal("没看出是哪一天。例：加节点 12月9日 支部成立纪念日。")
    first, last = period.span
    day, said = period.start.date(), bare[first:last]
    name = bare[:first].strip(" ，,：:") + bare[last:]
    name = re.sub(r"^(?:[是为的：:，,\s]|我们|咱们)+|定?[是在为：:，,。\s]+$", "", name)
    if any(each in name for each in LEFT_OVER) or find_period(name, now, "future"):
        raise Refusal(MISHEARD)
    yearly = YEARLY in words
    named = NamedDay(name, day.month, day.day)
    if yearly or not names_year(said):
        return named
    if day < now.date():
        return replace(named, since=day.year)
    return replace(named, once=day.year)


def _find(ask: Ask) -> tuple[YearlyDay, date]:
    """Find the day that a button's key or words mean, and when it comes next."""
    words = ask.words.strip(" ：:，,。“”")
    days = days_of(ask)
    found = [each for each in days if words in (each.key, each.name)]
    found = found or [each for each in days if words and is_meant(each, words)]
    coming = found[0].next_from(ask.now.date()) if found else None
    if coming is None:
        raise Refusal("没有找到这个节点。发“节点”看接下来有哪些。")
    return found[0], coming


def _hand_on(ask: Ask, intent: str, text: str) -> Answer:
    """Ask another command; who pressed a button hears its answer as a letter."""
    command = ask.commands.by_intent[intent]
    message = replace(ask.message, kind="text", text=text)
    answer = command.run(replace(ask, message=message, words=text))
    if ask.message.kind != "event":
        return answer
    plan = Plan(
        key=f"preview:{ask.message.channel}:{ask.message.id}",
        kind="preview",
        content=Text(answer if isinstance(answer, str) else answer.text),
        window=Window(ask.now, ask.now + timedelta(minutes=30)),
        importance=Importance.ANSWER,
    )
    outbox.put_to(ask.session, plan, ask.member.userid, ask.member.id, now=ask.now)
    return answer
