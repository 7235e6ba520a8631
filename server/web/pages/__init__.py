"""Pages that members open inside WeCom: /m/…."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from flask import Blueprint
from flask.typing import ResponseReturnValue

from server.web.pages import (
    answers,
    enclose,
    identity,
    mine,
    minutes,
    notices,
    records,
    sign_in,
    visits,
    works,
    year_plan,
)

Entrances: TypeAlias = Mapping[str, Callable[[], ResponseReturnValue]]


def create_pages(entrances: Entrances) -> Blueprint:
    """Build `/m`; a page is for members unless `identity.OPEN` names it.

    entrances: of the console: an address below /m, and what lets in who is recognised.
    """
    pages = Blueprint(
        "pages",
        __name__,
        url_prefix="/m",
        template_folder="templates",
        static_folder="static",
    )
    pages.before_request(identity.recognise)
    pages.after_request(answers.harden)
    answers.add_handlers(pages)
    pages.get("/login")(identity.login)
    pages.get("/notices/<number>")(notices.show_notice)
    pages.post("/notices/<number>")(notices.choose)
    pages.get("/notices/<number>/files/<int:file>")(notices.send_file)
    pages.get("/enclose/<door>")(enclose.show_door)
    pages.post("/enclose/<door>")(enclose.take_in)
    _add_meetings(pages)
    for rule, view in entrances.items():
        pages.get(rule)(view)
    _add_records(pages)
    _add_works(pages)
    pages.get("/me")(mine.show_mine)
    pages.post("/me/calendar")(mine.change_calendar)
    pages.get("/calendar/<own_part>.ics")(mine.send_calendar)
    _add_walk_ins(pages)
    pages.get("/")(answers.show_nothing)
    pages.get("/<path:_rest>")(answers.show_nothing)
    for rule in ("/", "/<path:_rest>"):
        pages.route(rule, methods=answers.OTHERS)(answers.take_nothing)
    return pages


def _add_meetings(pages: Blueprint) -> None:
    pages.get("/minutes/<page>")(minutes.show_minutes)
    pages.post("/minutes/<page>")(minutes.take_minutes)
    pages.get("/year-plan/<int:year>")(year_plan.show_plan)
    pages.post("/year-plan/<int:year>")(year_plan.take_plan)
    pages.get("/sign-in/<page>")(sign_in.show_meeting)
    pages.post("/sign-in/<page>")(sign_in.sign)


def _add_records(pages: Blueprint) -> None:
    pages.get("/records")(records.list_kinds)
    pages.get("/records/<name>")(records.write_record)
    pages.post("/records/<name>")(records.take_record)
    pages.get("/records/<name>/<int:number>")(records.show_record)
    pages.post("/records/<name>/<int:number>")(records.take_evidence)


def _add_works(pages: Blueprint) -> None:
    pages.get("/works/<int:number>")(works.show_work)
    pages.post("/works/<int:number>")(works.take_file)
    pages.get("/works/files/<int:number>")(works.send_shown)
    pages.get("/jury/<int:number>")(works.show_jury)
    pages.post("/jury/<int:number>")(works.take_marks)
    pages.get("/gallery/<int:number>")(works.show_gallery)
    pages.post("/gallery/<int:number>")(works.like)
    pages.get("/show/<door>")(works.show_outside)
    pages.get("/show/<door>/<int:number>")(works.send_outside)


def _add_walk_ins(pages: Blueprint) -> None:
    """Add what needs no account (`walk_in`)."""
    pages.get("/visit/<door>")(visits.show_visit)
    pages.post("/visit/<door>")(visits.take_visit)
    pages.get("/confirm/<door>")(visits.show_confirm)
    pages.post("/confirm/<door>")(visits.take_confirm)
