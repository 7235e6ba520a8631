"""What is said of the thing last spoken of: 时间变了，改成三点; 第一个不要了.

Which things there are and what is done, their topics say (`Referring`). Where two were
spoken of at nearly the same time, it is asked which is meant.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from bot.assistant.outcome import Outcome, guard
from bot.command import Ask, Commands, Referring, topic_of
from bot.inbox import focus, open_questions
from bot.inbox.focus import Spoken
from bot.inbox.open_questions import Open
from bot.message import Reply
from bot.understanding.drafts.cues import calls_off
from bot.understanding.drafts.replies import (
    asks_to_undo,
    read_number,
    read_reply,
    went_wrong,
)

KIND = "which_spoken_of"
ASKED = "您说的是哪一个？"
WHETHER = "要撤回{title}吗？"
TAKE_BACK = "撤了"
LONGEST = 40  # characters; a longer text says itself what it is about
AS_RECENT = timedelta(minutes=10)


@dataclass(frozen=True)
class _Found:
    spoken: Spoken
    referring: Referring
    title: str


def refer(ask: Ask, commands: Commands) -> Outcome | None:
    """Hear a text as said of what was spoken of last; None where it is not."""
    if len(ask.text) > LONGEST:
        return None
    if asks_to_undo(ask.text) or went_wrong(ask.text):
        return _ask_whether(ask, commands)
    found = _find(ask, commands)
    if not found and calls_off(ask.text) and read_reply(ask.text).act == "no":
        return _ask_whether(ask, commands, within=open_questions.LASTS)
    if not found:
        return None
    near = [each for each in found if each.spoken.age - found[0].spoken.age < AS_RECENT]
    if len(near) > 1:
        return _ask_which(ask, near)
    return _hear(ask, found[0])


def answer_letter(ask: Ask, commands: Commands) -> Outcome | None:
    """Hear a bare word to a letter that came over what is open; None for others."""
    first = next(iter(_find(ask, commands)), None)
    if first is None or not first.referring.answers_letter:
        return None
    return _hear(ask, first) if first.spoken.age < open_questions.LASTS else None


def find_topic(ask: Ask, commands: Commands) -> str:
    """Name the topic of the open draft, else of what was spoken of last; or ""."""
    question = open_questions.find(ask.session, ask.message.thread, ask.now)
    if question and (drafting := commands.drafts.get(question.kind)):
        return topic_of(drafting.show)
    every = focus.every(ask.session, ask.message.thread, ask.now)
    spoken = (commands.referring.get(_key(each)) for each in every)
    return next((topic_of(each.hear) for each in spoken if each), "")


def _find(ask: Ask, commands: Commands) -> Sequence[_Found]:
    likely = {
        each.kind: each for each in commands.referring.values() if each.cue(ask.text)
    }
    if not likely:
        return ()
    every = focus.every(ask.session, ask.message.thread, ask.now)
    itself = [each.find(ask) for each in likely.values() if each.find]
    every = sorted([*every, *filter(None, itself)], key=lambda each: each.age)
    known = [(each, likely.get(_key(each))) for each in every]
    return [
        _Found(each, referring, title)
        for each, referring in known
        if referring
        and referring.fits(ask, each.kept)
        and (title := referring.title(ask, each.kept))
    ]


def _key(spoken: Spoken) -> str:
    """Name what hears of it: of lists, only the last that was shown is one."""
    is_list = spoken.kind == focus.LIST
    return f"{focus.LIST}.{spoken.kept['of']}" if is_list else spoken.kind


def _hear(ask: Ask, found: _Found) -> Outcome | None:
    run = partial(found.referring.hear, ask, found.spoken.kept)
    return guard(run, found.spoken.kind)


def _ask_which(ask: Ask, near: Sequence[_Found]) -> Outcome:
    lines = [f"{number}. {each.title}" for number, each in enumerate(near, 1)]
    kinds = [each.spoken.kind for each in near]
    ask.put_passing(KIND, ASKED, kinds=kinds, text=ask.message.text)
    return Outcome(Reply("\n".join([ASKED, *lines, "回数字就行。"])), "choose")


def _ask_whether(
    ask: Ask, commands: Commands, within: timedelta = focus.LASTS
) -> Outcome | None:
    """Ask before the last thing is taken back that somebody only asked of.

    within: how long ago it may have been spoken of.
    """
    order = replace(ask, message=replace(ask.message, text=TAKE_BACK))
    found = _find(order, commands)
    if not found or found[0].spoken.age > within:
        return None
    asked = WHETHER.format(title=found[0].title)
    ask.put_passing(KIND, asked, kinds=[found[0].spoken.kind], text=TAKE_BACK)
    return Outcome(Reply(f"{asked}\n是就回“是”，不撤不用管。"), "choose")


def hear_which(ask: Ask, question: Open, commands: Commands) -> Outcome | None:
    """Hear which of those asked about is meant, and do what was said of it."""
    number, kinds = read_number(ask.text), question.details["kinds"]
    said = read_reply(ask.text)
    if said.act == "yes" and len(kinds) == 1:
        number = 1
    if said.act == "no":
        ask.close_question()
        return Outcome(Reply("好的，没有动。"), KIND)
    if number is None or not 1 <= number <= len(kinds):
        return None
    ask.close_question()
    first = replace(ask, message=replace(ask.message, text=question.details["text"]))
    kind = kinds[number - 1]
    meant = [each for each in _find(first, commands) if each.spoken.kind == kind]
    return _hear(first, meant[0]) if meant else None
