"""安排会议: a sentence → the preview → 确认 → the call; moved, changed, called off."""

from dataclasses import replace
from typing import Any

from bot.branch.meetings import attendees, calls, meetings, quorum
from bot.branch.meetings.kinds import BY_KIND, TITLES, Kind, Matter, find_kind
from bot.branch.meetings.meetings import Meeting, Plan
from bot.branch.notices.notices import Desk
from bot.branch.people.audience import count_heads, select_people
from bot.branch.people.members import Member, Role
from bot.calendar.say import say_time, say_whole_moment
from bot.command import Answer, Ask, Drafting, Kept, NotMeant, command
from bot.errors import Refusal
from bot.message import Reply
from bot.rulebook.load import find_rule
from handlers.meetings import which
from handlers.meetings.edits import read_edit
from handlers.meetings.reading import read_plan

HOW = "回“确认”发出。也可以说：改到 …、地点 …、议题 …、主持 …、记录 …、列席 …、取消"
HOW_LATE = "回“确认”记下。也可以说：改到 …、地点 …、议题 …、主持 …、记录 …、取消"
WHEN = "什么时候开？例：周三下午两点在301。"
EXAMPLE = "例：安排会议 周三下午两点在301开支部大会，讨论工作计划"


@command(
    "plan_event",
    help="安排会议或活动，先预览再通知，例：周三下午两点在301开支部大会，讨论年度计划",
    role=Role.SECRETARY,
    acts=True,
)
def plan_event(ask: Ask) -> Answer:
    if "政治生日" in ask.text:
        return ask.commands.by_intent["collective_birthday"].run(ask)
    if ask.is_command_name:
        return f"开什么会，哪天几点，在哪里？{EXAMPLE}"
    return _begin(ask, late=False)


@command(
    "plan_event.late",
    help="补记开过的会，例：补录 11月5日下午两点支委会",
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def plan_late(ask: Ask) -> Answer:
    if ask.is_command_name:
        return "补录哪次会？例：补录 11月5日下午两点支委会，在301"
    return _begin(ask, late=True)


def _begin(ask: Ask, *, late: bool) -> str:
    read = read_plan(ask, ask.text, late=late)
    plan = read.plan
    if read.doubt or plan.starts_at is None:
        asked = read.doubt or WHEN
        _wait(ask, plan, asked, "time")
        return f"{_title(ask, plan)}：{asked}"
    return _show(ask, plan, _say_two(plan, read.two))


def _say_two(plan: Plan, two: Kind | None) -> str:
    if two is None:
        return ""
    return (
        f"您说了两种会，这一条按{TITLES[plan.kind]}记。{TITLES[two]}要另算一次，"
        "请再安排一条，分开记录。"
    )


def show_again(ask: Ask, kept: Kept) -> Answer:
    plan = Plan.unpack(kept["plan"])
    if kept["step"] == "time":
        _wait(ask, plan, WHEN, "time", kept["number"])
        return WHEN
    return _show(ask, plan, number=kept["number"])


def change(ask: Ask, kept: Kept) -> Answer | None:
    """Hear what is to be otherwise; other texts are other commands."""
    plan = Plan.unpack(kept["plan"])
    changed = read_edit(ask, plan, bare=kept["step"] == "time")
    if changed is None:
        return None
    if changed.starts_at is None:
        _wait(ask, changed, WHEN, "time", kept["number"])
        return WHEN
    return _show(ask, changed, number=kept["number"])


def confirm(ask: Ask, kept: Kept) -> Answer:
    return _do(ask, Plan.unpack(kept["plan"]), kept["number"])


def lacks_moment(kept: Kept) -> bool:
    return bool(kept["step"] == "time")


PLAN = Drafting(
    "meetings.plan",
    show=show_again,
    confirm=confirm,
    change=change,
    verbs=("发出", "发出去", "就这样定", "定了", "记下"),
    dropped="好的，没有发，也没有改什么。",
    lacks=lacks_moment,
)


@command(
    "plan_event.move",
    help="改时间或地点，叫过的人都会收到",
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def move(ask: Ask) -> Answer:
    """Preview a change of what was called: 支部大会改到周四下午三点."""
    meeting = _find(ask, ask.slots.get("which", "") + ask.text)
    if meeting is None:
        raise NotMeant
    plan = meetings.plan_of(ask.session, meeting, ask.now)
    to = ask.slots.get("to", "") or ask.words
    changed = read_edit(ask, plan, to, bare=True)
    if changed is None:
        _wait(ask, plan, "改到什么时候，或者改到哪里？", "time", meeting.id)
        return "改到什么时候，或者改到哪里？例：周四下午三点，在302。"
    return _show(ask, changed, number=meeting.id)


@command(
    "plan_event.cancel",
    help="取消定好的会，叫过的人都会收到",
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def ask_cancel(ask: Ask) -> Answer:
    meeting = _find(ask, ask.slots.get("which", "") + ask.text)
    if meeting is None:
        raise NotMeant
    why = ask.slots.get("why", "").strip("，,。 ")
    return _show_off(ask, meeting, why)


def _show_off(ask: Ask, meeting: Meeting, why: str) -> str:
    asked = f"取消“{meetings.say(meeting, ask.now)}”？"
    ask.put_draft("meetings.cancel", asked, number=meeting.id, why=why)
    because = f"原因写“{why}”。" if why else "要写原因就回“原因 …”。"
    return f"{asked}叫过的人都会收到取消的通知。{because}\n回“确认”取消，“算了”不动。"


def show_off(ask: Ask, kept: Kept) -> Answer:
    meeting = meetings.find(ask.session, kept["number"])
    return _show_off(ask, meeting, kept["why"])


def give_reason(ask: Ask, kept: Kept) -> Answer | None:
    said = ask.text.strip(" 。！!，,")
    if not said.startswith("原因"):
        return None
    meeting = meetings.find(ask.session, kept["number"])
    return _show_off(ask, meeting, said.removeprefix("原因").strip("是：: "))


def cancel(ask: Ask, kept: Kept) -> Answer:
    ask.close_question()
    meeting = meetings.find(ask.session, kept["number"])
    told = calls.cancel(ask.session, _desk(ask), meeting, kept["why"], ask.now)
    return Reply(f"“{meeting.title}”取消了，正在通知 {told} 人。", changed=True)


OFF = Drafting(
    "meetings.cancel",
    show=show_off,
    confirm=cancel,
    change=give_reason,
    dropped="好的，照常开。",
)


def _find(ask: Ask, words: str) -> Meeting | None:
    """Find what is ahead and meant; by the words before what it is changed to."""
    before = words.split(ask.slots["to"])[0] if ask.slots.get("to") else words
    found = which.coming(ask)
    if ask.slots.get("which"):
        return which.pick(ask, found, ask.slots["which"] + _kind_in(before))
    return which.pick(ask, found, _kind_in(before))


def _kind_in(words: str) -> str:
    """Keep of words only what kind they name."""
    named = find_kind(words)
    return TITLES[named[0]] if named else ""


def _do(ask: Ask, plan: Plan, number: int) -> Reply:
    if number:
        meeting = meetings.find(ask.session, number)
        told = calls.move(ask.session, _desk(ask), meeting, plan, ask.now)
        ask.close_question()
        return Reply(
            f"改好了，正在通知叫过的 {told} 人：{meetings.say(meeting, ask.now)}。",
            changed=True,
        )
    if plan.late:
        meeting = calls.record(ask.session, _desk(ask), plan, ask.now)
        ask.close_question()
        which.speak_of(ask, meeting)
        return Reply(
            f"记下了（补录）：{meetings.say(meeting, ask.now)}。\n"
            "接着补到会（“全到了”或“到会：王芳、李伟”），再写“记录：…”“决议：…”。",
            changed=True,
        )
    meeting, told = calls.call(ask.session, _desk(ask), plan, ask.now)
    ask.close_question()
    return Reply(
        f"正在通知，共 {told} 人：{meetings.say(meeting, ask.now)}。\n"
        "“到会情况”看谁能来；请假我会转给您批；开始前一刻钟发签到。",
        changed=True,
    )


def _show(ask: Ask, plan: Plan, more: str = "", number: int = 0) -> str:
    """Put the preview, and wait for the word. Raises Refusal for what cannot be."""
    if not number or not plan.late:
        meetings.check_time(plan, ask.now)
    names = calls.names_of(ask.session, plan)
    lines = [_head(plan, number), meetings.describe(plan, names)]
    lines += _people(ask, plan, names)
    lines += _rules(ask, plan)
    if not plan.late and (deadline := calls.answer_by(plan, ask.now)):
        lines.append(f"通知带“能参加”“请假”两个选项，{say_time(deadline, ask.now)}截止")
    if more:
        lines.append(more)
    lines.append(HOW_LATE if plan.late else HOW)
    _wait(ask, plan, f"{_title(ask, plan)}这样定？", "confirm", number)
    return "\n".join(lines)


def _head(plan: Plan, number: int) -> str:
    if number:
        return "【预览】改成这样，叫过的人都会收到更正"
    return "【预览】补录一次开过的会，不发通知" if plan.late else "【预览】会议通知"


def _people(ask: Ask, plan: Plan, names: dict[int, str]) -> list[str]:
    audience = attendees.audience_of(ask.session, plan, ask.standing.branch.id)
    head = count_heads(ask.session, audience)
    if not head.total:
        raise Refusal("这个会没有人要参加，没有定。")
    lost = head.total - head.reachable
    unreachable = f"，其中 {lost} 人没关联企业微信、收不到" if lost else ""
    lines = [
        f"参加：{audience.words}，共 {head.total} 人"
        f"{head.say_names(audience.words)}{unreachable}"
    ]
    if plan.sits_in:
        lines.append(f"其中列席：{'、'.join(names[each] for each in plan.sits_in)}")
    recorder = names.get(plan.recorder or 0, "还没定（说“记录 姓名”）")
    return [*lines, f"记录：{recorder}"]


def _rules(ask: Ask, plan: Plan) -> list[str]:
    """Say what the rules ask of it: how many, which papers, and no votes by chat."""
    if plan.starts_at is None:
        return []
    day = plan.starts_at.date()
    need = quorum.needed(plan.kind, plan.matter, _voters(ask, plan), day)
    lines = []
    if need:
        lines.append(
            f"有表决权 {need.of} 人，至少到会 {need.need} 人才能开。"
            f"{need.rules[0].citation}"
        )
    if plan.matter == Matter.ELECTION:
        lines.append("选举不在手机上投票：现场无记名投票，选举办法以上级批复为准。")
    if plan.matter == Matter.ADMISSION:
        lines.append(_papers(plan))
    return lines


def _papers(plan: Plan) -> str:
    rule = find_rule("develop.vote", plan.starts_at.date()) if plan.starts_at else None
    turning = any("转正" in each for each in plan.agenda)
    papers = (
        "转正申请、征求意见的情况、支委会审查意见"
        if turning
        else "入党志愿书、预审意见、政审结论、培训结业证明"
    )
    place = rule.place if rule else ""
    return f"材料：{papers}。几个人的要逐个讨论、逐个表决（{place}），不在手机上投票。"


def _voters(ask: Ask, plan: Plan) -> int:
    """Count who has a vote on the day that is planned."""
    audience = attendees.audience_of(ask.session, replace(plan, sits_in=()))
    ids = [
        number
        for number, _ in ask.session.execute(select_people(ask.session, audience))
    ]
    if plan.kind == Kind.COMMITTEE or plan.starts_at is None:
        return len(ids)
    day = plan.starts_at.date()
    people = ask.session.query(Member).filter(Member.id.in_(ids))
    return sum(attendees.is_full(each, day) for each in people)


def _title(ask: Ask, plan: Plan) -> str:
    at = f"（{say_whole_moment(plan.starts_at)}）" if plan.starts_at else ""
    return f"{BY_KIND[plan.kind].hold}{plan.title}{at}"


def _wait(ask: Ask, plan: Plan, asked: str, step: str, number: int = 0) -> None:
    kept: dict[str, Any] = {"plan": plan.pack(), "step": step, "number": number}
    ask.put_draft("meetings.plan", asked, **kept)


def _desk(ask: Ask) -> Desk:
    return Desk(ask.member, ask.standing.branch, ask.config.server.public_url)
