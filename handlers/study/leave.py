"""学习请假: a member who is away is not reminded to study."""

from collections.abc import Sequence
from datetime import timedelta

from bot import outbox
from bot.branch.study import leave
from bot.calendar.say import say_day
from bot.command import (
    Answer,
    Ask,
    Kept,
    Referring,
    answering,
    command,
)
from bot.inbox import focus
from bot.inbox.open_questions import Open
from bot.message import Reply
from bot.outbox import QuietWish
from bot.understanding.drafts.replies import says_no
from bot.understanding.slots import person
from bot.understanding.slots.span_ahead import (
    QuietSpan,
    Unplaced,
    read_quiet_end,
    read_quiet_span,
)

LONGEST = timedelta(days=366)
STUDY = "study"
FOCUS = "study.away"


@command(
    "study.leave",
    help="出差、休假时不收学习提醒，例：学习请假到下周一",
    acts=True,
    shown=False,
)
def begin_leave(ask: Ask) -> Answer:
    if who := person.other_named(ask):
        return f"学习请假要{who}自己来说。这次什么也没有记。"
    span = None if "open" in ask.slots else _read_span(ask)
    if span is None:
        ask.put_question("study.leave", "学习请假到哪天？")
        return "学习请假到哪天？直接说日子就行，例：到下周一。"
    return _begin(ask, span)


def _read_span(ask: Ask) -> QuietSpan | None:
    try:
        return read_quiet_span(ask.words, ask.now)
    except Unplaced:
        return None


@answering("study.leave")
def hear_end(ask: Ask, question: Open) -> Answer | None:
    if says_no(ask.text):
        ask.close_question()
        return "好的，没有请假，学习提醒照常。"
    span = None if ask.is_command_name else read_quiet_end(ask.text, ask.now)
    if span is None:
        return None
    ask.close_question()
    return _begin(ask, span)


def _begin(ask: Ask, span: QuietSpan) -> Answer:
    last = (span.until - timedelta(minutes=1)).date()
    if not ask.now.date() <= last <= ask.now.date() + LONGEST:
        return "请说一个还没到、一年以内的日子，例：学习请假到下周一。"
    ask.close_question("study.leave")
    ask.note_focus(FOCUS)
    first, began, until = span.since.date(), "今天", say_day(last, ask.now.date())
    if first > ask.now.date():
        began = say_day(first)
        _be_quiet(ask, span)
    else:
        leave.begin(ask.session, ask.member, last, ask.now)
    return Reply(
        f"好的，从{began}起，到{until}为止不提醒您学习。早回来就发“学习销假”。",
        changed=True,
    )


def _be_quiet(ask: Ask, span: QuietSpan) -> None:
    """Begin a leave later: a wish for quiet has a beginning. A longer one stands."""
    wish = QuietWish(STUDY, span.since, span.until)
    if not any(each.outlasts(wish) for each in _wishes(ask)):
        outbox.mute(ask.session, ask.member.id, wish)


def _wishes(ask: Ask) -> Sequence[QuietWish]:
    known = outbox.wishes(ask.session, ask.member.id, ask.now)
    return [each for each in known if each.kind == STUDY]


@command(
    "study.return",
    help="学习请假提前结束",
    acts=True,
    shown=False,
)
def end_leave(ask: Ask) -> Answer:
    away = leave.end(ask.session, ask.member)
    focus.drop(ask.session, ask.message.thread, FOCUS)
    if _wishes(ask):
        away = outbox.unmute(ask.session, ask.member.id, [STUDY], ask.now) > 0
    if not away:
        return "您没有在学习请假，学习提醒照常。"
    return Reply("好的，学习提醒恢复了。", changed=True)


def _come_back(ask: Ask, _kept: Kept) -> Answer:
    return end_leave.run(ask)


LAST = Referring(
    FOCUS,
    title=lambda ask, kept: "学习请假",
    undo=_come_back,
    verbs=("请", "设", "说", "报"),
    called=("学习请假", "请假", "假"),
    of=("study.leave",),
)
