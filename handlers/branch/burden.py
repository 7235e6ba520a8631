"""减负自查: what a month's messages asked of the members, in figures."""

import re

from bot.branch.notices import burden
from bot.branch.people.members import Role
from bot.calendar.recurrence.stretches import add_months
from bot.command import Ask, command
from bot.understanding.when import find_period


@command(
    "stats.burden",
    help="看一个月给大家发了多少消息、打扰多不多，例：减负自查、上个月推了多少消息",
    role=Role.SECRETARY,
)
def check_burden(ask: Ask) -> str:
    """Tell of the month meant; without one of the last, else of this."""
    branch, quiet, now = ask.standing.branch, ask.config.quiet, ask.now
    this = now.date().replace(day=1)
    period = find_period(ask.text, now, "past")
    if period is not None:
        first = min(period.start.date().replace(day=1), this)
    elif re.search("[这本当]个?月", ask.text):
        first = this
    else:
        first = add_months(this, -1)
    month = burden.look_back(ask.session, branch, first, now, quiet)
    if month.silent and period is None and first < this:
        first = this
        month = burden.look_back(ask.session, branch, first, now, quiet)
    before = burden.look_back(ask.session, branch, add_months(first, -1), now, quiet)
    return burden.describe(branch, month, before, quiet, now.date())
