"""民主评议: 测评票 without names, 自评, the branch's opinion, each told alone."""

from collections.abc import Mapping
from datetime import datetime

from bot.branch.ballots import appraisals, boxes, results, voting
from bot.branch.ballots.appraisals import GRADES
from bot.branch.ballots.polls import Poll, Question, State
from bot.branch.people import audit
from bot.branch.people.audience import Audience, count_heads
from bot.branch.people.members import Role
from bot.calendar.say import say_time
from bot.command import Answer, Ask, Drafting, Kept, command
from bot.errors import Denied, Refusal
from bot.message import Reply
from bot.rulebook.citing import cite
from bot.rulebook.load import find_rule
from bot.text.parts import part_at
from handlers.meetings import which
from handlers.meetings.clauses import EDGES
from handlers.meetings.own_sheets import send_list
from handlers.meetings.question import read_change, usual_close

LONGEST_FIRST = sorted(GRADES, key=len, reverse=True)
REST = ("其余", "其他", "剩下", "别的", "全部", "所有", "大家", "全体", "都")
FILLERS = ("同志", "人员", *"的都人为是评：: ")
BETWEEN = "、,，;；。\n和与及"
NONE = "还没有发起过民主评议的测评，由书记发起。"
GIVEN = "投好了。只记您投过了；每张票只加进总数，助手里没有哪张票是谁的记录，不能改。"


@command(
    "ballot.appraisal",
    help="发起民主评议党员的测评，例：发起民主评议测评",
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def begin(ask: Ask) -> str:
    boxes.keys_of(ask.config)
    closes_at = usual_close(ask.now)
    if said := ask.slots.get("until", ""):
        closes_at = _read_close(ask, closes_at, said) or closes_at
    return _show(ask, closes_at)


def _read_close(ask: Ask, closes_at: datetime, said: str) -> datetime | None:
    changed = read_change(ask, Question("", "", (), closes_at), said.strip(EDGES))
    return changed.closes_at if changed else None


def _show(ask: Ask, closes_at: datetime) -> str:
    branch = ask.standing.branch
    voting.check_close(closes_at, ask.now)
    people = appraisals.graded(ask.session, branch, ask.now)
    limit = appraisals.limit_of(ask.session, branch.id, len(people))
    head = count_heads(ask.session, Audience(branch.id))
    ask.put_draft(
        "ballot.appraisal", "发起民主评议测评？", closes=closes_at.isoformat()
    )
    today = ask.now.date()
    rules = [
        find_rule("life.appraisal_ratio", today),
        find_rule("life.appraisal_probationary", today),
    ]
    return "\n".join(
        [
            f"【预览】{ask.now.year} 年民主评议党员 测评（不记名）",
            f"评定等次的正式党员 {len(people)} 人："
            f"{'、'.join(each.called for each in people)}",
            f"投票：全体党员 {head.total} 人，预备党员也投、不评等次；"
            f"{say_time(closes_at, ask.now)}截止",
            f"{limit}",
            "只记谁投了，不记投了什么；满 5 票、截止以后才有票数，只给书记看。",
            *cite(rules),
            "回“确认”发出。也可以说：后天下午六点截止、取消",
        ]
    )


def show_again(ask: Ask, kept: Kept) -> Answer:
    return _show(ask, datetime.fromisoformat(kept["closes"]))


def change(ask: Ask, kept: Kept) -> Answer | None:
    closes_at = datetime.fromisoformat(kept["closes"])
    changed = _read_close(ask, closes_at, ask.said)
    return _show(ask, changed) if changed else None


def confirm(ask: Ask, kept: Kept) -> Answer:
    ask.close_question()
    closes_at = datetime.fromisoformat(kept["closes"])
    keys = boxes.keys_of(ask.config)
    poll = appraisals.open_round(
        ask.session, ask.standing.branch, ask.member, closes_at, keys, ask.now
    )
    counted = results.turnout(ask.session, poll)
    return Reply(
        f"正在发，共 {counted.eligible} 人。“评议情况”看投了几个人，"
        "截止后看每位的票数。",
        changed=True,
    )


APPRAISAL = Drafting(
    "ballot.appraisal",
    show=show_again,
    confirm=confirm,
    change=change,
    verbs=("发", "发出", "发起"),
    dropped="好的，没有发起。",
)


def round_of(ask: Ask) -> Poll:
    poll = appraisals.latest(ask.session, which.here(ask))
    if poll is None:
        raise Refusal(NONE)
    return poll


@command("vote.appraise", help="投民主评议的测评票", acts=True, shown=False)
def give(ask: Ask) -> Reply:
    """Take a ballot whole; what is wrong with it is said without what it says."""
    poll = round_of(ask)
    given = read_grades(ask, poll, which.slot(ask, "said"))
    keys = boxes.keys_of(ask.config)
    appraisals.cast(ask.session, poll, ask.member.id, given, keys, ask.now)
    return Reply(GIVEN, changed=True)


def _leave_name(said: str) -> str:
    for each in FILLERS:
        said = said.replace(each, "")
    return said


def read_grades(ask: Ask, poll: Poll, said: str) -> Mapping[int, str]:
    """Read 王芳、李伟优秀，其余合格: by member. Raises Refusal, naming nobody."""
    found = appraisals.lines(ask.session, poll)
    by_name = {name: row.member_id for name, row in found}
    given, waiting, rest = dict[int, str](), list[int](), ""
    for piece in filter(None, (each.strip() for each in part_at(said, BETWEEN))):
        grade = next((each for each in LONGEST_FIRST if piece.endswith(each)), "")
        who = _leave_name(piece.removesuffix(grade))
        if grade and ((not who and not waiting) or who.startswith(REST)):
            if rest:
                raise Refusal(f"“其余”说了两次，没有记。{appraisals.HOW}")
            rest = grade
            continue
        if who and who not in by_name:
            raise Refusal(f"有名字没对上，或者不在评定名单里，没有记。{appraisals.HOW}")
        waiting += [by_name[who]] if who else []
        if grade:
            if given.keys() & set(waiting):
                raise Refusal(f"有一位评了两次，没有记。{appraisals.HOW}")
            given |= dict.fromkeys(waiting, grade)
            waiting = []
    if waiting:
        raise Refusal(f"有名字没有带等次，没有记。{appraisals.HOW}")
    left = dict.fromkeys(set(by_name.values()) - given.keys(), rest) if rest else {}
    return {**left, **given}


@command("vote.own_grade", help="民主评议的自评，例：自评 合格", acts=True, shown=False)
def rate_oneself(ask: Ask) -> Reply:
    poll = round_of(ask)
    grade = which.slot(ask, "grade")
    appraisals.rate_oneself(ask.session, poll, ask.member, grade)
    return Reply(f"自评记下了：{grade}。支部意见定之前可以再改。", changed=True)


@command(
    "ballot.appraised",
    help="民主评议投了几个人，截止后每位的票数",
    role=Role.SECRETARY,
    shown=False,
)
def showround_of(ask: Ask) -> str:
    poll = round_of(ask)
    counted = results.turnout(ask.session, poll)
    lines = [f"{poll.question}：应投 {counted.eligible} 人，已投 {counted.voted} 人"]
    if poll.state == State.OPEN:
        silent = "、".join(results.silent(ask.session, poll))
        return "\n".join([*lines, "截止前只看人数。", f"还没投：{silent or '无'}"])
    told = appraisals.tallies(ask.session, poll)
    found = appraisals.lines(ask.session, poll)
    whose = [row.member_id for _, row in found]
    audit.note(ask.session, ask.member, "meetings.view", ask.now, subjects=whose)
    if told is None:
        lines.append("不足 5 票，为了保密不公布票数。")
    for name, row in found:
        votes = told[row.member_id] if told else {}
        parts = [f"{grade}{number}" for grade, number in votes.items() if number]
        parts += [f"自评{row.own}"] if row.own else []
        parts += [f"支部意见{row.opinion}"] if row.opinion else []
        parts += ["已反馈"] if row.told_at else []
        lines.append(f"{name}：{'，'.join(parts) or '还没有'}")
    limit = appraisals.limit_of(ask.session, poll.branch_id, len(found))
    lines.append(f"{limit}。")
    lines.append("定支部意见说“评议意见：某某优秀，其余合格”，定了说“反馈评议结果”。")
    return "\n".join(lines)


@command(
    "ballot.appraisal_close",
    help="提前结束民主评议的测评",
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def close(ask: Ask) -> Reply:
    poll = round_of(ask)
    voting.close(ask.session, poll, boxes.keys_of(ask.config), ask.now)
    return Reply(results.say_results(ask.session, poll), changed=True)


def send_sheet(ask: Ask) -> Reply:
    """Send the sheet of the last round, to the secretary alone."""
    if not which.is_secretary(ask):
        raise Denied("评议汇总由书记来导出。")
    poll = round_of(ask)
    sheet = appraisals.write_sheet(ask.session, poll, ask.now)
    year = poll.opens_at.astimezone(ask.now.tzinfo).year
    whose = [row.member_id for _, row in appraisals.lines(ask.session, poll)]
    audit.note(ask.session, ask.member, "meetings.export", ask.now, subjects=whose)
    name, fault = send_list(ask, which.here(ask), sheet, year)
    return Reply(f"发到您手机上了：{name}。{fault}", changed=True)


@command("vote.best", help="民主评议优秀最多评几个", shown=False)
def say_best(ask: Ask) -> str:
    """Say how many may be 优秀, on both bases, with the rule."""
    branch = which.here(ask)
    graded = appraisals.graded(ask.session, branch, ask.now)
    limit = appraisals.limit_of(ask.session, branch.id, len(graded))
    rule = find_rule("life.appraisal_ratio", ask.now.date())
    return f"{limit}。按哪个数，以上级党组织的要求为准。\n{rule.text}\n{rule.citation}"
