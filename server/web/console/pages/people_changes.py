"""/console/people/: somebody is added or corrected, or a roster is taken in.

All goes the way of a roster's file: one form is a file of one row.
"""

import csv
from contextlib import suppress
from dataclasses import replace
from io import StringIO

from flask import request
from werkzeug.wrappers import Response

from bot.branch.enrolment import enrolment, pending
from bot.branch.enrolment.enrolment import Summary
from bot.branch.people import audit, listing, offices
from bot.branch.people.members import Category, Member
from bot.branch.people.tree import Branch, BranchKind, home
from bot.errors import Refusal
from bot.files.documents import MAX_BYTES
from bot.files.roster.entry import Roster
from bot.files.roster.faults import RosterError
from bot.files.roster.read import read_roster
from server.web.console.audience_form import list_nodes
from server.web.console.desk import Desk
from server.web.console.pages.people import (
    PEOPLE,
    find,
    show_person,
    state_of,
)

COLUMNS = {
    "name": "姓名",
    "userid": "企业微信账号",
    "branch": "党支部",
    "group": "党小组",
    "category": "人员类别",
    "joined": "入党日期",
    "full_since": "转正日期",
    "position": "党内职务",
}
ELSEWHERE = "账号 {who} 是别的支部的同志，不归您这里的名册管，没有动。"
NOTHING_CHOSEN = "还没有选文件。"


class _Tried(Exception):
    """Undoes what was only tried."""


@PEOPLE.get("/new")
def write_person(desk: Desk) -> str:
    return desk.show(
        "person_new.html", categories=list(Category), nodes=list_nodes(desk)
    )


@PEOPLE.post("/new", again=write_person)
def add_person(desk: Desk) -> Response:
    summary = _enrol(desk, _read_form(desk))
    if not summary.added:
        raise Refusal("名册里已经有这位同志了，没有加。要改，请在名册里点姓名。")
    name = "、".join(summary.added)
    return desk.done(f"加好了：{name}。{_say(summary)}", "people-list_people")


@PEOPLE.post("/<int:number>", again=show_person)
def change_person(desk: Desk, number: int) -> Response:
    member = find(desk, number)
    desk.check_unchanged(*state_of(member))
    summary = _enrol(desk, _read_form(desk), member)
    said = "；".join(str(each) for each in summary.changes) or "没有要改的"
    return desk.done(f"{said}。{_say(summary)}", "people-show_person", number=number)


@PEOPLE.get("/import")
def choose_roster(desk: Desk) -> str:
    return desk.show("roster.html")


@PEOPLE.post("/import/upload", again=choose_roster, most=MAX_BYTES, long="核对名册")
def preview_roster(desk: Desk) -> str:
    """Show what a file would change; nothing of it is done yet."""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Refusal(NOTHING_CHOSEN)
    content, name = file.read(), file.filename
    roster = _read(desk, content, name)
    summary = Summary()
    with suppress(_Tried), desk.session.begin_nested():
        summary = _enrol(desk, roster)
        raise _Tried
    desk.session.expire_all()
    number = pending.keep(desk.session, desk.member, name, content, desk.now)
    return desk.show("roster.html", roster=roster, summary=summary, number=number)


@PEOPLE.post("/import", again=choose_roster, long="导入名册")
def take_roster_in(desk: Desk) -> Response:
    said = desk.sent.get("number", "")
    number = int(said) if said.isdecimal() and len(said) < 18 else 0
    name, content = pending.take(desk.session, desk.member, number)
    summary = _enrol(desk, _read(desk, content, name))
    return desk.done(
        f"导入好了：新加 {len(summary.added)} 人，更新 {len(summary.updated)} 人。"
        f"{_say(summary)}",
        "people-list_people",
    )


def _read_form(desk: Desk) -> Roster:
    """Read a form as a roster of one row; what is left empty is not said."""
    form = desk.sent
    row = {name: form.get(name, "").strip() for name in COLUMNS}
    node = next(
        (each for each in list_nodes(desk) if str(each.id) == form.get("node")), None
    )
    if node is not None:
        row |= _place(desk, node.id)
    out = StringIO()
    said = {COLUMNS[name]: value for name, value in row.items() if value}
    writer = csv.DictWriter(out, list(said) or [COLUMNS["name"]])
    writer.writeheader()
    writer.writerow(said)
    try:
        return _read(desk, out.getvalue().encode(), "表单.csv")
    except RosterError as error:
        raise Refusal("\n".join(_without_row(error))) from None


def _without_row(error: RosterError) -> list[str]:
    return [str(replace(each, row=None)) for each in error.faults]


def _place(desk: Desk, number: int) -> dict[str, str]:
    """Name the branch and the group of a node that was picked."""
    node = desk.session.get_one(Branch, number)
    if node.kind == BranchKind.GROUP:
        return {"branch": home(desk.session, number).name, "group": node.name}
    return {"branch": node.name, "group": ""}


def _read(desk: Desk, content: bytes, name: str) -> Roster:
    phones = desk.config.roster.phones
    return read_roster(content, name, desk.now.date(), phones=phones)


def _enrol(desk: Desk, roster: Roster, whom: Member | None = None) -> Summary:
    """Take a roster in. Raises Refusal for who belongs to another branch."""
    session = desk.session
    accounts = [each.userid for each in roster.entries if each.userid]
    if others := listing.outsiders(session, desk.branch, accounts):
        raise Refusal(ELSEWHERE.format(who="、".join(others)))
    settings = offices.settings_of(session, desk.config.branch)
    summary = enrolment.enrol(
        session, roster.entries, desk.branch, desk.now, settings=settings, whom=whom
    )
    if summary.granted or summary.revoked:
        audit.note(session, desk.member, "members.import", desk.now)
    return summary


def _say(summary: Summary) -> str:
    told = [
        *(f"给了权限：{each}。" for each in summary.granted),
        *(f"收回权限：{each}。" for each in summary.revoked),
        *summary.kept,
        *summary.asked,
    ]
    return "".join(told)
