"""打印选票, 表决票, 有表决权的名单, 选举结果报告: what a formal vote needs on paper."""

from functools import partial

from bot.branch.ballots import electorate, formal
from bot.branch.ballots.electorate import BY_HAND, BY_METHOD, Electorate
from bot.branch.ballots.formal import Paper, Sheets
from bot.branch.meetings import quorum, turnout
from bot.branch.meetings.kinds import Matter, matter_of
from bot.branch.people import audit
from bot.branch.people.members import Role
from bot.branch.people.send_file import send_file
from bot.command import Ask, command
from bot.errors import Refusal
from bot.files.print import PDF, must_have, print_pdf
from bot.files.word import DOCX
from bot.message import Reply
from bot.rulebook.load import find_rule
from bot.text.parts import part_at
from bot.understanding.slots.scope import Scope
from bot.understanding.when import find_period
from handlers.meetings import which
from handlers.meetings.clauses import EDGES
from handlers.meetings.tallying import read_standing, read_told

BETWEEN = "、;；\n"
WHO_STANDS = "候选人是谁，应选几名？例：打印选票 候选人：{names}，应选{seats}人"
WHICH_MOTION = "表决哪件事？几件的用分号隔开，一件一张。例：打印表决票 同意{name}转正"
FIGURES = (
    "请一次说全：实到、发出、收回、有效和每人的票数。"
    "例：选举结果：实到{here}人，发出{here}张，收回{here}张，有效{here}张，{name}{here}票"
)


@command(
    "ballot.voters",
    help="有表决权的党员名单，带至少到会几人",
    role=Role.SECRETARY,
    shown=False,
)
def send_voters(ask: Ask) -> Reply:
    """Send the list of who has a vote on the day of the next 大会, or a day said."""
    found = _electorate(ask)
    matter = _matter(ask, found)
    audit.note(
        ask.session,
        ask.member,
        "meetings.export",
        ask.now,
        subjects=[each.id for each in found.people],
    )
    send_printed(ask, electorate.list_voters(found, matter))
    said, *needed = electorate.say_voters(found, matter)
    lines = [f"{said}，名单发到您手机上了。", *needed]
    lines.append(formal.say_order_doubt(found.names))
    return Reply("\n".join(filter(None, lines)), changed=True)


@command(
    "ballot.paper",
    help="打印选举的选票和计票单，例：打印选票 候选人：王芳，应选1人",
    role=Role.SECRETARY,
    shown=False,
)
def send_ballot(ask: Ask) -> Reply | str:
    """Send the ballot paper of an election, in 姓氏笔画, and the sheet to count on."""
    found = _electorate(ask)
    said = ask.slots.get("said", "").strip(EDGES)
    if not said:
        return WHO_STANDS.format(
            names="、".join(found.names[:3]), seats=max(1, len(found.names[:3]) - 1)
        )
    scope = Scope(ask.session, ask.standing.branch)
    people, seats = read_standing(scope, said)
    election = electorate.stand(found, people, seats)
    for paper in electorate.list_election(found, election):
        send_printed(ask, paper)
    lines = [
        f"选票和计票单发到您手机上了：{'、'.join(election.in_order)}（按姓氏笔画），"
        f"应选 {seats} 名。请印 {len(found.names)} 张，当场清点。{BY_HAND}",
        BY_METHOD,
        formal.say_order_doubt(election.candidates),
    ]
    return Reply("\n".join(filter(None, lines)), changed=True)


@command(
    "ballot.motion",
    help="打印接收、转正的表决票和汇总表，例：打印表决票 同意何雪转正",
    role=Role.SECRETARY,
    shown=False,
)
def send_motion(ask: Ask) -> Reply | str:
    """Send a ballot paper for each matter, and the summary of the votes."""
    items = [
        each.strip(EDGES)
        for each in part_at(ask.slots.get("said", ""), BETWEEN)
        if each.strip(EDGES)
    ]
    if not items:
        return WHICH_MOTION.format(name="某某")
    if any(matter_of(each) == Matter.ELECTION for each in items):
        raise Refusal("选举用选票，说“打印选票”。")
    found = _electorate(ask)
    for paper in electorate.list_motions(found, items):
        send_printed(ask, paper)
    return Reply(
        f"表决票 {len(items)} 种和汇总表发到您手机上了，每种印 {len(found.names)} 张。"
        f"{BY_HAND}\n{electorate.say_one_by_one(found.day)}",
        changed=True,
    )


@command(
    "ballot.report",
    help="选举结果报告，例：选举结果：实到10人，发出10张，收回10张，有效10张，王芳9票",
    role=Role.SECRETARY,
    shown=False,
)
def send_report(ask: Ask) -> Reply | str:
    """Send the report of an election out of the figures told, and no others."""
    found = _electorate(ask, past=True)
    said = ask.slots.get("said", "").strip(EDGES)
    here = quorum.four_fifths(len(found.names))
    if not said:
        return FIGURES.format(here=here, name=found.names[0] if found.names else "某某")
    sheets = _read_sheets(ask, said, found)
    formal.check_sheets(sheets)
    doubt = find_rule("election.unresolved", found.day).text
    branch = ask.standing.branch.name
    content = formal.write_report(branch, sheets, found.day, doubt)
    name = f"选举结果报告-{found.day:%Y%m%d}.docx"
    send_file(ask.session, name, DOCX, content, ask.member, ask.now)
    need = quorum.four_fifths(sheets.voters)
    few = f"实到 {sheets.here} 人，不到应到会的五分之四（{need} 人），请先核对。"
    lines = [
        f"{name} 发到您手机上了：发出 {sheets.given}，收回 {sheets.back}，"
        f"有效 {sheets.good}，无效 {sheets.bad}。",
        "" if sheets.here >= need else few,
        doubt,
    ]
    return Reply("\n".join(filter(None, lines)), changed=True)


def _read_sheets(ask: Ask, said: str, found: Electorate) -> Sheets:
    """Read what ballots came to. Raises Refusal for what is wanting."""
    told = read_told(Scope(ask.session, ask.standing.branch), said)
    figures = dict(told.figures)
    if found.meeting is not None and "here" not in figures:
        counted = turnout.figures(ask.session, found.meeting, ask.now)
        figures |= {"here": counted.voters_present} if counted.present else {}
    if "good" not in figures and "bad" in figures and "back" in figures:
        figures["good"] = figures["back"] - figures["bad"]
    wanting = {"here", "given", "back", "good"} - figures.keys()
    if wanting or not told.votes:
        example = FIGURES.format(here=len(found.names), name=found.names[0])
        raise Refusal(example)
    return Sheets(
        voters=figures.get("voters", len(found.names)),
        here=figures["here"],
        given=figures["given"],
        back=figures["back"],
        good=figures["good"],
        votes=told.votes,
    )


def _electorate(ask: Ask, *, past: bool = False) -> Electorate:
    """Find who has a vote on the day said, else on that of the 大会 meant, else today.

    past: of a 大会 that is over, for what came of it.
    """
    branch = ask.standing.branch
    meeting = electorate.find_assembly(ask.session, which.here(ask), ask.now, past=past)
    period = find_period(ask.text, ask.now, "past" if past else "future")
    day = period.start.date() if period else None
    return electorate.gather(ask.session, branch, meeting, day, ask.now)


def _matter(ask: Ask, found: Electorate) -> Matter:
    """Tell what the votes are for: as is said, else as the meeting's agenda has it."""
    if (said := matter_of(ask.text)) != Matter.ORDINARY:
        return said
    return electorate.matter_at(ask.session, found)


def send_printed(ask: Ask, paper: Paper) -> None:
    """Print a paper outside the transaction, and send it."""
    made = ask.made.get(paper.name, partial(print_pdf, paper.template, paper.values))
    content = must_have(made)
    send_file(ask.session, f"{paper.name}.pdf", PDF, content, ask.member, ask.now)
