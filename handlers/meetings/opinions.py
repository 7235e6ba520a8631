"""评议意见: what the committee says of everybody, and each told the own grade alone."""

from collections.abc import Mapping

from bot.branch.ballots import appraisals
from bot.branch.ballots.appraisals import GRADES
from bot.branch.ballots.polls import Poll
from bot.branch.people.members import Role
from bot.calendar.quiet_hours import next_loud
from bot.command import Answer, Ask, Drafting, Kept, command
from bot.errors import Refusal
from bot.message import Reply
from handlers.meetings import which
from handlers.meetings.appraisal import read_grades, round_of


@command(
    "ballot.opinions",
    help="定民主评议的支部意见，例：评议意见：某某优秀，其余合格",
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def settle(ask: Ask) -> str:
    """Preview the committee's opinion of everybody, with the third in view."""
    poll = round_of(ask)
    given = read_grades(ask, poll, which.slot(ask, "said"))
    return _show_opinions(ask, poll, given)


def _show_opinions(ask: Ask, poll: Poll, given: Mapping[int, str]) -> str:
    limit, best = appraisals.check_opinions(ask.session, poll, given)
    names = {row.member_id: name for name, row in appraisals.lines(ask.session, poll)}
    kept = {str(number): grade for number, grade in given.items()}
    ask.put_draft("ballot.opinions", "这样定支部意见？", given=kept)
    lines = [
        f"{grade} {len(who)}：{'、'.join(who)}"
        for grade in GRADES
        if (who := [names[n] for n, each in given.items() if each == grade])
    ]
    tight = min(limit.of_all, limit.of_graded)
    doubt = (
        f"优秀 {best} 个，按严的算法多了，请先问上级按哪个数。" if best > tight else ""
    )
    asked = "这是支委会的意见吗？回“确认”记下，“取消”不记。反馈要另说“反馈评议结果”。"
    return "\n".join(
        filter(None, ["【预览】支部意见", *lines, f"{limit}。", doubt, asked])
    )


def _given(kept: Kept) -> Mapping[int, str]:
    return {int(number): grade for number, grade in kept["given"].items()}


def show_opinions(ask: Ask, kept: Kept) -> Answer:
    return _show_opinions(ask, round_of(ask), _given(kept))


def confirm_opinions(ask: Ask, kept: Kept) -> Answer:
    ask.close_question()
    appraisals.set_opinions(ask.session, round_of(ask), _given(kept))
    said = "支部意见记下了，还没有告诉本人。反馈说“反馈评议结果”。"
    return Reply(said, changed=True)


OPINIONS = Drafting(
    "ballot.opinions",
    show=show_opinions,
    confirm=confirm_opinions,
    verbs=("记下", "就这样定"),
    dropped="好的，没有记。",
)


@command(
    "ballot.feedback",
    help="把民主评议的等次各自告诉本人",
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def feed_back(ask: Ask) -> str:
    poll = round_of(ask)
    found = appraisals.lines(ask.session, poll)
    if not all(row.opinion for _, row in found):
        raise Refusal("支部意见还没有定全，先说“评议意见：某某优秀，其余合格”。")
    left = [name for name, row in found if row.told_at is None]
    if not left:
        return "都已经反馈过了。"
    ask.put_draft("ballot.feedback", "各自告诉本人？")
    return (
        f"【预览】各发一条给 {len(left)} 位本人，只有自己的等次：{'、'.join(left)}\n"
        "发出去支部意见就不能再改。回“确认”发出，“取消”不发。"
    )


def show_feedback(ask: Ask, kept: Kept) -> Answer:
    return feed_back.run(ask)


def confirm_feedback(ask: Ask, kept: Kept) -> Answer:
    ask.close_question()
    at = next_loud(ask.config.quiet, ask.now)
    told = appraisals.tell_each(ask.session, round_of(ask), ask.now, at)
    return Reply(f"正在各自告诉 {told} 位本人。", changed=True)


FEEDBACK = Drafting(
    "ballot.feedback",
    show=show_feedback,
    confirm=confirm_feedback,
    verbs=("发", "发出", "反馈"),
    dropped="好的，没有发。",
)
