"""安排会议: a sentence → the preview → 确认 → the call; moved or changed alike."""

from collections.abc import Set
from dataclasses import replace
from typing import Any

from bot.branch.meetings import calls, meetings, plans, quorum, voters
from bot.branch.meetings.kinds import BY_KIND, TITLES, Kind, Matter
from bot.branch.meetings.meetings import Meeting
from bot.branch.meetings.plans import Plan
from bot.branch.people.audience import count_heads
from bot.branch.people.members import Role
from bot.calendar.say import say_time, say_whole_moment
from bot.command import Answer, Ask, Drafting, Kept, NotMeant, command
from bot.errors import Never, Refusal
from bot.inbox.open_questions import UNCLEAR
from bot.message import Reply
from bot.rulebook.load import find_rule
from bot.text.parts import with_commas
from bot.understanding.drafts.changes import pass_reasons
from bot.understanding.when import find_when
from handlers.meetings import which
from handlers.meetings.edits import find_new_kind, read_edit
from handlers.meetings.invited import say_kept, say_unused
from handlers.meetings.reading import read_plan
from handlers.meetings.tagged import read_tagged
from handlers.meetings.which_one import run_or_ask

BY_SLOT = {"off": "{}不用来", "too": "叫上{}", "beside": "请{}列席"}
"""By the slot that names people: how the same is said to a preview."""
HOW = "回“确认”发出。也可以说：改到 …、地点 …、议题 …、主持 …、记录 …、列席 …、取消"
HOW_LATE = "回“确认”记下。也可以说：改到 …、地点 …、议题 …、主持 …、记录 …、取消"
KIND_STAYS = (
    "{title}已经通知出去了，换不成另一种会，没有改。请先取消它，再安排要开的那个。"
)
SAME = "现在就是这样定的，没有要改的：{said}。"
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
    if "lecturer" in ask.slots and (shown := _give_lecturer(ask)):
        return shown
    return _begin(ask, late=False)


def _give_lecturer(ask: Ask) -> Answer | None:
    """Let somebody lecture where a lecture was called: 周四的党课让李伟来讲."""
    found = find_when(ask.text, ask.now)
    if any(not each.date_only for each in found):
        return None
    slots = {"which": ask.slots.get("when", ""), **ask.slots}
    try:
        return move.run(replace(ask, slots=slots))
    except NotMeant:
        return None


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
    if not late:
        read = read_tagged(ask, ask.text, read) or read
    plan = read.plan
    unused = say_unused(read.unused)
    if read.doubt or plan.starts_at is None:
        asked = f"{read.doubt or WHEN}{unused}"
        kept = {**_pack(plan, "time"), UNCLEAR: ask.text}
        ask.put_draft("meetings.plan", asked, **kept)
        return f"{_title(ask, plan)}：{asked}"
    more = "\n".join(filter(None, (_say_two(plan, read.two), unused)))
    return _show(ask, plan, more)


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
    if kept["number"]:
        _check_kind(plan, changed)
    if changed.starts_at is None:
        _wait(ask, changed, WHEN, "time", kept["number"])
        return WHEN
    return _show(ask, changed, number=kept["number"])


def _check_kind(called: Plan, changed: Plan) -> None:
    """Raise Never where people were called to another kind of meeting."""
    if changed.kind != called.kind:
        raise Never(KIND_STAYS.format(title=TITLES[called.kind]))


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
    return run_or_ask(ask, "plan_event.move", _move_meant)


def _move_meant(ask: Ask) -> Answer:
    meeting = which.find_ahead(ask, ask.slots.get("which", "") + ask.text)
    if meeting is None:
        raise NotMeant
    said = "".join(ask.slots.get(each, "") for each in ("by", "to", "hour"))
    if lecturer := ask.slots.get("lecturer"):
        said = f"主讲 {lecturer}"
    if find_new_kind(ask.text) is not None:
        said = ask.text
    said = said or with_commas(ask.words)
    bare, _ = pass_reasons(with_commas(said), ask.now, olds=False)
    if shown := show_change(ask, meeting, bare) or show_change(ask, meeting, said):
        return shown
    plan = calls.plan_of(ask.session, meeting, ask.now)
    _wait(ask, plan, "改到什么时候，或者改到哪里？", "time", meeting.id)
    return "改到什么时候，或者改到哪里？例：周四下午三点，在302。"


@command(
    "plan_event.people",
    help="定好的会另外叫谁、不用谁来",
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def change_people(ask: Ask) -> Answer:
    """Preview whom a call is to besides, or no more: 周三的支部大会陈静不用来了."""
    return run_or_ask(ask, "plan_event.people", _change_people)


def _change_people(ask: Ask) -> Answer:
    meeting = which.find_ahead(ask, ask.slots.get("which", "") + ask.text)
    if meeting is None or meeting.starts_at <= ask.now:
        raise NotMeant
    form = next(each for each in BY_SLOT if each in ask.slots)
    shown = show_change(ask, meeting, BY_SLOT[form].format(ask.slots[form]))
    if shown is None:
        raise NotMeant
    return shown


def show_change(ask: Ask, meeting: Meeting, words: str) -> str | None:
    """Preview what was called with a change; None if the words change nothing."""
    plan = calls.plan_of(ask.session, meeting, ask.now)
    changed = read_edit(ask, plan, words, bare=True)
    if changed is not None:
        _check_kind(plan, changed)
    if changed == plan:
        raise Refusal(SAME.format(said=meetings.say(meeting, ask.now)))
    return None if changed is None else _show(ask, changed, number=meeting.id)


def _do(ask: Ask, plan: Plan, number: int) -> Reply:
    if number:
        return _move(ask, plan, meetings.find(ask.session, number))
    if plan.late:
        meeting = calls.record(ask.session, which.desk_of(ask), plan, ask.now)
        ask.close_question()
        which.note_called(ask, meeting)
        return Reply(
            f"记下了（补录）：{meetings.say(meeting, ask.now)}。\n"
            "接着补到会（“全到了”或“到会：王芳、李伟”），再写“记录：…”“决议：…”。",
            changed=True,
        )
    meeting, told = calls.call(ask.session, which.desk_of(ask), plan, ask.now)
    ask.close_question()
    which.note_called(ask, meeting)
    return Reply(
        f"正在通知，共 {told} 人：{meetings.say(meeting, ask.now)}。\n"
        "“到会情况”看谁能来；请假我会转给您批；开始前一刻钟发签到。",
        changed=True,
    )


def _move(ask: Ask, plan: Plan, meeting: Meeting) -> Reply:
    changed = calls.changes_of(ask.session, meeting, plan, ask.now)
    told = calls.move(ask.session, which.desk_of(ask), meeting, plan, ask.now)
    ask.close_question()
    which.note_called(ask, meeting)
    whom = "有变动的" if changed <= calls.QUIET else "叫过的"
    word = f"正在通知{whom} {told} 人" if told else "没有另发通知"
    said = f"改好了，{word}：{meetings.say(meeting, ask.now)}。"
    return Reply(said, changed=True)


def _show(ask: Ask, plan: Plan, more: str = "", number: int = 0) -> str:
    """Put the preview, and wait for the word. Raises Refusal for what cannot be."""
    if not number or not plan.late:
        plans.check_time(plan, ask.now)
    plan, kept = voters.keep_voters(ask.session, plan)
    names = calls.names_of(ask.session, plan)
    lines = [_head(ask, plan, number), plans.describe(plan, names)]
    lines += _people(ask, plan, names)
    lines += _rules(ask, plan)
    if not plan.late and (deadline := calls.answer_by(plan, ask.now)):
        lines.append(f"通知带“能参加”“请假”两个选项，{say_time(deadline, ask.now)}截止")
        if plan.answers_by not in (None, deadline):
            lines.append("您说的回复时间不在现在和开会之间，没有用上。")
    lines += filter(None, (more, say_kept(kept)))
    lines.append(HOW_LATE if plan.late else HOW)
    _wait(ask, plan, f"{_title(ask, plan)}这样定？", "confirm", number)
    return "\n".join(lines)


def _head(ask: Ask, plan: Plan, number: int) -> str:
    if number:
        meeting = meetings.find(ask.session, number)
        changed = calls.changes_of(ask.session, meeting, plan, ask.now)
        return f"【预览】改成这样，{_whom(changed)}"
    return "【预览】补录一次开过的会，不发通知" if plan.late else "【预览】会议通知"


def _whom(changed: Set[str]) -> str:
    """Say who hears of a change."""
    if changed == {"换记录"}:
        return "只换记录人，不另发通知"
    if changed and changed <= calls.QUIET:
        return "只告诉新叫的和不用再来的人"
    return "叫过的人都会收到更正"


def _people(ask: Ask, plan: Plan, names: dict[int, str]) -> list[str]:
    audience = voters.audience_of(ask.session, plan, ask.standing.branch.id)
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
    if plan.guests:
        lines.append(f"列席（不在名册，请另外通知）：{'、'.join(plan.guests)}")
    recorder = names.get(plan.recorder or 0, "还没定（说“记录 姓名”）")
    return [*lines, f"记录：{recorder}"]


def _rules(ask: Ask, plan: Plan) -> list[str]:
    """Say what the rules ask of it: how many, which papers, and no votes by chat."""
    if plan.starts_at is None:
        return []
    day = plan.starts_at.date()
    voting = len(voters.voters(ask.session, plan, day))
    need = quorum.needed(plan.kind, plan.matter, voting, day)
    lines = []
    if need:
        lines.append(
            f"有表决权 {need.of} 人，至少到会 {need.need} 人才能开。"
            f"{need.rules[0].citation}"
        )
        lines += _left_out(ask, plan, need.of)
    if plan.matter == Matter.ELECTION:
        lines.append("选举不在手机上投票：现场无记名投票，选举办法以上级批复为准。")
    if plan.matter == Matter.ADMISSION:
        lines.append(_papers(plan))
    return lines


def _left_out(ask: Ask, plan: Plan, voting: int) -> list[str]:
    """Say that fewer have a vote since some of them are not called."""
    day = plan.starts_at.date() if plan.starts_at else ask.now.date()
    gone = voters.left_out_voters(ask.session, plan, day)
    names = "、".join(each.called for each in gone)
    return [
        f"没有叫的有表决权：{names}。应到会有表决权按 {voting} 人算，"
        "这样少叫请支委会先定下来。"
    ][: len(gone)]


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


def _title(ask: Ask, plan: Plan) -> str:
    at = f"（{say_whole_moment(plan.starts_at)}）" if plan.starts_at else ""
    return f"{BY_KIND[plan.kind].hold}{plan.title}{at}"


def _wait(ask: Ask, plan: Plan, asked: str, step: str, number: int = 0) -> None:
    ask.put_draft("meetings.plan", asked, **_pack(plan, step, number))


def _pack(plan: Plan, step: str, number: int = 0) -> dict[str, Any]:
    return {"plan": plan.pack(), "step": step, "number": number}
