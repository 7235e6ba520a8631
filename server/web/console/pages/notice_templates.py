"""/console/notices/templates: what is sent again and again, kept under a name."""

from werkzeug.wrappers import Response

from bot.branch.notices import templates
from bot.branch.notices.notices import MAX_TEXT
from bot.branch.notices.templates import NoticeTemplate
from bot.branch.people.audience import Audience
from bot.branch.people.members import Member
from bot.calendar.say import say_moment
from bot.errors import Refusal
from server.web.console.desk import Desk
from server.web.console.pages.notices import (
    NOTICES,
    check_unchanged,
    find,
    show_notice,
)
from server.web.pages.answers import PageRefusal

NOT_HERE = "没有这个模板，可能已经删了。"
LIST = "notices-list_templates"


@NOTICES.get("/templates")
def list_templates(desk: Desk) -> str:
    session = desk.session
    lines = [
        {
            "row": each,
            "to": Audience.unpack(each.audience).words or "全体党员",
            "by": session.get_one(Member, each.kept_by).called,
            "at": say_moment(each.kept_at, desk.now),
            "seen": desk.mark(*_state(each)),
        }
        for each in templates.of_branch(session, desk.branch)
    ]
    return desk.show("notice_templates.html", lines=lines, most=MAX_TEXT)


@NOTICES.post("/<int:number>/template", again=show_notice)
def keep_template(desk: Desk, number: int) -> Response:
    notice, name = find(desk, number), desk.sent.get("name", "").strip()
    check_unchanged(desk, notice)
    row = templates.keep(
        desk.session, desk.branch, name or notice.title, notice, desk.member, desk.now
    )
    return desk.done(f"存好了，模板“{row.name}”。", LIST)


@NOTICES.post("/templates/<int:number>", again=list_templates)
def change_template(desk: Desk, number: int) -> Response:
    """Call a template otherwise, reword it, or delete it."""
    row = find_template(desk, number)
    desk.check_unchanged(*_state(row))
    if "remove" in desk.sent:
        templates.delete(desk.session, row)
        return desk.done(f"删掉了模板“{row.name}”。", LIST)
    templates.rename(desk.session, row, desk.sent.get("name", ""))
    templates.reword(desk.session, row, desk.sent.get("text", ""))
    return desk.done("改好了。", LIST)


def find_template(desk: Desk, number: int) -> NoticeTemplate:
    """Find a template of this branch. Raises PageRefusal for any other."""
    try:
        return templates.get(desk.session, desk.branch, number)
    except Refusal:
        raise PageRefusal(404, NOT_HERE) from None


def _state(row: NoticeTemplate) -> list[object]:
    return [row.id, row.name, row.text]
