"""Free words that are asked for: what is heard before they are taken for such.

One order for every question that asks for a reason, a name or a content (`FreeWords`):
a no, a wait and thanks act as they do everywhere, another command is heard as itself.
"""

from dataclasses import dataclass, replace
from typing import Literal

from bot.command import Ask, FreeWords
from bot.inbox import open_questions
from bot.inbox.open_questions import Open
from bot.understanding.drafts.asked_words import read_asked, without_title

NO_ANSWER = (
    "“{said}”没有当作回答，什么也没记。\n（还等您回答：{asked}不用了就回“算了”。）"
)


@dataclass(frozen=True)
class Heard:
    """act: what the text is; other: of another matter. ask: with the words alone."""

    act: Literal["words", "no", "hold", "thanks", "other"]
    ask: Ask


def judge(
    ask: Ask, question: Open, words: FreeWords, verbs: tuple[str, ...] = ()
) -> Heard:
    """Judge a text that was said where free words are asked for."""
    said = read_asked(ask.said, ask.now, (*words.verbs, *verbs))
    letter_came = question.stale >= open_questions.NAMED
    match said:
        case "no" | "hold":
            return Heard(said, ask)
        case "thanks" if said not in words.takes:
            return Heard("other" if letter_came else said, ask)
        case "question" if said not in words.takes:
            return Heard("other", ask)
    if ask.is_command_name and ask.commands.names[ask.said] not in words.own:
        return Heard("other", ask)
    if "order" not in words.takes and ask.orders() not in ("", *words.own):
        return Heard("other", ask)
    bare = without_title(ask.said, question.asked)
    if bare == ask.said:
        return Heard("words", ask)
    return Heard("words", replace(ask, message=replace(ask.message, text=bare)))


def say_no_answer(ask: Ask, question: Open) -> str:
    return NO_ANSWER.format(said=ask.said, asked=question.asked)
