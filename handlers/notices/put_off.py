"""改发送时间: a notice that waits goes at another time."""

import re

from bot.branch.notices import draft_rules, notices, withdrawal
from bot.branch.notices.notices import Notice
from bot.branch.people.members import Role
from bot.calendar.say import say_time
from bot.command import Ask, answering, command, overhearing
from bot.errors import Refusal
from bot.inbox.open_questions import Open
from bot.message import Reply
from handlers.notices.edits import read_moment
from handlers.notices.pick import pick, without_pick
from handlers.notices.which import ask_which, hear_which

ORDER = re.compile(
    r"(?:请|帮我|麻烦)?(?:把|将)?(?P<which>第?.{0,20}?[条个]|.{0,20}?通知)的?"
    r"(?:发送)?(?:时间)?(?:改|推迟|提前|延)(?:到|成|为|在|至)"
    r"(?P<time>.+?)(?:再)?(?:发出去|发出|发送|发)(?:吧|出)?[。！!]?"
)
NAMED = re.compile(r"^(?:改|修改|更改)发送时间(?:改?[到成为在])?[：:，,\s]*")
TO = re.compile(r"^(?P<which>.*?)(?:改|推迟|提前)(?:到|成|为|在|至)(?P<time>.+)$")


@command(
    "broadcast.put_off",
    help="改还没发的通知的时间，例：第2条改到明早九点发",
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def put_off(ask: Ask) -> Reply | str:
    words = NAMED.sub("", ask.text.strip())
    if words == ask.text.strip():
        raise Refusal("改到什么时候？例：改发送时间 明早九点。")
    found = TO.match(words)
    which, time = (found["which"], found["time"]) if found else (words, words)
    return _put_off(ask, which, time)


@overhearing("broadcast.put_off")
def hear_order(ask: Ask) -> Reply | str | None:
    """Know "第2条改到明早九点发" and "党费那条通知改到周五发" where a notice waits."""
    order = ORDER.fullmatch(ask.text.strip())
    if order is None or ask.standing.role < Role.SECRETARY:
        return None
    waiting = notices.waiting(ask.session, ask.standing.branch, ask.now)
    if not pick(waiting, order["which"], ask.now).found:
        return None
    return _put_off(ask, order["which"], order["time"])


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
