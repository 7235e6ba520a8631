"""The assistant: takes a message, gives an answer, once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot import inbox, outbox, pending
from bot.branch import members
from bot.channels import Channel, Sender, cut_head
from bot.clock import Clock
from bot.command import Answer, Ask, Command, Commands
from bot.config import Config
from bot.errors import Refusal, StorageError
from bot.message import Message, Reply, Text
from bot.storage import Storage
from bot.understanding.reading import Reading, Understanding

log = structlog.get_logger(__name__)

STRANGER = (
    "您好，我是党支部的助手。我还不认识您，暂时帮不上忙。\n"
    "如果您是本支部党员，请联系支部书记把您加进名册。"
)
BUSY = "现在太忙，刚才这条没有记下，请过一会儿再发一次。"
REST_GOOD_FOR = timedelta(hours=1)


@dataclass(frozen=True)
class Heard:
    """An answer and how it came about. choices: the intents offered when asked back."""

    reply: Reply | None
    intent: str = "none"
    choices: tuple[str, ...] = ()
    why: str = ""


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

    def answer(self, message: Message, *, dry_run: bool = False) -> Heard:
        """Answer a message, once: one that comes again gets the same answer.

        dry_run: answer as if, and change nothing.
        """
        try:
            return self._answer_once(message, dry_run=dry_run)
        except _DryRun as dry:
            return dry.heard
        except StorageError as error:
            log.error("message_not_recorded", message=message.id, why=str(error))
            return Heard(Reply(BUSY))
        except Exception:  # the last door before the member
            number = uuid4().hex[:6]
            log.exception("bug", number=number, message=message.id)
            return self._own_up(message, number)

    def _answer_once(self, message: Message, *, dry_run: bool) -> Heard:
        now = self.clock.now()
        with self.storage.write() as session:
            if not inbox.begin(session, message, now):
                return Heard(inbox.earlier_reply(session, message))
            heard = self._cut(session, message, self._hear(session, message, now), now)
            inbox.remember(session, message, heard.reply)
            if dry_run:
                raise _DryRun(heard)
            waiting = bool(session.info.get("letters"))
        if waiting:
            self.wake()
        return heard

    def _own_up(self, message: Message, number: str) -> Heard:
        """Tell the member of a bug; remember that, so that a retry hears the same."""
        reply = Reply(f"出了点问题，没有办成，已经记下（编号 {number}）。")
        try:
            with self.storage.write() as session:
                if not inbox.begin(session, message, self.clock.now()):
                    return Heard(inbox.earlier_reply(session, message))
                inbox.remember(session, message, reply)
        except (StorageError, SQLAlchemyError) as error:
            log.error("bug_not_recorded", number=number, why=str(error))
        return Heard(reply)

    def _hear(self, session: Session, message: Message, now: datetime) -> Heard:
        member = members.find(session, message.sender)
        if member is None:
            return _to_stranger(message)
        ask = Ask(
            member=member,
            standing=members.standing(session, member),
            message=message,
            words=message.text,
            now=now,
            session=session,
            commands=self.commands,
            config=self.config,
        )
        if message.kind == "event":
            return self._hear_event(ask)
        if message.kind != "text":
            return self._hear_other(ask)
        return self._hear_text(ask)

    def _hear_event(self, ask: Ask) -> Heard:
        """Run the command that a pressed button names: "receipt:12"."""
        message = ask.message
        if message.event == "subscribe":
            return self._run(ask, self.commands.by_intent["help"], "")
        intent, _, words = message.key.partition(":")
        command = self.commands.by_intent.get(intent)
        if command is None or message.event not in ("click", "template_card_event"):
            return Heard(None)
        return self._run(ask, command, words)

    def _hear_other(self, ask: Ask) -> Heard:
        """Give a picture to the open question that wants one."""
        kind = ask.message.kind
        question = pending.find(ask.session, ask.message.thread, ask.now)
        answering = question and self.commands.answering.get(question.kind)
        if question and answering and kind in answering.hears:
            return self._continue(ask, question) or Heard(Reply(_kindly(kind)))
        return Heard(Reply(_kindly(kind)))

    def _overhear(self, ask: Ask) -> Heard | None:
        for each in self.commands.overhearers:
            run = partial(each.run, ask)
            if answer := _guarded(ask.session, run):
                return Heard(answer, "receipt")
        return None

    def _hear_text(self, ask: Ask) -> Heard:
        question = pending.find(ask.session, ask.message.thread, ask.now)
        if question and (continued := self._continue(ask, question)):
            return continued
        if overheard := self._overhear(ask):
            return overheard
        reading = self.understanding.read(ask.text, ask.standing.role)
        heard = self._follow(ask, reading, asked_already=question is not None)
        if question is None:
            return heard
        still = pending.find(ask.session, ask.message.thread, ask.now)
        if still == question and heard.reply:
            text = f"{heard.reply.text}\n\n（刚才的还等您回答：{question.asked}）"
            return replace(heard, reply=Reply(text, heard.reply.changed))
        return heard

    def _continue(self, ask: Ask, question: pending.Open) -> Heard | None:
        """Take the text as the answer to the open question, if it is one."""
        answering = self.commands.answering.get(question.kind)
        if answering is None:
            return None
        answer = _guarded(ask.session, lambda: answering.run(ask, question))
        return None if answer is None else Heard(answer, question.kind)

    def _follow(self, ask: Ask, reading: Reading, *, asked_already: bool) -> Heard:
        command = self.commands.by_intent.get(reading.intent)
        if command is None:
            reply = Reply(reading.reply)
            if reading.choices and not asked_already:
                kept = {"choices": list(reading.choices), "text": ask.text}
                ask.put_question("choose", "您指的是哪一个？", **kept)
            return Heard(reply, reading.intent, reading.choices, reading.why)
        asked = replace(ask, meant=reading.meant)
        return replace(self._run(asked, command, reading.words), why=reading.why)

    def _run(self, ask: Ask, command: Command, words: str) -> Heard:
        if ask.standing.role < command.role:
            who = command.role.title
            return Heard(Reply(f"“{command.names[0]}”要由{who}来做。"), "denied")
        asked = replace(ask, words=words)
        return Heard(_guarded(ask.session, lambda: command.run(asked)), command.intent)

    def _cut(
        self, session: Session, message: Message, heard: Heard, now: datetime
    ) -> Heard:
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
        outbox.put_to(session, plan, message.sender, None, now=now)
        return replace(heard, reply=Reply(head, heard.reply.changed))


class _DryRun(Exception):  # rolls the transaction back
    def __init__(self, heard: Heard) -> None:
        self.heard = heard


def _guarded(session: Session, run: Callable[[], Answer | None]) -> Reply | None:
    """Run a rule; where it refuses, nothing happened and its text is the reply."""
    undo = session.begin_nested()
    try:
        answer = run()
    except Refusal as refusal:
        undo.rollback()
        return Reply(str(refusal))
    undo.commit()
    return Reply(answer) if isinstance(answer, str) else answer


def _to_stranger(message: Message) -> Heard:
    quiet = message.kind == "event" and message.event not in ("subscribe", "click")
    return Heard(None if quiet else Reply(STRANGER), "none")


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
