"""先别发了, 换一段, 她的祝福改成…: what is said of the greeting just looked at."""

from pathlib import Path

from bot.branch.birthdays import greetings, plans
from bot.branch.birthdays.greetings import Birthday
from bot.branch.people.members import Member, Role
from bot.command import Answer, Ask, Kept, Referring, overhearing
from bot.errors import Refusal
from bot.inbox import focus, open_questions
from bot.message import Reply
from bot.understanding.sentences.forms import Forms
from bot.understanding.speech import asks_of_us
from bot.understanding.text import normalise
from handlers.birthdays.greetings import (
    DONE,
    FOCUS,
    STOP,
    ask_words,
    confirm_step,
    open_birthday,
    say_greeting,
    take_words,
)

FORMS = Forms(Path(__file__))
SENT = "今年给{who}的祝福已经送出了，收不回来，也改不了了。"


@overhearing("edit_greeting")
def hear_of_last(ask: Ask) -> Answer | None:
    """Hear what is said of the greeting that was looked at last, and nothing since."""
    if ask.standing.role < Role.SECRETARY:
        return None
    found = FORMS.find(ask.text)
    if found is None or found.start:
        return None
    said, text = found.template.intent, found.slots.get("text", "")
    if not text and asks_of_us(normalise(ask.text).text):
        return None
    member = _spoken_of(ask)
    if member is None:
        return None
    if said == "show":
        return say_greeting(ask, member)
    return _change(ask, open_birthday(ask, member), said, text)


def _change(ask: Ask, birthday: Birthday, said: str, text: str) -> Answer:
    match said:
        case "stop":
            return confirm_step(ask, birthday, STOP)
        case "to":
            return take_words(ask, birthday, text)
    return ask_words(ask, birthday)


def _spoken_of(ask: Ask) -> Member | None:
    """Find of whose greeting was spoken last, a while ago at most."""
    every = focus.every(ask.session, ask.message.thread, ask.now)
    things = (FOCUS, DONE, *ask.commands.referring)
    last = next((each for each in every if each.kind in things), None)
    if last is None or last.kind not in (FOCUS, DONE):
        return None
    if last.age > open_questions.LASTS:
        return None
    return ask.session.get_one(Member, last.kept["member"])


def _title(ask: Ask, kept: Kept) -> str:
    return f"给{ask.session.get_one(Member, kept['member']).called}的祝福的改动"


def _take_back(ask: Ask, kept: Kept) -> Answer:
    """Have the greeting as it was before. Raises Refusal where it is sent."""
    member = ask.session.get_one(Member, kept["member"])
    birthday = greetings.coming(ask.session, member, ask.now.date())
    if greetings.is_greeted(ask.session, birthday):
        raise Refusal(SENT.format(who=member.called))
    greetings.take_open(ask.session, birthday)
    session, to = ask.session, birthday.to
    match kept["step"]:
        case "stop":
            plans.resume(session, to, ask.member, ask.now)
            told = "照常送"
        case "resume":
            plans.stop(session, to, ask.member, ask.now)
            told = "还是不发"
        case _:
            words = kept["before"] or None
            plans.reword(session, to, words, ask.member, ask.now)
            told = f"用回原来的话：{kept['before']}" if words else "用回原来的话"
    focus.drop(ask.session, ask.message.thread, DONE)
    return Reply(f"好，给{member.called}的祝福{told}。", changed=True)


LAST = Referring(
    DONE,
    title=_title,
    undo=_take_back,
    verbs=("改", "停", "停发", "换", "恢复", "设", "弄"),
    called=("祝福",),
    of=("greeting",),
)
