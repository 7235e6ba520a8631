"""/console/meetings/new: a meeting is called as it was previewed, moved, called off."""

from dataclasses import replace

from werkzeug.wrappers import Response

from bot.branch.meetings import calls, meetings, plans, quorum, voters
from bot.branch.meetings.kinds import TITLES, Kind
from bot.branch.meetings.plans import Plan
from bot.branch.notices.notices import Desk as Sender
from bot.branch.people.audience import count_heads, select_people
from bot.branch.people.members import Role
from bot.branch.people.tree import BranchKind, home
from bot.calendar.say import say_time
from bot.errors import Refusal
from bot.understanding.slots.audience import read_audience
from bot.understanding.slots.scope import Scope
from server.web.console.desk import Desk
from server.web.console.moments import as_field, read_moment
from server.web.console.pages.meetings import MEETINGS, find, is_own

NO_TIME = "什么时候开还没有写。"
NO_GROUP = "党小组会要选是哪个小组。"
NOBODY = "这个会没有人要参加，没有定。"
NOT_YOURS = "下级支部的会议由该支部自己改。"


@MEETINGS.get("/new", role=Role.SECRETARY)
def write_call(desk: Desk) -> str:
    return _show(desk)


@MEETINGS.post("/new/preview", again=write_call, role=Role.SECRETARY)
def preview_call(desk: Desk) -> str:
    """Show the call as it will go: whom, when, and what the rules ask."""
    plan = _read(desk)
    if not plan.late:
        plans.check_time(plan, desk.now)
    calls.refuse_twin(desk.session, plan, desk.now)
    plan, left = voters.keep_voters(desk.session, plan)
    audience = voters.audience_of(desk.session, plan, desk.branch.id)
    head = count_heads(desk.session, audience)
    if not head.total:
        raise Refusal(NOBODY)
    desk.typed = desk.sent.copy()
    return _show(
        desk,
        plan=plan,
        text=plans.describe(plan, calls.names_of(desk.session, plan)),
        facts=[
            f"参加：{audience.words}，共 {head.total} 人，"
            f"能收到消息 {head.reachable} 人",
            *_rules(desk, plan),
            *(f"{name}有表决权，不能不叫，留在名单里。" for name in left),
        ],
    )


@MEETINGS.post("/new", again=write_call, role=Role.SECRETARY)
def send_call(desk: Desk) -> Response:
    plan = _read(desk)
    if plan.late:
        meeting = calls.record(desk.session, _sender(desk), plan, desk.now)
        said = "记下了（补录），没有发通知。接着记到会和记录。"
    else:
        meeting, told = calls.call(desk.session, _sender(desk), plan, desk.now)
        said = f"正在通知，共 {told} 人。开始前一刻钟发签到。"
    return desk.done(said, "meetings-show_meeting", number=meeting.id)


@MEETINGS.get("/<int:number>/move", role=Role.SECRETARY)
def write_move(desk: Desk, number: int) -> str:
    meeting = find(desk, number)
    plan = calls.plan_of(desk.session, meeting, desk.now)
    return desk.show(
        "meeting_move.html",
        meeting=meeting,
        plan=plan,
        starts=as_field(plan.starts_at),
        ends=as_field(plan.ends_at),
        agenda="\n".join(plan.agenda),
        seen=desk.mark(meeting.moves, meeting.state),
    )


@MEETINGS.post("/<int:number>/move", again=write_move, role=Role.SECRETARY)
def move(desk: Desk, number: int) -> Response:
    meeting = find(desk, number)
    if not is_own(desk, meeting):
        raise Refusal(NOT_YOURS)
    desk.check_unchanged(meeting.moves, meeting.state)
    plan = calls.plan_of(desk.session, meeting, desk.now)
    plan = replace(
        plan,
        starts_at=read_moment(desk, "starts_at") or plan.starts_at,
        ends_at=read_moment(desk, "ends_at"),
        place=desk.sent.get("place", "").strip(),
        agenda=_lines(desk.sent.get("agenda", "")),
    )
    told = calls.move(desk.session, _sender(desk), meeting, plan, desk.now)
    said = f"改好了，正在通知 {told} 人：{meetings.say(meeting, desk.now)}。"
    return desk.done(said, "meetings-show_meeting", number=number)


@MEETINGS.post("/<int:number>/cancel", again=write_move, role=Role.SECRETARY)
def cancel(desk: Desk, number: int) -> Response:
    meeting = find(desk, number)
    if not is_own(desk, meeting):
        raise Refusal(NOT_YOURS)
    desk.check_unchanged(meeting.moves, meeting.state)
    why = desk.sent.get("why", "").strip()[:100]
    told = calls.cancel(desk.session, _sender(desk), meeting, why, desk.now)
    said = f"取消了，正在通知 {told} 人。"
    return desk.done(said, "meetings-show_meeting", number=number)


def _show(desk: Desk, **shown: object) -> str:
    nodes = Scope(desk.session, home(desk.session, desk.branch.id)).branches
    return desk.show(
        "meeting_new.html",
        kinds=TITLES,
        groups=[each for each in nodes if each.kind == BranchKind.GROUP],
        **shown,
    )


def _read(desk: Desk) -> Plan:
    """Read the form as a plan. Raises Refusal for what is missing or unclear."""
    form = desk.sent
    kinds = {str(each): each for each in Kind}
    kind = kinds.get(form.get("kind", ""), Kind.OTHER)
    starts_at = read_moment(desk, "starts_at")
    if starts_at is None:
        raise Refusal(NO_TIME)
    return Plan(
        kind,
        _place(desk, kind),
        starts_at=starts_at,
        ends_at=read_moment(desk, "ends_at"),
        place=form.get("place", "").strip()[:60],
        name=form.get("title", "").strip()[:40],
        agenda=_lines(form.get("agenda", "")),
        lecturer=form.get("lecturer", "").strip()[:40],
        host=_person(desk, "host"),
        recorder=_person(desk, "recorder"),
        sits_in=_people(desk, "sits_in"),
        without=_people(desk, "without"),
        late="late" in form,
    )


def _place(desk: Desk, kind: Kind) -> int:
    """Tell whose meeting it is: the branch's own, or a group's."""
    if kind != Kind.GROUP:
        return home(desk.session, desk.branch.id).id
    nodes = Scope(desk.session, home(desk.session, desk.branch.id)).branches
    for each in nodes:
        if each.kind == BranchKind.GROUP and str(each.id) == desk.sent.get("group"):
            return each.id
    raise Refusal(NO_GROUP)


def _lines(said: str) -> tuple[str, ...]:
    every = (each.strip()[:200] for each in said.splitlines())
    return tuple(filter(None, every))[:30]


def _person(desk: Desk, name: str) -> int | None:
    said = desk.sent.get(name, "").strip()
    return Scope(desk.session, desk.branch).find_member(said).id if said else None


def _people(desk: Desk, name: str) -> tuple[int, ...]:
    said = desk.sent.get(name, "").strip()
    if not said:
        return ()
    audience = read_audience(Scope(desk.session, desk.branch), said)
    if not audience.only_named:
        raise Refusal(f"“{said[:20]}”里要写姓名，例：王芳、李伟。")
    rows = desk.session.execute(select_people(desk.session, audience))
    return tuple(number for number, _ in rows)


def _rules(desk: Desk, plan: Plan) -> list[str]:
    """Say what the rules ask of it, and by when to answer."""
    if plan.starts_at is None:
        return []
    day = plan.starts_at.date()
    lines = []
    voting = len(voters.voters(desk.session, plan, day))
    if need := quorum.needed(plan.kind, plan.matter, voting, day):
        lines.append(
            f"有表决权 {need.of} 人，至少到会 {need.need} 人才能开。"
            f"{need.rules[0].citation}"
        )
    if not plan.late and (deadline := calls.answer_by(plan, desk.now)):
        lines.append(f"带“能参加”“请假”两个选项，{say_time(deadline, desk.now)}截止")
    return lines


def _sender(desk: Desk) -> Sender:
    return Sender(desk.member, desk.branch, desk.config.server.public_url)
