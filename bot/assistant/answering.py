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
from bot.assistant.look import Look, look
from bot.assistant.outcome import Outcome
from bot.assistant.rephrasing import Rephrasing
from bot.assistant.turn import Turn, take_together
from bot.cards.deferred import Drawn, NotDrawn
from bot.channels import Channel, Sender
from bot.clock import Clock
from bot.command import Commands
from bot.config.settings import Config
from bot.errors import DatabaseLost, DiskFull, KeyMissing, StorageError
from bot.inbox import answered, callers, sealed_replies
from bot.message import Message, Reply, Text
from bot.storage.database import Storage
from bot.storage.group_commit import Done, Work
from bot.text.split import cut_head
from bot.understanding.reading import Understanding

log = structlog.get_logger(__name__)

Early: TypeAlias = Callable[[Outcome], None]

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
TOLD_ALONE = "单独回复您了，请看我们的单聊。"
ASK_ALONE = "这件事不在群里说：请打开和我的单聊，在那里问我。"
LEFT = "已取消关注"
BUG = "出了点问题，没有办成，已经记下（编号 {number}）。"


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

    def answer(
        self, message: Message, *, dry_run: bool = False, early: Early | None = None
    ) -> Outcome:
        """Answer a message, once: one that comes again gets the same answer.

        dry_run: answer as if, and change nothing. early: is told the answer where it
        may be put in better words still, which takes a while.
        """
        return self.answer_all([message], dry_run=dry_run, early=early)[0]

    def answer_all(
        self,
        messages: Sequence[Message],
        *,
        dry_run: bool = False,
        early: Early | None = None,
    ) -> Sequence[Outcome]:
        """Answer messages in one commit, each as if it had come alone."""
        begun = monotonic()
        answers = []
        for turn in self._take_turns(messages, dry_run=dry_run):
            assert turn.outcome is not None  # it was waited for
            if early and self._can_improve(turn.outcome):
                early(turn.outcome)
            heard = self._rephrase(turn.message, turn.outcome, begun, dry_run=dry_run)
            answers.append(heard)
        return answers

    def answer_soon(self, messages: Sequence[Message]) -> Sequence[Outcome | None]:
        """Answer what takes no time, in one commit; None for what does, like a card.

        Nothing of that is done: `answer` does it, where nobody else waits.
        """
        return [each.outcome for each in self._take_turns(messages, makes=False)]

    def _take_turns(
        self, messages: Sequence[Message], *, dry_run: bool = False, makes: bool = True
    ) -> Sequence[Turn]:
        """Answer each once, whatever goes wrong.

        makes: False leaves what is first to be made, with None for its answer.
        """
        turns = [self._begin(each) for each in messages]
        settle = partial(self._settle, dry_run=dry_run, makes=makes)
        work_of = partial(self._work_of, dry_run=dry_run)
        take_together(turns, work_of, settle, self.storage.share)
        return turns

    def _begin(self, message: Message) -> Turn:
        made = Drawn()
        return Turn(message, partial(self._dialogue.hear, made), made)

    def _settle(self, turn: Turn, done: Done, *, dry_run: bool, makes: bool) -> None:
        """Take what came of a try: it is the answer, or says what to try next."""
        error = done.error
        if error is None:
            heard, letters = done.result
            if letters:
                self.wake()
            turn.end(heard)
        elif isinstance(error, _Undone) and dry_run:
            turn.end(error.heard)
        elif isinstance(error, _Undone):
            turn.say(error.heard)
        elif isinstance(error, NotDrawn) and not makes:
            turn.end(None)
        else:
            self._go_on(turn, error)

    def _go_on(self, turn: Turn, error: Exception) -> None:
        """Make what is lacking, or say what went wrong and have that recorded."""
        message = turn.message
        if turn.fault is not None:
            log.error("bug_not_recorded", message=message.id, why=str(error))
            turn.end(turn.fault)
        elif isinstance(error, NotDrawn):
            try:
                turn.made.add(error)
            except Exception as fault:  # noqa: BLE001  # told as any other bug
                self._go_on(turn, fault)
        elif isinstance(error, StorageError) and not isinstance(error, KeyMissing):
            log.error("message_not_recorded", message=message.id, why=str(error))
            said = next(said for kind, said in NOT_RECORDED if isinstance(error, kind))
            turn.end(Outcome(Reply(said)))
        elif isinstance(error, KeyMissing):
            log.error("key_missing", message=message.id, why=str(error))
            turn.own_up(Outcome(Reply(LOCKED)))
        else:  # the last door before the member
            number = uuid4().hex[:6]
            log.error("bug", number=number, message=message.id, exc_info=error)
            turn.own_up(Outcome(Reply(BUG.format(number=number))))

    def _work_of(self, turn: Turn, *, dry_run: bool) -> Work:
        """Hear a message and remember the answer, or find what it was before.

        Raises _Undone where nothing of it may stay: a refusal that undoes what its
        rule began is then recorded by itself, which spares all others a savepoint.
        """
        message, now = turn.message, self.clock.now()

        def work(session: Session) -> tuple[Outcome, bool]:
            session.info["cause"] = message.id  # letters of this work remember it
            seen = look(session, message, now)
            if seen.answered:
                return Outcome(self._recall(session, message)), False
            if seen.known:
                _note_way(session, message, seen.known[0].id, now)
            heard = turn.hear(session, message, seen.known, now)
            if heard.refused:
                raise _Undone(replace(heard, refused=False))
            heard.note(session)
            heard = self._keep_apart(session, message, heard, seen, now)
            heard = self._cut(session, message, heard, seen, now)
            kept, open_still = self._to_keep(message, heard), self._can_improve(heard)
            if not answered.remember(session, message, kept, now, open=open_still):
                raise StorageError("the message was answered meanwhile")
            if dry_run:
                raise _Undone(heard)
            return heard, bool(session.info.pop("letters", False))

        return work

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
        return self.config.platform_secret

    def _keep_apart(
        self,
        session: Session,
        message: Message,
        heard: Outcome,
        seen: Look,
        now: datetime,
    ) -> Outcome:
        """Say in a group only what everybody may read; the rest to the asker alone."""
        if not message.group or heard.reply is None or self._is_public(heard):
            return heard
        wrote = callers.has_written(session, message.channel, message.sender)
        if heard.private or not wrote:
            return replace(heard, reply=Reply(ASK_ALONE, heard.reply.changed))
        plan = outbox.Plan(
            key=f"alone:{message.channel}:{message.id}",
            kind="reply",
            content=Text(heard.reply.text),
            window=outbox.Window(now, now + REST_GOOD_FOR),
            importance=outbox.Importance.ANSWER,
            channel=message.channel,
        )
        number = seen.known[0].id if seen.known else None
        outbox.put_to(session, plan, message.sender, number, now=now)
        return replace(heard, reply=Reply(TOLD_ALONE, heard.reply.changed))

    def _is_public(self, heard: Outcome) -> bool:
        command = self.commands.by_intent.get(heard.intent)
        return command.public if command else heard.intent == "none"

    def _cut(
        self,
        session: Session,
        message: Message,
        heard: Outcome,
        seen: Look,
        now: datetime,
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
        number = seen.known[0].id if seen.known else None
        outbox.put_to(session, plan, message.sender, number, now=now)
        return replace(heard, reply=Reply(head, heard.reply.changed))


def _note_way(
    session: Session, message: Message, member_id: int, now: datetime
) -> None:
    """Have answers go where somebody asks, and what waited for a word from there."""
    session.info[outbox.ASKED_FROM] = member_id, message.channel
    if message.channel == outbox.PEOPLE:
        return
    here = message.channel, message.sender
    if message.event == "unsubscribe":
        outbox.lose(session, message.channel, {message.sender: LEFT}, now)
    elif message.event == "subscribe":
        outbox.come_back(session, *here)
    elif message.kind != "event" and not message.group:
        outbox.note_heard(session, *here, now)
        outbox.tell_awaited(session, member_id, message.channel, now)


class _Undone(Exception):  # rolls the transaction back
    def __init__(self, heard: Outcome) -> None:
        self.heard = heard
