"""定奖: what the marks come to, what is shown for objections, what is announced."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from bot.branch.people.members import Role
from bot.branch.people.send_file import send_file
from bot.branch.records import book
from bot.branch.records.kinds.work import WORK
from bot.branch.records.tables import Record
from bot.branch.records.values import values_of
from bot.branch.works import entries, judging, prizes
from bot.branch.works.prizes import Proposal
from bot.calendar.say import say_date
from bot.calendar.workdays import add_workdays
from bot.command import Ask, Drafting, Kept, command
from bot.errors import Refusal
from bot.files.word import DOCX, Grid, Lines, write_paper
from bot.message import Reply
from bot.text.phrases import read_beside
from bot.understanding.when import find_period
from handlers.records import work_steps
from handlers.records.view import where
from handlers.records.which import find_numbered, read_number
from handlers.records.work_steps import OPEN_FOR

FILE = Path(WORK.beside)
AWARDING = "works.award"
SHOWN = 30
JUDGED = ("judging", "public", "announced")


@command(
    "submit_work.standings",
    help="作品评分汇总：名次和谁还没打分",
    phrases=read_beside(FILE, "submit_work.standings"),
    role=Role.SECRETARY,
)
def show_standings(ask: Ask) -> str:
    call = entries.latest_call(ask.session, where(ask), *JUDGED, named=ask.text)
    waiting = judging.lacking(ask.session, call) if call.state == "judging" else {}
    if waiting:
        who = "、".join(f"{name} {count} 件" for name, count in waiting.items())
        return f"“{call.title}”还没打完：{who}。都打完了再看名次。"
    ranked = judging.standings(ask.session, call)
    trimmed = any(each.judges >= judging.TRIMMED_FROM for each in ranked)
    rule = "去掉一个最高、一个最低后平均" if trimmed else "平均"
    lines = [f"“{call.title}”评分汇总（{rule}）："]
    for place, each in enumerate(ranked[:SHOWN], 1):
        won = f" → {each.work.level}" if each.work.level else ""
        lines.append(
            f"{place}. {each.mark} 号（作品 {each.work.id}，{each.work.sort}）"
            f"{each.total:g} 分，{each.judges} 位评委{won}"
        )
    if call.state == "judging":
        lines.append("说“按这个定奖”看怎么发奖；合议改的说“作品 12 定为二等奖”。")
    return "\n".join(lines)


@command(
    "submit_work.award",
    help="按评分和征集的规则定奖，公示",
    phrases=read_beside(FILE, "submit_work.award"),
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def propose(ask: Ask) -> str:
    return _show(ask, {"until": ""})


def _show(ask: Ask, kept: Kept) -> str:
    call = entries.latest_call(ask.session, where(ask), "judging")
    proposals = prizes.propose(ask.session, call)
    if tied := [each for each in proposals if each.tied]:
        raise Refusal(prizes.say_tie(tied[0]))
    said = kept["until"]
    until = (
        date.fromisoformat(said) if said else add_workdays(ask.now.date(), OPEN_FOR).day
    )
    ask.put_draft(AWARDING, "这样定奖并公示？", until=until.isoformat())
    return (
        f"【预览】“{call.title}”获奖：\n{_say(ask, proposals)}\n"
        f"公示到 {say_date(until)}。回“确认”定奖；公示日期不对说“公示到3月20日”；"
        "不定回“取消”。"
    )


def _say(ask: Ask, proposals: Sequence[Proposal]) -> str:
    lines = []
    for name in prizes.order():
        won = [
            number
            for each in proposals
            for number, award in each.awards.items()
            if award == name
        ]
        for number in won:
            work = book.get(ask.session, number)
            lines.append(f"{name}：{_line(ask, work)}")
    return "\n".join(lines) or "没有一件得奖。"


def _line(ask: Ask, work: Record) -> str:
    by = judging.named(ask.session, work)
    return f"《{work.title}》（{work.sort}）{by}"


def _change(ask: Ask, kept: Kept) -> str | None:
    if "公示" not in ask.text and "到" not in ask.text:
        return None
    period = find_period(ask.text, ask.now, "future")
    if period is None or period.start.date() < ask.now.date():
        return None
    return _show(ask, {"until": period.start.date().isoformat()})


def _keep(ask: Ask, kept: Kept) -> Reply:
    ask.close_question()
    call = entries.latest_call(ask.session, where(ask), "judging")
    said = work_steps.publish(ask, call, date.fromisoformat(kept["until"]))
    return Reply(
        f"{said}公示稿说“作品获奖公示发我”。"
        "有异议查实了说“作品 12 取消奖项”；期满说“公布作品结果”。",
        changed=True,
    )


AWARD = Drafting(
    AWARDING,
    show=_show,
    confirm=_keep,
    change=_change,
    verbs=("定", "定奖", "公示"),
    dropped="好的，没有定。",
)


@command(
    "submit_work.decide",
    help="合议后给一件作品定奖，或取消，例：作品 12 定为二等奖",
    phrases=read_beside(FILE, "submit_work.decide"),
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def decide(ask: Ask) -> Reply:
    work = find_numbered(ask, read_number(ask, "作品 12 定为二等奖"), WORK)
    award = (
        "" if "取消" in ask.text or "不给" in ask.text else ask.slots.get("prize", "")
    )
    prizes.decide(ask.session, work, award, ask.member, ask.now)
    told = f"定为{award}" if award else "取消奖项"
    return Reply(
        f"记下了，{entries.title_of(work)}{told}。改动留有痕迹。", changed=True
    )


@command(
    "submit_work.announce",
    help="公示期满，公布作品结果",
    phrases=read_beside(FILE, "submit_work.announce"),
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def announce(ask: Ask) -> Reply:
    call = entries.latest_call(ask.session, where(ask), "public", named=ask.text)
    said = work_steps.announce(ask, call)
    return Reply(f"{said}奖状说“打印奖状”，作品展说“展出作品”。", changed=True)


@command(
    "submit_work.results",
    help="作品评奖结果",
    phrases=read_beside(FILE, "submit_work.results"),
)
def show_results(ask: Ask) -> Reply | str:
    """Tell the result once it is open to everybody; as a paper to the secretary."""
    branch = where(ask)
    call = entries.latest_call(
        ask.session, branch, "public", "announced", named=ask.text
    )
    won = prizes.winners(ask.session, call)
    lines = [f"{work.level}：{_line(ask, work)}" for work in won]
    if "发我" in ask.text and ask.standing.role >= Role.SECRETARY:
        return _send_paper(ask, call, won)
    until = values_of(ask.session, call).get("shown_until")
    state = (
        f"（公示到 {say_date(date.fromisoformat(until))}，有异议找书记）"
        if call.state == "public" and until
        else ""
    )
    return "\n".join([f"“{call.title}”获奖名单{state}：", *lines[:SHOWN]])


def _send_paper(ask: Ask, call: Record, won: Sequence[Record]) -> Reply:
    rows = [
        [
            str(place),
            str(work.level),
            str(work.title),
            str(work.sort),
            judging.named(ask.session, work),
        ]
        for place, work in enumerate(won, 1)
    ]
    until = values_of(ask.session, call).get("shown_until")
    day = say_date(date.fromisoformat(until)) if until else "　　　"
    grid = Grid(
        ("序号", "奖项", "作品名称", "类别", "作者"), rows, (1.4, 2.4, 5.6, 2.2, 4)
    )
    body = [
        f"“{call.title}”作品征集共收到有效作品 "
        f"{len(entries.works_of(ask.session, call, 'judged', 'shown', 'down'))} 件，"
        f"经盲评，拟评出获奖作品 {len(won)} 件，现予公示，公示到 {day}。"
        "如有异议，请在公示期内向支部书记反映。"
    ]
    end = [where(ask).name, say_date(ask.now.date())]
    paper = write_paper(
        f"“{call.title}”获奖作品公示",
        [Lines(body), grid, Lines(["", *end], indent=False)],
    )
    name = f"获奖公示-{call.title}.docx"
    send_file(ask.session, name, DOCX, paper, ask.member, ask.now)
    return Reply(f"公示稿发到您手机上了：{name}。", changed=True)
