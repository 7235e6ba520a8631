"""/console/quiet/: how much is asked of the members: 减负自查 in pictures."""

from datetime import date

from flask import request

from bot.branch.notices import burden
from bot.calendar.recurrence.stretches import add_months
from bot.outbox.kinds import NAMES
from server.web.console.charts import draw
from server.web.console.desk import Desk
from server.web.console.page import Page

QUIET = Page("quiet", "减负自查", order=110)


@QUIET.get("/")
def show_quiet(desk: Desk) -> str:
    this = desk.now.date().replace(day=1)
    first = min(_asked_month(request.args.get("month", ""), this), this)
    session, branch, quiet = desk.session, desk.branch, desk.config.quiet
    month, before = (
        burden.look_back(session, branch, each, desk.now, quiet)
        for each in (first, add_months(first, -1))
    )
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
    )


def _asked_month(said: str, this: date) -> date:
    try:
        first = date.fromisoformat(f"{said}-01")
    except ValueError:
        return this
    return first if abs(first.year - this.year) <= 5 else this
