"""The assistant: takes a message, gives an answer, once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import TypeAlias
from uuid import uuid4

import structlog
from sqlalchemy.orm import Session

from bot import outbox
from bot.assistant.rephrasing import Rephrasing
from bot.branch.people import members
from bot.branch.people.members import Role
from bot.cards.deferred import Drawn, NotDrawn
from bot.channels import Channel, Sender
from bot.clock import Clock
from bot.command import Answer, Ask, Command, Commands, NotMeant, name_of
from bot.config.settings import Config
from bot.errors import (
    DatabaseLost,
    Denied,
    DiskFull,
    KeyMissing,
    Refusal,
    StorageError,
)
from bot.inbox import answered, open_questions, sealed_replies
from bot.message import Message, Reply, Text
from bot.storage import encrypted
from bot.storage.database import Storage
from bot.storage.group_commit import Steps, do_together
from bot.text.phrases import Line
from bot.text.split import cut_head
from bot.understanding.reading import Reading, Understanding

log = structlog.get_logger(__name__)

STRANGER = (
    "您好，我是党支部的助手。我还不认识您，暂时帮不上忙。\n"
    "如果您是本支部党员，请联系支部书记把您加进名册。"
)
BUSY = "现在太忙，刚才这条没有记下，请过一会儿再发一次。"
# The first that fits.
NOT_RECORDED: tuple[tuple[type[StorageError], str], ...] = (
    (
        DiskFull,
        "助手的磁盘满了，刚才这条没有记下。请告诉管理员，腾出空间以后再发一次。",
    ),
    (
        DatabaseLost,
        "助手的数据库不在原处了，刚才这条没有记下。请告诉管理员，修好以后再发一次。",
    ),
    (StorageError, BUSY),
)
LOCKED = (
    "这要用到加密存放的内容，助手这里缺打开它的密钥，没有办成。\n"
    "请告诉管理员：密钥没有配好。"
)
VOID = "您的职务或支部刚有变动，之前问您的“{asked}”作废了，没有办。"
REST_GOOD_FOR = timedelta(hours=1)
HURRY = 0.5  # seconds to wait for others' commits where an answer is already there


@dataclass(frozen=True)
class Outcome:
    """An answer and how it came about. choices: the intents offered when asked back.

    refused: a rule said no, so nothing of what it began may stay.
    private: what was replied must not be readable where it is remembered.
    """

    reply: Reply | None
    intent: str = "none"
    choices: tuple[str, ...] = ()
    explain: Callable[[], str] = str
    refused: bool = False
    private: bool = False

    @property
    def why(self) -> str:
        return self.explain()


Hear: TypeAlias = Callable[[Session, Message, datetime], Outcome]


@dataclass(frozen=True)
class Assistant:
    config: Config
    clock: Clock
    storage: Storage
    channels: Mapping[str, Channel]
    senders: Mapping[str, Sender]
    commands: Commands
    understanding: Understanding
    wake: Callable[[], None] = field(default=lambda: None)
    rephrasing: Rephrasing | None = None

    def answer(self, message: Message, *, dry_run: bool = False) -> Outcome:
        """Answer a message, once: one that comes again gets the same answer.

        dry_run: answer as if, and change nothing.
        """
        return self.answer_all([message], dry_run=dry_run)[0]

    def answer_all(
        self, messages: Sequence[Message], *, dry_run: bool = False
    ) -> Sequence[Outcome]:
        """Answer messages in one commit, each as if it had come alone."""
        begun = monotonic()
        going = [self._answering(each, dry_run=dry_run) for each in messages]
        every = do_together(going, self.storage.share)
        return [
            self._rephrase(message, heard, begun, dry_run=dry_run)
            for message, heard in zip(messages, every, strict=True)
        ]

    def answer_soon(self, messages: Sequence[Message]) -> Sequence[Outcome | None]:
        """Answer what takes no time, in one commit; None for what does, like a card.

        Nothing of that is done: `answer` does it, where nobody else waits.
        """
        going = [self._answering_soon(each) for each in messages]
        return do_together(going, self.storage.share)

    def _answering_soon(self, message: Message) -> Steps[Outcome | None]:
        try:
            return (yield from self._answering(message, makes=False))
        except NotDrawn:
            return None

    def _answering(
        self, message: Message, *, dry_run: bool = False, makes: bool = True
    ) -> Steps[Outcome]:
        """Answer once, whatever goes wrong.

        makes: False raises Unmade where something is to be made first.
        """
        once = self._answer_once(message, dry_run=dry_run, makes=makes)
        try:
            return (yield from once)
        except NotDrawn:
            raise
        except KeyMissing as error:
            log.error("key_missing", message=message.id, why=str(error))
            return (yield from self._record(message, lambda *_: Outcome(Reply(LOCKED))))
        except StorageError as error:
            log.error("message_not_recorded", message=message.id, why=str(error))
            told = [said for kind, said in NOT_RECORDED if isinstance(error, kind)]
            return Outcome(Reply(told[0]))
        except Exception:  # the last door before the member
            number = uuid4().hex[:6]
            log.exception("bug", number=number, message=message.id)
            return (yield from self._own_up(message, number))

    def _answer_once(
        self, message: Message, *, dry_run: bool, makes: bool
    ) -> Steps[Outcome]:
        made = Drawn()
        while True:
            try:
                hear = partial(self._hear, made)
                return (yield from self._record(message, hear, dry_run=dry_run))
            except NotDrawn as wanted:
                if not makes:
                    raise
                made.add(wanted)
            except _Undone as undone:
                heard = undone.heard
                break
        if dry_run:
            return heard
        return (yield from self._record(message, lambda *_: heard))

    def _record(
        self, message: Message, hear: Hear, *, dry_run: bool = False
    ) -> Steps[Outcome]:
        """Hear a message and remember the answer, or find what it was before.

        Raises _Undone where nothing of it may stay: a refusal that undoes what its
        rule began is then recorded by itself, which spares all others a savepoint.
        """
        now = self.clock.now()

        def work(session: Session) -> tuple[Outcome, bool]:
            if not answered.begin(session, message, now):
                return Outcome(self._recall(session, message)), False
            open_questions.take_thread(session, message.thread)
            heard = hear(session, message, now)
            if heard.refused:
                raise _Undone(replace(heard, refused=False))
            heard = self._cut(session, message, heard, now)
            kept = self._to_keep(message, heard)
            answered.remember(session, message, kept, open=self._can_improve(heard))
            if dry_run:
                raise _Undone(heard)
            return heard, bool(session.info.pop("letters", False))

        told: tuple[Outcome, bool] = yield work
        heard, letters = told
        if letters:
            self.wake()
        return heard

    def _can_improve(self, heard: Outcome) -> bool:
        return bool(self.rephrasing and heard.reply and heard.reply.passages)

    def _rephrase(
        self, message: Message, heard: Outcome, begun: float, *, dry_run: bool
    ) -> Outcome:
        """Put an answer's passages in other words, after its work is committed.

        A retry that comes meanwhile is told the passages; then they are the answer.
        """
        if not (self.rephrasing and heard.reply and self._can_improve(heard)):
            return heard
        try:
            reply = self.rephrasing.improve(message, heard.reply, begun)
        except Exception:  # the answer stands as it was recorded
            log.exception("bug", message=message.id)
            return heard
        if reply is None or self._is_too_long(message, reply):
            return heard
        better = replace(heard, reply=reply)
        return better if dry_run or self._improve(message, better) else heard

    def _is_too_long(self, message: Message, reply: Reply) -> bool:
        channel = self.channels.get(message.channel)
        return bool(channel and cut_head(reply.text, channel.reply_limit)[1])

    def _improve(self, message: Message, heard: Outcome) -> bool:
        """Remember the better answer, unless the first was told to somebody."""
        kept = self._to_keep(message, heard)
        if kept is None:
            return False
        try:
            with self.storage.write(HURRY) as session:
                return answered.improve(session, message, kept)
        except StorageError as error:
            log.warning("not_improved", message=message.id, why=str(error))
            return False

    def _to_keep(self, message: Message, heard: Outcome) -> Reply | None:
        if heard.reply is None or not heard.private:
            return heard.reply
        return Reply(sealed_replies.seal(heard.reply.text, message, self._secret))

    def _recall(self, session: Session, message: Message) -> Reply | None:
        earlier = answered.earlier_reply(session, message)
        kept = earlier.text if earlier else None
        text = sealed_replies.unseal(kept, message, self._secret)
        return None if text is None else Reply(text)

    @property
    def _secret(self) -> bytes:
        wecom = self.config.wecom
        return wecom.secret.get_secret_value().encode() if wecom else b""

    def _own_up(self, message: Message, number: str) -> Steps[Outcome]:
        """Tell the member of a bug; remember that, so that a retry hears the same."""
        told = Outcome(Reply(f"出了点问题，没有办成，已经记下（编号 {number}）。"))
        try:
            return (yield from self._record(message, lambda *_: told))
        except Exception as error:  # noqa: BLE001  # the bug itself is in the log
            log.error("bug_not_recorded", number=number, why=str(error))
            return told

    def _hear(
        self, made: Drawn, session: Session, message: Message, now: datetime
    ) -> Outcome:
        with encrypted.watching() as watch:
            heard = self._hear_openly(made, session, message, now)
        return replace(heard, private=True) if watch.secret else heard

    def _hear_openly(
        self, made: Drawn, session: Session, message: Message, now: datetime
    ) -> Outcome:
        known = members.recognise(session, message.sender)
        if known is None:
            return _to_stranger(message)
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
            made=made,
        )
        if message.kind == "event":
            return self._hear_event(ask)
        if message.kind != "text":
            return self._hear_other(ask)
        return self._hear_text(ask)

    def _hear_event(self, ask: Ask) -> Outcome:
        """Run the command that a pressed button names: "receipt:12"."""
        message = ask.message
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

    def _hear_other(self, ask: Ask) -> Outcome:
        """Give a picture to the open question that wants one."""
        kind = ask.message.kind
        question = open_questions.find(ask.session, ask.message.thread, ask.now)
        if question and not ask.standing.includes(*question.office):
            ask.close_question()
            return Outcome(Reply(VOID.format(asked=question.asked)))
        answering = question and self.commands.answering.get(question.kind)
        if question and answering and kind in answering.hears:
            return self._continue(ask, question) or Outcome(Reply(_kindly(kind)))
        return Outcome(Reply(_kindly(kind)))

    def _overhear(self, ask: Ask) -> Outcome | None:
        for each in self.commands.overhearers:
            if heard := _guard(partial(each.run, ask), each.intent):
                return heard
        return None

    def _hear_late(self, ask: Ask) -> Outcome | None:
        for each in self.commands.late:
            if heard := _guard(partial(each.run, ask), each.intent):
                return heard
        return None

    def _hear_text(self, ask: Ask) -> Outcome:
        question = open_questions.find(ask.session, ask.message.thread, ask.now)
        if question and not ask.standing.includes(*question.office):
            return self._hear_without(ask, question)
        offer = question if question and self._is_offer(question) else None
        question = None if offer else question
        if question and (continued := self._continue(ask, question)):
            return continued
        if overheard := self._overhear(ask):
            return overheard
        reading = self._read(ask)
        told = replace(ask, tells=offer is not None and reading.tells())
        if offer and (taken_up := self._continue(told, offer)):
            return taken_up
        asked = question is not None and question.kind != "choose"
        heard = self._do_read(ask, reading, asked_already=asked)
        if question is None or heard.reply is None:
            return heard
        is_open = question == open_questions.find(
            ask.session, ask.message.thread, ask.now
        )
        if question.kind == "choose" and heard.intent not in ("none", "denied"):
            return heard  # put in other words, as it asked for
        if heard.refused or is_open:
            text = f"{heard.reply.text}\n\n（刚才的还等您回答：{question.asked}）"
            return replace(heard, reply=replace(heard.reply, text=text))
        return heard

    def _do_read(self, ask: Ask, reading: Reading, *, asked_already: bool) -> Outcome:
        """Do what was read; read on where a sentence turns out not to be meant."""
        passed: list[Line] = []
        while True:
            try:
                return self._follow(ask, reading, asked_already=asked_already)
            except NotMeant:
                if reading.line is None:
                    raise
                passed.append(reading.line)
            reading = self._read(ask, passed)

    def _read(self, ask: Ask, passed: Sequence[Line] = ()) -> Reading:
        def knows(intent: str, words: str) -> bool:
            command = self.commands.by_intent[intent]
            return command.knows is not None and command.knows(ask, words)

        return self.understanding.read(ask.text, ask.standing.role, passed, knows)

    def _hear_without(self, ask: Ask, question: open_questions.Open) -> Outcome:
        """Hear a text as if a question had not been put: its asker holds less now."""
        ask.close_question()
        heard, void = self._hear_text(ask), VOID.format(asked=question.asked)
        if heard.reply is None or heard.intent == "none":
            return Outcome(Reply(void))
        text = f"{heard.reply.text}\n\n（{void}）"
        return replace(heard, reply=replace(heard.reply, text=text))

    def _is_offer(self, question: open_questions.Open) -> bool:
        answering = self.commands.answering.get(question.kind)
        return answering is not None and answering.offer

    def _continue(self, ask: Ask, question: open_questions.Open) -> Outcome | None:
        """Take the text as the answer to the open question, if it is one."""
        answering = self.commands.answering.get(question.kind)
        if answering is None:
            return None
        return _guard(partial(answering.run, ask, question), question.kind)

    def _follow(self, ask: Ask, reading: Reading, *, asked_already: bool) -> Outcome:
        command = self.commands.by_intent.get(reading.intent)
        if command is None:
            if late := self._hear_late(ask):
                return late
            reply = Reply(reading.reply)
            if self._is_built(reading.choices) and not asked_already:
                kept = {"choices": list(reading.choices), "text": ask.message.text}
                ask.put_question("choose", "您指的是哪一个？", **kept)
            return Outcome(reply, reading.intent, reading.choices, reading.explain)
        guessed = reading.line is None and _only_shows_later(command)
        if guessed and (late := self._hear_late(ask)):
            return late
        asked = replace(ask, words=reading.words, meant=reading.meant)
        asked = replace(asked, slots=reading.slots)
        return self._run(asked, command, reading.explain)

    def _is_built(self, intents: Sequence[str]) -> bool:
        """Whether one of several can be done: what cannot be is not to choose."""
        return any(self.commands.by_intent[each].built for each in intents)

    def _run(
        self, ask: Ask, command: Command, explain: Callable[[], str] = str
    ) -> Outcome:
        if ask.standing.role < command.role:
            who = command.role.title
            name = name_of(self.commands.by_intent, command.intent)
            told = Reply(f"“{name}”要由{who}来做。")
            return Outcome(told, "denied", explain=explain)
        run = partial(command.run, ask)
        return _guard(run, command.intent, explain) or Outcome(None, command.intent)

    def _cut(
        self, session: Session, message: Message, heard: Outcome, now: datetime
    ) -> Outcome:
        """Reply with what fits; the rest follows through the outbox."""
        channel = self.channels.get(message.channel)
        if channel is None or heard.reply is None:
            return heard
        head, rest = cut_head(heard.reply.text, channel.reply_limit)
        if not rest:
            return heard
        plan = outbox.Plan(
            key=f"rest:{message.channel}:{message.id}",
            kind="reply",
            content=Text(rest),
            window=outbox.Window(now, now + REST_GOOD_FOR),
            importance=outbox.Importance.ANSWER,
            channel=message.channel,
        )
        known = members.recognise(session, message.sender)
        outbox.put_to(session, plan, message.sender, known and known[0].id, now=now)
        return replace(heard, reply=Reply(head, heard.reply.changed))


def _only_shows_later(command: Command) -> bool:
    """Whether a command can say no more yet than that it is not built."""
    return not (command.shown or command.acts) and command.role == Role.MEMBER


class _Undone(Exception):  # rolls the transaction back
    def __init__(self, heard: Outcome) -> None:
        self.heard = heard


def _guard(
    run: Callable[[], Answer | None], intent: str, explain: Callable[[], str] = str
) -> Outcome | None:
    """Run a rule; where it refuses, its text is the reply."""
    try:
        answer = run()
    except Refusal as refusal:
        denied = isinstance(refusal, Denied)
        meant = "denied" if denied else intent
        return Outcome(Reply(str(refusal)), meant, explain=explain, refused=True)
    if answer is None:
        return None
    reply = Reply(answer) if isinstance(answer, str) else answer
    return Outcome(reply, intent, explain=explain)


def _to_stranger(message: Message) -> Outcome:
    quiet = message.kind == "event" and message.event not in ("subscribe", "click")
    return Outcome(None if quiet else Reply(STRANGER), "none")


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
