"""What is said of the thing last spoken of: 时间变了，改成三点; 第一个不要了.

Which things there are and what is done, their topics say (`Referring`). Where two were
spoken of at nearly the same time, it is asked which is meant.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property, partial

from bot.assistant.outcome import Outcome, guard
from bot.command import Ask, Commands, Referring, topic_of
from bot.errors import Refusal
from bot.inbox import focus, open_questions
from bot.inbox.focus import Spoken
from bot.inbox.open_questions import Open
from bot.message import Reply
from bot.text.parts import with_commas
from bot.understanding.drafts.changes import PARTS, pass_reasons
from bot.understanding.drafts.cues import calls_off
from bot.understanding.drafts.replies import read_number, read_reply

KIND, UNDONE = "which_spoken_of", "which_undone"
LEFT = "left"
"""That what was done last was asked about, and is to stay."""
WHETHER = "要撤回{title}吗？"
ASKED = "您说的是哪一个？"
LONGEST = 40  # characters; a longer text says itself what it is about
NAME = 3  # characters; a shorter name may begin what is said of the last thing
DIGITS = "0123456789"
OF_TIME = ("点", ":", "：", ".", "月", "日", "/", "-", "时", "分", "年")
AS_RECENT = timedelta(minutes=10)


@dataclass(frozen=True)
class Found:
    """A thing that was spoken of, and whose topic hears of it."""

    ask: Ask
    spoken: Spoken
    referring: Referring

    @cached_property
    def title(self) -> str:
        """What it is called; "" where it is over, or not the speaker's."""
        return self.referring.title(self.ask, self.spoken.kept)


def refer(ask: Ask, commands: Commands) -> Outcome | None:
    """Hear a text as said of what was spoken of last; None where it is not."""
    if len(ask.text) > LONGEST or _calls_by_number(ask.said, commands):
        return None
    found = _find(ask, commands)
    if not found and (bare := _without_reasons(ask, commands)):
        found = _find(bare, commands)
    if not found and calls_off(ask.text) and read_reply(ask.text).act == "no":
        return _ask_whether(ask, commands, within=open_questions.LASTS)
    if not found:
        return None
    near = [each for each in found if each.spoken.age - found[0].spoken.age < AS_RECENT]
    if len(near) > 1:
        return ask_which(ask, near, KIND, ASKED)
    return _hear(ask, found[0])


def _calls_by_number(text: str, commands: Commands) -> bool:
    """Tell whether a command is called for one by its number: 改提醒 2 五点吧."""
    name = max(
        (each for each in commands.names if text.startswith(each)), key=len, default=""
    )
    if len(name) < NAME:
        return False
    behind = text[len(name) :].lstrip()
    number = behind[: len(behind) - len(behind.lstrip(DIGITS))]
    return bool(number) and not behind[len(number) :].startswith(OF_TIME)


def _without_reasons(ask: Ask, commands: Commands) -> Ask | None:
    """Leave out what only says why: 那个会改到三点，我四点要去院里.

    None where nothing is left out, or where a command is called by its name.
    """
    said = with_commas(ask.said)
    bare, _ = pass_reasons(said, ask.now, olds=False)
    if bare == said or not PARTS.search(said):
        return None
    if any(ask.said.startswith(name) for name in commands.names):
        return None
    return replace(ask, message=replace(ask.message, text=bare), words=bare)


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


def _find(ask: Ask, commands: Commands) -> Sequence[Found]:
    likely = [each for each in commands.referring.values() if each.cue(ask.text)]
    found = find_all(ask, likely)
    fits = [each for each in found if each.referring.fits(ask, each.spoken.kept)]
    return [each for each in fits if each.title]


def find_all(ask: Ask, likely: Collection[Referring]) -> Sequence[Found]:
    """Find what was spoken of, the last first, of whichever topics may be meant."""
    by_kind = {each.kind: each for each in likely}
    if not by_kind:
        return ()
    every = focus.every(ask.session, ask.message.thread, ask.now)
    itself = [_find_itself(ask, each) for each in likely]
    every = sorted([*every, *filter(None, itself)], key=lambda each: each.age)
    known = [(each, by_kind.get(_key(each))) for each in every]
    return [Found(ask, each, referring) for each, referring in known if referring]


def _find_itself(ask: Ask, referring: Referring) -> Spoken | None:
    """Find what a topic finds by itself; what is not clear to it is none of its."""
    if referring.find is None:
        return None
    try:
        return referring.find(ask)
    except Refusal:
        return None


def _key(spoken: Spoken) -> str:
    """Name what hears of it: of lists, only the last that was shown is one."""
    is_list = spoken.kind == focus.LIST
    return f"{focus.LIST}.{spoken.kept['of']}" if is_list else spoken.kind


def _hear(ask: Ask, found: Found) -> Outcome | None:
    run = partial(found.referring.hear, ask, found.spoken.kept)
    return guard(run, found.spoken.kind)


def ask_which(ask: Ask, near: Sequence[Found], kind: str, asked: str) -> Outcome:
    """Ask which of several is meant; the answer is heard as one to `kind`."""
    lines = [f"{number}. {each.title}" for number, each in enumerate(near, 1)]
    kinds = [each.spoken.kind for each in near]
    ask.put_passing(kind, asked, kinds=kinds, text=ask.message.text)
    return Outcome(Reply("\n".join([asked, *lines, "回数字就行。"])), "choose")


def _ask_whether(ask: Ask, commands: Commands, within: timedelta) -> Outcome | None:
    """Ask before the last deed is taken back, where only a no is said to nothing.

    within: how long ago it may have been done.
    """
    every = find_all(ask, [each for each in commands.referring.values() if each.undo])
    found = [each for each in every if each.title]
    if not found or found[0].spoken.age > within or _is_left(ask, found[0].spoken):
        return None
    asked = WHETHER.format(title=found[0].title)
    ask.put_passing(UNDONE, asked, kinds=[found[0].spoken.kind], text="")
    return Outcome(Reply(f"{asked}\n是就回“是”，不撤不用管。"), "choose")


def _is_left(ask: Ask, spoken: Spoken) -> bool:
    """Tell whether it was said since of a deed that it is to stay."""
    every = focus.every(ask.session, ask.message.thread, ask.now)
    left = next((each for each in every if each.kind == LEFT), None)
    return left is not None and left.age <= spoken.age


def read_which(ask: Ask, question: Open) -> str | None:
    """Read which kind of those asked about is meant; "" for none of them."""
    number, kinds = read_number(ask.text), question.details["kinds"]
    said = read_reply(ask.text)
    if said.act == "yes" and len(kinds) == 1:
        number = 1
    if said.act == "no":
        return ""
    if number is None or not 1 <= number <= len(kinds):
        return None
    return str(kinds[number - 1])


def hear_which(ask: Ask, question: Open, commands: Commands) -> Outcome | None:
    """Hear which of those asked about is meant, and do what was said of it."""
    kind = read_which(ask, question)
    if kind is None:
        return None
    ask.close_question()
    if not kind:
        return Outcome(Reply("好的，没有动。"), KIND)
    first = replace(ask, message=replace(ask.message, text=question.details["text"]))
    meant = [each for each in _find(first, commands) if each.spoken.kind == kind]
    return _hear(first, meant[0]) if meant else None
