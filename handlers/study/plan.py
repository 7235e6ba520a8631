"""安排学习: a secretary says what is studied on which day, looks, confirms."""

from dataclasses import replace
from datetime import date

from bot.branch.people.members import Role, party_branch
from bot.branch.people.tree import Branch
from bot.branch.study import plans
from bot.calendar.say import say_day
from bot.command import Answer, Ask, Drafting, Kept, NotMeant, command
from bot.inbox import open_questions
from bot.inbox.open_questions import Open
from bot.message import Reply
from bot.understanding.slots.moment import is_only_time
from handlers.study.week_plan import WeekPlan, is_one_day, read_week_plan

NONE_OPEN = "现在没有正在排的学习安排。要排就说“下周安排：周一 …；周三 …”。"
BY_SENTENCE = ("把", "将", "取消", "删", "去掉", "不要")
EXAMPLE = "例：下周安排：周一 学党章第一章；周三 看纪录片《光辉历程》"


@command(
    "study.plan",
    help="安排每天学什么，早上提醒里带上，例：下周安排：周一 学党章；周三 看纪录片",
    role=Role.SECRETARY,
    acts=True,
)
def plan_study(ask: Ask) -> Answer:
    if week := ask.slots.get("week"):
        return _move_open(ask, week)
    if day := ask.slots.get("day"):
        joined = replace(ask, answers=_find_open(ask))
        return _show(joined, _read_day(ask, day))
    on = ask.slots.get("on")
    said = f"{ask.slots.get('how', '')}{ask.slots.get('rest', '')}"
    text = f"{on} {said}" if on else ask.text
    plan = read_week_plan(text, ask.now.date())
    if plan is None and ask.slots:
        raise NotMeant
    if plan is None:
        return f"要安排哪几天、学什么？{EXAMPLE}"
    return _show(ask, plan)


@command("study.plan_asked", help="学习安排由谁来改", shown=False)
def send_to_secretary(ask: Ask) -> str:
    """Say who changes what is planned for a day. Raises NotMeant where nothing is."""
    said = ask.slots
    words = f"{said.get('how', '')}{said.get('rest', '')}"
    plan = _read_changed(ask, said.get("day", ""), words)
    may = ask.standing.role >= Role.SECRETARY
    branch = party_branch(ask.session, ask.member)
    if may or plan is None or not _where_planned(ask, branch, plan, words):
        raise NotMeant
    return f"学习安排要由{Role.SECRETARY.title}来改，这次没有动。有想法跟书记说一声。"


def _move_open(ask: Ask, week: str) -> Answer:
    """Move what is being planned: 改到下周."""
    if begun := _find_open(ask):
        moved = _move(_unpack(begun.kept), week, ask.now.date())
        return _show(replace(ask, answers=begun), moved)
    return NONE_OPEN


def _read_day(ask: Ask, day: str) -> WeekPlan:
    """Read 把周三的学习改成 …, 周三换成 …, 周三不学了, 取消周三.

    What is being planned takes it in. Otherwise what does not say that it is of study
    is so where something is planned for the day.
    """
    said = ask.slots
    words = f"{said.get('how', '')}{said.get('rest', '')}"
    plan = _read_changed(ask, day, words)
    if plan is None:
        raise NotMeant
    if begun := _find_open(ask):
        return _join(_unpack(begun.kept), plan)
    if "of" in said or "学" in said.get("drop", ""):
        return plan
    there = _where_planned(ask, ask.standing.branch, plan, words)
    if there is None:
        raise NotMeant
    return there


def _find_open(ask: Ask) -> Open | None:
    """Find the plan that was shown last and waits for the word."""
    question = open_questions.find(ask.session, ask.message.thread, ask.now)
    return question if question and question.kind == "study.plan" else None


def _unpack(kept: Kept) -> WeekPlan:
    days = {date.fromisoformat(day): words for day, words in kept["days"]}
    return WeekPlan(days, guessed=kept["guessed"])


def _join(plan: WeekPlan, more: WeekPlan) -> WeekPlan:
    days = plan.days | _beside(plan, more).days
    return WeekPlan(dict(sorted(days.items())), guessed=plan.guessed)


def _read_changed(ask: Ask, day: str, words: str) -> WeekPlan | None:
    if not is_one_day(day):
        return None
    return read_week_plan(f"{day} {words or '不学'}", ask.now.date())


def _where_planned(
    ask: Ask, branch: Branch, plan: WeekPlan, words: str
) -> WeekPlan | None:
    """Take the week in which something is planned for the day; None if in neither.

    words: what is said of it; a time alone is of something else.
    """
    if is_only_time(words, ask.now):
        return None
    for each in (plan, plan.moved(1)) if plan.guessed else (plan,):
        first, last = min(each.days), max(each.days)
        if plans.of_branch(ask.session, branch, first, last):
            return each
    return None


def _change(ask: Ask, kept: Kept) -> str | None:
    """Hear of other days; 把周三改成 … is a sentence of its own."""
    if ask.said.strip(" 。！!，,").startswith(BY_SENTENCE):
        return None
    more = read_week_plan(ask.text, ask.now.date())
    return _show(ask, _join(_unpack(kept), more)) if more else None


PLAN = Drafting(
    "study.plan",
    show=lambda ask, kept: _show(ask, _unpack(kept)),
    confirm=lambda ask, kept: _write(ask, _unpack(kept)),
    change=_change,
    verbs=("存", "保存", "存吧", "安排"),
    dropped="好的，没有存。",
)


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
    ask.put_draft("study.plan", asked, days=kept, guessed=plan.guessed)
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
