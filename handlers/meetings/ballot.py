"""发起投票: 测评, 推优, 征求意见 without names; formal votes are refused."""

import re
from datetime import datetime, timedelta

from bot.branch.ballots import boxes, polls
from bot.branch.ballots.polls import Poll, Question, State
from bot.branch.meetings import attendees, quorum
from bot.branch.meetings.kinds import Matter, matter_of
from bot.branch.people.audience import Audience, count_heads, select_people
from bot.branch.people.members import Member, Role
from bot.calendar.say import say_time
from bot.command import Answer, Ask, Drafting, Kept, command
from bot.errors import Refusal
from bot.message import Reply
from bot.rulebook.load import find_rule
from bot.understanding.when import find_when

ORDER = re.compile(
    r"^(?:请|帮我|麻烦)*(?:发起|发|搞|开|做|组织|来)?(?:一?[个次场])?(?:无记名|不记名|匿名)?(?:的)?(?:征求意见)?(?:的)?投票"
    r"|^(?:请|帮我)*(?:发|搞)(?:个|一个)(?:无记名|不记名|匿名)的?"
)
PURPOSES = (
    ("测评", re.compile("测评|评议")),
    ("推优", re.compile("推优|推荐优秀|评优|优秀")),
)
COUNTS = re.compile(r"最多(?:选|投)\s*([2-9]|[二两三四五六七八九])\s*[个项人]")
NUMERALS = {each: n for n, each in enumerate("一二三四五六七八九", 1)} | {"两": 2}
UNTIL = re.compile(r"[，,。 ]*([^，,。：:]{0,12}?)(?:截止|为止|之前|前投完|结束)")
LASTS = timedelta(days=3)
EDGES = " \t\n，,。；;：:、"
EXAMPLE = "例：发起投票 下次主题党日去哪：烈士陵园、纪念馆、敬老院"
HOW = "回“确认”发出。也可以说：最多选2个、明天下午六点截止、取消"


@command(
    "ballot",
    help="发起无记名的测评、推优、征求意见，例：发起投票 党日去哪：纪念馆、敬老院",
    role=Role.SECRETARY,
    acts=True,
)
def begin(ask: Ask) -> Answer:
    """Preview a poll, or tell how the open ones go; formal votes are refused."""
    said = ORDER.sub("", ask.text.strip(), count=1).strip(EDGES)
    if matter_of(ask.text) != Matter.ORDINARY:
        return refuse_formal(ask, matter_of(ask.text))
    if not said or ":" not in said.replace("：", ":"):
        return _tell(ask)
    boxes.key_of(ask.config)
    return _show(ask, _read(ask, said))


@command(
    "ballot.status",
    help="投票投了几个人，谁还没投",
    role=Role.SECRETARY,
    shown=False,
)
def show_status(ask: Ask) -> str:
    return _tell(ask)


def refuse_formal(ask: Ask, matter: Matter) -> str:
    """Say why no such vote is taken here, and give what helps with it instead."""
    today = ask.now.date()
    people = select_people(ask.session, Audience(ask.standing.branch.id))
    ids = [number for number, _ in ask.session.execute(people)]
    members = ask.session.query(Member).filter(Member.id.in_(ids)).order_by(Member.id)
    voters = [each.called for each in members if attendees.is_full(each, today)]
    rule = find_rule("election.turnout", today)
    need = quorum.four_fifths(len(voters))
    what = "选举至少到会"
    if matter == Matter.ADMISSION:
        rule = find_rule("develop.vote", today)
        need, what = quorum.more_than_half(len(voters)), "讨论这件事至少到会"
    word = "选举" if matter == Matter.ELECTION else "接收预备党员、转正"
    return (
        f"{word}要在支部大会上当场无记名投票，没有查到可以在手机上投的规定，"
        "所以这里不发起，也不算票。\n"
        f"今天有表决权的正式党员 {len(voters)} 人：{'、'.join(voters)}\n"
        f"{what} {need} 人。{rule.text}\n{rule.citation}"
    )


def _tell(ask: Ask) -> str:
    found = polls.of_branch(ask.session, ask.standing.branch, 3)
    if not found:
        return f"问什么，有哪些选项？{EXAMPLE}"
    lines = []
    for each in found:
        lines.append(f"{each.id}. {polls.say_state(ask.session, each)}")
        if each.state == State.OPEN and (names := polls.silent(ask.session, each)):
            lines.append(f"还没投 {len(names)}：{'、'.join(names[:30])}")
    return "\n".join([*lines, f"要再发起，{EXAMPLE}"])


def _read(ask: Ask, said: str) -> Question:
    text, _, listed = said.replace("：", ":").partition(":")
    most, closes_at = 1, _usual_close(ask)
    if hit := COUNTS.search(listed):
        most = NUMERALS.get(hit[1]) or int(hit[1])
        listed = COUNTS.sub("", listed)
    if (hit := UNTIL.search(listed)) and (found := find_when(hit[1], ask.now)):
        if found[0].next and not found[0].date_only:
            closes_at = found[0].next[0]
        listed = f"{listed[: hit.start()]}{listed[hit.end() :]}"
    choices = tuple(
        filter(
            None, (each.strip(EDGES) for each in re.split("[、/／；;\n,，]", listed))
        )
    )
    purpose = next((word for word, form in PURPOSES if form.search(text)), "征求意见")
    return Question(purpose, text.strip(EDGES), choices, closes_at, most)


def _usual_close(ask: Ask) -> datetime:
    return (ask.now + LASTS).replace(hour=18, minute=0, second=0, microsecond=0)


def _show(ask: Ask, question: Question) -> str:
    polls.check(question, ask.now)
    if question.most >= len(question.choices):
        raise Refusal("最多选的个数要比选项少。")
    head = count_heads(ask.session, Audience(ask.standing.branch.id))
    listed = "\n".join(f"{n}. {each}" for n, each in enumerate(question.choices, 1))
    kept = {
        "purpose": question.purpose,
        "text": question.text,
        "choices": list(question.choices),
        "closes_at": question.closes_at.isoformat(),
        "most": question.most,
    }
    asked = f"发起投票“{question.text}”？"
    ask.put_draft("ballot", asked, **kept)
    return (
        f"【预览】{question.purpose}（不记名）：{question.text}\n{listed}\n"
        f"每人最多选 {question.most} 个，全体党员 {head.total} 人，"
        f"{say_time(question.closes_at, ask.now)}截止\n"
        f"只记谁投了，不记投了什么；满 {polls.LEAST} 票、截止以后才有结果。\n{HOW}"
    )


def _unpack(kept: Kept) -> Question:
    return Question(
        kept["purpose"],
        kept["text"],
        tuple(kept["choices"]),
        datetime.fromisoformat(kept["closes_at"]),
        kept["most"],
    )


def show_again(ask: Ask, kept: Kept) -> Answer:
    return _show(ask, _unpack(kept))


def change(ask: Ask, kept: Kept) -> Answer | None:
    """Hear how many may be chosen, or another end."""
    question = _unpack(kept)
    most, closes_at = question.most, question.closes_at
    if hit := COUNTS.search(ask.text):
        most = NUMERALS.get(hit[1]) or int(hit[1])
    elif (hit := UNTIL.search(ask.text)) and (found := find_when(hit[1], ask.now)):
        if found[0].unclear or found[0].date_only:
            raise Refusal(found[0].unclear or "几点截止？例：明天下午六点截止")
        closes_at = found[0].next[0]
    else:
        return None
    changed = Question(
        question.purpose, question.text, question.choices, closes_at, most
    )
    return _show(ask, changed)


def confirm(ask: Ask, kept: Kept) -> Answer:
    branch = ask.standing.branch
    poll = polls.open_poll(
        ask.session,
        branch,
        ask.member,
        _unpack(kept),
        Audience(branch.id),
        boxes.key_of(ask.config),
        ask.now,
    )
    ask.close_question()
    counted = polls.turnout(ask.session, poll)
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
    poll = _open(ask)
    polls.close(ask.session, poll, boxes.key_of(ask.config), ask.now)
    return Reply(polls.say_results(ask.session, poll), changed=True)


@command("ballot.void", help="作废投票", role=Role.SECRETARY, acts=True, shown=False)
def void(ask: Ask) -> Reply:
    poll = _open(ask)
    why = re.sub(r"^\s*\d*\s*", "", ask.words).strip(EDGES)
    polls.void(ask.session, poll, why, ask.now)
    return Reply(f"作废了：{poll.question}。投过的不公布，也没有留下。", changed=True)


def _open(ask: Ask) -> Poll:
    """Find the one open poll of the branch, or that of the number that is said."""
    found = [
        each
        for each in polls.of_branch(ask.session, ask.standing.branch)
        if each.state == State.OPEN
    ]
    number = re.search(r"\d+", ask.words)
    if number:
        found = [each for each in found if each.id == int(number[0])]
    if not found:
        raise Refusal("没有正在进行的投票。")
    if len(found) > 1:
        listed = "；".join(f"{each.id}. {each.question}" for each in found)
        raise Refusal(
            f"有 {len(found)} 个投票：{listed}。请说“结束投票 {found[0].id}”。"
        )
    return found[0]
