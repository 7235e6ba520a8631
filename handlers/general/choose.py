"""哪一个: the answer to "did you mean 1, 2 or 3", by number or by name."""

import re
from dataclasses import replace

from bot.command import Answer, Ask, Command, NotMeant, answering, name_of
from bot.errors import Refusal
from bot.inbox.open_questions import Open
from bot.understanding.replies import read_reply
from bot.understanding.sentences.templates import Templates
from bot.understanding.text import normalise

NUMBERS = {each: at for at, each in enumerate("一二三", 1)}
PICK = re.compile(r"(?:选|我选|第|就)?([1-3一二三①②③])(?:个|项|号|条)?[。.!吧]*")
NONE_OF_THEM = re.compile(
    r"(?:都不是|不是|都不|没有|0|取消|算了|不用了?|不选)[。.!吧]*"
)


@answering("choose")
def pick(ask: Ask, question: Open) -> Answer | None:
    """Run the command that is picked on what was said first; None if none is."""
    said = normalise(ask.text).text
    if NONE_OF_THEM.fullmatch(said):
        ask.close_question()
        return "好的，什么也没做。换个说法再告诉我吧。"
    offered = [ask.commands.by_intent[each] for each in question.details["choices"]]
    only = offered[0] if len(offered) == 1 else None
    agreed = only if read_reply(ask.text).act == "yes" else None
    command = agreed or _by_number(said, offered) or _by_name(ask, said, offered)
    if command is None:
        return None
    ask.close_question()
    if ask.standing.role < command.role:
        name = name_of(ask.commands.by_intent, command.intent)
        return f"“{name}”要由{command.role.title}来做。"
    return _run(_first_said(ask, command, question.details["text"]), command)


def _run(ask: Ask, command: Command) -> Answer:
    """Run it; where it refuses, only what it did is undone: the choice is made."""
    try:
        with ask.session.begin_nested():
            return command.run(ask)
    except Refusal as refusal:
        return str(refusal)
    except NotMeant:
        return "没有找到您说的那一件，什么也没做。换个说法再告诉我吧。"


def _by_number(said: str, offered: list[Command]) -> Command | None:
    found = PICK.fullmatch(said)
    if found is None:
        return None
    at = NUMBERS.get(found[1]) or int(found[1])
    return offered[at - 1] if at <= len(offered) else None


def _by_name(ask: Ask, said: str, offered: list[Command]) -> Command | None:
    """Find it as it was offered; another of its names is said anew."""
    every = ask.commands.by_intent
    return next((each for each in offered if said == name_of(every, each.intent)), None)


def _first_said(ask: Ask, command: Command, text: str) -> Ask:
    """Ask again with the text that was not clear, read as an order for this command.

    What it says is taken from its slots, else its command's name is taken off.
    """
    message = replace(ask.message, text=text)
    if found := Templates([command]).find(normalise(message.head), command.role):
        return replace(ask, message=message, words=found.words, slots=found.slots)
    named = next((name for name in command.names if text.startswith(name)), "")
    words = message.head.removeprefix(named).strip(" :：,，")
    return replace(ask, message=message, words=words)
