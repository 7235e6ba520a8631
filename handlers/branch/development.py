"""发展党员和期限: what is due in the branch, and the dates that it is counted from."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from bot.branch.duties import deadlines
from bot.branch.duties import steps as developing
from bot.branch.duties.deadlines import Deadline
from bot.branch.duties.milestones import Step
from bot.branch.duties.steps import FULL, Record
from bot.branch.people import audit
from bot.branch.people.members import Category, Member, Role, party_branch
from bot.calendar.say import say_date
from bot.command import Answer, Ask, Drafting, Kept, NotMeant, command
from bot.errors import Refusal
from bot.message import Reply
from bot.next_steps import send_on
from bot.understanding.slots.past_day import find_past_day
from bot.understanding.slots.people_named import find_people
from bot.understanding.slots.person import find_named
from bot.understanding.slots.scope import Scope
from bot.understanding.speech import listen
from handlers.branch.steps import StepSaid, read_step

MOST_SHOWN = 6
EXPLAINED = timedelta(days=45)
"""What is due later is listed without what to do."""
KINDS = (
    ("转正|预备", ("probation", "approval")),
    (
        "积极分子|发展对象|考察",
        ("review", "cultivation", "talk", "publicity", "assembly", "admission"),
    ),
    ("换届", ("term",)),
    ("组织生活会", ("life_meeting",)),
    ("谈心|谈话", ("talks", "talk")),
)
AROUND = "同志老师 "
AROUND_DAY = " ，,。是的日期不对改成应该说错了记"
NOT_ELECTED = (
    "换届日期记的是上一次换届选举开会那天，{day}还没到，没有记。\n"
    "记上次的就说“换届日期 2024年6月20日”，届满前我会提醒；"
    "要开换届的会，说“周三下午两点开支部大会，议题换届选举”。"
)
MOST_BESIDE = 2
BARE = ("换届", "申请人谈话")
"""What a name of the command says was done."""
HOW_TO_RECORD = (
    "告诉我是谁、到了哪一步、哪天就行，例：登记王磊为入党积极分子 2026年3月5日"
)
BESIDE = "（“{more}”是另一件事，这次没有办，登记完请另说一句。）"
TODAY_IF_UNSAID = (Step.REVIEWED, Step.MET_APPLICANT, Step.LIFE_MEETING, Step.TALKS)
OF_BRANCH = (Step.LIFE_MEETING, Step.TALKS, Step.ELECTED)
OF_WHOM_ALONE = (Step.PUBLISHED, Step.EXAMINED, Step.RECEIVED)
NEW_ALLOWED = (Step.APPLIED, Step.ACTIVIST, Step.MET_APPLICANT)


@command(
    "development",
    help="发展党员、换届等期限，例：近期到期",
    role=Role.SECRETARY,
)
def show_development(ask: Ask) -> str:
    return _list(ask)


@command(
    "development.record",
    help="登记发展党员、换届等日期，例：登记王磊为入党积极分子 2026年3月5日",
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def begin_record(ask: Ask) -> str:
    named = next((each for each in BARE if each in ask.text), "")
    if not (ask.slots or named):
        return HOW_TO_RECORD
    told = read_step(ask.slots or {"did": named})
    day = _find_day(ask, told.step)
    record = _record(ask, told, day)
    shown = _ask_day(ask, record) if record.day is None else _confirm(ask, record)
    more = ask.slots.get("more", "")
    return f"{shown}\n{BESIDE.format(more=more)}" if more else shown


def _find_day(ask: Ask, step: Step | str) -> date | None:
    """Find on which day it was, or until when. Raises Refusal for what is to come."""
    today = ask.now.date()
    if step == Step.ELECTED:
        ahead, _ = find_past_day(ask.text, today, future=True)
        if ahead and ahead > today and str(ahead.year) in ask.text:
            raise Refusal(NOT_ELECTED.format(day=say_date(ahead)))
    return find_past_day(ask.text, today, future=step == Step.EXTENDED)[0]


@command("development.year", help="今年的组织生活会、谈心谈话做了没有", shown=False)
def show_year(ask: Ask) -> str:
    """Tell the secretary; whoever else asks, asks when it was or will be."""
    of_self = "我" in ask.text.replace("我们", "")
    if ask.standing.role < Role.SECRETARY or of_self:
        raise NotMeant
    return _list(ask)


@command("development.own", help="自己的预备期哪天满", shown=False)
def show_own(ask: Ask) -> Answer:
    """Tell the asker's own term; everybody may ask that of himself or herself."""
    member, today = ask.member, ask.now.date()
    if member.category == Category.FULL:
        return ask.commands.by_intent["my_birthday"].run(ask)
    if member.category != Category.PROBATIONARY:
        raise NotMeant
    branch = party_branch(ask.session, member)
    found = deadlines.survey(ask.session, today, branch).deadlines
    mine = [each for each in found if each.member_id == member.id]
    if not mine:
        then = send_on(ask, "请问支部书记", "补进名册就能算")
        return f"名册里还没有您的入党日期，算不出预备期哪天满，{then}。"
    return "\n".join(deadlines.say(mine, today, to_others=True))


def _list(ask: Ask) -> str:
    """List what is due, or of the one who is named."""
    branch, today = ask.standing.branch, ask.now.date()
    found = deadlines.survey(ask.session, today, branch)
    people = find_people(Scope(ask.session, branch), ask.text).people
    named = people[0] if people else None
    near = found.deadlines
    if named:
        near = [each for each in near if each.member_id == named.id]
        _note_look(ask, [named.id])
        if not near:
            return _say_nothing(named)
    else:
        near = _of_kind(ask.text, near)
        _note_look(ask, [each.member_id for each in near[:MOST_SHOWN]])
    unknown = [each for ones in found.unknown.values() for each in ones]
    brief = None if named else today + EXPLAINED
    lines = list(deadlines.say(near[:MOST_SHOWN], today, brief))
    if (more := len(near) - MOST_SHOWN) > 0:
        lines.append(f"……还有 {more} 项，时间更晚。问某位就说“发展进度 姓名”。")
    if not near:
        lines.append(f"{branch.name}没有查到要到期的事。")
    if unknown and not named:
        lines.append(
            f"还不知道、所以没有算：{'；'.join(unknown[:5])}"
            + (f" 等 {len(unknown)} 项" if len(unknown) > 5 else "")
            + "。告诉我就行，例：登记王磊为入党积极分子 2026年3月5日；"
            "换届日期 2024年6月20日。"
        )
    return "\n".join(lines)


def _note_look(ask: Ask, people: Sequence[int | None]) -> None:
    """Write down whose way was looked at; the term of a branch is nobody's."""
    if known := sorted({each for each in people if each is not None}):
        audit.note(ask.session, ask.member, "development.view", ask.now, subjects=known)


def _of_kind(text: str, near: list[Deadline]) -> list[Deadline]:
    """Keep what a question is about; all where it names no kind."""
    wanted = next((kinds for words, kinds in KINDS if re.search(words, text)), ())
    return [each for each in near if not wanted or each.kind in wanted]


def _say_nothing(member: Member) -> str:
    category = member.category or "名册里没有写类别"
    missing = {
        Category.ACTIVIST.value: "成为积极分子的日期还不知道，"
        f"说“登记{member.called}为入党积极分子 年月日”我就能算期限。",
        Category.CANDIDATE.value: "成为积极分子的日期还不知道，"
        f"说“登记{member.called}为入党积极分子 年月日”我就能算期限。",
        Category.PROBATIONARY.value: "入党日期还不知道，请在名册里补上。",
    }.get(category, "没有要到期的事。")
    return f"{member.called}：{category}，{missing}"


def _record(ask: Ask, told: StepSaid, day: date | None) -> Record:
    if day is None and told.step in TODAY_IF_UNSAID:
        day = ask.now.date()
    if told.step in OF_BRANCH:
        return Record(told.step, day, years=told.years)
    named = find_named(Scope(ask.session, ask.standing.branch), told.name)
    if named and (named.before + named.after).strip(AROUND):
        raise NotMeant  # 陈静该转正了
    if named:
        member = named.member
        record = Record(told.step, day, member.name, member.id, called=member.called)
    elif not told.name and (only := _only_one(ask, told.step)):
        record = Record(told.step, day, only.name, only.id, called=only.called)
    elif told.step in NEW_ALLOWED and told.name:
        record = Record(told.step, day, told.name)
    else:
        raise Refusal("是哪位同志？请带上姓名，例：登记王磊为入党积极分子 2026年3月5日")
    return developing.complete(ask.session, record, told.months)


def _only_one(ask: Ask, step: Step | str) -> Member | None:
    """Find of whom a step must be, where nobody is named: 预审过了."""
    if step not in OF_WHOM_ALONE:
        return None
    return developing.only_one(ask.session, ask.standing.branch, step)


def _ask_day(ask: Ask, record: Record) -> str:
    asked = f"{record.words}，是哪一天？"
    ask.put_draft("development", asked, step="day", **record.pack())
    return f"{asked}例：2026年3月5日，或“今天”。不登记就回“取消”。"


def _confirm(ask: Ask, record: Record) -> str:
    developing.check(ask.session, ask.standing.branch, record)
    asked = f"登记“{record.words} {_say(record.day)}”吗？"
    ask.put_draft("development", asked, step="confirm", **record.pack())
    extra = developing.explain(ask.session, record)
    return f"{asked}{extra.rstrip()}\n回“确认”；日子不对就直接说日子；不登记回“取消”。"


def _unpack(kept: Kept) -> Record:
    return Record.unpack({each: kept[each] for each in kept if each != "step"})


def _hear_day(ask: Ask, kept: Kept) -> str | None:
    """Hear the day that is asked for, or another: 不对，是3月6日."""
    record = _unpack(kept)
    if listen(ask.text).asks:
        return None
    future = record.step == Step.EXTENDED
    day, rest = find_past_day(ask.text, ask.now.date(), future=future)
    if day is None or len(rest.strip(AROUND_DAY)) > MOST_BESIDE:
        return None
    return _confirm(ask, record.on(day))


def _show_draft(ask: Ask, kept: Kept) -> str:
    record = _unpack(kept)
    return _ask_day(ask, record) if kept["step"] == "day" else _confirm(ask, record)


def _record_step(ask: Ask, kept: Kept) -> Reply:
    ask.close_question()
    return _write(ask, _unpack(kept))


RECORD = Drafting(
    "development",
    show=_show_draft,
    confirm=_record_step,
    change=_hear_day,
    verbs=("登记", "记", "记下", "记上"),
    dropped="好的，没有登记。",
    lacks=lambda kept: kept["step"] == "day",
)


def _write(ask: Ask, record: Record) -> Reply:
    new = developing.write(
        ask.session, ask.standing.branch, record, ask.member, ask.now
    )
    if not new:
        return Reply("这件事早就登记过了。")
    done = "，恭喜！到期提醒停了，党龄从这天算" if record.step == FULL else ""
    return Reply(
        f"登记好了：{record.words} {_say(record.day)}{done}。发“近期到期”看期限。",
        changed=True,
    )


def _say(day: date | None) -> str:
    return say_date(day) if day else ""
