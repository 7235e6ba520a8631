"""学习: what is studied on which day, the materials, and one's own hours."""

from datetime import date, timedelta

from bot.branch.people.members import Role
from bot.branch.study import hours, materials, plans
from bot.branch.study.hours import Conversion, StudyHours, Year
from bot.branch.study.materials import Material
from bot.calendar.say import say_day, say_days
from bot.command import Answer, Ask, command
from bot.errors import Denied
from bot.rulebook.load import find_rule
from bot.rulebook.rule import Rule
from bot.understanding.slots.person import speaks_of_others
from bot.understanding.when import find_period
from bot.understanding.when.numbers import find_number
from handlers.study.week_plan import read_week_plan

FEW = 6
OF_OTHERS = (
    "学时各记各的，只有本人看得到，别人的我不说。看自己的，发“我的学时”{whole}。"
)
OF_ALL = "；支部的合计（不列个人），发“学时统计”"


@command(
    "study",
    help="今天学什么、学习资料、我的学时",
)
def show_plan(ask: Ask) -> Answer:
    if ask.meant and read_week_plan(ask.text, ask.now.date()):
        return _hand_to_secretary(ask)
    return _show_plan(ask)


def _hand_to_secretary(ask: Ask) -> Answer:
    planning = ask.commands.by_intent["study.plan"]
    if ask.standing.role < planning.role:
        raise Denied(f"学习安排要由{planning.role.title}来定。")
    return planning.run(ask)


def _show_plan(ask: Ask) -> str:
    """Tell what is planned: of the day or stretch that was asked for, or the week."""
    today = ask.now.date()
    monday = today - timedelta(days=today.weekday())
    first, last = monday, monday + timedelta(days=6)
    if period := find_period(ask.text, ask.now, "future"):
        first, last = period.start.date(), period.end.date() - timedelta(days=1)
    planned = plans.of_member(ask.session, ask.member, first, last)
    known = list(materials.for_member(ask.session, ask.member, 50))
    if first == last:
        return _show_day(ask, first, planned.get(first), known)
    when = say_days(first, last)
    if not planned:
        return f"{when}还没有学习安排。{_instead(ask, known)}"
    lines = [_line(day, words, today) for day, words in list(planned.items())[:14]]
    return "\n".join([f"{when}的学习安排：", *lines, *_found_in(planned, known)])


def _show_day(ask: Ask, day: date, words: str | None, known: list[Material]) -> str:
    if words is None:
        return f"{say_day(day)}没有学习安排。{_instead(ask, known)}"
    more = _found_in({day: words}, known)
    hint = [f"学完想记一笔，发“打卡 {words[:20]}”。"] if day == ask.now.date() else []
    return "\n".join([f"{say_day(day)}学习：{words}", *more, *hint])


def _instead(ask: Ask, known: list[Material]) -> str:
    if ask.standing.role >= Role.SECRETARY:
        return "\n要安排，就说：下周安排：周一 学党章第一章；周三 看纪录片"
    if known:
        return "\n发“学习资料”看看有什么可学的。"
    return "\n可以先在学习强国等平台学，学完发“打卡 …”记一笔。"


def _line(day: date, words: str, today: date) -> str:
    mark = "（今天）" if day == today else ""
    return f"· {say_day(day)}{mark} {words}"


def _found_in(planned: dict[date, str], known: list[Material]) -> list[str]:
    """Point to the materials that a plan names."""
    words = " ".join(planned.values())
    named = [each for each in known if each.title.strip("《》") in words]
    return [f"资料“{each.title}”：发“资料 {each.id}”" for each in named[:3]]


@command(
    "study.materials",
    help="学习资料，例：学习资料；资料 2",
    shown=False,
)
def show_materials(ask: Ask) -> str:
    known = list(materials.for_member(ask.session, ask.member))
    number = find_number(ask.slots.get("n", ""))
    if number is not None:
        return _show_material(ask, number, known)
    if not known:
        return "还没有学习资料。" + (
            "\n要发资料，就说：发学习资料 《党章》学习要点 https://…"
            if ask.standing.role >= Role.SECRETARY
            else "可以先在学习强国、共产党员网上学，学完发“打卡 …”记一笔。"
        )
    lines = [f"{each.id}. {each.title}" for each in known]
    return "\n".join(
        ["学习资料（新的在前）：", *lines, f"要看，发“资料 {known[0].id}”。"]
    )


def _show_material(ask: Ask, number: int, known: list[Material]) -> str:
    every = materials.for_member(ask.session, ask.member, 500)
    found = next((each for each in every if each.id == number), None)
    if found is None:
        return f"没有序号 {number} 的资料。发“学习资料”看有哪些。"
    sent = materials.send_file(ask.session, found, ask.member, ask.message.id, ask.now)
    return found.text + ("\n（图片或文件正在发到您的手机上）" if sent else "")


@command(
    "study.hours",
    help="自己今年有多少学时",
    shown=False,
)
def show_hours(ask: Ask) -> str:
    """Tell the member's own hours against the rule, with its source; no one else's."""
    if speaks_of_others(ask):
        totals = ask.commands.by_intent["study.totals"]
        whole = OF_ALL if ask.standing.role >= totals.role else ""
        return OF_OTHERS.format(whole=whole)
    said = ask.text.replace("上一年", "去年").replace("上年", "去年")
    period = find_period(said, ask.now, "past")
    year = min(period.start.year, ask.now.year) if period else ask.now.year
    conversion = Conversion.of(ask.config.study)
    mine = hours.year_of(ask.session, ask.member, year, conversion)
    office = ask.standing.role >= Role.COMMITTEE
    rule = find_rule(
        "study.secretary_hours" if office else "study.hours", ask.now.date()
    )
    needed = float(rule.decimal("hours"))
    left = needed - mine.total
    reached = f"还差 {_round(left)} 学时" if left > 0 else "已经够了"
    total = _round(mine.total)
    lines = [
        f"{year} 年您有 {total} 学时，{reached}（规定一般不少于 {needed:g}）。",
        _parts(mine),
        *(f"· {_entry(each, mine)}" for each in mine.entries[:FEW]),
        *_trainings(rule, mine),
        rule.citation,
        f"1 天算 {conversion.per_day:g} 学时、半天 {conversion.per_day / 2:g}、"
        f"{conversion.minutes} 分钟 1 学时，自学计不计以支部规定为准。",
        "（只有您自己看得到）",
    ]
    return "\n".join(lines)


def _trainings(rule: Rule, mine: Year) -> list[str]:
    """Tell how many trainings a committee member was at, of how many."""
    if "trainings" not in rule.value:
        return []
    been = len({each.training_id for each in mine.entries if each.training_id})
    return [f"集中培训参加了 {been} 次（规定至少 {rule.value['trainings']} 次）。"]


def _parts(mine: Year) -> str:
    named = {
        "集中培训": mine.trainings,
        "自己登记": mine.own,
        "打卡折算": mine.checkins,
    }
    told = [f"{name} {_round(number)}" for name, number in named.items() if number]
    return "、".join(told) or "记学时就说：登记学时 党史培训 半天"


def _entry(each: StudyHours, mine: Year) -> str:
    how = "培训" if each.training_id else "自己登记"
    if each.id in mine.twice:
        how = "自己登记；支部已登记同一次，只算支部的"
    return f"{say_day(each.day)} {each.what} {each.hours:g} 学时（{how}）"


def _round(number: float) -> str:
    return f"{round(number, 1):g}"
