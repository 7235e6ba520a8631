"""/console/inspection/: what a year lacks for an inspection; its papers in one zip."""

from datetime import date
from io import BytesIO

from flask import Response as File
from flask import request

from bot.branch.inspection.items import Asked
from bot.branch.inspection.pack import survey, write_pack
from bot.branch.people import audit
from server.web.console.desk import Desk
from server.web.console.files import ZIP, send_as
from server.web.console.page import Page

INSPECTION = Page("inspection", "迎检", order=105)
YEARS = 10


@INSPECTION.get("/", long="迎检自查")
def show_gaps(desk: Desk) -> str:
    """Tell what lacks and does not agree in the year that is asked for."""
    year = _asked_year(desk)
    packed = survey(_asked(desk, year)) if year else None
    if year:
        _note(desk, "pack.view", year)
    this = desk.now.year
    return desk.show(
        "inspection.html",
        year=year or this,
        years=range(this, this - YEARS, -1),
        packed=packed,
    )


@INSPECTION.get("/pack.zip", long="打迎检包")
def send_pack(desk: Desk) -> File:
    """Send the year's papers, without the pictures that show the records."""
    year = _asked_year(desk) or desk.now.year
    out = BytesIO()
    write_pack(_asked(desk, year), out, evidence=False)
    _note(desk, "pack.made", year)
    return send_as(out.getvalue(), f"迎检包-{year}.zip", ZIP)


def _asked(desk: Desk, year: int) -> Asked:
    return Asked(desk.session, desk.branch, year, desk.now, desk.config)


def _asked_year(desk: Desk) -> int | None:
    asked = request.args.get("year", type=int)
    return asked if asked and date.min.year < asked <= desk.now.year else None


def _note(desk: Desk, action: str, year: int) -> None:
    """Write the look down; apart, so that nobody's writing waits for the reading."""
    with desk.assistant.storage.write() as session:
        audit.note(session, desk.member, action, desk.now, details=str(year))
