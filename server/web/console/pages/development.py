"""/console/development/: what is due of whom by the rules, and a step is noted."""

from datetime import date

from werkzeug.wrappers import Response

from bot.branch.duties import deadlines, steps
from bot.branch.duties.deadlines import say_left
from bot.branch.duties.milestones import WORDS, Step
from bot.branch.duties.steps import FULL, Record
from bot.branch.people import audit
from bot.branch.people.tree import Branch
from bot.calendar.say import say_date
from bot.errors import Refusal
from bot.understanding.slots.people_named import may_be_name
from bot.understanding.slots.scope import Scope
from server.web.console.desk import Desk
from server.web.console.moments import read_day
from server.web.console.page import Page
from server.web.console.paging import turn_to

DEVELOPMENT = Page("development", "发展和期限", order=55)
TITLES: dict[str, str] = {**{str(each): WORDS[each] for each in Step}, FULL: "转正"}
OF_BRANCH = (Step.ELECTED, Step.LIFE_MEETING, Step.TALKS)
NEW_ALLOWED = (Step.APPLIED, Step.ACTIVIST, Step.MET_APPLICANT)
TERMS = ("3", "5")
NO_STEP, NO_NAME = "做到了哪一步还没有选。", "是哪位同志还没有写。"
NO_DAY = "哪一天还没有写。"
AHEAD = "{day}还没到，等办了再登记。"


@DEVELOPMENT.get("/", looks=True)
def list_deadlines(desk: Desk) -> str:
    today = desk.now.date()
    found = deadlines.survey(desk.session, today, desk.branch)
    every = found.deadlines
    rows = turn_to(len(every), lambda offset, limit: every[offset : offset + limit])
    people = {each.member_id for each in rows.rows if each.member_id is not None}
    if people:
        action = "development.view"
        audit.note(desk.session, desk.member, action, desk.now, subjects=sorted(people))
    unknown = [each for ones in found.unknown.values() for each in ones]
    return desk.show(
        "development.html",
        rows=rows,
        lines=[(each, say_date(each.day), say_left(each, today)) for each in rows.rows],
        unknown=unknown[:20],
        more=len(unknown[20:]),
        steps=TITLES,
        terms=TERMS,
    )


@DEVELOPMENT.post("/new", again=list_deadlines)
def note_step(desk: Desk) -> Response:
    """Write a step down, checked by the same rules as one that is told in chat."""
    record = _read(desk)
    new = steps.write(desk.session, desk.branch, record, desk.member, desk.now)
    if not new:
        return desk.done("这件事早就登记过了。", "development-list_deadlines")
    day = say_date(record.day) if record.day else ""
    more = "党龄从这天算，到期提醒停了。" if record.step == FULL else ""
    said = f"登记好了：{record.words} {day}。{more}"
    return desk.done(said, "development-list_deadlines")


def _read(desk: Desk) -> Record:
    """Read the form as what is to be noted. Raises Refusal for what is missing."""
    said = desk.sent.get("step", "")
    if said not in TITLES:
        raise Refusal(NO_STEP)
    step = FULL if said == FULL else Step(said)
    day = read_day(desk, "day")
    if day is None:
        raise Refusal(NO_DAY)
    if day > desk.now.date() and step != Step.EXTENDED:
        raise Refusal(AHEAD.format(day=say_date(day)))
    if step in OF_BRANCH:
        term = desk.sent.get("years", "")
        years = int(term) if step == Step.ELECTED and term in TERMS else None
        return Record(step, day, years=years)
    return _of_person(desk, step, day)


def _of_person(desk: Desk, step: Step | str, day: date) -> Record:
    name = " ".join(desk.sent.get("name", "").split())[:20]
    if not name:
        raise Refusal(NO_NAME)
    branch: Branch = desk.branch
    try:
        member = Scope(desk.session, branch).find_member(name)
    except Refusal:
        if step not in NEW_ALLOWED or not may_be_name(name):
            raise
        return Record(step, day, name)
    return Record(step, day, member.name, member.id, called=member.called)
