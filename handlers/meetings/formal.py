"""打印选票, 表决票, 有表决权的名单, 选举结果报告: what a formal vote needs on paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from bot.branch.ballots import formal
from bot.branch.ballots.formal import Election, Sheets
from bot.branch.meetings import meetings, quorum, turnout, voters
from bot.branch.meetings.kinds import Kind, Matter, matter_of
from bot.branch.meetings.meetings import Meeting
from bot.branch.meetings.plans import Plan, gravest
from bot.branch.people import audit
from bot.branch.people.members import Member, Role
from bot.branch.people.send_file import send_file
from bot.calendar.say import say_date
from bot.command import Ask, command
from bot.errors import Refusal
from bot.files.print import PDF, Template, Values, must_have, print_pdf
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
MOST = 10
WHO_STANDS = "候选人是谁，应选几名？例：打印选票 候选人：{names}，应选{seats}人"
WHICH_MOTION = "表决哪件事？几件的用分号隔开，一件一张。例：打印表决票 同意{name}转正"
FIGURES = (
    "请一次说全：实到、发出、收回、有效和每人的票数。"
    "例：选举结果：实到{here}人，发出{here}张，收回{here}张，有效{here}张，{name}{here}票"
)
BY_HAND = "现场无记名投票，这里不收票、不计票。"


@dataclass(frozen=True)
class Electorate:
    """Who has a vote on a day, and of which meeting that is, where one is called."""

    people: Sequence[Member]
    day: date
    meeting: Meeting | None

    @property
    def names(self) -> list[str]:
        return [each.called for each in self.people]


@command(
    "ballot.voters",
    help="有表决权的党员名单，带至少到会几人",
    role=Role.SECRETARY,
    shown=False,
)
def send_voters(ask: Ask) -> Reply:
    """Send the list of who has a vote on the day of the next 大会, or a day said."""
    found, branch = _electorate(ask), ask.standing.branch.name
    matter = _matter(ask, found)
    values = formal.print_voters(branch, found.names, matter, found.day)
    audit.note(
        ask.session,
        ask.member,
        "meetings.export",
        ask.now,
        subjects=[each.id for each in found.people],
    )
    _send(ask, f"有表决权的党员名单-{found.day:%Y%m%d}", "sheet", values)
    need = quorum.needed(Kind.GENERAL, matter, len(found.names), found.day)
    said = f"到 {say_date(found.day)}，有表决权的正式党员 {len(found.names)} 人"
    lines = [f"{said}，名单发到您手机上了。"]
    if need:
        lines += [f"至少到会 {need.need} 人。{need.rules[0].text}"]
        lines += [need.rules[0].citation]
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
    _check_standing(people, found)
    names = tuple(dict.fromkeys(each.called for each in people))
    election = Election(ask.standing.branch.name, names, seats)
    formal.check_election(election)
    day = f"{found.day:%Y%m%d}"
    _send(ask, f"选票-{day}", "ballot", formal.print_ballot(election))
    _send(ask, f"选举计票单-{day}", "sheet", formal.print_count(election))
    lines = [
        f"选票和计票单发到您手机上了：{'、'.join(election.in_order)}（按姓氏笔画），"
        f"应选 {seats} 名。请印 {len(found.names)} 张，当场清点。{BY_HAND}",
        "差额比例和当选票数以上级批复的选举办法为准。",
        formal.say_order_doubt(names),
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
    if len(items) > MOST:
        raise Refusal(f"一次最多 {MOST} 件，请分几次说。")
    if any(matter_of(each) == Matter.ELECTION for each in items):
        raise Refusal("选举用选票，说“打印选票”。")
    found, branch = _electorate(ask), ask.standing.branch.name
    for number, each in enumerate(items, 1):
        name = f"表决票-{number}-{each[:12]}"
        _send(ask, name, "ballot", formal.print_motion(branch, each))
    values = formal.print_motion_count(branch, items, len(found.names))
    _send(ask, f"表决票汇总表-{found.day:%Y%m%d}", "sheet", values)
    rule = find_rule("develop.vote", found.day)
    return Reply(
        f"表决票 {len(items)} 种和汇总表发到您手机上了，每种印 {len(found.names)} 张。"
        f"{BY_HAND}\n几个人的要逐个讨论、逐个表决（{rule.place}）。",
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


def _check_standing(people: Sequence[Member], found: Electorate) -> None:
    """Raise Refusal for who stands and cannot be elected."""
    rights = {each.id for each in found.people}
    without = [each.called for each in people if each.id not in rights]
    if without:
        rule = find_rule("develop.probation_rights", found.day)
        raise Refusal(
            f"{'、'.join(without)}没有被选举权，不能列为候选人。"
            f"{rule.text}{rule.citation}"
        )


def _electorate(ask: Ask, *, past: bool = False) -> Electorate:
    """Find who has a vote on the day said, else on that of the 大会 meant, else today.

    past: of a 大会 that is over, for what came of it.
    """
    branch = ask.standing.branch
    found = which.begun(ask) if past else which.coming(ask)
    of = [each for each in found if _is_assembly(ask, each)]
    meeting = of[0] if of else None
    day = meetings.day_of(meeting, ask.now) if meeting else ask.now.date()
    period = find_period(ask.text, ask.now, "past" if past else "future")
    if period is not None:
        day = period.start.date()
    people = voters.voters(ask.session, Plan(Kind.GENERAL, branch.id), day)
    if not people:
        raise Refusal("名册里没有有表决权的正式党员，排不出来。")
    return Electorate(people, day, meeting)


def _is_assembly(ask: Ask, meeting: Meeting) -> bool:
    recent = meeting.starts_at > ask.now - which.RECENT
    return meeting.kind == Kind.GENERAL and recent and which.is_own(ask, meeting)


def _matter(ask: Ask, found: Electorate) -> Matter:
    """Tell what the votes are for: as is said, else as the meeting's agenda has it."""
    if (said := matter_of(ask.text)) != Matter.ORDINARY:
        return said
    if found.meeting is None:
        return Matter.ORDINARY
    return gravest(meetings.agenda(ask.session, found.meeting))


def _send(ask: Ask, name: str, template: Template, values: Values) -> None:
    """Print a paper outside the transaction, and send it."""
    made = ask.made.get(name, partial(print_pdf, template, values))
    content = must_have(made)
    send_file(ask.session, f"{name}.pdf", PDF, content, ask.member, ask.now)
