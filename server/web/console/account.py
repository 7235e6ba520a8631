"""Whoever is signed in: where else, and out again, here or everywhere."""

from flask import redirect, url_for
from werkzeug.wrappers import Response

from bot.branch.console import sessions
from bot.branch.people.members import Role
from bot.calendar.say import say_moment
from server.web.console.desk import Desk
from server.web.console.page import Page
from server.web.console.signing_in import let_out

ACCOUNT = Page("account", "登录", order=99, role=Role.COMMITTEE, shown=False)


@ACCOUNT.get("/")
def show_devices(desk: Desk) -> str:
    rows = sessions.open_of(desk.session, desk.member, desk.now)
    devices = [
        {
            "number": each.id,
            "device": each.device,
            "began": say_moment(each.began_at, desk.now),
            "seen": say_moment(each.seen_at, desk.now),
            "here": each.id == desk.number,
        }
        for each in rows
    ]
    return desk.show("account.html", devices=devices)


@ACCOUNT.post("/devices/<int:number>/end")
def end_device(desk: Desk, number: int) -> Response:
    sessions.end(desk.session, desk.member, number, desk.now)
    if number == desk.number:
        return let_out(redirect(url_for("console.sign_in"), 303))
    return desk.done("那台设备已经退出了。", "account-show_devices")


@ACCOUNT.post("/sign-out")
def sign_out(desk: Desk) -> Response:
    sessions.end(desk.session, desk.member, desk.number, desk.now)
    return let_out(redirect(url_for("console.sign_in"), 303))


@ACCOUNT.post("/sign-out-everywhere")
def sign_out_everywhere(desk: Desk) -> Response:
    sessions.end(desk.session, desk.member, None, desk.now)
    return let_out(redirect(url_for("console.sign_in"), 303))
