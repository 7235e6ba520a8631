"""/console/notices/: what was sent, what became of it, and what helps it along."""

from datetime import datetime

from flask import request, url_for
from werkzeug.wrappers import Response

from bot.branch.notices import (
    chasing,
    corrections,
    enclosures,
    pages,
    reach,
    withdrawal,
)
from bot.branch.notices.ledgers import say_state
from bot.branch.notices.notices import Notice, State
from bot.branch.notices.reach import Status
from bot.branch.people import audit
from bot.branch.people.members import Member
from bot.branch.people.tree import Branch
from bot.calendar.quiet_hours import is_quiet
from bot.calendar.say import say_moment
from bot.errors import Refusal
from server.web.console.charts import receipts_chart
from server.web.console.desk import Desk
from server.web.console.page import Page
from server.web.console.paging import turn_to
from server.web.pages.answers import PageRefusal

NOTICES = Page("notices", "通知", order=20)
NOT_HERE = "没有找到这条通知。"
AT_NIGHT = "现在是免打扰时间，先不催了，白天再来。"


@NOTICES.get("/")
def list_notices(desk: Desk) -> str:
    words = request.args.get("words", "").strip()
    session, branch = desk.session, desk.branch
    rows = turn_to(
        pages.count(session, branch, words),
        lambda offset, limit: pages.turn(session, branch, words, offset, limit),
    )
    lines = [
        {
            "number": each.notice.id,
            "title": each.notice.title,
            "at": say_moment(each.notice.goes_at, desk.now),
            "stand": pages.say_stand(each.notice, desk.now),
            "corrects": each.notice.corrects,
            "planned": each.planned,
            "answered": each.answered,
        }
        for each in rows.rows
    ]
    return desk.show("notices.html", rows=rows, lines=lines, words=words)


@NOTICES.get("/<int:number>", looks=True)
def show_notice(desk: Desk, number: int) -> str:
    notice = find(desk, number)
    session, which = desk.session, request.args.get("which", pages.ALL)
    rows = turn_to(
        pages.count_people(session, notice, which),
        lambda offset, limit: pages.people(session, notice, which, offset, limit),
    )
    seen = [each.member_id for each in rows.rows if each.member_id is not None]
    if seen:
        action = "notices.view"
        audit.note(session, desk.member, action, desk.now, subjects=seen)
    opened = pages.opened_at(session, notice, seen)
    out = corrections.is_out(notice, desk.now)
    people = [
        {
            "name": each.name,
            "state": say_state(each, out=out),
            "reason": each.reason,
            "at": _say_at(desk, each.acknowledged_at),
            "choice": each.choice,
            "note": each.note,
            "opened": _say_at(desk, opened.get(each.member_id or 0)),
        }
        for each in rows.rows
    ]
    choices = {f"{pages.CHOICE}{each}": each for each in notice.answers}
    return desk.show(
        "notice.html",
        notice=notice,
        author=session.get_one(Member, notice.author_id).called,
        branch=session.get_one(Branch, notice.branch_id).name,
        at=say_moment(notice.goes_at, desk.now),
        until=_say_at(desk, notice.deadline),
        stand=pages.say_stand(notice, desk.now),
        face=corrections.show_face(session, notice, desk.now),
        versions=[
            each for each in corrections.versions(session, notice) if each != notice
        ],
        enclosed=enclosures.enclosed_with(session, notice.enclosed_topic),
        status=_figures(desk, notice),
        chart=receipts_chart(session, notice, desk.now),
        rows=rows,
        people=people,
        which=which,
        whiches={**pages.WHICH, **(choices if notice.asking else {})},
        can=_what_can_be_done(notice, desk),
        seen=desk.mark(notice.state, notice.nudges, notice.goes_at),
    )


@NOTICES.get("/<int:number>/live")
def show_live(desk: Desk, number: int) -> str:
    """Give the figures alone, for a page that is open meanwhile."""
    notice = find(desk, number)
    return desk.show("notice_live.html", status=_figures(desk, notice))


@NOTICES.post("/<int:number>/nudge", again=show_notice)
def nudge(desk: Desk, number: int) -> Response:
    notice = find(desk, number)
    check_unchanged(desk, notice)
    if is_quiet(desk.config.quiet, desk.now):
        raise Refusal(AT_NIGHT)
    every = desk.config.notices.nudge_every
    public_url = desk.config.server.public_url
    sender = chasing.desk_of(desk.session, notice, public_url)
    told = chasing.nudge(desk.session, notice, sender, every, desk.now)
    return desk.done(
        f"已提醒 {told} 位还没回复的同志。", "notices-show_notice", number=number
    )


@NOTICES.post("/<int:number>/recall", again=show_notice)
def recall(desk: Desk, number: int) -> Response:
    notice = find(desk, number)
    check_unchanged(desk, notice)
    done = withdrawal.withdraw(desk.session, notice, desk.member, desk.now)
    said = f"正在撤回：{done.taken_back} 人已送达的在收回。"
    if done.kept:
        said = "已取消，没有发给任何人。"
    return desk.done(said, "notices-show_notice", number=number)


def find(desk: Desk, number: int) -> Notice:
    """Find a notice of the branch or below it. Raises PageRefusal for any other."""
    notice = desk.session.get(Notice, number)
    if notice is None:
        raise PageRefusal(404, NOT_HERE)
    node = desk.session.get_one(Branch, notice.branch_id)
    if not node.path.startswith(desk.branch.path):
        raise PageRefusal(404, NOT_HERE)
    return notice


def check_unchanged(desk: Desk, notice: Notice) -> None:
    desk.check_unchanged(notice.state, notice.nudges, notice.goes_at)


def _figures(desk: Desk, notice: Notice) -> dict[str, object]:
    status = reach.status(desk.session, notice)
    return {
        "boxes": _boxes(desk, status),
        "said": chasing.in_words(status, desk.member, desk.now),
        "number": notice.id,
    }


def _boxes(desk: Desk, status: Status) -> list[tuple[str, int, str]]:
    tally, number = status.tally, status.notice.id

    def to(which: str) -> str:
        return url_for("console.notices-show_notice", number=number, which=which)

    boxes = [
        ("计划", tally.planned, to(pages.ALL)),
        ("送达", tally.delivered, ""),
        ("未送达", tally.refused, to(pages.REFUSED)),
        ("发送中", tally.pending, ""),
        ("已回复", status.acknowledged, to(pages.ANSWERED)),
        ("打开没回复", status.opened, to(pages.OPENED)),
    ]
    if status.notice.asking:
        boxes += [
            (each, status.choices.get(each, 0), to(f"{pages.CHOICE}{each}"))
            for each in status.notice.answers
        ]
    return boxes


def _what_can_be_done(notice: Notice, desk: Desk) -> set[str]:
    can = set()
    if corrections.is_out(notice, desk.now):
        can |= {"nudge", "correct"}
    if notice.state != State.WITHDRAWN:
        fresh = desk.now - notice.goes_at <= withdrawal.RECALLABLE
        can |= {"recall"} if fresh else set()
    return can


def _say_at(desk: Desk, moment: datetime | None) -> str:
    return say_moment(moment, desk.now) if moment else ""
