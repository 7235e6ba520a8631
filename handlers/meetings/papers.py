"""导出会议记录, 签到表, 台账, 请假汇总, 会议通知: files out of the one record."""

from functools import partial

from bot.branch.meetings import (
    attendees,
    leaves,
    meetings,
    own_papers,
    papers,
    sheets,
    summaries,
)
from bot.branch.meetings.meetings import Meeting
from bot.branch.people import audit
from bot.branch.people.send_file import send_file
from bot.branch.people.tree import home
from bot.calendar.years import moments_of
from bot.command import Ask, command
from bot.errors import Denied, Refusal
from bot.files.word import DOCX
from bot.message import Reply
from handlers.meetings import appraisal, which, year_plan
from handlers.meetings.own_sheets import send_list

BEFOREHAND = ("签到表", "会议通知")
"""Papers that are wanted before a meeting."""
WRITERS = {
    "签到表": papers.write_sign_in,
    "会议通知": papers.write_notice,
    "党课记录": summaries.write_lesson,
    "表决票汇总": summaries.write_votes,
    "会议记录": papers.write_minutes,
}
"""By what a paper is called; what is not said is the minutes."""


@command(
    "minutes.paper",
    help="会议记录、签到表、台账、请假汇总的文件",
    shown=False,
)
def send_paper(ask: Ask) -> Reply:
    if "年度计划" in ask.text:
        if not which.is_secretary(ask):
            raise Denied("年度计划由书记来导出。")
        return year_plan.send_year(ask)
    if "评议" in ask.text:
        return appraisal.send_sheet(ask)
    what = next((each for each in WRITERS if each in ask.text), "")
    if not what and ("台账" in ask.text or "汇总" in ask.text):
        return _send_sheet(ask)
    what = what or "会议记录"
    meeting = _find(ask, what)
    if not which.may_lead(ask, meeting):
        raise Denied("会议的文件由书记、主持人和记录人来导出。")
    content = WRITERS[what](ask.session, meeting, ask.now)
    own, fault = _write_own(ask, meeting, what)
    note_export(ask, [meeting])
    day = meetings.day_of(meeting, ask.now)
    name = f"{what}-{day:%Y%m%d}-{meeting.title[:12]}.docx"
    send_file(ask.session, name, DOCX, own or content, ask.member, ask.now)
    return Reply(f"{what}发到您手机上了：{name}{fault}", changed=True)


def _write_own(ask: Ask, meeting: Meeting, what: str) -> tuple[bytes, str]:
    """Fill in the branch's own form, where there is one; else, say what is wrong."""
    branch = home(ask.session, meeting.branch_id).name
    form = own_papers.find_form(ask.config.papers.forms, branch, what)
    if form is None:
        return b"", ""
    values = own_papers.values_of(ask.session, meeting, ask.now)
    made = ask.made.get(f"own:{what}", partial(own_papers.write_own, form, values))
    if made and not made.startswith(own_papers.FAULT):
        return made, ""
    why = (made or b"").removeprefix(own_papers.FAULT).decode()
    return b"", own_papers.say_fault(what, why)


def _find(ask: Ask, what: str) -> Meeting:
    """Find whose paper is meant: the next meeting's, or the last one's record."""
    meeting = which.latest(ask, ask.text)
    if what in BEFOREHAND:
        coming = which.of_words(ask, which.coming(ask), ask.text, "future")
        meeting = coming[0] if coming else meeting
    if meeting is None:
        raise Refusal("没有找到这次会。说“最近的会”看看有哪些。")
    return meeting


def _send_sheet(ask: Ask) -> Reply:
    branch = which.here(ask)
    sick = "请假" in ask.text
    reads = leaves.may_read_why(ask.session, ask.member, branch)
    if not (reads if sick else which.is_secretary(ask)):
        whose = "请假原因只给书记和纪检委员看。" if sick else "台账由书记来导出。"
        raise Denied(whose)
    year = which.year_of(ask)
    first, last = moments_of(year, zone=ask.now.tzinfo)
    found = meetings.within(ask.session, branch, first, last, cancelled=True)
    if not found:
        raise Refusal(f"{year} 年还没有会议。")
    make = sheets.leave_sheet if sick else sheets.ledger
    sheet = make(ask.session, found, ask.now)
    note_export(ask, list(found))
    name, fault = send_list(ask, branch, sheet, year)
    return Reply(f"发到您手机上了：{name}，{len(found)} 次会。{fault}", changed=True)


def note_export(ask: Ask, found: list[Meeting]) -> None:
    subjects = sorted(attendees.called_to(ask.session, found))
    audit.note(ask.session, ask.member, "meetings.export", ask.now, subjects=subjects)
