"""组织生活会进展: study and talks before, 查摆, 整改 with who and by when."""

from datetime import timedelta
from pathlib import Path

from bot.branch.meetings import attendees, life, meetings
from bot.branch.meetings.kinds import Kind
from bot.branch.meetings.life import LifeStep
from bot.branch.meetings.meetings import Meeting
from bot.branch.people import audit
from bot.branch.people.members import Role
from bot.command import Ask, NotMeant, command
from bot.errors import Denied, Refusal
from bot.message import Reply
from bot.understanding.sentences.forms import Forms
from bot.understanding.slots.person import find_named
from bot.understanding.slots.scope import Scope
from bot.understanding.when import find_period
from bot.understanding.when.numbers import find_number
from handlers.meetings import which
from handlers.meetings.clauses import EDGES, MARKS

BACK, AHEAD = timedelta(days=300), timedelta(days=120)
STEPS = {"会前学习": "study", "集中学习": "study", "会前谈心": "talk", "谈心": "talk"}
STEPS |= {"查摆": "problem", "查摆问题": "problem", "整改": "mend", "整改措施": "mend"}
DUTY = Forms(Path(__file__), "duty")
NO_STUDY = (
    "还没有记集中学习；有的年份上级通知写明没有集中学习的不得召开，请看当年通知。"
)
NONE = "还没有安排组织生活会。"
CALL_IT = "先说“下周三下午三点在会议室开组织生活会”。"
HOW = "记一步说“会前学习：…”“查摆：王芳，…”“整改：…，王芳负责，12月31日前”。"


@command("minutes.life", help="组织生活会的各步走到哪了", shown=False)
def show_life(ask: Ask) -> str:
    """Show how far the steps are, to whoever is called or leads."""
    meeting = _find(ask)
    people = attendees.called(ask.session, meeting)
    if not (which.may_lead(ask, meeting) or ask.member.id in people):
        raise Denied("组织生活会的查摆、整改由参加的同志看。")
    audit.note(ask.session, ask.member, "meetings.view", ask.now, subjects=people)
    lines = life.say_all(ask.session, meeting, ask.now)
    if meeting.starts_at > ask.now and lines[0].endswith("还没有记"):
        lines.append(NO_STUDY)
    leads = [HOW] if which.may_lead(ask, meeting) else []
    return "\n".join([f"【{meetings.say(meeting, ask.now)}】", *lines, *leads])


def _find(ask: Ask) -> Meeting:
    """Find the last 组织生活会 that is called or was held. Raises Refusal."""
    found = meetings.within(
        ask.session, which.here(ask), ask.now - BACK, ask.now + AHEAD
    )
    mine = [each for each in found if each.kind == Kind.LIFE_MEETING]
    if not mine:
        may = ask.standing.role >= Role.SECRETARY
        raise Refusal(NONE + CALL_IT if may else NONE)
    return mine[-1]


@command("minutes.life_step", help="记组织生活会的一步", acts=True, shown=False)
def write_step(ask: Ask) -> Reply:
    """Write a step down: 查摆：王芳，…; 整改：…，王芳负责，12月31日前."""
    step = STEPS[which.slot(ask, "step")]
    said = ask.whole(which.slot(ask, "said")).strip(EDGES)
    if not said:
        raise NotMeant
    meeting = _find(ask)
    _must_write(ask, meeting)
    row = _write_mend(ask, meeting, said) if step == "mend" else None
    if step != "mend":
        row = _write_plain(ask, meeting, step, said)
    if row is None:
        return Reply("这一条已经记过了，没有再记。")
    number = f"第 {row.id} 条，做完了说“整改完成 {row.id}”。" if step == "mend" else ""
    told = life.say(ask.session, row, ask.now)
    return Reply(f"记下了（{life.STEPS[step]}）：{told}。{number}", changed=True)


def _write_plain(ask: Ask, meeting: Meeting, step: str, said: str) -> LifeStep | None:
    named = find_named(Scope(ask.session, which.here(ask)), said)
    whose, text = None, said
    if step == "problem" and named and not named.before.strip(EDGES):
        whose, text = named.member.id, named.after.strip(EDGES) or said
    return life.add(
        ask.session, meeting, step, text, ask.member, ask.now, member_id=whose
    )


def _write_mend(ask: Ask, meeting: Meeting, said: str) -> LifeStep | None:
    """Part who mends it, and by when, from what is to be mended."""
    scope, kept = Scope(ask.session, which.here(ask)), list[str]()
    whose, due = None, None
    for piece in filter(None, (each.strip() for each in MARKS.split(said)[::2])):
        found = DUTY.find(piece)
        named = find_named(scope, found.slots["who"]) if found else None
        period = find_period(piece, ask.now, "future") if not found else None
        if named:
            whose = named.member.id
        elif period and piece.endswith(("前", "之前", "完成", "底")):
            due = (period.end - timedelta(days=1)).date()
        else:
            kept.append(piece)
    text = "，".join(kept)
    if not text:
        raise Refusal("整改什么？例：整改：每周到实训室走一次，王芳负责，12月31日前")
    return life.add(
        *(ask.session, meeting, "mend", text, ask.member, ask.now),
        member_id=whose,
        due=due,
    )


@command("minutes.life_drop", help="划掉记错的查摆、整改", acts=True, shown=False)
def drop(ask: Ask) -> Reply:
    """Take a step out that was written wrongly: by its words, or 整改 by its number."""
    if "n" in ask.slots:
        number = find_number(which.slot(ask, "n"))
        if number is None:
            raise NotMeant
        row, meeting = life.find(ask.session, number)
        _must_write(ask, meeting)
        life.drop_row(ask.session, row, ask.now)
    else:
        step = STEPS[which.slot(ask, "step")]
        said = ask.whole(which.slot(ask, "said")).strip(EDGES)
        meeting = _find(ask)
        _must_write(ask, meeting)
        row = life.drop(ask.session, meeting, step, said, ask.now)
    told = life.say(ask.session, row, ask.now)
    return Reply(f"划掉了（{life.STEPS[row.step]}）：{told}。", changed=True)


def _must_write(ask: Ask, meeting: Meeting) -> None:
    if not which.may_lead(ask, meeting):
        raise Denied("组织生活会的记录由书记、主持人和记录人来写。")


@command("minutes.life_done", help="整改做完了", acts=True, shown=False)
def finish(ask: Ask) -> Reply:
    """Note that something is mended: by who mends it, or who leads."""
    number = find_number(which.slot(ask, "n"))
    if number is None:
        raise NotMeant
    row, meeting = life.find(ask.session, number)
    if not (which.may_lead(ask, meeting) or row.member_id == ask.member.id):
        raise Denied("整改由责任人或者书记来销号。")
    if not life.finish(ask.session, row, ask.now):
        return Reply(f"第 {row.id} 条整改已经记过完成了。")
    said = life.say(ask.session, row, ask.now)
    return Reply(f"销号了：{said}。", changed=True)
