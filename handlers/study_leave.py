"""学习请假: a member who is away is not reminded to study."""

from datetime import timedelta

from bot.almanac import say_day
from bot.branch import study_leave
from bot.command import Answer, Ask, command
from bot.message import Reply
from bot.understanding.when import find_period

LONGEST = timedelta(days=366)


@command(
    "study.leave",
    names=("学习请假", "请学习假", "暂停学习提醒"),
    examples=(
        "学习请假到下周一",
        "学习请假 到12月5日",
        "学习请假三天",
        "请学习假到月底",
        "暂停学习提醒到周五",
    ),
    help="出差、休假时不收学习提醒，例：学习请假到下周一",
    acts=True,
    shown=False,
)
def begin_leave(ask: Ask) -> Answer:
    period = find_period(ask.words, ask.now, "future")
    if period is None:
        return "学习请假到哪天？例：学习请假到下周一。"
    last = (period.end - timedelta(days=1)).date()
    if not ask.now.date() <= last <= ask.now.date() + LONGEST:
        return "请说一个还没到、一年以内的日子，例：学习请假到下周一。"
    study_leave.begin(ask.session, ask.member, last, ask.now)
    return Reply(
        f"好的，到{say_day(last)}为止不提醒您学习。早回来就发“学习销假”。",
        changed=True,
    )


@command(
    "study.return",
    names=("学习销假", "恢复学习提醒"),
    examples=("学习销假", "恢复学习提醒", "我回来了，恢复学习提醒"),
    help="学习请假提前结束",
    acts=True,
    shown=False,
)
def end_leave(ask: Ask) -> Answer:
    if not study_leave.end(ask.session, ask.member):
        return "您没有在学习请假，学习提醒照常。"
    return Reply("好的，学习提醒恢复了。", changed=True)
