"""哪一个: the answer to "did you mean 1, 2 or 3", by number or by name."""

from pathlib import Path

from bot.branch.people.referral import say_who_may
from bot.command import Answer, Ask, Command, NotMeant, answering, name_of
from bot.errors import Refusal
from bot.inbox import open_questions
from bot.inbox.open_questions import Open
from bot.understanding.drafts.replies import read_reply
from bot.understanding.learnt.gists import TO_DRAFTS
from bot.understanding.sentences.forms import Forms
from bot.understanding.text import normalise
from bot.understanding.when.numbers import find_number

PICKS = Forms(Path(__file__))


@answering("choose")
def pick(ask: Ask, question: Open) -> Answer | None:
    """Run the command that is picked on what was said first; None if none is."""
    picked = PICKS.find(ask.text)
    if picked and picked.template.intent == "none":
        ask.close_question()
        return "好的，什么也没做。换个说法再告诉我吧。"
    offered = [ask.commands.by_intent[each] for each in question.details["choices"]]
    only = offered[0] if len(offered) == 1 else None
    agreed = picked is not None and picked.template.intent == "agrees"
    if only and (agreed or _is_for_it(ask)):
        command: Command | None = only
    elif picked is None and _is_seen_first(offered[0]) and _is_for_it(ask):
        command = offered[0]
    elif picked and not agreed:
        command = _by_number(picked.slots["n"], offered)
    else:
        command = _by_name(ask, normalise(ask.text).text, offered)
    if command is None:
        return None
    ask.close_question()
    if ask.standing.role < command.role:
        name = name_of(ask.commands.by_intent, command.intent)
        return f"“{name}”要由{say_who_may(command.role)}来做。"
    assert ask.reread is not None  # a question that was put is being answered
    return _run(ask.reread(question.details["text"], command), command)


def _is_seen_first(command: Command) -> bool:
    """Whether a yes may be to the likeliest of several: it only shows, or previews."""
    return command.previewed or not command.acts


def _is_for_it(ask: Ask) -> bool:
    """Whether a text is a yes, and no draft waits beneath that it may be for."""
    said = read_reply(ask.text).act
    learnt = said == "none" and not ask.is_command_name
    if said != "yes" and not (learnt and TO_DRAFTS.find(ask.said) == "yes"):
        return False
    beneath = open_questions.peek_aside(ask.session, ask.message.thread, ask.now)
    return beneath is None or not beneath.is_draft


def _run(ask: Ask, command: Command) -> Answer:
    """Run it; where it refuses, only what it did is undone: the choice is made."""
    try:
        with ask.session.begin_nested():
            return command.run(ask)
    except Refusal as refusal:
        open_questions.look_again(ask.session)
        return str(refusal)
    except NotMeant:
        open_questions.look_again(ask.session)
        return "没有找到您说的那一件，什么也没做。换个说法再告诉我吧。"


def _by_number(said: str, offered: list[Command]) -> Command | None:
    number = find_number(said) or 0
    return offered[number - 1] if 1 <= number <= len(offered) else None


def _by_name(ask: Ask, said: str, offered: list[Command]) -> Command | None:
    """Find it as it was offered; another of its names is said anew."""
    every = ask.commands.by_intent
    return next((each for each in offered if said == name_of(every, each.intent)), None)
