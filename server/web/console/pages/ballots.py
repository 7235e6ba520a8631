"""/console/ballots/: votes without names: asked, how many voted, what came of it."""

from werkzeug.wrappers import Response

from bot.branch.ballots import boxes, polls, results, voting
from bot.branch.ballots.polls import LEAST, Poll, Question, State
from bot.branch.meetings.kinds import Matter, matter_of
from bot.branch.people.audience import Audience, count_heads
from bot.calendar.say import say_moment
from bot.errors import Refusal
from server.web.console.charts import draw
from server.web.console.desk import Desk
from server.web.console.moments import read_moment
from server.web.console.page import Page
from server.web.pages.answers import PageRefusal

BALLOTS = Page("ballots", "投票", order=45)
PURPOSES = ("征求意见", "测评", "推优")
SHOWN, NAMED = 20, 100
NOT_HERE = "没有这次投票。"
NO_END = "什么时候截止还没有写。"
FORMAL = (
    "选举、接收预备党员和转正要在支部大会上当场无记名投票，这里不发起，也不算票。"
    "名单、选票和计票单在“投票”的“选票和表决票”里打印。"
)
STATES = {State.OPEN: "正在投", State.CLOSED: "已结束", State.VOID: "作废"}


@BALLOTS.get("/")
def list_ballots(desk: Desk) -> str:
    found = polls.of_branch(desk.session, desk.branch, SHOWN)
    lines = [
        {
            "number": each.id,
            "question": each.question,
            "purpose": each.purpose,
            "state": STATES[each.state],
            "until": say_moment(each.closes_at, desk.now),
            "counted": results.turnout(desk.session, each),
        }
        for each in found
    ]
    return desk.show("ballots.html", lines=lines)


@BALLOTS.get("/new")
def write_ballot(desk: Desk) -> str:
    return desk.show("ballot_new.html", purposes=PURPOSES)


@BALLOTS.post("/new/preview", again=write_ballot)
def preview_ballot(desk: Desk) -> str:
    """Show the vote as it will be asked, of how many, and what is kept of it."""
    question = _read(desk)
    head = count_heads(desk.session, Audience(desk.branch.id))
    desk.typed = desk.sent.copy()
    return desk.show(
        "ballot_new.html",
        purposes=PURPOSES,
        question=question,
        people=head.total,
        until=say_moment(question.closes_at, desk.now),
        least=LEAST,
    )


@BALLOTS.post("/new", again=write_ballot)
def open_ballot(desk: Desk) -> Response:
    poll = voting.open_poll(
        desk.session,
        desk.branch,
        desk.member,
        _read(desk),
        Audience(desk.branch.id),
        boxes.keys_of(desk.config),
        desk.now,
    )
    count = results.turnout(desk.session, poll).eligible
    said = f"正在发，共 {count} 人。截止以后才有结果。"
    return desk.done(said, "ballots-show_ballot", number=poll.id)


@BALLOTS.get("/<int:number>")
def show_ballot(desk: Desk, number: int) -> str:
    """Show who has not voted, never what anybody voted; the result after its close."""
    poll = _find(desk, number)
    told = results.results(poll)
    unit = "分" if poll.points else "票"
    rows = [(each, float(count)) for each, count in (told or {}).items()]
    is_open = poll.state == State.OPEN
    return desk.show(
        "ballot.html",
        poll=poll,
        state=STATES[poll.state],
        until=say_moment(poll.closes_at, desk.now),
        counted=results.turnout(desk.session, poll),
        silent=results.silent(desk.session, poll)[:NAMED] if is_open else (),
        chart=draw(poll.question, ("选项", unit), rows) if rows else None,
        said=results.say_state(desk.session, poll, desk.now),
        is_open=is_open,
        seen=desk.mark(poll.id, poll.state),
    )


@BALLOTS.post("/<int:number>/close", again=show_ballot)
def close(desk: Desk, number: int) -> Response:
    poll = _unchanged(desk, number)
    voting.close(desk.session, poll, boxes.keys_of(desk.config), desk.now)
    return desk.done("结束了。", "ballots-show_ballot", number=number)


@BALLOTS.post("/<int:number>/void", again=show_ballot)
def void(desk: Desk, number: int) -> Response:
    poll = _unchanged(desk, number)
    why = desk.sent.get("why", "").strip()[:100]
    voting.void(desk.session, poll, why, desk.now)
    said = "作废了，投过的不公布，也没有留下。"
    return desk.done(said, "ballots-show_ballot", number=number)


def _unchanged(desk: Desk, number: int) -> Poll:
    poll = _find(desk, number)
    desk.check_unchanged(poll.id, poll.state)
    return poll


def _find(desk: Desk, number: int) -> Poll:
    """Find a vote of this branch. Raises PageRefusal for any other, and appraisals."""
    poll = desk.session.get(Poll, number)
    if poll is None or poll.branch_id != desk.branch.id:
        raise PageRefusal(404, NOT_HERE)
    if poll.purpose == polls.APPRAISAL:
        raise PageRefusal(404, NOT_HERE)
    return poll


def _read(desk: Desk) -> Question:
    """Read the form as a question. Raises Refusal for what is missing or unclear."""
    form = desk.sent
    text = " ".join(form.get("question", "").split())[:200]
    if not text:
        raise Refusal("问什么还没有写。")
    if matter_of(text) != Matter.ORDINARY:
        raise Refusal(FORMAL)
    closes_at = read_moment(desk, "closes_at")
    if closes_at is None:
        raise Refusal(NO_END)
    lines = (" ".join(each.split()) for each in form.get("choices", "").splitlines())
    choices = tuple(each for each in lines if each)
    purpose = form.get("purpose", "")
    places = _number(desk, "places", 0)
    question = Question(
        purpose if purpose in PURPOSES else PURPOSES[0],
        text,
        choices,
        closes_at,
        places or _number(desk, "most", 1),
        tuple(range(places, 0, -1)),
    )
    voting.check(question, desk.now)
    if not places and question.most >= len(choices):
        raise Refusal("最多选的个数要比选项少。")
    return question


def _number(desk: Desk, name: str, usual: int) -> int:
    said = desk.sent.get(name, "").strip()
    if not said:
        return usual
    if not (said.isascii() and said.isdecimal() and 0 < int(said[:4]) <= 20):
        raise Refusal(f"“{said[:20]}”不像个数，填 1 到 20。")
    return int(said)
