"""What somebody did last is taken back: 刚记的那条撤掉, 刚才那个不算, 弄错了删了吧.

One grammar for everything that was done (understanding/undoing.phrases). What was done
last, and how it is taken back, its topic says (`Referring.undo`). What no topic takes
back is remembered by its intent, so that 刚才 never means an older thing instead.
"""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from bot.assistant.outcome import Outcome, guard
from bot.assistant.past_drafts import DONE
from bot.assistant.references import (
    LEFT,
    UNDONE,
    WHETHER,
    Found,
    ask_which,
    find_all,
    read_which,
)
from bot.command import Ask, Commands, Kept, Referring, name_of, whole_of
from bot.errors import Refusal
from bot.inbox.open_questions import Open
from bot.message import Reply
from bot.understanding.undoing import Undo, read_undo

KIND = UNDONE
DEED = "deed"
ASKED = "您要撤的是哪一个？"
AT_ONCE, AS_RECENT = timedelta(seconds=1), timedelta(minutes=10)
"""How near two deeds are for it to be asked which: by 刚才, and by no such word."""
LONGEST = 40  # characters; a longer text says itself what it is about
NOT_MOVED = "好的，没有动。"
NO_WAY = (
    "刚才办的是：{name}。这一步我撤不回来，什么也没动。\n"
    "要改回原样，请直接说要改成什么；拿不准的，请找支部书记。"
)
NOTHING = "没有找到您刚办过、能撤的事，什么也没动。要撤哪件，请连名字一起说。"
NOT_SO = "没有找到您刚{verb}的。您最近办的是{title}；要撤它，说“刚才那个撤掉”。"


def take_back(ask: Ask, commands: Commands) -> Outcome | None:
    """Hear what takes back the last thing done; None for any other text.

    Of two that are as near it is asked which; 刚才 is of the newest.
    """
    said = read_undo(ask.text) if len(ask.text) <= LONGEST else None
    if said is None:
        return None
    every = _find(ask, commands)
    meant = [each for each in every if _is_so(each.referring, said)]
    if not meant:
        return _say_not_so(every, said)
    if said.asked and meant[0].spoken.kind != DEED:
        return _ask_whether(ask, meant[0])
    within = AS_RECENT if said.bare else AT_ONCE
    near = [each for each in meant if each.spoken.age - meant[0].spoken.age < within]
    if len(near) > 1:
        return ask_which(ask, near, KIND, ASKED)
    return undo(ask, meant[0])


def undo(ask: Ask, found: Found) -> Outcome | None:
    """Take back what was found, as its topic does."""
    take = found.referring.undo
    assert take is not None  # only such are found
    return guard(partial(take, ask, found.spoken.kept), found.spoken.kind)


def hear_which(ask: Ask, question: Open, commands: Commands) -> Outcome | None:
    """Hear which of those asked about is meant, or that it is, and take it back."""
    kind = read_which(ask, question)
    if kind is None:
        return None
    ask.close_question()
    if not kind:
        ask.note_focus(LEFT)
        return Outcome(Reply(NOT_MOVED), KIND)
    meant = [each for each in _find(ask, commands) if each.spoken.kind == kind]
    return undo(ask, meant[0]) if meant else None


def note_deed(ask: Ask, heard: Outcome, commands: Commands) -> None:
    """Remember what was done where no topic can take it back."""
    if heard.reply is None or not heard.reply.changed:
        return
    if heard.intent in commands.undone or heard.intent not in _acts(commands):
        return
    done = ask.find_focus(DONE)
    told = done and done["kind"] == heard.intent and not heard.private
    asked = done["asked"] if done and told else ""
    ask.note_focus(DEED, intent=heard.intent, asked=asked)


def _acts(commands: Commands) -> set[str]:
    acting = {each.intent for each in commands.by_intent.values() if each.acts}
    return acting | set(commands.drafts)


def _find(ask: Ask, commands: Commands) -> Sequence[Found]:
    likely = [each for each in commands.referring.values() if each.undo]
    every = find_all(ask, [*likely, _of_deed(commands)])
    standing = [each for each in every if each.title]
    named = [each.spoken.age for each in standing if each.spoken.kind != DEED]
    return [
        each
        for each in standing
        if each.spoken.kind != DEED
        or not any(abs(age - each.spoken.age) < AT_ONCE for age in named)
    ]  # what a topic finds of that moment is what was done then


def _of_deed(commands: Commands) -> Referring:
    return Referring(
        DEED,
        title=lambda ask, kept: f"“{_name(commands, kept)}”",
        undo=lambda ask, kept: _refuse(_name(commands, kept)),
    )


def _refuse(name: str) -> str:
    raise Refusal(NO_WAY.format(name=name))


def _name(commands: Commands, kept: Kept) -> str:
    """Name a deed: as it was asked about, else as its command is called."""
    if asked := str(kept["asked"]).rstrip("？吗"):
        return asked
    intent, known = kept["intent"], commands.by_intent
    if intent in known and (known[intent].names or whole_of(intent) in known):
        return name_of(known, intent)
    return "上一件"


def _is_so(referring: Referring, said: Undo) -> bool:
    """Whether a deed is one that is said: by its verb, and by what it is called."""
    if said.unwanted and referring.gone:
        return False
    if said.thing:
        return any(each in said.thing for each in referring.called)
    return not said.verb or not referring.verbs or said.verb in referring.verbs


def _say_not_so(every: Sequence[Found], said: Undo) -> Outcome | None:
    """Say that nothing was done so; what is called by a name is another's to hear."""
    if said.thing or said.bare:
        return None
    if not every:
        return Outcome(Reply(NOTHING), KIND)
    if said.asked or not said.verb:
        return None
    told = NOT_SO.format(verb=said.verb, title=every[0].title)
    return Outcome(Reply(told), KIND)


def _ask_whether(ask: Ask, found: Found) -> Outcome:
    """Ask before the last thing is taken back that somebody only asked of."""
    asked = WHETHER.format(title=found.title)
    ask.put_passing(KIND, asked, kinds=[found.spoken.kind], text="")
    return Outcome(Reply(f"{asked}\n是就回“是”，不撤不用管。"), "choose")
