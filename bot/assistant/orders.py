"""What a text orders, and the doing of it: read, may they, run."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from bot.assistant import references, undo
from bot.assistant.outcome import Outcome, guard
from bot.branch.people.members import Role
from bot.branch.people.referral import say_who_may
from bot.command import Ask, Command, Commands, NotMeant, name_of
from bot.message import Reply
from bot.text.phrases import Line
from bot.understanding.drafts.changes import told_changes
from bot.understanding.drafts.cues import speaks_of_last
from bot.understanding.drafts.reasons import gives_reason
from bot.understanding.reading import CHOOSE, Reading, Understanding
from bot.understanding.speech import listen
from bot.understanding.text import normalise

MORE = "大概听懂了，还差说清是哪一个、要怎样。\n这一项是：{help}"
BETWEEN = "，,。；; \u3000"


@dataclass(frozen=True)
class Orders:
    commands: Commands
    understanding: Understanding

    def part(self, ask: Ask) -> tuple[Ask, str]:
        """Take only the first of several orders; the other is told of, not lost."""
        if ask.message.rest:
            return ask, ""
        first, more = self.understanding.part(ask.text, ask.standing.role)
        if not more:
            return ask, ""
        return replace(ask, message=replace(ask.message, text=first)), more

    def read(self, ask: Ask, passed: Sequence[Line] = ()) -> Reading:
        def knows(intent: str, words: str) -> bool:
            command = self.commands.by_intent[intent]
            return command.knows is not None and command.knows(ask, words)

        role, readings = ask.standing.role, ask.readings
        key = (ask.text, role, *passed)
        if key not in readings:
            readings[key] = self.understanding.read(ask.text, role, passed, knows)
        reading: Reading = readings[key]
        return reading

    def without_reason(self, ask: Ask) -> tuple[Ask, str] | None:
        """Take an order without the reason that follows it: 先别发，他说不想要.

        None where what stands before it is no order by itself, as a whole sentence.
        """
        at = max(map(ask.said.rfind, BETWEEN))
        first, why = ask.said[: max(at, 0)], ask.said[at + 1 :]
        if at <= 0 or ask.message.rest or not gives_reason(why):
            return None
        alone = replace(ask, message=replace(ask.message, text=first))
        whole = self.read(alone).line is not None
        return (alone, why) if whole and self.name_sure(alone) else None

    def read_as(self, ask: Ask, text: str, command: Command) -> Ask:
        """Ask with a text said before, read as an order for one command."""
        first = replace(ask, message=replace(ask.message, text=text))

        def knows(_intent: str, words: str) -> bool:
            return command.knows is not None and command.knows(first, words)

        reading = self.understanding.read_as(
            first.text, command, ask.standing.role, knows
        )
        return replace(first, words=reading.words, slots=reading.slots)

    def name_sure(self, ask: Ask) -> str:
        """Name the act that a text orders by itself; "" for none.

        What only a sketch tells may as well be said of what is open.
        """
        reading = self.read(ask)
        command = self.commands.by_intent.get(reading.intent)
        sure = command is not None and command.acts and reading.sketch is None
        return reading.intent if sure and reading.meant else ""

    def is_order(self, ask: Ask) -> bool:
        """Whether a text is of a command by itself: it surely orders, or asks."""
        reading = self.read(ask)
        command = self.commands.by_intent.get(reading.intent)
        if command is None:
            return False
        if not command.acts and listen(normalise(ask.text).text).asks:
            return not told_changes(ask.said, ask.now)
        if reading.sketch is not None:
            return False
        return reading.meant and (command.acts or reading.line is not None)

    def is_guessed(self, ask: Ask, reading: Reading) -> bool:
        """Whether a text names no command and is no sentence: it may be of anything."""
        command = self.commands.by_intent.get(reading.intent)
        if command is None:
            return True
        named = any(each in ask.text for each in command.names)
        return reading.line is None and not named

    def do(self, ask: Ask, reading: Reading) -> Outcome:
        """Do what was read; read on where a sentence turns out not to be meant."""
        passed: list[Line] = []
        while True:
            try:
                return self._follow(ask, reading)
            except NotMeant:
                if reading.near:
                    shown = self._shown(reading.near)
                    return self._follow(ask, self.understanding.offer(shown))
                read = reading.line or reading.sketch
                if read is None:
                    return self._ask_more(reading)
                passed.append(read)
            reading = self.read(ask, passed)
            if reading.line is None and (referred := self.refer(ask)):
                return referred

    def _ask_more(self, reading: Reading) -> Outcome:
        """Say what is heard of an order that lacks what it is about."""
        command = self.commands.by_intent[reading.intent]
        told = MORE.format(help=command.help)
        return Outcome(Reply(told), reading.intent, explain=reading.explain)

    def refer(self, ask: Ask) -> Outcome | None:
        return references.refer(ask, self.commands)

    def overhear(self, ask: Ask) -> Outcome | None:
        """Hear what takes back the last thing done, or what one topic alone knows."""
        if taken_back := undo.take_back(ask, self.commands):
            return taken_back
        for each in self.commands.overhearers:
            if heard := guard(partial(each.run, ask), each.intent):
                return heard
        return None

    def hear_late(self, ask: Ask) -> Outcome | None:
        for each in self.commands.late:
            if heard := guard(partial(each.run, ask), each.intent):
                return heard
        return None

    def _follow(self, ask: Ask, reading: Reading) -> Outcome:
        command = self.commands.by_intent.get(reading.intent)
        if command is None:
            if late := self.hear_late(ask):
                return late
            reading = self._of_topic(ask, reading)
            reply = Reply(reading.reply)
            if reading.choices:
                kept = {"choices": list(reading.choices), "text": ask.message.text}
                ask.put_passing(CHOOSE, "您指的是哪一个？", **kept)
            return Outcome(reply, reading.intent, reading.choices, reading.explain)
        guessed = reading.line is None and _is_by_the_way(command)
        if guessed and (late := self.hear_late(ask)):
            return late
        words, meant, slots = reading.words, reading.meant, reading.slots
        asked = replace(ask, words=words, meant=meant, slots=slots, near=reading.near)
        return self.run(asked, command, reading.explain)

    def _of_topic(self, ask: Ask, reading: Reading) -> Reading:
        """Offer only what is of the topic spoken of, or named; else all of it.

        撤销打卡 is nothing to offer to 刚才那个通知时间错了.
        """
        if len(reading.choices) < 2 or not speaks_of_last(ask.text):
            return reading
        topic = references.find_topic(ask, self.commands)
        every = [self.commands.by_intent[each] for each in reading.choices]
        mine = tuple(
            each.intent
            for each in every
            if each.topic == topic or any(name in ask.text for name in each.names)
        )
        if not topic or not mine or len(mine) == len(every):
            return reading
        offered = self.understanding.offer(mine)
        return replace(offered, words=reading.words, explain=reading.explain)

    def _shown(self, intents: Sequence[str]) -> tuple[str, ...]:
        every = self.commands.by_intent
        return tuple(each for each in intents if not every[each].acts)

    def run(
        self, ask: Ask, command: Command, explain: Callable[[], str] = str
    ) -> Outcome:
        if ask.standing.role < command.role:
            name = name_of(self.commands.by_intent, command.intent)
            told = Reply(f"“{name}”要由{say_who_may(command.role)}来做。")
            return Outcome(told, "denied", explain=explain)
        run = partial(command.run, ask)
        return guard(run, command.intent, explain) or Outcome(None, command.intent)


def _is_by_the_way(command: Command) -> bool:
    """Whether a command only shows, and stands in no help: knowledge may know."""
    return not (command.shown or command.acts) and command.role == Role.MEMBER
