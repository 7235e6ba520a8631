"""导出会议记录, 签到表, 台账, 请假汇总, 会议通知: files out of the one record."""

from bot.branch.meetings import attendees, leaves, meetings, papers, sheets
from bot.branch.meetings.meetings import Meeting
from bot.branch.people import audit
from bot.branch.people.send_file import make_book, send_book, send_file
from bot.command import Ask, command
from bot.errors import Denied, Refusal
from bot.files.word import DOCX
from bot.message import Reply
from handlers.meetings import appraisal, which, year_plan

BEFOREHAND = ("签到表", "会议通知")
"""Papers that are wanted before a meeting."""
WRITERS = {
    "会议记录": papers.write_minutes,
    "签到表": papers.write_sign_in,
    "会议通知": papers.write_notice,
}


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
    if "台账" in ask.text or "汇总" in ask.text:
        return _send_sheet(ask)
    what = next((each for each in BEFOREHAND if each in ask.text), "会议记录")
    meeting, write = _find(ask, what), WRITERS[what]
    if not which.may_lead(ask, meeting):
        raise Denied("会议的文件由书记、主持人和记录人来导出。")
    content = write(ask.session, meeting, ask.now)
    note_export(ask, [meeting])
    day = meetings.day_of(meeting, ask.now)
    name = f"{what}-{day:%Y%m%d}-{meeting.title[:12]}.docx"
    send_file(ask.session, name, DOCX, content, ask.member, ask.now)
    return Reply(f"{what}发到您手机上了：{name}", changed=True)


def _find(ask: Ask, what: str) -> Meeting:
    """Find whose paper is meant: the next meeting's, or the last one's minutes."""
    meeting = which.latest(ask, ask.text)
    if what in BEFOREHAND:
        coming = which.coming(ask)
        fits = which.of_words(ask, coming, ask.text, "future")
        meeting = fits[0] if fits else meeting
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
    first = ask.now.replace(year=year, month=1, day=1, hour=0, minute=0, second=0)
    last = first.replace(year=year + 1)
    found = meetings.within(ask.session, branch, first, last, cancelled=True)
    if not found:
        raise Refusal(f"{year} 年还没有会议。")
    if sick:
        name, make = f"请假汇总-{year}.xlsx", sheets.leave_sheet
    else:
        name, make = f"会议台账-{year}.xlsx", sheets.ledger
    sheet = make(ask.session, found, ask.now)
    note_export(ask, list(found))
    send_book(ask.session, name, make_book([sheet], ask.made), ask.member, ask.now)
    return Reply(f"发到您手机上了：{name}，{len(found)} 次会。", changed=True)


def note_export(ask: Ask, found: list[Meeting]) -> None:
    people = {
        number for each in found for number in attendees.called(ask.session, each)
    }
    subjects = sorted(people)
    audit.note(ask.session, ask.member, "meetings.export", ask.now, subjects=subjects)
