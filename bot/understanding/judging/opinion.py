"""What sentences that were learnt from make of a text, beside what else is known.

How people say things was learnt from thousands of sentences (learned). That outweighs
a likeness, and a sketch or a name where it is sure; where both are possible, both are
offered. An act that something in the text forbids is offered, not done.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from bot.branch.people.members import Role
from bot.command import Command
from bot.understanding.evidence import Evidence
from bot.understanding.judging.verdict import Orders
from bot.understanding.learnt import tags
from bot.understanding.learnt.intents import Guess, Learned, marks_of
from bot.understanding.speech import is_question, listen
from bot.understanding.text import normalise
from bot.understanding.words.masks import mask
from bot.understanding.words.smalltalk import NOTHING

REMINDERS, REMIND, BROADCAST = "reminders", "remind", "broadcast"
# Shares of one; found on the training half, and on the said sentences of the same.
SHOWS, PREVIEWED, CLEAR = 0.25, 0.3, 0.6
"""From which an intent is taken that only shows, or is previewed; from which it is
told who may, or may record what it also shows."""
FOR_SURE = 0.93
"""From which something is done unseen: no action on a guess."""
TOLD = {REMIND: 0.6, "checkin": 0.5, "study.record": 0.6}
"""From which what is one's own alone is done, where its particulars are told: it is
shown, seen by nobody else, and undone in a word."""
MEASURE = re.compile(
    r"(?:[0-9零一二两三四五六七八九十半]+|几)个?半?(?:多|来)?"
    r"(?:分钟?|小时|钟头|刻钟|学时|min|h\b|集|篇|章|讲|天)"
)
DESPITE, OFFERED_DESPITE = 0.5, 0.6
BEYOND = {"name": 0.6, "sketch": 0.5, "likeness": 0.25, "nothing": 0.0}
MOSTLY, BEYOND_WORDS = 0.6, 0.8
"""Share of a text whose words its command's examples have; what outweighs that."""
ALONE = 0.2
"""Below this, what was understood else is offered as well."""
OFFERED, DOUBTS = 0.08, 0.1
"""From which something is offered, where nothing was understood or something else."""
TAGGERS = {
    BROADCAST: tags.NOTICE_TAGGER,
    "plan_event": tags.MEETING_TAGGER,
    REMIND: tags.REMINDER_TAGGER,
}
NEVER = 2.0
LEFT_ALONE = {"offered": 0.95, "sketch": 0.8}
LEAST, OF_THE_BEST, NOTHING_NEAR, BESIDE_NOTHING = 0.025, 0.1, 0.85, 2.0
MOST_CHOICES = 3
HARDLY_AGAINST = frozenset(
    ("说别人", "将来", "评说", "代别人", "假设", "过去", "没定", "惯常", "忘记")
)
"""What stands in a text beside an order far more often than it forbids one."""
OF_ALL, SHORT = ("否定", "转述", "说别人", "已经", "过去"), 12
"""What in a text of so few characters is said of the order itself."""
OUTRIGHT = ("疑问", "旁说", "询问")
CARRIED, OWN = 4, 3
"""Characters: what is carried, and the order's own words, must have so many."""
SHORTEST, LONGEST = 4, 200
"""Characters: fewer answer something, more were written and say what they are."""

By: TypeAlias = Literal["order", "name", "sketch", "likeness", "nothing"]
"""How a text was understood without what was learnt: a name that begins it and stands
apart is an order, as is what was turned down."""


@dataclass(frozen=True)
class Understood:
    """What was understood without what was learnt.

    offered: asked which is meant. words_known: which share of its pieces the examples
    of what is meant have.
    """

    intent: str
    by: By
    offered: Collection[str] = ()
    words_known: float = 0.0


@dataclass(frozen=True)
class Opinion:
    """intent: to be taken; offered: to be asked about; neither: nothing is meant.

    is_meant: whether it is an order: a command that also records may only do so then.
    """

    guesses: Sequence[Guess]
    intent: str = ""
    offered: tuple[str, ...] = ()
    is_meant: bool = False


class Opinions:
    """Knows the commands, what forbids them, and what was learnt."""

    def __init__(self, commands: Mapping[str, Command], orders: Orders) -> None:
        self._commands, self._orders = commands, orders
        self._learned = Learned([*commands, NOTHING])

    def find(self, heard: Evidence, known: Understood, role: Role) -> Opinion | None:
        """Say what a text means; None where what is known is to stay."""
        is_short = len(heard.plain) < SHORTEST
        if known.by == "order" or is_short or len(heard.said.text) > LONGEST:
            return None
        barred = heard.sentence and heard.sentence.template.intent
        guesses = [
            each
            for each in self._learned.guess(heard.plain, marks_of(heard.speech))
            if each.intent != barred and self._may_ask(each, role)
        ]
        if not guesses:
            return None
        best = guesses[0]
        if best.intent == NOTHING:
            return self._leave(guesses, known)
        if best.intent == known.intent or self._is_declined(heard, best, known):
            return None
        if self._is_likelier(guesses, known) and self._may_take(heard, best, known):
            is_meant = best.share >= CLEAR and not self._against(heard, best)
            return Opinion(guesses, intent=best.intent, is_meant=is_meant)
        return self._ask_which(heard, guesses, known, role)

    def _ask_which(
        self, heard: Evidence, guesses: Sequence[Guess], known: Understood, role: Role
    ) -> Opinion | None:
        """Offer what may be meant; one order alone that carries something is shown."""
        best = guesses[0]
        least = OFFERED if known.by == "nothing" else DOUBTS
        is_known = known.by == "name" or known.words_known >= MOSTLY
        if is_known or best.share < least:
            return None
        offered = self._offered(heard, guesses, role)
        if self._is_shown_alone(heard, best, offered, known):
            return Opinion(guesses, intent=offered[0])
        others = known.offered if known.by == "nothing" else [known.intent]
        if offered and (known.by != "nothing" or best.share < ALONE):
            offered = tuple(dict.fromkeys([offered[0], *others, *offered[1:]]))[
                :MOST_CHOICES
            ]
        return Opinion(guesses, offered=offered) if offered else None

    def _is_likelier(self, guesses: Sequence[Guess], known: Understood) -> bool:
        """Whether the likeliest is far likelier than what is known, or than nothing."""
        nothing = sum(each.share for each in guesses if each.intent == NOTHING)
        least = max(self._least(known), nothing * BESIDE_NOTHING)
        return guesses[0].share >= least

    def _is_shown_alone(
        self, heard: Evidence, best: Guess, offered: Sequence[str], known: Understood
    ) -> bool:
        """Whether one order that carries something is all that is likely.

        Its preview is shown, with no list of one.
        """
        if known.by != "nothing" or len(offered) != 1:
            return False
        if set(known.offered) - set(offered) and best.share < CLEAR:
            return False
        carries = bool(self._own_words(heard.said.text, best.intent))
        return carries and not self._against(heard, best)

    def _may_ask(self, guess: Guess, role: Role) -> bool:
        """Whether a role may do it; what is clear is told who may."""
        command = self._commands.get(guess.intent)
        return command is None or command.role <= role or guess.share >= CLEAR

    def _is_declined(self, heard: Evidence, best: Guess, known: Understood) -> bool:
        """Whether a short text calls the act, and something in it turned that down."""
        called = heard.call is not None and heard.call.intent == best.intent
        acts = called and self._commands[best.intent].acts
        return acts and known.intent == NOTHING and len(heard.said.text) <= SHORT

    def _least(self, known: Understood) -> float:
        """Tell how likely something else must be than what was understood."""
        if known.by in ("name", "likeness") and known.words_known >= MOSTLY:
            return BEYOND_WORDS
        return BEYOND[known.by]

    def _leave(self, guesses: Sequence[Guess], known: Understood) -> Opinion | None:
        """Leave alone what means nothing for sure, where it is offered or sketched."""
        least = LEFT_ALONE.get("offered" if known.offered else known.by, NEVER)
        return Opinion(guesses) if guesses[0].share >= least else None

    def _may_take(self, heard: Evidence, best: Guess, known: Understood) -> bool:
        command = self._commands[best.intent]
        seen = not command.acts or command.role > Role.MEMBER
        if not (seen or self._is_previewed(command)):
            against = self._against(heard, best)
            if self._tells_enough(heard.said.text, best):
                return not against or against in HARDLY_AGAINST
            sure = best.share >= FOR_SURE and not known.offered
            return sure and not against
        if not command.acts:
            return best.share >= SHOWS
        if best.intent == BROADCAST and not self._carries(heard.said.text):
            return False
        against = self._against(heard, best)
        if against in HARDLY_AGAINST and self._is_shown_first(heard, command):
            return best.share >= DESPITE
        return best.share >= PREVIEWED and not against

    def _tells_enough(self, said: str, best: Guess) -> bool:
        """Whether what is one's own alone is told with its particulars.

        Of what one has learnt, how much; of a reminder, its time and what it is of.
        """
        if best.share < TOLD.get(best.intent, NEVER):
            return False
        if best.intent != REMIND:
            return MEASURE.search(said) is not None
        parted = tags.REMINDER_TAGGER.part(said)
        if parted is None or not parted.content:
            return False
        return any("T" in mask(each) for each in parted.all(tags.SENDING))

    def _is_previewed(self, command: Command) -> bool:
        """Whether nothing is done unseen; one's own reminders are, and taken back."""
        return command.previewed and command.topic != REMINDERS

    def _is_shown_first(self, heard: Evidence, command: Command) -> bool:
        """Whether nothing is done unseen; what is short may only tell of others."""
        if command.role > Role.MEMBER:
            return True
        return self._is_previewed(command) and len(heard.said.text) > SHORT

    def _offered(
        self, heard: Evidence, guesses: Sequence[Guess], role: Role
    ) -> tuple[str, ...]:
        """Choose what is to be offered: what is likely enough, and may be done.

        Nothing is where the likeliest is forbidden, or where nothing may be meant.
        """
        best = guesses[0]
        nothing = sum(each.share for each in guesses if each.intent == NOTHING)
        if self._is_forbidden(heard, best) or nothing > best.share * NOTHING_NEAR:
            return ()
        least = max(LEAST, best.share * OF_THE_BEST)
        found = [
            each.intent
            for each in guesses
            if each.share >= least
            and each.intent != NOTHING
            and self._commands[each.intent].role <= role
            and not self._is_forbidden(heard, each)
        ]
        return tuple(found[:MOST_CHOICES])

    def _is_forbidden(self, heard: Evidence, guess: Guess) -> bool:
        """Whether something in the text forbids an act outright."""
        if not self._commands[guess.intent].acts:
            return False
        against = self._against(heard, guess)
        if against in OF_ALL and len(heard.said.text) <= SHORT:
            return True
        return against in OUTRIGHT and guess.share < OFFERED_DESPITE

    def _against(self, heard: Evidence, guess: Guess) -> str:
        """Name what in a text forbids an act; "" if nothing does."""
        said, speech = heard.said.text, heard.speech
        own = self._own_words(said, guess.intent)
        if own:
            said, speech = own, listen(normalise(own).text)
        against = self._orders.against_text(said, speech, guess.intent)
        mark = against.partition("（")[0]
        only_counts = own and mark in ("疑问", "询问") and not is_question(own)
        return "" if only_counts else mark  # 给他们几个发下去 asks nothing

    def _carries(self, said: str) -> bool:
        """Whether an order for a notice has anything to be sent: 发给支委吧 has not."""
        parted = tags.NOTICE_TAGGER.part(said)
        return parted is None or len(parted.content) >= CARRIED

    def _own_words(self, said: str, intent: str) -> str:
        """Return the words of an order alone, without what it carries.

        A question, a denial or a supposing is judged on them; "" where they are not
        known apart.
        """
        tagger = TAGGERS.get(intent)
        parted = tagger.part(said) if tagger else None
        if parted is None:
            return ""
        carried = (len(each.words) for each in parted.parts if each.tag != tags.ORDER)
        if sum(carried) < CARRIED:
            return ""
        own = "".join(each.words for each in parted.parts if each.tag == tags.ORDER)
        return own if len(own.strip(tags.MARKS)) >= OWN else ""
