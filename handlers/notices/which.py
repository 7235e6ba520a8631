"""Which notice is meant: asked back, with at most three to choose from."""

from collections.abc import Sequence
from datetime import datetime

from bot.branch.notices import notices
from bot.branch.notices.notices import Notice
from bot.calendar.say import say_time
from bot.command import Ask
from bot.inbox.open_questions import Open
from bot.understanding.drafts.patching import times_in
from bot.understanding.drafts.replies import says_no
from handlers.notices.pick import pick_answer

MOST = 3


def ask_which(
    ask: Ask,
    kind: str,
    asked: str,
    found: Sequence[Notice],
    words: str = "",
    **more: object,
) -> str:
    """Put the question of that kind; words, more: what the answer needs besides."""
    near = found[:MOST]
    ids = [each.id for each in near]
    ask.put_question(kind, asked, notices=ids, words=words, **more)
    return "\n".join([asked, *(say_line(ask, each) for each in near), "回数字就行。"])


def say_line(ask: Ask, notice: Notice) -> str:
    """Name a notice with its number and time."""
    at = say_time(notice.goes_at.astimezone(ask.now.tzinfo), ask.now)
    return f"{notice.id}. “{notice.title}”（{at}）"


def times_of(ask: Ask, notice: Notice) -> list[datetime]:
    """List the times that a notice names, as they were meant when it was sent."""
    sent = notice.goes_at.astimezone(ask.now.tzinfo)
    return [each.next[0] for each in times_in(notice.text, sent) if each.next]


def hear_which(ask: Ask, question: Open) -> Notice | str | None:
    """Hear which it is; a text is the reply to 取消, None another matter."""
    if says_no(ask.text):
        ask.close_question()
        return "好的，没有动。"
    offered = [notices.find(ask.session, each) for each in question.details["notices"]]
    meant = pick_answer(offered, ask.text)
    if meant is not None:
        ask.close_question()
    return meant
