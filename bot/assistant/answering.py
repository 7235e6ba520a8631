"""The assistant: takes a message, gives an answer, once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property, partial
from time import monotonic
from typing import Any, TypeAlias

import structlog
from sqlalchemy.orm import Session

from bot import outbox
from bot.assistant.dialogue import Dialogue, Thoughts
from bot.assistant.faults import go_on_after
from bot.assistant.following import Following
from bot.assistant.look import Look, look, look_at_all
from bot.assistant.outcome import Outcome
from bot.assistant.rephrasing import Rephrasing
from bot.assistant.turn import Turn
from bot.branch.console import live_settings
from bot.cards.deferred import NotDrawn
from bot.channels import Channel, Sender
from bot.clock import Clock
from bot.command import Commands
from bot.config.live import Overlay
from bot.config.settings import Config
from bot.errors import StorageError
from bot.inbox import answered, sealed_replies
from bot.message import Message, Reply
from bot.outbox import ways
from bot.storage.database import Storage
from bot.storage.prepared import Prepared, backend, write_rows
from bot.storage.together import apart, goes_on, send_with_commit
from bot.understanding.reading import Understanding

log = structlog.get_logger(__name__)

Early: TypeAlias = Callable[[Outcome], None]

HURRY = 0.5  # seconds to wait for others' commits where an answer is already there
LEFT = "已取消关注"


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
    overlay: Overlay | None = None

    def take_settings(self, session: Session) -> None:
        """Have what was changed of the settings hold here, as the database has it."""
        if self.overlay is None:
            return
        version = live_settings.version(session)
        if version != self.overlay.version:
            self.overlay.lay(live_settings.current(session), version)

    @cached_property
    def _dialogue(self) -> Dialogue:
        return Dialogue(self.config, self.commands, self.understanding)

    @cached_property
    def _following(self) -> Following:
        return Following(self.channels, self.commands)

    def answer(
        self, message: Message, *, dry_run: bool = False, early: Early | None = None
    ) -> Outcome:
        """Answer a message, once: one that comes again gets the same answer.

        dry_run: answer as if, and change nothing. early: is told the answer where it
        may be put in better words still, which takes a while.
        """
        begun = monotonic()
        turn = self._begin(message)
        self._take(turn, self.storage.write, dry_run=dry_run)
        if turn.letters:
            self.wake()
        assert turn.outcome is not None  # it was waited for
        if early and self._can_improve(turn.outcome):
            early(turn.outcome)
        return self._rephrase(message, turn.outcome, begun, dry_run=dry_run)

    def answer_soon(self, messages: Sequence[Message]) -> Sequence[Outcome | None]:
        """Answer many in one commit; None for what takes its time, like a card.

        Nothing of that is done: `answer` does it, where nobody else waits. So it does
        for each of them where what all wrote could not be committed.
        """
        looked = False
        try:
            with self.storage.write_for_many() as session:
                now = self.clock.now()
                looks = look_at_all(session, messages, now)
                looked = True
                pairs = zip(messages, looks, strict=True)
                turns = [self._decide(session, *pair, now) for pair in pairs]
                rows = [row for turn in turns for row in turn.rows]
                if self._does_all_at_once:
                    write_rows(session, rows)
                    self._take_others(session, turns)
                else:
                    send_with_commit(session, rows)
        except Exception as error:  # noqa: BLE001  # each is heard by itself then
            if looked or not isinstance(error, StorageError):
                log.warning("not_together", messages=len(messages), why=str(error))
                return [None] * len(messages)
            turns = [self._begin(each) for each in messages]
            for turn in turns:
                go_on_after(turn, error)
        if any(turn.letters for turn in turns):
            self.wake()
        return [turn.outcome for turn in turns]

    @property
    def _does_all_at_once(self) -> bool:
        """Whether what was not looked up is done in the same commit.

        Where many may write, and where a model is asked, each is done by itself.
        """
        return self.storage.is_sqlite and self.rephrasing is None

    def _decide(
        self, session: Session, message: Message, seen: Look | None, now: datetime
    ) -> Turn:
        """Answer from what was looked up alone; the turn goes on where that is not all.

        It is not where something is open, which any answer may change. What goes wrong
        is told where it goes wrong again.
        """
        turn = self._begin(message)
        if seen is None or seen.answered or seen.question:
            return turn
        sight = seen.sight(backend(session), now)
        try:
            known = seen.known(sight)
            heard = turn.hear(sight, message, known, now)
            if heard.refused:  # nothing of what it began stays
                sight = seen.sight(sight.kind, now)
                seen.known(sight)
            heard.note(sight)
            heard = self._following.cut(sight, message, heard, known, now)
            if self._can_improve(heard):
                return turn
            answered.keep(sight, message, self._to_keep(message, heard), now)
        except Exception:  # noqa: BLE001
            return turn
        if heard.refused:
            heard = replace(heard, refused=False)
        turn.end(heard, rows=[*sight.rows, *_way_heard(message, now)])
        return turn

    def _take_others(self, session: Session, turns: Sequence[Turn]) -> None:
        """Take those that are not over yet, each of which may fail by itself."""
        for turn in turns:
            if not turn.over:
                self._take(turn, partial(apart, session), makes=False)
                if not goes_on(session):
                    raise StorageError("the transaction of all was undone")

    def _begin(self, message: Message) -> Turn:
        kept = Thoughts()
        return Turn(message, partial(self._dialogue.hear, kept), kept.made)

    def _take(
        self,
        turn: Turn,
        opening: Callable[[], AbstractContextManager[Session]],
        *,
        dry_run: bool = False,
        makes: bool = True,
    ) -> None:
        """Try until it is answered, whatever goes wrong.

        makes: False leaves what is first to be made, with None for its answer.
        """
        while not turn.over:
            try:
                with opening() as session:
                    heard, letters = self._hear(session, turn, dry_run=dry_run)
            except _Undone as undone:
                if dry_run:
                    turn.end(undone.heard)
                else:
                    turn.say(undone.heard)
            except Exception as error:  # noqa: BLE001  # the last door
                if isinstance(error, NotDrawn) and not makes:
                    turn.end(None)
                else:
                    go_on_after(turn, error)
            else:
                turn.end(heard, letters=letters)

    def _hear(
        self, session: Session, turn: Turn, *, dry_run: bool
    ) -> tuple[Outcome, bool]:
        """Hear a message and remember the answer, or find what it was before.

        Tell also whether there are letters to deliver. Raises _Undone where nothing of
        it may stay: a refusal that undoes what its rule began is then recorded by
        itself, which spares all others a savepoint.
        """
        message, now = turn.message, self.clock.now()
        session.info["cause"] = message.id  # letters of this work remember it
        seen = look(session, message, now)
        if seen.answered:
            return Outcome(self._recall(session, message)), False
        known = seen.known(session)
        if known:
            _note_way(session, message, known[0].id, now)
        heard = turn.hear(session, message, known, now)
        if heard.refused:
            raise _Undone(replace(heard, refused=False))
        heard.note(session)
        heard = self._following.keep_apart(session, message, heard, known, now)
        heard = self._following.cut(session, message, heard, known, now)
        kept, open_still = self._to_keep(message, heard), self._can_improve(heard)
        if not answered.remember(session, message, kept, now, open=open_still):
            raise StorageError("the message was answered meanwhile")
        if dry_run:
            raise _Undone(heard)
        return heard, bool(session.info.pop("letters", False))

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
        if reply is None or self._following.is_too_long(message, reply):
            return heard
        better = replace(heard, reply=reply)
        return better if dry_run or self._improve(message, better) else heard

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
        return Reply(
            sealed_replies.seal(heard.reply.text, message, self.config.platform_secret)
        )

    def _recall(self, session: Session, message: Message) -> Reply | None:
        earlier = answered.earlier_reply(session, message)
        kept = earlier.text if earlier else None
        text = sealed_replies.unseal(kept, message, self.config.platform_secret)
        return None if text is None else Reply(text)


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


def _way_heard(
    message: Message, now: datetime
) -> Iterator[tuple[Prepared, Mapping[str, Any]]]:
    """Yield what a word by another way than a WeCom account leaves of itself."""
    if message.channel != outbox.PEOPLE:
        yield ways.heard(message.channel, message.sender, now)


class _Undone(Exception):  # rolls the transaction back
    def __init__(self, heard: Outcome) -> None:
        self.heard = heard
