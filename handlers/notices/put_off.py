"""改发送时间: a notice that waits goes at another time."""

from bot.branch.notices import draft_rules, notices, withdrawal
from bot.branch.notices.notices import Notice
from bot.branch.people.members import Role
from bot.calendar.say import say_time
from bot.command import Ask, NotMeant, answering, command
from bot.errors import Refusal
from bot.inbox.open_questions import Open
from bot.message import Reply
from handlers.notices.edits import read_moment
from handlers.notices.pick import pick, without_pick
from handlers.notices.which import ask_which, hear_which


@command(
    "broadcast.put_off",
    help="改还没发的通知的时间，例：第2条改到明早九点发",
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def put_off(ask: Ask) -> Reply | str:
    """Move a notice that waits; 第2条改到明早九点发 is meant so where one waits."""
    time = ask.slots.get("time", "")
    which, thing = ask.slots.get("which", ""), ask.slots.get("thing", "")
    if thing and not _waits(ask, f"{which}{thing}"):
        raise NotMeant
    if not time:
        raise Refusal("改到什么时候？例：改发送时间 明早九点。")
    return _put_off(ask, f"{which}{thing}" or time, time)


def _waits(ask: Ask, which: str) -> bool:
    waiting = notices.waiting(ask.session, ask.standing.branch, ask.now)
    return bool(pick(waiting, which, ask.now).found)


@answering("which_put_off")
def put_that_off(ask: Ask, question: Open) -> Reply | str | None:
    meant = hear_which(ask, question)
    if not isinstance(meant, Notice):
        return meant
    return _move(ask, meant, question.details["words"])


def _put_off(ask: Ask, which: str, time: str) -> Reply | str:
    time = without_pick(time).strip(" ：:，,")
    read_moment(time, ask.now)
    waiting = draft_rules.all_waiting(ask.session, ask.standing.branch, ask.now)
    picked = pick(waiting, which if which != time else "", ask.now)
    if not picked.found:
        asked = "没有找到这样的待发通知。改哪一条的时间？"
        return ask_which(ask, "which_put_off", asked, waiting, time)
    if len(picked.found) > 1:
        asked = "改哪一条的发送时间？"
        return ask_which(ask, "which_put_off", asked, picked.found, time)
    return _move(ask, picked.found[0], time)


def _move(ask: Ask, notice: Notice, time: str) -> Reply:
    goes_at = read_moment(time, ask.now)
    withdrawal.put_off(ask.session, notice, goes_at, ask.now)
    when = say_time(goes_at, ask.now)
    return Reply(f"“{notice.title}”改在{when}发出。", changed=True)
