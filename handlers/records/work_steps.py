"""What becomes of works and calls: passed, judged, awarded, announced, shown."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.branch.people.members import Member, Role, party_branch, secretaries
from bot.branch.records import parties
from bot.branch.records.fields import Choice, Day, Value, Words, options
from bot.branch.records.kinds.work import WORK
from bot.branch.records.tables import Record
from bot.branch.records.words import tell
from bot.branch.works import entries, judging, prizes, showing
from bot.branch.works.judging import Juror
from bot.calendar.say import say_date
from bot.calendar.workdays import add_workdays
from bot.command import Ask
from bot.errors import Refusal
from handlers.records.special import Step, is_secretary

OPEN_FOR = 5
"""Working days that the result is open to objections; one may say otherwise."""
SETTLED = "盲评开始以后不能再改形式审查的结果。"
NOTHING_SHOWN = "没有一件可以展出：作者没有同意，或者画面里的人还没问过。"
NO_PRIZE = "取消奖项"
TAKEN_DOWN = (
    "{who}不让再展出{title}，我们的网页已经撤下。"
    "展板、公众号、微信群里要是有，请一并撤掉。"
)
JUROR = (
    "请您盲评“{title}”的 {count} 件作品：主题 40、艺术 30、创新 30。"
    "{where}也可以直接对我说“7号 主题35 艺术28 创新26”；"
    "认得出是谁的就说“7号我回避”。"
)


def check_form(ask: Ask, work: Record) -> None:
    """Raise Refusal once the jury has a work: its form is settled."""
    if entries.call_of(ask.session, work).state != "open":
        raise Refusal(SETTLED)


def give_back(ask: Ask, work: Record, why: str) -> str:
    """Give a work back, and tell its authors why; they may mend it late too."""
    check_form(ask, work)
    entries.move(ask.session, work, "back", ask.member.id, ask.now)
    reason = f"：{why}" if why else ""
    said = (
        f"{entries.title_of(work)}退回修改{reason}。改好前不参加评选；"
        f"改内容说“更正作品 {work.id} …”，换文件说“作品 {work.id} 传原图”。"
    )
    told = []
    for each in authors(ask, work):
        key = f"work.back:{work.id}:{ask.message.id}"
        if tell(ask.session, each, key, said, ask.now):
            told.append(each.called)
    who = f"，告诉{'、'.join(told)}了" if told else ""
    return f"退回了{entries.title_of(work)}{who}。"


def authors(ask: Ask, work: Record) -> list[Member]:
    """List who is told of a work: its authors on the roster, and who handed it in."""
    told = parties.people_in(ask.session, work, "people")
    numbers = {
        number
        for number in (work.recorded_by, *(number for number, _ in told))
        if number is not None
    }
    return [ask.session.get_one(Member, each) for each in sorted(numbers)]


def may_change(ask: Ask, work: Record) -> bool:
    """Tell whether somebody may speak for a work: whose it is, and the secretary."""
    office = ask.standing.role >= Role.SECRETARY
    return office or parties.is_about(ask.session, work, ask.member)


def set_consent(ask: Ask, work: Record, show: str) -> str:
    """Do as an author says at once, and have the secretary look elsewhere."""
    down = showing.set_consent(ask.session, work, show, ask.member, ask.now)
    if down:
        _tell_secretaries(ask, work)
    more = "作品展的网页已经撤下，也告诉书记了。" if down else ""
    return f"记下了，{entries.title_of(work)}：{show}。{more}"


def _tell_secretaries(ask: Ask, work: Record) -> None:
    title = entries.title_of(work)
    text = TAKEN_DOWN.format(who=ask.member.called, title=title)
    for each in secretaries(ask.session, party_branch(ask.session, ask.member)):
        if each.id != ask.member.id:
            key = f"work.down:{work.id}:{ask.message.id}"
            tell(ask.session, each, key, text, ask.now)


def begin_judging(ask: Ask, call: Record) -> tuple[Sequence[Juror], int]:
    """Close a call, number the works and tell the jury; return it, and how many."""
    jury = judging.begin(ask.session, call, ask.member, ask.now)
    for each in jury:
        if each.number:
            _tell_juror(ask, call, each)
    return jury, len(entries.works_of(ask.session, call, "checked"))


def _tell_juror(ask: Ask, call: Record, juror: Juror) -> None:
    to = ask.session.get_one(Member, juror.number)
    papers = judging.papers_for(ask.session, call, juror)
    mine = [each for each in papers if not each.avoid]
    where = where_to_judge(ask, call)
    text = JUROR.format(title=call.title, count=len(mine), where=where)
    tell(ask.session, to, f"work.judge:{call.id}", text, ask.now)


def where_to_judge(ask: Ask, call: Record) -> str:
    url = ask.config.server.public_url
    return f"\n{url}/m/jury/{call.id}\n" if url else ""


def publish(ask: Ask, call: Record, until: date) -> str:
    """Write the awards down, and show them for objections."""
    proposals = prizes.propose(ask.session, call)
    count = prizes.publish(ask.session, call, proposals, until, ask.member, ask.now)
    return f"定好了，{count} 件获奖，公示到 {say_date(until)}。"


def announce(ask: Ask, call: Record) -> str:
    """Announce the result, and tell each who won something."""
    won = prizes.announce(ask.session, call, ask.member, ask.now)
    for work in won:
        for each in authors(ask, work):
            text = (
                f"祝贺！您的{work.sort}《{work.title}》获“{call.title}”{work.level}。"
            )
            tell(ask.session, each, f"work.won:{work.id}", text, ask.now)
    return f"“{call.title}”公布了，{len(won)} 件获奖，作者都告诉了。"


def _pass(ask: Ask, work: Record, _: Mapping[str, Value]) -> str:
    check_form(ask, work)
    entries.move(ask.session, work, "checked", ask.member.id, ask.now)
    return f"好了，{entries.title_of(work)}形式审查通过。"


def _consent(ask: Ask, work: Record, told: Mapping[str, Value]) -> str:
    return set_consent(ask, work, told["show"])


def _decide(ask: Ask, work: Record, told: Mapping[str, Value]) -> str:
    award = "" if told["award"] == NO_PRIZE else told["award"]
    prizes.decide(ask.session, work, award, ask.member, ask.now)
    return f"记下了，{entries.title_of(work)}{told['award']}。改动留有痕迹。"


def _pass_all(ask: Ask, call: Record, _: Mapping[str, Value]) -> str:
    works = entries.works_of(ask.session, call, "told")
    if not works:
        raise Refusal(f"“{call.title}”没有待审的作品。")
    for each in works:
        entries.move(ask.session, each, "checked", ask.member.id, ask.now)
    return f"通过了 {len(works)} 件。"


def _judge(ask: Ask, call: Record, _: Mapping[str, Value]) -> str:
    jury, count = begin_judging(ask, call)
    names = "、".join(each.name for each in jury)
    return f"“{call.title}”停止收稿，{count} 件编了盲评号，评委（{names}）都告诉了。"


def _award(ask: Ask, call: Record, told: Mapping[str, Value]) -> str:
    said = told.get("until")
    usual = add_workdays(ask.now.date(), OPEN_FOR).day
    return publish(ask, call, date.fromisoformat(said) if said else usual)


def _show(ask: Ask, call: Record, _: Mapping[str, Value]) -> str:
    count, kept = showing.show_all(ask.session, call, ask.member, ask.now)
    if not count:
        raise Refusal(NOTHING_SHOWN)
    left = f"{kept} 件没有同意或没问过画面里的人，没有展。" if kept else ""
    return f"“{call.title}”展出 {count} 件。{left}"


PRIZES = Choice(
    "award",
    "定为",
    needed=True,
    options=options(*(*prizes.order(), NO_PRIZE)),
)
SHOW = WORK.by_name["show"]
WORK_STEPS = (
    Step("pass", "形式审查通过", _pass, ("told",), is_secretary),
    Step(
        "back",
        "退回修改",
        lambda ask, work, told: give_back(ask, work, str(told.get("why") or "")),
        ("told", "checked"),
        is_secretary,
        (Words("why", "缺什么、为什么"),),
        "作者会收到消息。",
    ),
    Step(
        "decide",
        "合议定奖、取消奖项",
        _decide,
        ("checked", "judged"),
        is_secretary,
        (PRIZES,),
    ),
    Step("consent", "展示到哪里", _consent, may=may_change, asks=(SHOW,)),
)
CALL_STEPS = (
    Step(
        "pass_all",
        "形式审查全部通过",
        _pass_all,
        ("open",),
        is_secretary,
        warns="还没审的作品都算通过；有问题的请先打开作品退回。",
        careful=True,
    ),
    Step(
        "judge",
        "停止收稿，开始盲评",
        _judge,
        ("open",),
        is_secretary,
        warns="作品编上盲评号，评委收到消息。",
        careful=True,
    ),
    Step(
        "award",
        "按评分定奖，公示",
        _award,
        ("judging",),
        is_secretary,
        (Day("until", "公示到（不填就是五个工作日）", ahead=True, due=True),),
        careful=True,
    ),
    Step(
        "announce",
        "公示期满，公布结果",
        lambda ask, call, _: announce(ask, call),
        ("public",),
        is_secretary,
        warns="获奖的作者会收到消息。",
        careful=True,
    ),
    Step("show", "展出作品", _show, ("announced",), is_secretary),
)
