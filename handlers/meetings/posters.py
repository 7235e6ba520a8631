"""打印签到表, 签到海报: what hangs or lies at the door, as PDF."""

from functools import partial

from bot.branch.meetings import codes, meetings, prints
from bot.branch.meetings.meetings import Meeting
from bot.branch.people.send_file import send_file
from bot.command import Ask, command
from bot.errors import Denied, Refusal
from bot.files.print import PDF, Template, Values, must_have, print_pdf
from bot.message import Reply
from handlers.meetings import which
from handlers.meetings.papers import note_export

NO_PAGES = "还没有配置网页的地址，扫码签到用不了；请用签到卡片或屏幕上的签到码。"
LEADS = "会议的文件由书记、主持人和记录人来导出。"


@command("sign_in.sheet", help="打印签到表，A4", shown=False)
def send_sheet(ask: Ask) -> Reply:
    meeting = _find(ask)
    note_export(ask, [meeting])
    return _send(
        ask,
        meeting,
        "签到表",
        "sheet",
        prints.print_sign_in(ask.session, meeting, ask.now),
    )


@command("sign_in.poster", help="会场门口贴的签到二维码", shown=False)
def send_poster(ask: Ask) -> Reply:
    meeting = _find(ask)
    if not ask.config.server.public_url:
        raise Refusal(NO_PAGES)
    address = f"{ask.config.server.public_url}/m/sign-in/{codes.page_of(meeting)}"
    values = prints.print_poster(meeting, address, ask.now)
    return _send(ask, meeting, "签到海报", "poster", values)


def _find(ask: Ask) -> Meeting:
    """Find the next meeting that is meant, or else the last; the speaker leads it."""
    ahead = which.of_words(ask, which.coming(ask), ask.text, "future")
    meeting = ahead[0] if ahead else which.latest(ask, ask.text)
    if meeting is None:
        raise Refusal("没有找到这次会。说“最近的会”看看有哪些。")
    if not which.may_lead(ask, meeting):
        raise Denied(LEADS)
    return meeting


def _send(
    ask: Ask, meeting: Meeting, what: str, template: Template, values: Values
) -> Reply:
    day = meetings.day_of(meeting, ask.now)
    name = f"{what}-{day:%Y%m%d}-{meeting.title[:12]}.pdf"
    made = ask.made.get(name, partial(print_pdf, template, values))
    send_file(ask.session, name, PDF, must_have(made), ask.member, ask.now)
    return Reply(f"{what}发到您手机上了：{name}", changed=True)
