"""上传会议记录, 年度计划: pages that take in what was written in Word or a table."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.branch.meetings import codes, meetings, resolutions, speeches
from bot.branch.meetings.meetings import Meeting
from bot.branch.meetings.minutes_paper import Paper, check_day
from bot.branch.people.members import Member, Role
from bot.command import Ask, command
from bot.errors import Refusal
from bot.understanding.slots.scope import Scope
from bot.understanding.slots.votes import read_votes
from handlers.meetings import which

SAYS = re.compile("(?P<who>[^：:]{2,20})[：:](?P<text>.+)")
FIGURES = re.compile("[。；;，,]?应到会?有表决权")
"""Where a resolution of our own minutes goes on with its figures."""
NO_PAGES = "还没有配置网页的地址，文件传不进来；请在聊天里说“记录：…”“决议：…”。"


NO_PLAN_PAGE = (
    "还没有配置网页的地址，表格传不进来。"
    "可以说“拟年度计划”，我按规定拟一份，再一项一项改。"
)


@command("minutes.page", help="用 Word 文件传会议记录", shown=False)
def open_page(ask: Ask) -> str:
    """Tell where the minutes of a meeting are put in, to who writes them."""
    meeting = which.to_write(ask, ask.text)
    if not ask.config.server.public_url:
        raise Refusal(NO_PAGES)
    return say_page(ask, meeting)


def say_page(ask: Ask, meeting: Meeting) -> str:
    """Say where a Word file of a meeting's minutes is put in."""
    key = codes.page_of(meeting, "minutes")
    return (
        f"{meetings.say(meeting, ask.now)}的记录，打开传 Word 文件（docx）：\n"
        f"{ask.config.server.public_url}/m/minutes/{key}\n"
        "“发言记录”“决议”各占一行作标题，下面一条一行；写“姓名：内容”的记到本人名下。"
        "只有书记、主持人和记录人能传，传了还是草稿，可以再改。"
    )


@command(
    "plan_event.upload",
    help="用表格导入一年的会议计划",
    role=Role.SECRETARY,
    shown=False,
)
def open_plan_page(ask: Ask) -> str:
    """Tell where a year's plan is put in from a table."""
    year, address = which.year_of(ask), ask.config.server.public_url
    if not address:
        raise Refusal(NO_PLAN_PAGE)
    return (
        f"{year} 年度计划，打开传表格（xlsx、xls、csv）：\n"
        f"{address}/m/year-plan/{year}\n"
        "只有书记能传；有一行不对就一行也不加，会说是哪一行。"
    )


@dataclass(frozen=True)
class TakenIn:
    """How many points and resolutions are new; open: what has no figures to count."""

    points: int
    resolved: int
    open: Sequence[str]


def take_in(
    scope: Scope, meeting: Meeting, paper: Paper, by: Member, now: datetime
) -> TakenIn:
    """Write what a paper says into the draft; what stands there is passed over.

    Raises Refusal, and then nothing of it may stay: another meeting's paper, figures
    that do not agree with who was there, minutes that are signed.
    """
    session = scope.session
    check_day(paper, meeting, now)
    meetings.take_to_write(session, meeting, now)
    points = 0
    for line in paper.speeches:
        speaker, text = _part(scope, line)
        points += speeches.add(session, meeting, speaker, text, by, now)
    known = {each.text for each in resolutions.of_meeting(session, meeting)}
    resolved, left = 0, list[str]()
    for line in paper.resolutions:
        text, votes = read_votes(line)
        text = FIGURES.split(text)[0]
        if votes is None:
            left.append(line)
        elif text not in known:
            resolutions.resolve(session, meeting, text, votes, by, now)
            resolved += 1
    return TakenIn(points, resolved, left)


def _part(scope: Scope, line: str) -> tuple[int | None, str]:
    """Part who spoke from what was said, where just one of ours has the name."""
    hit = SAYS.fullmatch(line)
    found = scope.called.get(hit["who"].strip(), ()) if hit else ()
    return (found[0], hit["text"].strip()) if hit and len(found) == 1 else (None, line)
