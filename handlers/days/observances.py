"""支部自己的节点: the secretary adds and removes days, and turns one into a notice."""

import re
from dataclasses import replace
from datetime import date, timedelta

from bot import outbox
from bot.branch.duties import observances
from bot.branch.duties.observances import NamedDay
from bot.branch.people.members import Role
from bot.calendar.say import say_date, say_day
from bot.calendar.yearly_days import YearlyDay, draft
from bot.command import Answer, Ask, command, overhearing
from bot.errors import Denied, Refusal
from bot.message import Reply, Text
from bot.outbox import Importance, Plan, Window
from bot.rulebook.days import fixed_days
from bot.understanding.kept_days import LEFT_OVER, without_frame
from bot.understanding.when import find_period
from handlers.days.named_days import days_of, is_meant

MOVED = re.compile(
    r"(?:请|帮我|麻烦)?把(?P<name>.{2,30}?)(?:这个)?(?:节点)?(?:的?(?:日期|日子))?"
    r"(?:改到|改成|改为|挪到|换到)(?P<day>.{2,20}?)[吧了。！!]*"
)
DROPPED = re.compile(
    r"(?:请|帮我|麻烦)?(?:删掉|删除|去掉|删了?|把)(?P<name>.{2,30}?)"
    r"(?:这个节点|节点)?(?:删掉|删除|去掉|删|撤)?了?[吧。！!]*"
)
DROPS = re.compile("[删去]")
LUNAR = ("农历", "阴历", "正月", "腊月")
YEARLY = re.compile(r"每年(?:的)?")
WITH_YEAR = re.compile(r"\d{4}\s*年|\d{4}[-./]|[今明后]年")


@command(
    "observances.add",
    help="加支部自己的节点，提前一周提醒您，例：加节点 12月9日 支部成立纪念日",
    role=Role.SECRETARY,
    acts=True,
)
def add_observance(ask: Ask) -> Reply:
    named = _read_named(ask)
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


@command(
    "observances.remove",
    help="删掉支部自己加的节点，例：删节点 支部成立纪念日",
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def remove_observance(ask: Ask) -> Reply | str:
    words = ask.words.strip(" ：:，,。“”")
    if not words:
        return "要删哪个节点？例：删节点 支部成立纪念日。发“支部节点”看有哪些。"
    if any(words in (each.name, *each.called) for each in fixed_days()):
        return f"“{words}”是全国的节点，删不掉；只能删支部自己加的。"
    day = observances.remove(ask.session, ask.standing.branch, words, ask.now)
    return Reply(f"已删掉节点：{observances.say(day)} {day.name}。", changed=True)


@overhearing("observances.remove")
def hear_own_day(ask: Ask) -> Reply | None:
    """Know 删掉建校日 and 把建校日改到12月21日 by the names of own days."""
    moved = MOVED.fullmatch(ask.text)
    said = moved or (DROPS.search(ask.text) and DROPPED.fullmatch(ask.text))
    if not said:
        return None
    branch = ask.standing.branch
    own = observances.own(ask.session, branch)
    if said["name"] not in {each.name for each in own}:
        return None
    if ask.standing.role < Role.SECRETARY:
        raise Denied(f"支部的节点要由{Role.SECRETARY.title}来改。")
    if moved:
        return _move(ask, moved["name"], moved["day"])
    day = observances.remove(ask.session, branch, said["name"], ask.now)
    return Reply(f"已删掉节点：{observances.say(day)} {day.name}。", changed=True)


def _move(ask: Ask, name: str, words: str) -> Reply:
    """Take the day off the calendar, and put it there anew; both, or neither."""
    named = _read_named(replace(ask, words=f"{words} {name}"))
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


def _read_named(ask: Ask) -> NamedDay:
    """Read the date and the name. Raises Refusal where one is not certain."""
    words = without_frame(ask.words or ask.text)
    if any(each in words for each in LUNAR):
        raise Refusal("节点只能用公历日期，例：加节点 12月9日 支部成立纪念日。")
    bare = YEARLY.sub("", words)
    period = find_period(bare, ask.now, "future")
    if period is None or period.end - period.start > timedelta(days=1):
        raise Refusal("没看出是哪一天。例：加节点 12月9日 支部成立纪念日。")
    first, last = period.span
    day, said = period.start.date(), bare[first:last]
    name = bare[:first].strip(" ，,：:") + bare[last:]
    name = re.sub(r"^(?:[是为的：:，,\s]|我们|咱们)+|定?[是在为：:，,。\s]+$", "", name)
    if LEFT_OVER.search(name):
        raise Refusal("没听准叫什么节点。例：加节点 12月9日 支部成立纪念日。")
    yearly = bool(YEARLY.search(words))
    named = NamedDay(name, day.month, day.day)
    if yearly or not WITH_YEAR.search(said):
        return named
    if day < ask.now.date():
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
