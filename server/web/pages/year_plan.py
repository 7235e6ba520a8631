"""/m/year-plan/<year>: a year's plan is taken in from a table, by the secretary.

WeCom brings no file that a member sends to an app (path/90239), so there is this page.
"""

from functools import partial

from flask import g, render_template
from sqlalchemy.orm import Session
from werkzeug.exceptions import RequestEntityTooLarge

from bot.branch.meetings import year_plan
from bot.branch.meetings.plan_intake import read_plan
from bot.branch.people import members
from bot.branch.people.members import Member, Role
from bot.branch.people.tree import Branch, home
from bot.errors import Refusal
from bot.files.documents import MAX_BYTES, TOO_LARGE
from bot.files.roster.faults import RosterError
from server.web.pages.answers import PageRefusal, drain
from server.web.pages.identity import the_assistant, the_moment, the_reader
from server.web.pages.uploads import admit, read_file

NOT_YOURS = "年度计划由支部书记来导入。"
NO_YEAR = "没有这一年的计划，请在聊天里重新说“上传年度计划”。"
MOST_FAULTS = 20


def show_plan(year: int) -> str:
    return _show(year)


def take_plan(year: int) -> str | tuple[str, int]:
    """Add a table's lines; with one that is wrong none is, and each is named."""
    admit(partial(_open, year=year))
    try:
        file = read_file(MAX_BYTES)
        lines = read_plan(file.read(), file.filename or "", year)
        with the_assistant().storage.write() as session:
            reader, branch = _open(session, year)
            added = year_plan.add(session, branch, year, lines, reader, the_moment())
    except PageRefusal:
        raise
    except RosterError as error:
        said = [str(each) for each in error.faults[:MOST_FAULTS]]
        return _show(year, faults=said), 400
    except Refusal as refusal:
        return _show(year, faults=[str(refusal)]), 400
    except RequestEntityTooLarge:
        drain()
        return _show(year, faults=[TOO_LARGE]), 413
    return _show(year, f"收好了：表里 {len(lines)} 项，新加 {added} 项。")


def _show(year: int, done: str = "", faults: list[str] | None = None) -> str:
    with the_assistant().storage.read() as session:
        _, branch = _open(session, year)
        found = year_plan.items(session, branch, year)
        return render_template(
            "m/year_plan.html",
            year=year,
            branch=branch.name,
            items=[f"{each.month}月 {each.title}" for each in found],
            heads="、".join(year_plan.HEADS[:-1]),
            done=done,
            faults=faults or [],
            form=g.form,
        )


def _open(session: Session, year: int) -> tuple[Member, Branch]:
    """Find whose plan it is. Raises PageRefusal for who is no secretary."""
    reader = the_reader(session)
    standing = members.standing(session, reader)
    if standing.role < Role.SECRETARY:
        raise PageRefusal(403, NOT_YOURS)
    if abs(year - the_moment().year) > 1:
        raise PageRefusal(404, NO_YEAR)
    return reader, home(session, standing.branch.id)
