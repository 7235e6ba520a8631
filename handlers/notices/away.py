"""我周三请假: leave from what a mere notice announced, where there is no meeting."""

from collections.abc import Sequence

from bot.branch.meetings import calls
from bot.branch.notices import away, notices, replies
from bot.branch.notices.notices import Notice
from bot.calendar.quiet_hours import next_loud
from bot.command import Answer, Ask, NotMeant, answering, command
from bot.inbox.open_questions import Open
from bot.message import Reply
from bot.text.phrases import Phrases
from bot.understanding.slots.reason import read_reason
from bot.understanding.when import find_period
from handlers.notices.which import ask_which, hear_which, times_of

ASKED = "您请的是哪一条通知里的假？"


@command(
    "receipt.away",
    help="通知里说的活动请假",
    phrases=Phrases(),
    acts=True,
    shown=False,
)
def stay_away(ask: Ask) -> Answer:
    """Note a leave with the notice that names the day; ask where several do."""
    found = _of_the_day(ask)
    why = read_reason(ask.text, ask.now)
    if not found:
        raise NotMeant
    if len(found) > 1:
        return ask_which(ask, "which_away", ASKED, found, why=why)
    return _note(ask, found[0], why)


@answering("which_away")
def hear_away(ask: Ask, question: Open) -> Answer | None:
    meant = hear_which(ask, question)
    if not isinstance(meant, Notice):
        return meant
    return _note(ask, meant, question.details["why"])


def _of_the_day(ask: Ask) -> Sequence[Notice]:
    """List the plain notices to the speaker that name the day said, one of a matter.

    Where none is said, those that name any time to come.
    """
    day = find_period(ask.text, ask.now, "future")
    found: dict[int, Notice] = {}
    for notice, _ in replies.sent_to(ask.session, ask.member, ask.now, 20):
        left_out = notices.leaves_out(notice, ask.member.id)
        if notice.asking or left_out or calls.is_call(ask.session, notice):
            continue
        ahead = [each for each in times_of(ask, notice) if each > ask.now]
        if any(day is None or day.start <= each < day.end for each in ahead):
            found.setdefault(notice.matter, notice)
    return list(found.values())


def _note(ask: Ask, notice: Notice, why: str) -> Reply:
    at = next_loud(ask.config.quiet, ask.now)
    told = away.stay_away(ask.session, notice, ask.member, why, ask.now, at)
    because = f"，原因：{why}" if why else ""
    if not told:
        return Reply(f"“{notice.title}”记着您请假{because}。", changed=True)
    return Reply(
        f"记下了：“{notice.title}”您请假{because}，已告诉{'、'.join(told)}。\n"
        "又能去了，或者说错了，说“刚回的不算”。",
        changed=True,
    )
