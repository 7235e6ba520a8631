"""发起投票: 测评, 推优, 征求意见 without names; formal votes are refused."""

from datetime import datetime
from itertools import count

from bot.branch.ballots import boxes, polls, results, voting
from bot.branch.ballots.polls import Poll, Question, State
from bot.branch.meetings import quorum, voters
from bot.branch.meetings.kinds import Kind, Matter, matter_of
from bot.branch.meetings.plans import Plan
from bot.branch.people.audience import Audience, count_heads
from bot.branch.people.members import Role
from bot.calendar.say import say_time
from bot.command import (
    Answer,
    Ask,
    Drafting,
    FreeWords,
    Kept,
    NotMeant,
    answering,
    command,
)
from bot.errors import Refusal
from bot.inbox.open_questions import Open
from bot.message import Reply
from bot.rulebook.load import find_rule
from bot.understanding.slots.listed_number import only_number
from handlers.meetings.clauses import EDGES
from handlers.meetings.question import read_change, read_question

LEAST = 2
EXAMPLE = "例：发起投票 下次主题党日去哪：烈士陵园、纪念馆、敬老院"
HOW = "回“确认”发出。也可以说：最多选2个、排前2名、明天下午六点截止、取消"


@command(
    "ballot",
    help="发起无记名的测评、推优、征求意见，例：发起投票 党日去哪：纪念馆、敬老院",
    role=Role.SECRETARY,
    acts=True,
)
def begin(ask: Ask) -> Answer:
    """Preview a poll, or tell how the open ones go; formal votes are refused."""
    said = (ask.slots.get("said") or ask.words).strip(EDGES)
    if matter_of(ask.text) != Matter.ORDINARY:
        return refuse_formal(ask, matter_of(ask.text))
    question = read_question(ask, said)
    if not question.choices:
        if "loose" in ask.slots:
            raise NotMeant
        return _ask_choices(ask, question) if question.text else _tell(ask)
    boxes.keys_of(ask.config)
    return _show(ask, question)


@command(
    "ballot.status",
    help="投票投了几个人，谁还没投",
    role=Role.SECRETARY,
    shown=False,
)
def show_status(ask: Ask) -> str:
    if not polls.of_branch(ask.session, ask.standing.branch, 1):
        return f"现在没有投票，也没有投过。{EXAMPLE}"
    return _tell(ask)


def _ask_choices(ask: Ask, question: Question) -> str:
    """Ask for the choices of a question that was told without any."""
    asked = f"“{question.text}”有哪些选项？"
    ask.put_question("ballot.choices", asked, said=question.text)
    return f"{asked}几个选项用顿号隔开，直接发给我。不发起就回“算了”。"


CHOICES = FreeWords(("发起", "投"), takes=("order",))


def _drop(ask: Ask, _question: Open) -> Answer:
    ask.close_question()
    return "好的，没有发起。"


@answering("ballot.choices", words=CHOICES, declined=_drop)
def hear_choices(ask: Ask, question: Open) -> Answer | None:
    """Hear the choices of a poll: 烈士陵园、纪念馆."""
    if ask.message.kind == "event":
        return None
    full = read_question(ask, f"{question.details['said']}：{ask.said.strip(EDGES)}")
    if len(full.choices) < LEAST:
        return None
    boxes.keys_of(ask.config)
    return _show(ask, full)


def refuse_formal(ask: Ask, matter: Matter) -> str:
    """Say why no such vote is taken here, and give what helps with it instead."""
    today = ask.now.date()
    plan = Plan(Kind.GENERAL, ask.standing.branch.id)
    names = [each.called for each in voters.voters(ask.session, plan, today)]
    rule = find_rule("election.turnout", today)
    need = quorum.four_fifths(len(names))
    what = "选举至少到会"
    if matter == Matter.ADMISSION:
        rule = find_rule("develop.vote", today)
        need, what = quorum.more_than_half(len(names)), "讨论这件事至少到会"
    how = "名单、选票和计票单可以排好给您打印：说“有表决权的名单”“打印选票”。"
    if matter == Matter.ADMISSION:
        how = "名单、表决票和汇总表可以排好给您打印：说“有表决权的名单”“打印表决票”。"
    word = "选举" if matter == Matter.ELECTION else "接收预备党员、转正"
    return (
        f"{word}要在支部大会上当场无记名投票，没有查到可以在手机上投的规定，"
        "所以这里不发起，也不算票。\n"
        f"今天有表决权的正式党员 {len(names)} 人：{'、'.join(names)}\n"
        f"{what} {need} 人。{rule.text}\n{rule.citation}\n{how}"
    )


def _tell(ask: Ask) -> str:
    found = polls.of_branch(ask.session, ask.standing.branch, 3)
    if not found:
        return f"问什么，有哪些选项？{EXAMPLE}"
    lines = []
    for each in found:
        lines.append(f"{each.id}. {results.say_state(ask.session, each, ask.now)}")
        if each.state == State.OPEN and (names := results.silent(ask.session, each)):
            lines.append(f"还没投 {len(names)}：{'、'.join(names[:30])}")
    return "\n".join([*lines, f"要再发起，{EXAMPLE}"])


def _show(ask: Ask, question: Question) -> str:
    voting.check(question, ask.now)
    if question.most >= len(question.choices) and not question.points:
        raise Refusal("最多选的个数要比选项少。")
    head = count_heads(ask.session, Audience(ask.standing.branch.id))
    marks = ("",) * len(question.choices) if question.points else count(1)
    listed = "\n".join(
        f"{mark}. {each}" if mark else each
        for mark, each in zip(marks, question.choices, strict=False)
    )
    kept = {
        "purpose": question.purpose,
        "text": question.text,
        "choices": list(question.choices),
        "closes_at": question.closes_at.isoformat(),
        "most": question.most,
        "points": list(question.points),
    }
    asked = f"发起投票“{question.text}”？"
    ask.put_draft("ballot", asked, **kept)
    return (
        f"【预览】{question.purpose}（不记名）：{question.text}\n{listed}\n"
        f"{_say_most(question)}，全体党员 {head.total} 人，"
        f"{say_time(question.closes_at, ask.now)}截止\n"
        f"只记谁投了，不记投了什么；满 {polls.LEAST} 票、截止以后才有结果。\n{HOW}"
    )


def _say_most(question: Question) -> str:
    if not question.points:
        return f"每人最多选 {question.most} 个"
    points = "、".join(str(each) for each in question.points)
    return f"每人按名次最多排 {question.most} 个，依次记 {points} 分"


def _unpack(kept: Kept) -> Question:
    return Question(
        kept["purpose"],
        kept["text"],
        tuple(kept["choices"]),
        datetime.fromisoformat(kept["closes_at"]),
        kept["most"],
        tuple(kept.get("points", ())),
    )


def show_again(ask: Ask, kept: Kept) -> Answer:
    return _show(ask, _unpack(kept))


def change(ask: Ask, kept: Kept) -> Answer | None:
    """Hear how many may be chosen, or another end."""
    changed = read_change(ask, _unpack(kept), ask.said.strip(EDGES))
    return None if changed is None else _show(ask, changed)


def confirm(ask: Ask, kept: Kept) -> Answer:
    branch = ask.standing.branch
    poll = voting.open_poll(
        ask.session,
        branch,
        ask.member,
        _unpack(kept),
        Audience(branch.id),
        boxes.keys_of(ask.config),
        ask.now,
    )
    ask.close_question()
    counted = results.turnout(ask.session, poll)
    return Reply(
        f"正在发，共 {counted.eligible} 人（第 {poll.id} 号投票）。"
        "“投票情况”看投了几个人；截止后我把结果发给您。",
        changed=True,
    )


BALLOT = Drafting(
    "ballot",
    show=show_again,
    confirm=confirm,
    change=change,
    verbs=("发", "发出", "发起"),
    dropped="好的，没有发起投票。",
)


@command(
    "ballot.close", help="提前结束投票", role=Role.SECRETARY, acts=True, shown=False
)
def close(ask: Ask) -> Reply:
    poll, _ = _open(ask)
    voting.close(ask.session, poll, boxes.keys_of(ask.config), ask.now)
    return Reply(results.say_results(ask.session, poll), changed=True)


@command("ballot.void", help="作废投票", role=Role.SECRETARY, acts=True, shown=False)
def void(ask: Ask) -> Answer:
    poll, why = _open(ask)
    return _ask_void(ask, poll, why)


def _ask_void(ask: Ask, poll: Poll, why: str) -> str:
    """Ask once more: what was voted cannot be had back."""
    voted = results.turnout(ask.session, poll).voted
    asked = f"作废“{poll.question}”？"
    ask.put_draft("ballot.void", asked, number=poll.id, why=why)
    because = f"原因写“{why}”。" if why else ""
    return (
        f"{asked}已投的 {voted} 张票不公布，也找不回来。{because}\n"
        "回“确认”作废，“算了”照常投。"
    )


def show_void(ask: Ask, kept: Kept) -> Answer:
    return _ask_void(ask, polls.find(ask.session, kept["number"]), kept["why"])


def confirm_void(ask: Ask, kept: Kept) -> Answer:
    ask.close_question()
    poll = polls.find(ask.session, kept["number"])
    voting.void(ask.session, poll, kept["why"], ask.now)
    return Reply(f"作废了：{poll.question}。投过的不公布，也没有留下。", changed=True)


VOID = Drafting(
    "ballot.void",
    show=show_void,
    confirm=confirm_void,
    verbs=("作废",),
    dropped="好的，照常投。",
)


def _open(ask: Ask) -> tuple[Poll, str]:
    """Find the one open poll of the branch, or that of the number said first.

    Returns it with what else is said: 作废投票 3 选项写错了.
    """
    head, _, rest = ask.words.strip(EDGES).partition(" ")
    number = only_number(head)
    found = [
        each
        for each in polls.of_branch(ask.session, ask.standing.branch)
        if each.state == State.OPEN and number in (None, each.id)
    ]
    if not found:
        raise Refusal("没有正在进行的投票。")
    if len(found) > 1:
        listed = "；".join(f"{each.id}. {each.question}" for each in found)
        example = f"结束投票 {found[0].id}"
        raise Refusal(f"有 {len(found)} 个投票：{listed}。请带上编号，例：{example}。")
    return found[0], (ask.words if number is None else rest).strip(EDGES)
