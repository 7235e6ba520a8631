"""A conversation: who speaks, what is open, which command is meant, may they.

The order in which a text is heard: the answer to what is open (a draft's yes, no,
change or question first), what is overheard, another command. What was open waits
then, and is offered again, once, when the other is done.
"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from bot.assistant import drafts, past_drafts, undo, unwritten
from bot.assistant.orders import Orders
from bot.assistant.outcome import Outcome
from bot.assistant.questions import VOID, Questions, close_open, find_open
from bot.assistant.shown import note_shown
from bot.assistant.strangers import hear_stranger
from bot.branch.people.members import Speaker, Standing
from bot.cards.deferred import Drawn
from bot.command import Ask, Commands
from bot.config.settings import Config
from bot.inbox import open_questions
from bot.inbox.open_questions import Open
from bot.message import Message, Reply
from bot.storage import encrypted
from bot.understanding.drafts.cues import begins_change
from bot.understanding.drafts.holding import part_hold
from bot.understanding.drafts.replies import read_reply
from bot.understanding.judging.opinion import CLEAR
from bot.understanding.reading import Reading, Understanding
from bot.understanding.repairs import repair
from bot.understanding.slots.scope import Scope
from bot.understanding.words.smalltalk import GUIDANCE, NOT_DONE, NOTHING

MORE = "（“{more}”是另一件事，这次没有办，请单独再说一次。）"
REPAIRED = "（您改了口，按“{said}”听的。）"
ON_HOLD = "（“{said}”听到了，没有写进去：先放着没办，三个小时里都在。）"
NOT_YET = "“{said}”听到了，没有办。要办的时候去掉这句再说一遍。"
WHY = "（“{why}”当作原因听了，没有记。）"
SPOKEN, SHOWN_SPOKEN = "（听到的是：{said}）", 200


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

    @cached_property
    def _orders(self) -> Orders:
        return Orders(self.commands, self.understanding)

    @cached_property
    def _questions(self) -> Questions:
        return Questions(self.commands, self._orders)

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
        return note_shown(session, message, heard, now)

    def _hear_openly(
        self,
        kept: Thoughts,
        session: Session,
        message: Message,
        known: tuple[Speaker, Standing] | None,
        now: datetime,
    ) -> Outcome:
        if known is None:
            return hear_stranger(session, message, self.config, now)
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
        heard = self._hear_ask(ask)
        undo.note_deed(ask, heard, self.commands)
        return heard

    def _hear_ask(self, ask: Ask) -> Outcome:
        message = ask.message
        if message.kind == "event":
            return unwritten.hear_event(ask, self._orders)
        if message.kind == "voice" and message.text:
            return self._hear_spoken(ask)
        if message.kind != "text":
            return unwritten.hear_other(ask, self._questions)
        return self._hear_meant(ask)

    def _hear_spoken(self, ask: Ask) -> Outcome:
        """Take what the platform made of a voice for a text, and say what that was."""
        spoken = replace(ask.message, kind="text")
        heard = self._hear_meant(replace(ask, message=spoken, words=spoken.head))
        if heard.reply is None:
            return heard
        return heard.with_head(SPOKEN.format(said=spoken.text[:SHOWN_SPOKEN]))

    def _hear_meant(self, ask: Ask) -> Outcome:
        """Hear a text as it is meant in the end: 周四，哦不，周五."""

        def names() -> Collection[str]:
            """Look up who is there, only where a slip was made: few have one."""
            return Scope(ask.session, ask.standing.branch, ask.text).names

        meant = repair(ask.text, ask.now, names)
        if meant == ask.text:
            return self._hear_text(ask)
        message = replace(ask.message, text=meant)
        heard = self._hear_text(replace(ask, message=message, words=meant))
        if heard.reply is None or heard.intent == "none":
            return heard
        return heard.with_line(REPAIRED.format(said=_shorten(meant)))

    def _hear_text(self, ask: Ask) -> Outcome:
        question = find_open(ask)
        if question is None and (pressed := unwritten.press_told(ask, self._orders)):
            return pressed
        if question and not ask.standing.includes(*question.office):
            return self._hear_without(ask, question)
        if turned := self._questions.turn_down(ask, question):
            return self._hear_instead(*turned)
        if question and (heard := self._questions.take_answer(ask, question)):
            return self._questions.go_on(ask, heard)
        heard = self._hear_order(ask, question)
        if heard.reply is None:
            return heard
        if question is None:
            return past_drafts.say_over(ask, heard)
        heard = self._questions.say_waiting(ask, question, heard)
        return self._questions.go_on(ask, heard)

    def _hear_instead(self, declined: Outcome | None, wanted: Ask) -> Outcome:
        """Hear what is wanted in the place of what was turned down.

        Where the taking back is asked about first, the other waits, and is told of.
        """
        if declined and declined.reply and find_open(wanted):
            return declined.with_line(MORE.format(more=wanted.said))
        heard = self._hear_text(wanted)
        if declined is None or declined.reply is None:
            return heard
        return heard.with_head(f"{declined.reply.text}\n")

    def _hear_order(self, ask: Ask, question: Open | None) -> Outcome:
        """Hear a text that answers nothing, or takes up what was only offered."""
        heard = self._orders.overhear(ask) or self._hear_held(ask, question)
        if heard is not None:
            return heard
        ask, more = self._orders.part(ask)
        reading = self._orders.read(ask)
        offer = question if question and self._questions.is_offer(question) else None
        if offer:
            told = replace(ask, tells=reading.tells(), means=_meant(reading))
            told = replace(told, answers=offer)
            if taken_up := self._questions.answer(told, offer):
                return taken_up
        unclear = self._orders.is_guessed(ask, reading)
        if question and self._fits_nothing(ask, question, reading, unclear=unclear):
            return drafts.say_unheard(ask, question, reading)
        waits = question is not None and not question.passing
        if unclear and not waits and (again := past_drafts.take_up_dropped(ask)):
            return again
        asked = question is not None and self._questions.waits_for(question)
        if not asked and reading.line is None and (referred := self._orders.refer(ask)):
            return referred
        if unclear and len(reading.choices) == 1 and begins_change(ask.text):
            return Outcome(Reply(drafts.NO_SUCH), "none", explain=reading.explain)
        return self._do(ask, self._think(ask, question, reading), more)

    def _think(self, ask: Ask, question: Open | None, reading: Reading) -> Reading:
        """Read a text that nothing open takes as sentences tell that were learnt from.

        A yes, a no or the like is none; over what waits for an answer, only a question
        that is clear is heard so.
        """
        is_answer = read_reply(ask.text).act not in ("none", "heard")
        thought = None if is_answer else reading.thought
        if thought is None:
            return reading
        if question is not None and not question.passing:
            command = self.commands.by_intent.get(thought.intent)
            asks = command is not None and not command.acts
            return thought if asks and thought.learnt >= CLEAR else reading
        return thought

    def _hear_held(self, ask: Ask, question: Open | None) -> Outcome | None:
        """Hear an order that is to wait: it is shown, and nothing of it is done.

        None where the text says no such thing, or orders nothing besides.
        """
        order, held = part_hold(ask.text)
        if not (held and order) or ask.message.rest:
            return None
        alone = replace(ask, message=replace(ask.message, text=order), words=order)
        if not self._orders.is_order(alone):
            return None
        with open_questions.on_trial(ask.session) as tried:
            heard = self._hear_order(alone, question)
            waits = find_open(ask)
            if heard.reply and heard.reply.changed:
                return Outcome(Reply(NOT_YET.format(said=held)), heard.intent)
            tried.commit()
        if heard.reply is None or waits is None or waits == question:
            return heard
        open_questions.hold(ask.session, ask.message.thread, ask.now)
        return heard.with_line(ON_HOLD.format(said=held))

    def _do(self, ask: Ask, reading: Reading, more: str) -> Outcome:
        alone = self._orders.without_reason(ask) if reading.intent == NOTHING else None
        if alone:
            heard = self._orders.do(alone[0], self._orders.read(alone[0]))
            return heard.with_line(WHY.format(why=alone[1])) if heard.reply else heard
        late = self._orders.hear_late(ask) if reading.learnt else None
        heard = late or self._orders.do(ask, reading)
        if not more or heard.reply is None:
            return heard
        return heard.with_line(MORE.format(more=more))

    def _fits_nothing(
        self, ask: Ask, question: Open, reading: Reading, *, unclear: bool
    ) -> bool:
        """Whether a text is of the open draft, though it changes nothing there."""
        drafting = self.commands.drafts.get(question.kind)
        if drafting is None:
            return False
        beside = drafts.is_beside(ask, reading, self.commands)
        lost = not _meant(reading) and not reading.choices
        if not question.stale and (
            beside or (lost and not drafting.lacks(question.kept))
        ):
            return True
        return unclear and begins_change(ask.text)

    def _hear_without(self, ask: Ask, question: Open) -> Outcome:
        """Hear a text as if a question had not been put: its asker holds less now."""
        close_open(ask)
        heard, void = self._hear_text(ask), VOID.format(asked=question.asked)
        if heard.reply is None or heard.intent == "none":
            return Outcome(Reply(void))
        return heard.with_line(f"（{void}）")


def _shorten(said: str) -> str:
    return said if len(said) <= SHOWN_SPOKEN else f"{said[:SHOWN_SPOKEN]}…"


def _meant(reading: Reading) -> str:
    """Name what a text is read as, small talk too; "" where that is not clear."""
    unknown = reading.intent == NOTHING and reading.reply in (GUIDANCE, NOT_DONE)
    return "" if unknown or reading.choices else reading.intent
