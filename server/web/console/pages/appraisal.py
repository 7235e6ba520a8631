"""/console/appraisal/: 民主评议: each graded without names, and what is on paper."""

from flask import Response as File
from werkzeug.wrappers import Response

from bot.branch.ballots import appraisals, boxes, formal, results, voting
from bot.branch.ballots.appraisals import GRADES
from bot.branch.ballots.polls import Poll, State
from bot.branch.people import audit
from bot.calendar.quiet_hours import next_loud
from bot.calendar.say import say_moment
from bot.errors import Refusal
from bot.files.print import PDF, must_have, print_pdf
from bot.files.xlsx import write_book
from server.web.console.desk import Desk
from server.web.console.files import XLSX, send_as
from server.web.console.moments import read_moment
from server.web.console.page import Page
from server.web.pages.answers import PageRefusal

APPRAISAL = Page("appraisal", "民主评议", order=47)
NONE = "还没有发起过民主评议的测评。"
NO_END = "什么时候截止还没有写。"
PAPERS = {"ballot": "民主评议测评票", "count": "民主评议测评统计表"}
SHOW = "appraisal-show_round"


@APPRAISAL.get("/", looks=True)
def show_round(desk: Desk) -> str:
    """Show how many voted; after the close how often each was graded how."""
    poll = appraisals.latest(desk.session, desk.branch)
    graded = appraisals.graded(desk.session, desk.branch, desk.now)
    limit = appraisals.limit_of(desk.session, desk.branch.id, len(graded))
    shown = _tell(desk, poll) if poll else {}
    return desk.show(
        "appraisal.html",
        poll=poll,
        graded=[each.called for each in graded],
        limit=str(limit),
        grades=GRADES,
        papers=PAPERS,
        **shown,
    )


def _tell(desk: Desk, poll: Poll) -> dict[str, object]:
    session = desk.session
    found, told = appraisals.lines(session, poll), appraisals.tallies(session, poll)
    is_open = poll.state == State.OPEN
    if not is_open:
        whose = [row.member_id for _, row in found]
        audit.note(session, desk.member, "meetings.view", desk.now, subjects=whose)
    return {
        "is_open": is_open,
        "until": say_moment(poll.closes_at, desk.now),
        "counted": results.turnout(session, poll),
        "silent": results.silent(session, poll) if is_open else (),
        "few": told is None,
        "lines": []
        if is_open
        else [
            (name, row, [told[row.member_id][each] for each in GRADES] if told else [])
            for name, row in found
        ],
        "is_told": bool(found) and all(row.told_at for _, row in found),
        "is_settled": bool(found) and all(row.opinion for _, row in found),
        "seen": _mark(desk, poll),
    }


@APPRAISAL.post("/new", again=show_round)
def open_round(desk: Desk) -> Response:
    closes_at = read_moment(desk, "closes_at")
    if closes_at is None:
        raise Refusal(NO_END)
    keys = boxes.keys_of(desk.config)
    poll = appraisals.open_round(
        desk.session, desk.branch, desk.member, closes_at, keys, desk.now
    )
    count = results.turnout(desk.session, poll).eligible
    return desk.done(f"正在发，共 {count} 人。截止以后才有票数。", SHOW)


@APPRAISAL.post("/close", again=show_round)
def close(desk: Desk) -> Response:
    poll = _unchanged(desk)
    voting.close(desk.session, poll, boxes.keys_of(desk.config), desk.now)
    return desk.done("结束了。", SHOW)


@APPRAISAL.post("/opinions", again=show_round)
def set_opinions(desk: Desk) -> Response:
    """Write down what the branch thinks of each; nobody is told of it yet."""
    poll = _unchanged(desk)
    given = {
        row.member_id: grade
        for _, row in appraisals.lines(desk.session, poll)
        if (grade := desk.sent.get(f"grade{row.member_id}", "")) in GRADES
    }
    appraisals.set_opinions(desk.session, poll, given)
    return desk.done("支部意见记下了，还没有反馈给本人。", SHOW)


@APPRAISAL.post("/told", again=show_round)
def tell_each(desk: Desk) -> Response:
    poll = _unchanged(desk)
    at = next_loud(desk.config.quiet, desk.now)
    count = appraisals.tell_each(desk.session, poll, desk.now, at)
    return desk.done(f"正在反馈给 {count} 位，每人只看到自己的。", SHOW)


@APPRAISAL.get("/paper-<paper>.pdf")
def send_paper(desk: Desk, paper: str) -> File:
    """Send the ballot paper, or the sheet to count on; no paper has a number."""
    if paper not in PAPERS:
        raise PageRefusal(404, "没有这种纸。")
    graded = appraisals.graded(desk.session, desk.branch, desk.now)
    names = [each.called for each in graded]
    made = formal.list_grading(desk.branch.name, names, desk.now.year)
    printed = dict(zip(PAPERS, made, strict=True))[paper]
    content = must_have(print_pdf(printed.template, printed.values))
    return send_as(content, f"{printed.name}.pdf", PDF)


@APPRAISAL.get("/sheet.xlsx", looks=True)
def send_sheet(desk: Desk) -> File:
    poll = _last(desk)
    whose = [row.member_id for _, row in appraisals.lines(desk.session, poll)]
    action = "meetings.export"
    audit.note(desk.session, desk.member, action, desk.now, subjects=whose)
    sheet = appraisals.write_sheet(desk.session, poll, desk.now)
    return send_as(write_book([sheet]), "民主评议汇总.xlsx", XLSX)


def _last(desk: Desk) -> Poll:
    poll = appraisals.latest(desk.session, desk.branch)
    if poll is None:
        raise PageRefusal(404, NONE)
    return poll


def _unchanged(desk: Desk) -> Poll:
    poll = appraisals.latest(desk.session, desk.branch)
    if poll is None:
        raise Refusal(NONE)
    desk.check_unchanged(*_state(desk, poll))
    return poll


def _mark(desk: Desk, poll: Poll) -> str:
    return desk.mark(*_state(desk, poll))


def _state(desk: Desk, poll: Poll) -> list[object]:
    found = appraisals.lines(desk.session, poll)
    return [poll.id, poll.state, [(row.opinion, row.told_at) for _, row in found]]
