"""/console/reminders/: what is said again and again, or once: to whom and when."""

from werkzeug.wrappers import Response

from bot.branch.people.audience import count_heads
from bot.branch.reminders import reminders, words
from bot.branch.reminders.draft import ReminderDraft
from bot.branch.reminders.reminders import Reminder
from bot.errors import Refusal
from bot.understanding.when import read_when
from handlers.reminders.times import set_time
from server.web.console import audience_form
from server.web.console.desk import Desk
from server.web.console.moments import read_day
from server.web.console.page import Page
from server.web.pages.answers import PageRefusal

REMINDERS = Page("reminders", "提醒", order=80)
NOT_HERE = "没有这个提醒，或者不归您管。"
NO_TIME = "时间没有听懂，例：明天上午九点、每周五下午四点、每月最后一个工作日九点。"
NOTHING_SAID = "提醒什么还没有写。"


@REMINDERS.get("/")
def list_reminders(desk: Desk) -> str:
    found = reminders.listing(desk.session, desk.member, desk.standing)
    lines = [
        {
            "number": each.id,
            "said": words.say_line(each, desk.now),
            "text": each.text,
            "paused": each.state == reminders.State.PAUSED,
            "recurs": each.rule is not None,
            "seen": desk.mark(*_state(each)),
        }
        for each in found
    ]
    return desk.show(
        "reminders.html",
        lines=lines,
        nodes=audience_form.list_nodes(desk),
        offices=audience_form.OFFICES,
    )


@REMINDERS.post("/new", again=list_reminders)
def set_reminder(desk: Desk) -> Response:
    text = desk.sent.get("text", "").strip()
    if not text:
        raise Refusal(NOTHING_SAID)
    when = read_when(desk.sent.get("when", "").strip(), desk.now)
    if when.unclear or not when.next:
        raise Refusal(when.unclear or NO_TIME)
    own = desk.sent.get("whole") == "me"
    audience = None if own else audience_form.read(desk)
    if audience and not count_heads(desk.session, audience).reachable:
        raise Refusal("这些人里没有能收到消息的。")
    wish = set_time(ReminderDraft(text, audience), when)
    kept = reminders.keep(desk.session, desk.member, desk.branch, wish, desk.now)
    said = "；".join(words.say_when(wish, desk.now, desk.config.quiet))
    return desk.done(f"设好了，第 {kept.id} 个。{said}", "reminders-list_reminders")


@REMINDERS.post("/<int:number>/<act>", again=list_reminders)
def act(desk: Desk, number: int, act: str) -> Response:
    """Cancel, pause or resume one."""
    found = reminders.find(desk.session, desk.member, desk.standing, number)
    if found is None:
        raise PageRefusal(404, NOT_HERE)
    desk.check_unchanged(*_state(found))
    match act:
        case "cancel":
            reminders.cancel(desk.session, found, desk.now)
            said = "取消了。"
        case "pause":
            until = read_day(desk, "until")
            reminders.pause(desk.session, found, until, desk.now)
            said = "暂停了。"
        case "resume":
            reminders.resume(desk.session, found, desk.now)
            said = "恢复了。"
        case _:
            raise PageRefusal(404, NOT_HERE)
    return desk.done(said, "reminders-list_reminders")


def _state(reminder: Reminder) -> list[object]:
    return [reminder.id, reminder.state, reminder.next_due, reminder.text]
