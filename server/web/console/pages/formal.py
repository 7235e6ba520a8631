"""/console/formal/: the papers of a formal vote, which is taken at the meeting."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from flask import Response as File

from bot.branch.ballots import electorate, formal
from bot.branch.ballots.electorate import Electorate
from bot.branch.ballots.formal import Paper
from bot.branch.meetings.kinds import Matter
from bot.branch.people import audit
from bot.branch.people.members import Member
from bot.calendar.say import say_date
from bot.errors import Refusal
from bot.files.print import PDF, must_have, print_pdf
from bot.text.parts import part_at
from bot.understanding.slots.scope import Scope
from server.web.console.desk import Desk
from server.web.console.files import ZIP, send_as
from server.web.console.moments import read_day
from server.web.console.page import Page

FORMAL = Page("formal", "选票和表决票", order=46, shown=False)
MATTERS = {
    "": "按大会的议题",
    Matter.ORDINARY: "一般事项",
    Matter.ADMISSION: "接收、转正",
    Matter.ELECTION: "选举",
}
BETWEEN = "、，,;；\r\n"
LINES = ";；\r\n"
LONGEST = 100
NOBODY_STANDS = "候选人还没有写。"
NO_MOTION = "表决哪件事还没有写。"
NOT_SEATS = "应选几名填 1 到 99。"


@FORMAL.get("/")
def show_papers(desk: Desk) -> str:
    meeting = electorate.find_assembly(desk.session, desk.branch, desk.now)
    try:
        found = electorate.gather(desk.session, desk.branch, meeting, None, desk.now)
    except Refusal:
        return desk.show("formal.html", lines=(), nobody=electorate.NOBODY)
    matter = electorate.matter_at(desk.session, found)
    return desk.show(
        "formal.html",
        lines=electorate.say_voters(found, matter),
        doubt=formal.say_order_doubt(found.names),
        meeting=meeting,
        day=say_date(found.day),
        count=len(found.names),
        matters=MATTERS,
        most=electorate.MOST,
        by_hand=electorate.BY_HAND,
        by_method=electorate.BY_METHOD,
        one_by_one=electorate.say_one_by_one(found.day),
    )


@FORMAL.post("/voters", again=show_papers)
def send_voters(desk: Desk) -> File:
    """Send the list of who has a vote on a day."""
    found = _gather(desk)
    said = desk.sent.get("matter", "")
    matter = (
        Matter(said)
        if said in list(Matter)
        else electorate.matter_at(desk.session, found)
    )
    whose = [each.id for each in found.people]
    audit.note(desk.session, desk.member, "meetings.export", desk.now, subjects=whose)
    return _send([electorate.list_voters(found, matter)], "")


@FORMAL.post("/election", again=show_papers, writes=False)
def send_election(desk: Desk) -> File:
    """Send the ballot of an election, or the sheet on which it is counted."""
    found = _gather(desk)
    people, seats = _read_standing(desk), desk.sent.get("seats", "").strip()
    if not (
        seats.isascii() and seats.isdecimal() and 0 < int(seats[:9]) <= LONGEST - 1
    ):
        raise Refusal(NOT_SEATS)
    election = electorate.stand(found, people, int(seats))
    ballot, count = electorate.list_election(found, election)
    return _send([count if desk.sent.get("paper") == "count" else ballot], "")


@FORMAL.post("/motion", again=show_papers, writes=False)
def send_motion(desk: Desk) -> File:
    """Send a ballot for each matter, or the summary of the votes."""
    found = _gather(desk)
    said = part_at(desk.sent.get("motions", ""), LINES)
    motions = [" ".join(each.split())[:LONGEST] for each in said if each.strip()]
    if not motions:
        raise Refusal(NO_MOTION)
    *ballots, summary = electorate.list_motions(found, motions)
    if desk.sent.get("paper") == "count":
        return _send([summary], "")
    return _send(ballots, f"表决票-{found.day:%Y%m%d}")


def _gather(desk: Desk) -> Electorate:
    meeting = electorate.find_assembly(desk.session, desk.branch, desk.now)
    day = read_day(desk, "day")
    return electorate.gather(desk.session, desk.branch, meeting, day, desk.now)


def _read_standing(desk: Desk) -> list[Member]:
    """Read who stands. Raises Refusal for nobody, and for a name that is nobody's."""
    said = part_at(desk.sent.get("names", "")[: LONGEST * LONGEST], BETWEEN)
    names = [each.strip() for each in said if each.strip()]
    if not names:
        raise Refusal(NOBODY_STANDS)
    scope = Scope(desk.session, desk.branch)
    return [scope.find_member(each) for each in names]


def _send(papers: list[Paper], together: str) -> File:
    """Send one paper as it is, several in one file under a name."""
    printed = [
        (each.name, must_have(print_pdf(each.template, each.values))) for each in papers
    ]
    if len(printed) == 1:
        [(name, content)] = printed
        return send_as(content, f"{name}.pdf", PDF)
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name, content in printed:
            archive.writestr(f"{name}.pdf", content)
    return send_as(packed.getvalue(), f"{together}.zip", ZIP)
