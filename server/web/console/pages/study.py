"""/console/study/: what is studied on which day, and the branch's sums alone."""

from calendar import monthrange
from datetime import date, timedelta

from flask import request
from werkzeug.wrappers import Response

from bot.branch.people.tree import home
from bot.branch.study import day_totals, hours, plans, trainings
from bot.branch.study.hours import Conversion
from bot.calendar.say import say_short_day, say_whole_day
from bot.errors import Refusal
from bot.rulebook.load import find_rule
from server.web.console.charts import draw
from server.web.console.desk import Desk
from server.web.console.page import Page

STUDY = Page("study", "学习", order=60)
SHOWN = 30
"""Days of check-ins that are drawn."""


@STUDY.get("/")
def show_study(desk: Desk) -> str:
    today = desk.now.date()
    month = desk.field("month", request.args.get("month", ""))
    first = _asked_month(month, today)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    place = home(desk.session, desk.branch.id)
    planned = plans.of_branch(desk.session, place, first, last)
    days = [first + timedelta(days=each) for each in range((last - first).days + 1)]
    since = today - timedelta(days=SHOWN - 1)
    counted = day_totals.count_by_day(desk.session, desk.branch, since, today)
    span = [since + timedelta(days=each) for each in range(SHOWN)]
    rows = [(say_short_day(each), float(counted.get(each, 0))) for each in span]
    return desk.show(
        "study.html",
        first=first,
        before=f"{first - timedelta(days=1):%Y-%m}",
        after=f"{last + timedelta(days=1):%Y-%m}",
        days=[(each, say_whole_day(each), planned.get(each, "")) for each in days],
        chart=draw("每天打卡的人数（只有合计）", ("日期", "人数"), rows),
        total=_totals(desk),
        held=trainings.count_in(desk.session, place, today.year),
        seen=desk.mark(sorted((str(day), text) for day, text in planned.items())),
    )


@STUDY.post("/plan", again=show_study)
def write_plan(desk: Desk) -> Response:
    """Write down the days that differ; what was emptied is studied no more."""
    first = _asked_month(desk.sent.get("month", ""), desk.now.date())
    last = first.replace(day=monthrange(first.year, first.month)[1])
    place = home(desk.session, desk.branch.id)
    planned = plans.of_branch(desk.session, place, first, last)
    desk.check_unchanged(sorted((str(day), text) for day, text in planned.items()))
    wanted: dict[date, str | None] = {}
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        said = desk.sent.get(f"day{day.day}", "").strip()
        if said != planned.get(day, ""):
            wanted[day] = said or None
    if not wanted:
        raise Refusal("没有改动。")
    done = plans.write(desk.session, desk.member, place, wanted, desk.now)
    said = (
        f"记下了：新排 {len(done.added)} 天，改 {len(done.changed)} 天，"
        f"去掉 {len(done.removed)} 天。"
    )
    return desk.done(said, "study-show_study", month=f"{first:%Y-%m}")


def _totals(desk: Desk) -> str:
    year, today = desk.now.year, desk.now.date()
    needed = tuple(
        int(find_rule(name, today).decimal("hours"))
        for name in ("study.hours", "study.secretary_hours")
    )
    conversion = Conversion.of(desk.config.study)
    try:
        sums = hours.totals(
            desk.session, desk.branch, year, conversion, (needed[0], needed[1])
        )
    except Refusal as refusal:
        return str(refusal)
    mean = sums.hours / sums.people if sums.people else 0
    return (
        f"{year} 年 {sums.people} 人共 {sums.hours:.1f} 学时，人均 {mean:.1f}，"
        f"够学时的 {sums.reached} 人。"
    )


def _asked_month(said: str, today: date) -> date:
    try:
        first = date.fromisoformat(f"{said}-01")
    except ValueError:
        return today.replace(day=1)
    return first if abs(first.year - today.year) <= 5 else today.replace(day=1)
