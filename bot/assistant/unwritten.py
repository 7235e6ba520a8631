"""What is no text: a pressed button, a picture, a file."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from bot.assistant.orders import Orders
from bot.assistant.outcome import Outcome, guard
from bot.assistant.questions import VOID, Questions, close_open, find_open
from bot.branch.people import binding
from bot.command import PICTURE, Ask, Commands, NotMeant, Receiving
from bot.errors import Refusal
from bot.inbox import told_cards
from bot.inbox.open_questions import Open
from bot.message import Reply
from bot.outbox.ways import BUTTONLESS
from bot.received import File, is_handed, name_alone, read_file, say_not_handed


def hear_event(ask: Ask, orders: Orders) -> Outcome:
    """Run the command that a pressed button names: "receipt:12"."""
    message = ask.message
    if binding.read_code(message):  # scanned by who is known already
        return orders.run(ask, orders.commands.by_intent["bind"])
    if message.event == "subscribe":
        return orders.run(replace(ask, words=""), orders.commands.by_intent["help"])
    intent, _, words = message.key.partition(":")
    command = orders.commands.by_intent.get(intent)
    if command is None or message.event not in ("click", "template_card_event"):
        return Outcome(None)
    try:
        return orders.run(replace(ask, words=words), command)
    except NotMeant:
        return Outcome(None)


def press_told(ask: Ask, orders: Orders) -> Outcome | None:
    """Take a text for the press of a button that was told in words."""
    if ask.message.channel not in BUTTONLESS:
        return None
    thread, said = ask.message.thread, ask.said
    found = told_cards.press(ask.session, thread, said, ask.now)
    if found is None:
        return None
    pressed = replace(ask.message, kind="event", event="click", key=found.key)
    heard = hear_event(replace(ask, message=pressed), orders)
    if heard.reply is None:
        return None
    return heard.with_head(f"（{found.title}）")


def hear_other(ask: Ask, questions: Questions) -> Outcome:
    """Give a picture to the open question that wants one."""
    kind, question = ask.message.kind, find_open(ask)
    if question and not ask.standing.includes(*question.office):
        close_open(ask)
        return Outcome(Reply(VOID.format(asked=question.asked)))
    if question and (heard := _answer(ask, question, questions)):
        return heard
    receive = {"file": _receive, "image": _receive_picture}.get(kind)
    if receive and (received := receive(ask, questions.commands)):
        return received
    return Outcome(Reply(_kindly(kind)))


def _answer(ask: Ask, question: Open, questions: Questions) -> Outcome | None:
    if ask.message.kind not in questions.hears(question.kind):
        return None
    return questions.answer(replace(ask, answers=question), question)


def _receive_picture(ask: Ask, commands: Commands) -> Outcome | None:
    """Give a picture to whoever it may be for, before anything is known of it."""
    media_id = ask.message.fields.get("MediaId", "")
    for each in commands.receiving:
        mine = PICTURE in each.endings and each.role <= ask.standing.role
        if media_id and mine:
            return guard(partial(each.run, ask, media_id), each.intent)
    return None


def _receive(ask: Ask, commands: Commands) -> Outcome | None:
    """Give a file to whoever takes its kind, and may have it from the sender.

    Of several who may, the first that can do something with it shows what.
    """
    mine = [each for each in commands.receiving if each.role <= ask.standing.role]
    if not is_handed(ask.message):
        return Outcome(Reply(_say_doors(ask, mine)))
    if not mine:
        return None
    try:
        file = read_file(ask)
    except Refusal as refusal:
        return Outcome(Reply(str(refusal)))
    refused = None
    for each in mine:
        if file.ending in each.endings:
            heard = _let_receive(ask, each, file)
            if heard and not heard.refused:
                return heard
            refused = refused or heard
    return refused


def _let_receive(ask: Ask, receiving: Receiving, file: File) -> Outcome | None:
    """Let one try; of what is refused nothing stays that the next would meet."""
    with ask.session.begin_nested() as trial:
        heard = guard(partial(receiving.run, ask, file), receiving.intent)
        if heard is None or heard.refused:
            trial.rollback()
    return heard


def _say_doors(ask: Ask, mine: Sequence[Receiving]) -> str:
    """Say by which pages a file comes in, of which only the name came."""
    ending = name_alone(ask).ending
    doors = [each.door(ask) for each in mine if ending in each.endings]
    return say_not_handed(ask, "\n".join(each for each in doors if each))


def _kindly(kind: str) -> str:
    """Answer what is not text."""
    seen = {
        "image": "图片",
        "voice": "语音",
        "video": "视频",
        "location": "位置",
        "link": "链接",
        "file": "文件",
    }.get(kind, "这种消息")
    return f"{seen}收到了，不过我现在只看得懂文字。请打字告诉我，发“帮助”看看我会什么。"
