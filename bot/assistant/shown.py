"""What an open question was shown as, and how far the last reply was from it.

A yes acts only on what was said last, a number only on the list in sight.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from bot.assistant import changing
from bot.assistant.outcome import Outcome
from bot.command import Ask
from bot.inbox import open_questions
from bot.inbox.open_questions import Open
from bot.message import Message
from bot.understanding.drafts.replies import read_number

ASKS = ("？", "请")
LISTED = re.compile(r"^\d+\. ", re.MULTILINE)


def is_out_of_sight(ask: Ask, question: Open, act: str) -> bool:
    """Whether something else was told since the list was shown, or the question put.

    A number then may be of another list, and a yes to another question.
    """
    listed = question.stale and LISTED.search(question.said)
    if listed and read_number(ask.text) is not None:
        return True
    return act == "yes" and question.stale >= open_questions.UNSEEN


def note_shown(
    session: Session, message: Message, heard: Outcome, now: datetime
) -> Outcome:
    """Keep what a question was shown as, and how far the last reply was from it.

    A yes acts only on what was said last. A refusal undoes what it began, so its note
    is written after that.
    """
    thread = message.thread
    question = open_questions.find(session, thread, now)
    if heard.reply is None or (question is None and not heard.refused):
        return heard
    if question is None:
        return replace(heard, note=_note_refused(thread, stale=open_questions.UNSEEN))
    if not question.said and not heard.refused:
        said = question.asked if heard.private else heard.reply.text
        open_questions.note_reply(session, thread, said=said, stale=question.stale)
        return heard
    asks = message.head and any(each in heard.reply.text for each in ASKS)
    if heard.refused and heard.intent == question.kind and asks:
        whole = changing.join_asked(message.head, question, now) or message.head
        return replace(heard, note=_note_unclear(thread, whole))
    stale = _how_stale(question, heard, heard.reply.text)
    note = _note_refused if heard.refused else _note
    return replace(heard, note=note(thread, stale=stale))


def _how_stale(question: Open, heard: Outcome, told: str) -> int:
    """Count from a reply: 0 showed the question; one of its own matter changes nothing.

    Else it is as far as another's, or nearer where that names it or refuses what was
    said of its own matter.
    """
    if told == question.said:
        return 0
    if heard.intent == question.kind:
        return max(question.stale, open_questions.REFUSED if heard.refused else 0)
    named = question.asked in told and heard.intent != "none"
    stale = open_questions.NAMED if named else open_questions.UNSEEN
    return max(question.stale, stale)


def _note(thread: str, *, stale: int) -> Callable[[Session], None]:
    """Have it written down how far the last reply was from the open question."""
    return lambda session: open_questions.note_reply(session, thread, stale=stale)


def _note_refused(thread: str, *, stale: int) -> Callable[[Session], None]:
    """Have the same written down of a refusal, which undoes what it was read from."""
    return lambda session: open_questions.note_distance(session, thread, stale=stale)


def _note_unclear(thread: str, said: str) -> Callable[[Session], None]:
    """Have it written down what was said of an open question, and asked back."""
    return lambda session: open_questions.note_unclear(session, thread, said)
