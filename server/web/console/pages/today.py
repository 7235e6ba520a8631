"""/console/: what waits, what is due, what went wrong, how many of what."""

from bot.branch.people.members import Role
from server.web.console.desk import Desk
from server.web.console.page import Page

TODAY = Page("", "今天", order=0, role=Role.COMMITTEE)


@TODAY.get("/")
def show_today(desk: Desk) -> str:
    return desk.show("today.html")
