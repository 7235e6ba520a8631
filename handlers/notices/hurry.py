"""现在就发: a notice that waits for its hour goes now, once that was seen."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from bot.branch.notices import notices, reach, withdrawal
from bot.branch.notices.notices import Notice, State
from bot.branch.people.members import Role
from bot.calendar.say import say_time
from bot.command import Answer, Ask, Drafting, Kept, Referring, answering
from bot.errors import Refusal
from bot.inbox.focus import Spoken
from bot.inbox.open_questions import Open
from bot.message import Reply
from bot.understanding.sentences.forms import Forms
from bot.understanding.speech import asks_of_us
from bot.understanding.text import normalise
from handlers.notices.compose import FOCUS
from handlers.notices.pick import pick
from handlers.notices.which import ask_which, hear_which

KIND, WHICH = "broadcast.hurry", "which_hurry"
FORMS = Forms(Path(__file__), "now")


def _hurries(text: str) -> bool:
    found = FORMS.find(text)
    asks = asks_of_us(normalise(text).text)
    return found is not None and not found.start and not asks


def _waiting(ask: Ask) -> Sequence[Notice]:
    if ask.standing.role < Role.SECRETARY:
        return ()
    found = notices.waiting(ask.session, ask.standing.branch, ask.now)
    return [each for each in found if each.state == State.SENT]


def _find(ask: Ask) -> Spoken | None:
    return Spoken(KIND, {}, timedelta(0)) if _waiting(ask) else None


def _hear(ask: Ask, kept: Kept) -> Answer:
    """Preview the one that is named, else the one last spoken of, else ask which."""
    waiting = _waiting(ask)
    picked = pick(waiting, ask.text, ask.now)
    last = ask.find_focus(FOCUS)
    found = list(picked.found) if picked.said else []
    found = found or [each for each in waiting if last and each.id == last["notice"]]
    found = found or list(waiting)
    if len(found) > 1:
        return ask_which(ask, WHICH, "现在就发哪一条通知？", found)
    return _preview(ask, found[0])


@answering(WHICH)
def hurry_that(ask: Ask, question: Open) -> str | None:
    meant = hear_which(ask, question)
    return _preview(ask, meant) if isinstance(meant, Notice) else meant


def _preview(ask: Ask, notice: Notice) -> str:
    if notice.goes_at <= ask.now:
        raise Refusal(f"“{notice.title}”已经发出了。")
    asked = f"“{notice.title}”现在就发？"
    ask.put_draft(KIND, asked, notice=notice.id)
    when = say_time(notice.goes_at, ask.now)
    planned = reach.status(ask.session, notice).tally.planned
    return (
        f"【预览】“{notice.title}”定的是{when}，改成现在就发，共 {planned} 人。\n"
        "回“确认”发出，回“取消”照原来的时间发。"
    )


def _go(ask: Ask, kept: Kept) -> Reply:
    ask.close_question()
    found = (each for each in _waiting(ask) if each.id == kept["notice"])
    notice = next(found, None)
    if notice is None:
        raise Refusal("这条通知已经不在等着发了，没有再动。")
    withdrawal.put_off(ask.session, notice, ask.now, ask.now)
    ask.note_focus(FOCUS, notice=notice.id)
    planned = reach.status(ask.session, notice).tally.planned
    return Reply(f"正在发，共 {planned} 人：“{notice.title}”。", changed=True)


HURRY = Drafting(
    KIND,
    show=lambda ask, kept: _preview(ask, notices.find(ask.session, kept["notice"])),
    confirm=_go,
    verbs=("发", "发出", "发送", "发出去", "现在发", "现在就发", "立即发"),
    dropped="好的，照原来定的时间发。",
)
REFERRING = Referring(
    KIND,
    cue=_hurries,
    title=lambda ask, kept: "待发的通知",
    fits=lambda ask, kept: True,
    hear=_hear,
    find=_find,
)
