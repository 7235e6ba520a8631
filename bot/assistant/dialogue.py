"""A conversation: who speaks, what is open, which command is meant, may they.

The order in which a text is heard: the answer to what is open (a draft's yes, no,
change or question first), what is overheard, another command. What was open waits
then, and is offered again, once, when the other is done.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from bot.assistant import drafts, references
from bot.assistant.outcome import Outcome, guard
from bot.branch.people import binding, introductions
from bot.branch.people.members import Role, Speaker, Standing, ensure_root
from bot.branch.people.referral import say_who_may
from bot.cards.deferred import Drawn
from bot.command import PICTURE, Ask, Command, Commands, NotMeant, name_of
from bot.config.settings import Config
from bot.errors import Refusal
from bot.inbox import open_questions, told_cards
from bot.inbox.open_questions import Open
from bot.message import Message, Reply
from bot.outbox.ways import BUTTONLESS, PEOPLE
from bot.received import read_file
from bot.storage import encrypted
from bot.text.phrases import Line
from bot.understanding.drafts.changes import told_changes
from bot.understanding.drafts.replies import read_number, read_reply
from bot.understanding.reading import Reading, Understanding
from bot.understanding.words.smalltalk import GUIDANCE, NOT_DONE, NOTHING

STRANGER = (
    "您好，我是党支部的助手。我还不认识您，暂时帮不上忙。\n"
    "如果您是本支部党员，请联系支部书记把您加进名册。"
)
HOW_TO_BIND = "已经在名册里的，请在企业微信里对我说“绑定微信”，把六位数字发到这里。"
VOID = "您的职务或支部刚有变动，之前问您的“{asked}”作废了，没有办。"
MORE = "（“{more}”是另一件事，这次没有办，请单独再说一次。）"
STILL = "（刚才的还等您回答：{asked}）"
INTRODUCED = ("aibot",)
"""Where somebody unknown says who she is: the platform knows that she is of ours."""
SPOKEN, SHOWN_SPOKEN = "（听到的是：{said}）", 200
CHOOSE = "choose"
ASKS = ("？", "请")
LISTED = re.compile(r"^\d+\. ", re.MULTILINE)


@dataclass(frozen=True)
class Thoughts:
    """What is kept of one message, however often it is heard.

    made: what was made for it. readings: what its texts were read as.
    """

    made: Drawn = field(default_factory=Drawn)
    readings: dict[Any, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Dialogue:
    config: Config
    commands: Commands
    understanding: Understanding

    def hear(
        self,
        kept: Thoughts,
        session: Session,
        message: Message,
        known: tuple[Speaker, Standing] | None,
        now: datetime,
    ) -> Outcome:
        """Answer a message. known: who speaks, None of a stranger."""
        with encrypted.watching() as watch:
            heard = self._hear_openly(kept, session, message, known, now)
            private = heard.private or watch.secret
        if private != heard.private:
            heard = replace(heard, private=private)
        if known is None:
            return heard
        return _note_shown(session, message, heard, now)

    def _hear_openly(
        self,
        kept: Thoughts,
        session: Session,
        message: Message,
        known: tuple[Speaker, Standing] | None,
        now: datetime,
    ) -> Outcome:
        if known is None:
            return self._to_stranger(session, message, now)
        speaker, standing = known
        ask = Ask(
            speaker=speaker,
            standing=standing,
            message=message,
            words=message.head,
            now=now,
            session=session,
            commands=self.commands,
            config=self.config,
            made=kept.made,
            readings=kept.readings,
        )
        if message.kind == "event":
            return self._hear_event(ask)
        if message.kind == "voice" and message.text:
            return self._hear_spoken(ask)
        if message.kind != "text":
            return self._hear_other(ask)
        return self._hear_text(ask)

    def _to_stranger(
        self, session: Session, message: Message, now: datetime
    ) -> Outcome:
        if message.channel not in INTRODUCED or message.group:
            return _to_stranger(session, message, now)
        if binding.read_code(message) is not None:
            return _to_stranger(session, message, now)
        if message.kind == "event" and message.event != "subscribe":
            return Outcome(None, "none")
        branch = ensure_root(session, self.config.branch.name)
        return Outcome(Reply(introductions.greet(session, message, branch, now)))

    def _hear_event(self, ask: Ask) -> Outcome:
        """Run the command that a pressed button names: "receipt:12"."""
        message = ask.message
        if binding.read_code(message):  # scanned by who is known already
            return self._run(ask, self.commands.by_intent["bind"])
        if message.event == "subscribe":
            return self._run(replace(ask, words=""), self.commands.by_intent["help"])
        intent, _, words = message.key.partition(":")
        command = self.commands.by_intent.get(intent)
        if command is None or message.event not in ("click", "template_card_event"):
            return Outcome(None)
        try:
            return self._run(replace(ask, words=words), command)
        except NotMeant:
            return Outcome(None)

    def _press(self, ask: Ask) -> Outcome | None:
        """Take a text for the press of a button that was told in words."""
        if ask.message.channel not in BUTTONLESS:
            return None
        thread, said = ask.message.thread, ask.said
        found = told_cards.press(ask.session, thread, said, ask.now)
        if found is None:
            return None
        pressed = replace(ask.message, kind="event", event="click", key=found.key)
        heard = self._hear_event(replace(ask, message=pressed))
        if heard.reply is None:
            return None
        return _with_head(heard, f"（{found.title}）")

    def _hear_spoken(self, ask: Ask) -> Outcome:
        """Take what the platform made of a voice for a text, and say what that was."""
        spoken = replace(ask.message, kind="text")
        heard = self._hear_text(replace(ask, message=spoken, words=spoken.head))
        if heard.reply is None:
            return heard
        return _with_head(heard, SPOKEN.format(said=spoken.text[:SHOWN_SPOKEN]))

    def _hear_other(self, ask: Ask) -> Outcome:
        """Give a picture to the open question that wants one."""
        kind, question = ask.message.kind, _find(ask)
        if question and not ask.standing.includes(*question.office):
            _close(ask)
            return Outcome(Reply(VOID.format(asked=question.asked)))
        if question and kind in self._hears(question.kind):
            heard = self._continue(replace(ask, answers=question), question)
            return heard or Outcome(Reply(_kindly(kind)))
        receive = {"file": self._receive, "image": self._receive_picture}.get(kind)
        if receive and (received := receive(ask)):
            return received
        return Outcome(Reply(_kindly(kind)))

    def _receive_picture(self, ask: Ask) -> Outcome | None:
        """Give a picture to whoever it may be for, before anything is known of it."""
        media_id = ask.message.fields.get("MediaId", "")
        for each in self.commands.receiving:
            mine = PICTURE in each.endings and each.role <= ask.standing.role
            if media_id and mine:
                return guard(partial(each.run, ask, media_id), each.intent)
        return None

    def _receive(self, ask: Ask) -> Outcome | None:
        """Give a file to whoever takes its kind, and may have it from the sender."""
        mine = [
            each for each in self.commands.receiving if each.role <= ask.standing.role
        ]
        if not mine or not ask.message.fields.get("MediaId"):
            return None
        try:
            file = read_file(ask)
        except Refusal as refusal:
            return Outcome(Reply(str(refusal)))
        for each in mine:
            if file.ending in each.endings:
                return guard(partial(each.run, ask, file), each.intent)
        return None

    def _hears(self, kind: str) -> Sequence[str]:
        if drafting := self.commands.drafts.get(kind):
            return drafting.hears
        answering = self.commands.answering.get(kind)
        return answering.hears if answering else ()

    def _hear_text(self, ask: Ask) -> Outcome:
        question = _find(ask)
        if question is None and (pressed := self._press(ask)):
            return pressed
        if question and not ask.standing.includes(*question.office):
            return self._hear_without(ask, question)
        if question and (heard := self._take_answer(ask, question)):
            return self._go_on(ask, heard)
        heard = self._hear_order(ask, question)
        if heard.reply is None:
            return heard
        if question is None:
            return drafts.say_over(ask, heard)
        return self._go_on(ask, self._say_waiting(ask, question, heard))

    def _take_answer(self, ask: Ask, question: Open) -> Outcome | None:
        """Take the text as the answer to the open question, if it is one."""
        if self._is_offer(question):
            return None
        orders = partial(self._sure_order, ask)
        reread = partial(self._read_as, ask)
        answers = replace(ask, answers=question, orders=orders, reread=reread)
        stale = question.stale >= open_questions.NAMED
        if stale and (heard := references.answer_letter(ask, self.commands)):
            return heard
        if question.kind in self.commands.drafts:
            return self._continue(answers, question)
        return self._take_choice(answers, question)

    def _take_choice(self, ask: Ask, question: Open) -> Outcome | None:
        """Take the text as the answer to a question that is no draft."""
        said = read_reply(ask.text)
        if _is_out_of_sight(ask, question, said.act):
            return Outcome(Reply(question.said or question.asked), question.kind)
        if heard := self._continue(ask, question):
            return heard
        if said.act == "hold":
            return Outcome(Reply(drafts.hold(ask, question)), question.kind)
        if not question.passing:
            return None
        if said.act != "none" or told_changes(ask.said, ask.now):
            return self._answer_beneath(ask)
        return None

    def _answer_beneath(self, ask: Ask) -> Outcome | None:
        """Take a yes, a no or a change that fits no choice for what it came over."""
        thread = ask.message.thread
        beneath = open_questions.peek_aside(ask.session, thread, ask.now)
        if beneath is None or not ask.standing.includes(*beneath.office):
            return None
        _close(ask)
        taken = open_questions.take_up(ask.session, thread, ask.now)
        if taken is None:
            return None
        return self._take_answer(ask, replace(taken, stale=open_questions.UNSEEN))

    def _hear_order(self, ask: Ask, question: Open | None) -> Outcome:
        """Hear a text that answers nothing, or takes up what was only offered."""
        if overheard := self._overhear(ask):
            return overheard
        ask, more = self._part(ask)
        reading = self._read(ask)
        offer = question if question and self._is_offer(question) else None
        if offer:
            told = replace(ask, tells=reading.tells(), means=_meant(reading))
            told = replace(told, answers=offer)
            if taken_up := self._continue(told, offer):
                return taken_up
        drafting = question and self.commands.drafts.get(question.kind)
        fresh = drafting and question and not question.stale
        if fresh and drafts.is_beside(ask, reading, self.commands):
            return Outcome(Reply(drafts.UNHEARD), "none", explain=reading.explain)
        unclear = self._is_guessed(ask, reading)
        waits = question is not None and not question.passing
        if unclear and not waits and (again := drafts.take_up_dropped(ask)):
            return again
        asked = question is not None and self._waits_for(question)
        if not asked and reading.line is None and (referred := self._refer(ask)):
            return referred
        heard = self._do_read(ask, reading)
        if not more or heard.reply is None:
            return heard
        return _with_line(heard, MORE.format(more=more))

    def _part(self, ask: Ask) -> tuple[Ask, str]:
        """Take only the first of several orders; the other is told of, not lost."""
        if ask.message.rest:
            return ask, ""
        first, more = self.understanding.part(ask.text, ask.standing.role)
        if not more:
            return ask, ""
        return replace(ask, message=replace(ask.message, text=first)), more

    def _go_on(self, ask: Ask, heard: Outcome) -> Outcome:
        """Offer what was set aside again, where nothing else is open any more."""
        if heard.refused or _find(ask):
            return heard
        thread = ask.message.thread
        taken = open_questions.take_up(ask.session, thread, ask.now)
        if taken is None:
            return heard
        words = STILL.format(asked=taken.asked)
        if not ask.standing.includes(*taken.office):
            _close(ask)
            words = f"（{VOID.format(asked=taken.asked)}）"
        return _with_line(heard, words)

    def _say_waiting(self, ask: Ask, question: Open, heard: Outcome) -> Outcome:
        """Say once, after another command, that something waits."""
        now_open = _find(ask)
        untouched = heard.refused or (
            now_open is not None and now_open == question and bool(now_open.said)
        )
        if not untouched:
            return heard
        if question.kind == CHOOSE and heard.intent not in ("none", "denied"):
            _close(ask)  # put in other words, as it asked for
            return heard
        told = question.stale >= open_questions.NAMED
        if told or (question.passing and question.kind != CHOOSE):
            return heard
        return _with_line(heard, STILL.format(asked=question.asked))

    def _is_guessed(self, ask: Ask, reading: Reading) -> bool:
        """Whether a text names no command and is no sentence: it may be of anything."""
        command = self.commands.by_intent.get(reading.intent)
        if command is None:
            return True
        named = any(each in ask.text for each in command.names)
        return reading.line is None and not named

    def _do_read(self, ask: Ask, reading: Reading) -> Outcome:
        """Do what was read; read on where a sentence turns out not to be meant."""
        passed: list[Line] = []
        while True:
            try:
                return self._follow(ask, reading)
            except NotMeant:
                if reading.line is None:
                    raise
                passed.append(reading.line)
            reading = self._read(ask, passed)
            if reading.line is None and (referred := self._refer(ask)):
                return referred

    def _refer(self, ask: Ask) -> Outcome | None:
        return references.refer(ask, self.commands)

    def _read(self, ask: Ask, passed: Sequence[Line] = ()) -> Reading:
        def knows(intent: str, words: str) -> bool:
            command = self.commands.by_intent[intent]
            return command.knows is not None and command.knows(ask, words)

        role, readings = ask.standing.role, ask.readings
        key = (ask.text, role, *passed)
        if key not in readings:
            readings[key] = self.understanding.read(ask.text, role, passed, knows)
        reading: Reading = readings[key]
        return reading

    def _read_as(self, ask: Ask, text: str, command: Command) -> Ask:
        """Ask with a text said before, read as an order for one command."""
        first = replace(ask, message=replace(ask.message, text=text))

        def knows(_intent: str, words: str) -> bool:
            return command.knows is not None and command.knows(first, words)

        reading = self.understanding.read_as(
            first.text, command, ask.standing.role, knows
        )
        return replace(first, words=reading.words, slots=reading.slots)

    def _sure_order(self, ask: Ask) -> str:
        """Name the act that a text orders by itself; "" for none."""
        reading = self._read(ask)
        command = self.commands.by_intent.get(reading.intent)
        acts = command is not None and command.acts
        return reading.intent if acts and reading.meant else ""

    def _hear_without(self, ask: Ask, question: Open) -> Outcome:
        """Hear a text as if a question had not been put: its asker holds less now."""
        _close(ask)
        heard, void = self._hear_text(ask), VOID.format(asked=question.asked)
        if heard.reply is None or heard.intent == "none":
            return Outcome(Reply(void))
        return _with_line(heard, f"（{void}）")

    def _waits_for(self, question: Open) -> bool:
        """Whether a change is of the question just put: it is of nothing done before.

        A draft hears its own changes first, and names what it did not understand.
        """
        fresh = not (question.passing or question.stale)
        return fresh and question.kind in self.commands.answering

    def _is_offer(self, question: Open) -> bool:
        answering = self.commands.answering.get(question.kind)
        return answering is not None and answering.offer

    def _continue(self, ask: Ask, question: Open) -> Outcome | None:
        if question.kind == references.KIND:
            return references.hear_which(ask, question, self.commands)
        if drafting := self.commands.drafts.get(question.kind):
            return drafts.hear(ask, question, drafting)
        answering = self.commands.answering.get(question.kind)
        if answering is None:
            return None
        return guard(partial(answering.run, ask, question), question.kind)

    def _overhear(self, ask: Ask) -> Outcome | None:
        for each in self.commands.overhearers:
            if heard := guard(partial(each.run, ask), each.intent):
                return heard
        return None

    def _hear_late(self, ask: Ask) -> Outcome | None:
        for each in self.commands.late:
            if heard := guard(partial(each.run, ask), each.intent):
                return heard
        return None

    def _follow(self, ask: Ask, reading: Reading) -> Outcome:
        command = self.commands.by_intent.get(reading.intent)
        if command is None:
            if late := self._hear_late(ask):
                return late
            reply = Reply(reading.reply)
            if self._is_built(reading.choices):
                kept = {"choices": list(reading.choices), "text": ask.message.text}
                ask.put_passing(CHOOSE, "您指的是哪一个？", **kept)
            return Outcome(reply, reading.intent, reading.choices, reading.explain)
        guessed = reading.line is None and _only_shows_later(command)
        if guessed and (late := self._hear_late(ask)):
            return late
        words, meant, slots = reading.words, reading.meant, reading.slots
        asked = replace(ask, words=words, meant=meant, slots=slots)
        return self._run(asked, command, reading.explain)

    def _is_built(self, intents: Sequence[str]) -> bool:
        """Whether one of several can be done: what cannot be is not to choose."""
        return any(self.commands.by_intent[each].built for each in intents)

    def _run(
        self, ask: Ask, command: Command, explain: Callable[[], str] = str
    ) -> Outcome:
        if ask.standing.role < command.role:
            name = name_of(self.commands.by_intent, command.intent)
            told = Reply(f"“{name}”要由{say_who_may(command.role)}来做。")
            return Outcome(told, "denied", explain=explain)
        run = partial(command.run, ask)
        return guard(run, command.intent, explain) or Outcome(None, command.intent)


def _is_out_of_sight(ask: Ask, question: Open, act: str) -> bool:
    """Whether something else was told since the list was shown, or the question put.

    A number then may be of another list, and a yes to another question.
    """
    listed = question.stale and LISTED.search(question.said)
    if listed and read_number(ask.text) is not None:
        return True
    return act == "yes" and question.stale >= open_questions.UNSEEN


def _close(ask: Ask) -> None:
    open_questions.close(ask.session, ask.message.thread)


def _find(ask: Ask) -> Open | None:
    return open_questions.find(ask.session, ask.message.thread, ask.now)


def _meant(reading: Reading) -> str:
    """Name what a text is read as, small talk too; "" where that is not clear."""
    unknown = reading.intent == NOTHING and reading.reply in (GUIDANCE, NOT_DONE)
    return "" if unknown or reading.choices else reading.intent


def _note(thread: str, *, stale: int) -> Callable[[Session], None]:
    """Have it written down how far the last reply was from the open question."""
    return lambda session: open_questions.note_reply(session, thread, stale=stale)


def _note_refused(thread: str, *, stale: int) -> Callable[[Session], None]:
    """Have the same written down of a refusal, which undoes what it was read from."""
    return lambda session: open_questions.note_distance(session, thread, stale=stale)


def _note_unclear(thread: str, said: str) -> Callable[[Session], None]:
    """Have it written down what was said of an open question, and asked back."""
    return lambda session: open_questions.note_unclear(session, thread, said)


def _note_shown(
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
        whole = drafts.join_asked(message.head, question, now) or message.head
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


def _with_line(heard: Outcome, words: str) -> Outcome:
    assert heard.reply is not None
    text = f"{heard.reply.text}\n\n{words}"
    return replace(heard, reply=replace(heard.reply, text=text))


def _with_head(heard: Outcome, words: str) -> Outcome:
    if heard.reply is None:
        return heard
    text = f"{words}\n{heard.reply.text}"
    return replace(heard, reply=replace(heard.reply, text=text))


def _only_shows_later(command: Command) -> bool:
    """Whether a command can say no more yet than that it is not built."""
    return not (command.shown or command.acts) and command.role == Role.MEMBER


def _to_stranger(session: Session, message: Message, now: datetime) -> Outcome:
    """Tell a stranger nothing; a code of a member's makes him or her known here."""
    if (code := binding.read_code(message)) is not None:
        taken = binding.redeem(session, message, code, now)
        return Outcome(Reply(taken.text, changed=taken.bound), "bind", private=True)
    quiet = message.kind == "event" and message.event not in ("subscribe", "click")
    told = STRANGER if message.channel == PEOPLE else f"{STRANGER}\n{HOW_TO_BIND}"
    return Outcome(None if quiet else Reply(told), "none")


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
