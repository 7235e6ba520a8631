"""/console/quiet/: how much is asked of the members: 减负自查 in pictures."""

from datetime import date

from flask import request

from bot.branch.notices import burden
from bot.calendar.recurrence.stretches import add_months
from bot.calendar.say import say_moment
from bot.outbox.kinds import NAMES
from server.web.console.charts import draw
from server.web.console.counted_months import the_counted_months
from server.web.console.desk import Desk
from server.web.console.page import Page

QUIET = Page("quiet", "减负自查", order=110)


@QUIET.get("/", long="减负自查")
def show_quiet(desk: Desk) -> str:
    this = desk.now.date().replace(day=1)
    first = min(_asked_month(request.args.get("month", ""), this), this)
    branch, quiet, counted = desk.branch, desk.config.quiet, the_counted_months()
    of_month = counted.look_back(desk, first)
    month, before = of_month.month, counted.look_back(desk, add_months(first, -1)).month
    kinds = [
        (NAMES.get(kind, "其他"), float(number))
        for kind, number in month.heard.kinds.items()
    ]
    means = [
        (f"{each.first:%Y-%m}", round(float(each.mean), 1)) for each in (before, month)
    ]
    return desk.show(
        "quiet.html",
        said=burden.describe(branch, month, before, quiet, desk.now.date()),
        kinds=draw("自动消息的种类", ("种类", "条"), kinds) if kinds else None,
        means=draw("人均自动消息", ("月份", "条"), means),
        first=first,
        before=f"{add_months(first, -1):%Y-%m}",
        after=f"{add_months(first, 1):%Y-%m}" if first < this else "",
        hours=f"{quiet.starts:%H:%M}–{quiet.ends:%H:%M}",
        budget=quiet.weekly_budget,
        counted_at="" if of_month.was_over else say_moment(of_month.at, desk.now),
    )


def _asked_month(said: str, this: date) -> date:
    try:
        first = date.fromisoformat(f"{said}-01")
    except ValueError:
        return this
    return first if abs(first.year - this.year) <= 5 else this
