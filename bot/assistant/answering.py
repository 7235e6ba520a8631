"""The assistant: takes a message, gives an answer, once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property, partial
from time import monotonic
from typing import TypeAlias
from uuid import uuid4

import structlog
from sqlalchemy.orm import Session

from bot import outbox
from bot.assistant.dialogue import Dialogue
from bot.assistant.look import look
from bot.assistant.outcome import Outcome
from bot.assistant.rephrasing import Rephrasing
from bot.branch.people import members
from bot.cards.deferred import Drawn, NotDrawn
from bot.channels import Channel, Sender
from bot.clock import Clock
from bot.command import Commands
from bot.config.settings import Config
from bot.errors import DatabaseLost, DiskFull, KeyMissing, StorageError
from bot.inbox import answered, sealed_replies
from bot.message import Message, Reply, Text
from bot.storage.database import Storage
from bot.storage.group_commit import Steps, do_together
from bot.text.split import cut_head
from bot.understanding.reading import Understanding

log = structlog.get_logger(__name__)

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
REST_GOOD_FOR = timedelta(hours=1)
HURRY = 0.5  # seconds to wait for others' commits where an answer is already there
Known: TypeAlias = tuple[members.Speaker, members.Standing]
Hear: TypeAlias = Callable[[Session, Message, Known | None, datetime], Outcome]


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

    @cached_property
    def _dialogue(self) -> Dialogue:
        return Dialogue(self.config, self.commands, self.understanding)

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
                hear = partial(self._dialogue.hear, made)
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
            session.info["cause"] = message.id  # letters of this work remember it
            seen = look(session, message)
            if seen.answered:
                return Outcome(self._recall(session, message)), False
            heard = hear(session, message, seen.known, now)
            if heard.refused:
                raise _Undone(replace(heard, refused=False))
            heard.note(session)
            heard = self._cut(session, message, heard, now)
            kept, open_still = self._to_keep(message, heard), self._can_improve(heard)
            if not answered.remember(session, message, kept, now, open=open_still):
                raise StorageError("the message was answered meanwhile")
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
        told = heard.reply
        if not (self.rephrasing and told and told.passages):
            return heard
        try:
            reply = self.rephrasing.improve(message, told, begun)
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


class _Undone(Exception):  # rolls the transaction back
    def __init__(self, heard: Outcome) -> None:
        self.heard = heard
