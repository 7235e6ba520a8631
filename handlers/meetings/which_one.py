"""哪个会: asked back where several are meant; the answer goes on with what was said."""

from collections.abc import Callable
from dataclasses import replace

from bot.branch.meetings import meetings
from bot.branch.meetings.meetings import Meeting
from bot.command import Answer, Ask, NotMeant, answering
from bot.inbox.open_questions import Open
from bot.understanding.drafts.replies import says_no
from bot.understanding.slots.listed_number import only_number, place_in
from bot.understanding.speech import listen
from handlers.meetings import which
from handlers.meetings.which import Several

KIND = "meetings.which"
LONGEST = 16
"""Of what only names a meeting; more is something else that is said of one."""


def run_or_ask(ask: Ask, intent: str, run: Callable[[Ask], Answer]) -> Answer:
    """Run a command's function; where several meetings are meant, ask which one.

    It must not have written anything by then. intent: the command that goes on.
    """
    try:
        return run(ask)
    except Several as several:
        return _ask(ask, intent, several)


def _ask(ask: Ask, intent: str, several: Several) -> str:
    asked = "您说的是哪个会？"
    ids = [each.id for each in several.found]
    ask.put_passing(KIND, asked, meetings=ids, text=ask.message.text, intent=intent)
    lines = [
        f"{number}. {meetings.say(each, ask.now)}"
        for number, each in enumerate(several.found, 1)
    ]
    return "\n".join([asked, *lines, "回数字，或说哪天的哪个会；都不是就回“算了”。"])


@answering(KIND)
def hear_which(ask: Ask, question: Open) -> Answer | None:
    """Go on with the meeting that is chosen, by its number, its kind or its day."""
    if says_no(ask.text):
        ask.close_question()
        return "好的，什么也没做。"
    if ask.message.kind == "event" or len(ask.said) > LONGEST or listen(ask.text).asks:
        return None
    found = [meetings.find(ask.session, each) for each in question.details["meetings"]]
    meant = _meant(ask, found)
    if meant is None or ask.reread is None:
        return None
    ask.close_question()
    command = ask.commands.by_intent[question.details["intent"]]
    again = ask.reread(question.details["text"], command)
    slots = {**again.slots, which.CHOSEN: str(meant.id)}
    try:
        return command.run(replace(again, slots=slots))
    except NotMeant:
        return "没有找到您说的那一件，什么也没做。换个说法再告诉我吧。"


def _meant(ask: Ask, found: list[Meeting]) -> Meeting | None:
    number = only_number(ask.said) or place_in(ask.said)
    if number is not None:
        return found[number - 1] if 1 <= number <= len(found) else None
    left = which.of_words(ask, found, ask.said, "future")
    return left[0] if len(left) == 1 else None
