"""安排学习: a secretary says what is studied on which day, looks, confirms."""

import re
from datetime import date

from bot.branch.people.members import Role
from bot.branch.study import plans
from bot.calendar.say import say_day
from bot.command import Answer, Ask, answering, command, overhearing
from bot.errors import Denied
from bot.inbox.open_questions import Open
from bot.message import Reply
from bot.understanding.slots.moment import is_only_time
from handlers.study.week_plan import DayOrder, WeekPlan, read_day_order, read_week_plan

HEAD = re.compile(
    r"(?:请|帮我|发布?|定|排)?(?:[今明]天|今日|明日)?(?:(?:[这本]|下个?)?一?(?:周|星期|礼拜))?的?"
    r"(?:学习)?(?:安排|计划)表?(?:如下|是)?[:：\n]"
)
YES = ("确认", "确定", "是", "是的", "保存", "好", "好的", "可以")
NO = ("取消", "不存", "算了", "不用了", "不要了")
MOVE = re.compile(
    r"(?:改|放|移|排)(?:到|成|在)?(?P<week>这|本|下)个?(?:周|星期|礼拜)[。!！]?"
)
EXAMPLE = "例：下周安排：周一 学党章第一章；周三 看纪录片《光辉历程》"


@command(
    "study.plan",
    help="安排每天学什么，早上提醒里带上，例：下周安排：周一 学党章；周三 看纪录片",
    role=Role.SECRETARY,
    acts=True,
)
def plan_study(ask: Ask) -> Answer:
    plan = read_week_plan(ask.text, ask.now.date())
    if plan is None:
        return f"要安排哪几天、学什么？{EXAMPLE}"
    return _show(ask, plan)


@overhearing("study.plan")
def hear_plan(ask: Ask) -> Answer | None:
    """Know "一周安排：周一 …；周二 …" and "把周三的学习改成 …" by how they begin."""
    text = ask.text
    if MOVE.fullmatch(text.strip()) and ask.standing.role >= Role.SECRETARY:
        return "现在没有正在排的学习安排。要排就说“下周安排：周一 …；周三 …”。"
    order = read_day_order(text)
    if order is None and not HEAD.match(text):
        return None
    if order and not _is_of_plan(ask, order):
        return None
    plan = read_week_plan(order.text if order else text, ask.now.date())
    if order and plan and not order.of_study:
        plan = _where_planned(ask, plan)
    if plan is None:
        return None
    if ask.standing.role < Role.SECRETARY:
        raise Denied(f"学习安排要由{Role.SECRETARY.title}来定。")
    return _show(ask, plan)


def _is_of_plan(ask: Ask, order: DayOrder) -> bool:
    """Whether an order about a day can be about its study.

    Whoever may not plan says "周三不学了" of himself.
    """
    if ask.standing.role < Role.SECRETARY:
        return order.of_study and bool(order.words)
    return order.of_study or not is_only_time(order.words, ask.now)


def _where_planned(ask: Ask, plan: WeekPlan) -> WeekPlan | None:
    """Take the week in which something is planned for the day; None if in neither."""
    for each in (plan, plan.moved(1)) if plan.guessed else (plan,):
        first, last = min(each.days), max(each.days)
        if plans.of_branch(ask.session, ask.standing.branch, first, last):
            return each
    return None


@answering("study.plan")
def continue_plan(ask: Ask, question: Open) -> Reply | str | None:
    """Hear 确认, 取消, another week or other days; other texts are other commands."""
    said = ask.text.strip(" 。！!，,")
    plan = WeekPlan(
        {date.fromisoformat(day): words for day, words in question.details["days"]},
        guessed=question.details["guessed"],
    )
    if said in NO:
        ask.close_question()
        return "好的，没有存。"
    if said in YES:
        return _write(ask, plan)
    if move := MOVE.fullmatch(said):
        return _show(ask, _move(plan, move["week"], ask.now.date()))
    order = read_day_order(ask.text)
    more = read_week_plan(order.text if order else ask.text, ask.now.date())
    if more is None:
        return None
    days = plan.days | _beside(plan, more).days
    return _show(ask, WeekPlan(dict(sorted(days.items())), guessed=plan.guessed))


def _beside(plan: WeekPlan, more: WeekPlan) -> WeekPlan:
    """Take a bare 周三 as that of the week that the plan is for."""
    if not more.guessed:
        return more
    weeks = {day.isocalendar()[:2]: day for day in plan.days}
    if len(weeks) > 1:
        return more
    ahead = min(plan.days).toordinal() - min(more.days).toordinal()
    monday = min(plan.days).weekday() - min(more.days).weekday()
    return more.moved((ahead - monday) // 7)


def _move(plan: WeekPlan, week: str, today: date) -> WeekPlan:
    this = today.toordinal() - today.weekday()
    first = min(plan.days)
    there = (first.toordinal() - first.weekday() - this) // 7
    return plan.moved((1 if week == "下" else 0) - there)


def _show(ask: Ask, plan: WeekPlan) -> str:
    """Put the preview, with what stood there before, and wait for the word."""
    for words in plan.days.values():
        plans.check_text(words)
    branch, today = ask.standing.branch, ask.now.date()
    before = plans.of_branch(ask.session, branch, min(plan.days), max(plan.days))
    lines = [
        _line(day, words, before.get(day), today) for day, words in plan.days.items()
    ]
    kept = [[day.isoformat(), words] for day, words in plan.days.items()]
    asked = "学习安排存不存？"
    ask.put_question("study.plan", asked, days=kept, guessed=plan.guessed)
    return "\n".join([f"【预览】{branch.name}学习安排", *lines, *_hints(plan, today)])


def _line(day: date, words: str | None, before: str | None, today: date) -> str:
    passed = "（已过）" if day < today else ""
    if words is None:
        return f"· {say_day(day)}{passed} 不安排" + (
            f"（原来：{before}）" if before else ""
        )
    was = f"（原来：{before}）" if before and before != words else ""
    return f"· {say_day(day)}{passed} {words}{was}"


def _hints(plan: WeekPlan, today: date) -> list[str]:
    hints = []
    if plan.guessed:
        ahead = min(plan.days).isocalendar()[:2] != today.isocalendar()[:2]
        here, there = ("下周", "这周") if ahead else ("这周", "下周")
        hints.append(f"没说哪一周，按{here}排的；要排到{there}，说“改到{there}”。")
    hints.append("回“确认”就存，当天早上提醒时带上；改一天就说“周三 …”，不存回“取消”。")
    return hints


def _write(ask: Ask, plan: WeekPlan) -> Reply:
    done = plans.write(ask.session, ask.member, ask.standing.branch, plan.days, ask.now)
    ask.close_question()
    told = {
        "新增": done.added,
        "改动": done.changed,
        "去掉": done.removed,
        "没变": done.unchanged,
    }
    counts = "、".join(f"{word} {len(days)} 天" for word, days in told.items() if days)
    if not counts:
        return Reply("这几天本来就没有安排，没有要存的。")
    return Reply(
        f"已存：{counts}。党员问“今天学什么”就能看到。\n"
        "要改就再说一次，例：改学习安排 周三 …",
        changed=True,
    )
