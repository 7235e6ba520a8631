"""/console/audit/: who looked at what of whom, as it was written down."""

from flask import request

from bot.branch.people import audit
from bot.calendar.say import say_whole_moment
from server.web.console.desk import Desk
from server.web.console.page import Page
from server.web.console.paging import A_PAGE

AUDIT = Page("audit", "留痕", order=120)


@AUDIT.get("/")
def list_looks(desk: Desk) -> str:
    before = request.args.get("before", type=int)
    found = audit.latest(desk.session, desk.branch, before, A_PAGE)
    zone = desk.now.tzinfo
    lines = [(each, say_whole_moment(each.at.astimezone(zone))) for each in found]
    more = found[-1].number if len(found) == A_PAGE else None
    return desk.show("audit.html", lines=lines, more=more)
