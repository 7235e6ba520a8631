"""A text → which command it calls, with which words; never an act on a guess.

Each step can be shown: the text in one form (text), what it does (speech), which
sentence it is as a whole (templates), which names it calls (names), which intents it
is like (ranking), what forbids to act (verdict). An acting command is read only where
its sentence or frame is known or the likeness high and clear, and nothing asks,
denies, supposes, quotes or tells of others; anything else is answered, asked back or
left alone.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import islice

from bot.branch.people.members import Role
from bot.command import Command
from bot.text.phrases import Line
from bot.understanding.evidence import SHOWN, Evidence
from bot.understanding.judging import telling
from bot.understanding.judging.offering import ask_which
from bot.understanding.judging.opinion import MOST_CHOICES, Opinions, Understood
from bot.understanding.judging.verdict import MIDDLING, SOFT, Orders
from bot.understanding.judging.weighing import (
    ACT_SCORE,
    CERTAINLY_OURS,
    LEAST_OFFERED,
    LOWEST,
    MOSTLY_KNOWN,
    OFFERED,
    SHOW_SCORE,
    Weighing,
)
from bot.understanding.learnt.intents import Guess
from bot.understanding.likeness import Match
from bot.understanding.names import Call, Frames
from bot.understanding.parting import NEAR, part_orders
from bot.understanding.ranking import CALLED, PARTY, RULE, RULES, Ranking
from bot.understanding.sentences.polite import without_asking
from bot.understanding.sentences.templates import Known, Sentence, Templates
from bot.understanding.sketches import AND, NOT, Fit, Sketches, pause
from bot.understanding.text import Said, normalise
from bot.understanding.words.smalltalk import GUIDANCE, NOT_DONE, NOTHING

CHOOSE = "choose"
OUTWEIGHS = 3  # parts of a sketch that say more than a name
LIGHTLY, LAST = "一下", 10


@dataclass(frozen=True)
class Reading:
    """intent: a command's, "none" or "choose"; reply: what to say for those two.

    meant: the text clearly orders or states the thing; a command that both shows and
    records may only record when it is. explain: tells what matched, to whoever asks.
    tells: whether the text only tells of something done, to whoever asks.
    slots, line: of the sentence that the text is as a whole, if it is one.
    sketch: that the text fits, where it is no whole sentence. think: finds what said
    sentences tell of it; learnt: how likely it is by those, where they decided.
    near: of a question that the rules are asked: the commands that it is like.
    """

    intent: str
    words: str = ""
    reply: str = GUIDANCE
    choices: tuple[str, ...] = ()
    explain: Callable[[], str] = str
    meant: bool = False
    tells: Callable[[], bool] = bool
    slots: Mapping[str, str] = field(default_factory=dict)
    line: Line | None = None
    near: tuple[str, ...] = ()
    sketch: Line | None = None
    think: "Callable[[], Reading | None] | None" = None
    learnt: float = 0.0

    @cached_property
    def thought(self) -> "Reading | None":
        """What it is by said sentences that were learnt from, where that is likelier.

        Only what nothing that is open takes for its own is thought about.
        """
        return self.think() if self.think else None

    @property
    def why(self) -> str:
        return self.explain()


class Understanding:
    """Reads texts; built once from the commands that there are."""

    def __init__(self, commands: Iterable[Command]) -> None:
        every = list(commands)
        self._commands = {each.intent: each for each in every}
        self._frames = Frames(every)
        self._templates = Templates(every)
        self._ranking = Ranking(every)
        self._orders = Orders(every)
        self._weighing = Weighing(self._commands, self._ranking.likeness, self._orders)
        self._sketches = Sketches(every)
        self._opinions = Opinions(self._commands, self._orders)

    def read(
        self,
        text: str,
        role: Role = Role.SECRETARY,
        passed: Collection[Line] = (),
        known: Known | None = None,
    ) -> Reading:
        """Tell what is meant. role: whoever speaks is offered only what is allowed.

        passed: templates that turned out not to be meant. known: tells what is there.
        """
        said = normalise(text)
        sentence = self._find_sentence(said, role, passed, known)
        call = self._frames.find(said) if _may_close(said, sentence) else None
        if sentence and call and call.is_order_at_end:
            sentence = None
        heard = Evidence(said, None if sentence else call, sentence, self._rank)
        if sentence:
            reading = self._by_sentence(heard, sentence, role)
        else:
            reading = self._by_call(heard, role)
        if reading.line is None:
            reading = self._by_sketch(heard, reading, role, passed)
        think = partial(self._by_learning, heard, reading, role)
        tells = partial(self._tells, heard, reading)
        return replace(reading, tells=tells, think=think if not reading.line else None)

    def read_as(
        self, text: str, command: Command, role: Role, known: Known | None = None
    ) -> Reading:
        """Read a text as an order for a command that is known to be meant.

        Its slots and words are those that it would have had, had it been clear.
        """
        said = normalise(text)
        sentence = Templates([command]).find(said, role, (), known)
        call = None if sentence else Frames([command]).find(said)
        heard = Evidence(said, call, sentence, lambda _heard: ())
        if sentence:
            taken = _take(heard, command.intent, sentence.words)
            return replace(taken, slots=sentence.slots, line=sentence.template.line)
        return _take(heard, command.intent, call.words if call else heard.raw)

    def part(self, text: str, role: Role = Role.SECRETARY) -> tuple[str, str]:
        """Part an order from another that follows it: …，再提醒我后天统计.

        The second is "" where there is none, or where it may be the first's content.
        """
        return part_orders(text, partial(self._ordered, role=role))

    def _ordered(self, text: str, role: Role) -> str:
        """Tell what a text clearly orders; "" if nothing.

        What members do of themselves is told in the same words: by name, or not.
        """
        said = normalise(text)
        reading = self.read(text, role)
        command = self._commands.get(reading.intent)
        if command is None or not (command.acts and reading.meant):
            return ""
        if reading.sketch is not None:
            return ""  # 再把体会写上 within a notice only has the words of an order
        call = self._frames.find(said)
        named = call is not None and call.sure and call.start <= NEAR
        return (
            reading.intent
            if named or reading.line or command.role > Role.MEMBER
            else ""
        )

    def _find_sentence(
        self, said: Said, role: Role, passed: Collection[Line], known: Known | None
    ) -> Sentence | None:
        """Find what a text is as a whole.

        A bare name is no sentence of another command, unless it is there: a choice.
        """
        found = self._templates.find(said, role, passed, known)
        named = self._frames.named_by(said.text)
        if found is None or named is None or not found.template.form.needles:
            return found
        return found if named == found.template.intent else None

    def _by_sentence(self, heard: Evidence, sentence: Sentence, role: Role) -> Reading:
        """Take what the text is as a whole, unless something forbids to act."""
        intent = sentence.template.intent
        reason = self._orders.against_sentence(sentence)
        if reason and self._weighing.acts(intent):
            if call := self._frames.find(heard.said):
                return self._by_call(replace(heard, call=call), role)
            end = len(heard.said.text)
            call = Call(intent, sentence.own, sentence.start, end, "template")
            return self._by_likeness(replace(heard, call=call), role, reason)
        return replace(
            _take(heard, intent, sentence.words, meant=not reason),
            slots=sentence.slots,
            line=sentence.template.line,
        )

    def _tells(self, heard: Evidence, reading: Reading) -> bool:
        if self._weighing.acts(reading.intent):
            return False
        return telling.tells(heard, reading.intent, reading.choices, reading.reply)

    def _rank(self, heard: Evidence) -> Sequence[Match]:
        denials = self._orders.denials
        return self._ranking.rank(heard.said.text, heard.speech, heard.call, denials)

    def _by_sketch(
        self, heard: Evidence, reading: Reading, role: Role, passed: Collection[Line]
    ) -> Reading:
        """Take what a name or likeness tells for sure, else what a sketch does.

        What is done at once, unseen, is only offered unless much of it was said.
        """
        turned_down = heard.sentence and heard.sentence.template.intent
        text = pause(heard.said)

        def may_be(fit: Fit) -> bool:
            if fit.sketch.intent == turned_down:
                return False
            return not self._weighing.against_fit(text, fit, role)

        fits = self._sketches.find(text, role, may_be, passed)
        same = bool(fits) and reading.intent == fits[0].sketch.intent
        if not fits or same:
            return reading
        if _is_sure(heard, reading) and not self._says_more(heard, fits[0]):
            return reading
        if len(fits) > 1 or not self._weighing.is_enough(fits[0]):
            told = self.offer(tuple(each.sketch.intent for each in fits[:MOST_CHOICES]))
            return replace(told, words=heard.raw, explain=heard.explain)
        intent, line = fits[0].sketch.intent, fits[0].sketch.line
        why = partial(_explain_sketch, heard, line)
        return replace(_take(heard, intent, heard.raw), sketch=line, explain=why)

    def _by_learning(
        self, heard: Evidence, reading: Reading, role: Role
    ) -> Reading | None:
        """Take what was learnt from said sentences; None where it is not likelier."""
        opinion = self._opinions.find(heard, self._understood(heard, reading), role)
        if opinion is None:
            return None
        why = partial(_explain_guesses, heard, opinion.guesses)
        share = opinion.guesses[0].share
        if opinion.intent:
            taken = _take(heard, opinion.intent, heard.raw, meant=opinion.is_meant)
            return replace(taken, explain=why, learnt=share)
        if opinion.offered:
            told = self.offer(opinion.offered)
            return replace(told, words=heard.raw, explain=why, learnt=share)
        return replace(_leave(heard), explain=why, learnt=share)

    def _understood(self, heard: Evidence, reading: Reading) -> Understood:
        """Say how a text was understood: by a name, a sketch, a likeness, or not."""
        intent, call = reading.intent, heard.call
        if intent == NOTHING and reading.reply not in (GUIDANCE, NOT_DONE):
            return Understood(intent, "order")  # it is answered in kind
        if call and call.sure and self._is_turned_down(heard, call):
            return Understood(intent, "order")
        if not _is_sure(heard, reading):
            return Understood(intent, "nothing", reading.choices)
        if reading.sketch:
            return Understood(intent, "sketch")
        named = call and call.sure and call.intent == intent
        if named and call and call.kind == "parted" and not call.start:
            return Understood(intent, "order")
        known = self._ranking.likeness.known(intent, heard.plain)
        return Understood(intent, "name" if named else "likeness", words_known=known)

    def _is_turned_down(self, heard: Evidence, call: Call) -> bool:
        """Whether something forbids the act that is called by its name."""
        if not self._weighing.acts(call.intent):
            return False
        reason = self._orders.against_call(heard.said.text, call)
        return bool(reason) and not reason.startswith(SOFT)

    def _says_more(self, heard: Evidence, fit: Fit) -> bool:
        """Whether a sketch is better evidence than a likeness, or a mere name."""
        call = heard.call
        if call and call.sure:
            return fit.weight >= OUTWEIGHS and not self._weighing.acts(call.intent)
        return fit.weight >= OUTWEIGHS

    def _by_call(self, heard: Evidence, role: Role) -> Reading:
        call, reason = heard.call, ""
        if call and self._weighing.acts(call.intent):
            reason = self._orders.against_call(heard.said.text, call)
            if call.sure and not reason and self._agrees(heard, call):
                return _take(heard, call.intent, call.words)
        elif call and call.sure and _is_all(heard, call):
            meant = not self._orders.against(heard.speech, call.intent)
            return _take(heard, call.intent, call.words, meant=meant)
        return self._by_likeness(heard, role, reason)

    def _agrees(self, heard: Evidence, call: Call) -> bool:
        """Whether a short text whose name runs on is like nothing else more."""
        if call.kind != "glued" or len(heard.said.text) > MIDDLING:
            return True
        scores = {each.intent: each.score for each in heard.matches}
        own = scores.pop(call.intent, 0.0) - CALLED
        if own <= max(scores.values(), default=0.0):
            return False
        known = self._ranking.likeness.known(call.intent, heard.plain)
        command = self._commands[call.intent]
        return command.previewed or command.role > Role.MEMBER or known >= MOSTLY_KNOWN

    def _by_likeness(self, heard: Evidence, role: Role, reason: str) -> Reading:
        """Read what no name decides. reason: why the name that is called does not."""
        if requested := self._requested(heard, role):
            return self._offer(heard, role, [Match(requested, 1.0, "")])
        found = [
            each
            for each in heard.matches
            if self._weighing.may_mean(heard, each, reason)
        ]
        is_number = heard.said.text.isdecimal()  # it answers a list, or says nothing
        if is_number or not found or found[0].score < LOWEST:
            return self._fall_back(heard, role)
        best = found[0]
        if self._weighing.turned_down(heard, best, reason):
            return self._turn_down(heard, role, found)
        if best.score < CERTAINLY_OURS and not self._weighing.is_ours(heard, best):
            return self._fall_back(heard, role)
        if self._weighing.is_beyond(heard, best, role):
            return self._fall_back(heard, role)
        if best.intent == NOTHING:
            return self._chat(heard, best, role)
        margin = best.score - (found[1].score if len(found) > 1 else 0.0)
        if self._weighing.is_clear(heard, best, margin):
            meant = best.score >= ACT_SCORE and not self._weighing.against(heard, best)
            return _take(heard, best.intent, heard.raw, meant=meant)
        return self._offer(heard, role, found)

    def _requested(self, heard: Evidence, role: Role) -> str:
        """Tell which act is asked for politely: 能不能每月5号提醒大家交党费."""
        bare = without_asking(heard.said.text)
        sentence = bare and self._templates.find(normalise(bare), role)
        if not sentence or not self._weighing.acts(sentence.template.intent):
            return ""
        against = self._orders.against_sentence(sentence)
        return "" if against else sentence.template.intent

    def _turn_down(
        self, heard: Evidence, role: Role, found: Sequence[Match]
    ) -> Reading:
        """Do nothing; to a question offer what may be meant, and the rules."""
        shown = [each for each in found if not self._weighing.acts(each.intent)][:2]
        near = [each for each in shown if each.intent not in (NOTHING, RULES)]
        if not heard.speech.asks or not near or RULES not in self._commands:
            return self._fall_back(heard, role)
        return self._offer(heard, role, [*near, Match(RULES, near[0].score, "")])

    def _chat(self, heard: Evidence, best: Match, role: Role) -> Reading:
        if best.score < ACT_SCORE:
            return self._fall_back(heard, role)
        return Reading(
            NOTHING, reply=self._ranking.replies[best.example], explain=heard.explain
        )

    def _fall_back(self, heard: Evidence, role: Role) -> Reading:
        """Look a question of ours up in the rules; leave anything else alone."""
        ours = heard.call or PARTY.find(heard.said.text)
        if heard.speech.asks and ours and RULES in self._commands:
            taken = _take(heard, RULES, heard.raw, meant=False)
            return replace(taken, near=self._near(heard, role))
        return _leave(heard)

    def _near(self, heard: Evidence, role: Role) -> tuple[str, ...]:
        """Name what a question is like, if the rules do not know it."""
        others = [each for each in heard.matches if each.intent != RULES]
        return tuple(each.intent for each in self._likely(others, LOWEST, role))

    def _likely(
        self, found: Sequence[Match], least: float, role: Role
    ) -> Sequence[Command]:
        """List at most three commands that may be meant, and that the role may give."""
        likely = (
            self._commands[each.intent]
            for each in found
            if each.score >= least and each.intent != NOTHING
        )
        return list(
            islice((each for each in likely if each.role <= role), MOST_CHOICES)
        )

    def _offer(self, heard: Evidence, role: Role, found: Sequence[Match]) -> Reading:
        """Ask which of at most three is meant."""
        near = max(LEAST_OFFERED, min(found[0].score * OFFERED, SHOW_SCORE / 2))
        mine = self._likely(found, near, role)
        if not mine or [each.intent for each in mine] == [RULES]:
            return self._fall_back(heard, role)
        if len(mine) == 1 and self._weighing.shows_first(heard, mine[0], found[0]):
            return _take(heard, mine[0].intent, heard.raw)
        offered = self.offer(tuple(each.intent for each in mine))
        return replace(offered, words=heard.raw, explain=heard.explain)

    def offer(self, intents: tuple[str, ...]) -> Reading:
        """Ask which of some commands is meant."""
        told = ask_which(self._commands, [self._commands[each] for each in intents])
        return Reading(CHOOSE, reply=told, choices=intents)


def _may_close(said: Said, sentence: Sentence | None) -> bool:
    """Whether a name may be what a text calls: at the end of a sentence, 登一下学时."""
    return sentence is None or (bool(sentence.free) and LIGHTLY in said.text[-LAST:])


def _explain_sketch(heard: Evidence, line: Line) -> str:
    words = line.text.partition(f"{AND}{NOT}")[0]
    return f"{heard.explain()}；要素：{words}（{line.place}）"


def _explain_guesses(heard: Evidence, guesses: Sequence[Guess]) -> str:
    likely = "、".join(f"{each.intent} {each.share:.0%}" for each in guesses[:SHOWN])
    return f"{heard.explain()}；学来的：{likely}"


def _is_sure(heard: Evidence, reading: Reading) -> bool:
    """Whether a text was understood: no choice, and no last resort."""
    if reading.intent == RULES:
        return bool(heard.matches) and heard.matches[0].intent == RULES
    if reading.intent == NOTHING:
        return reading.reply not in (GUIDANCE, NOT_DONE)
    return not reading.choices and not reading.near


def _is_all(heard: Evidence, call: Call) -> bool:
    """Whether a name that only shows is all that the text is about."""
    asks_rule = heard.speech.asks and RULE.find(heard.said.text)
    first = heard.matches[0].intent == call.intent
    return call.kind == "alone" or (call.kind == "parted" and first and not asks_rule)


def _take(heard: Evidence, intent: str, words: str, *, meant: bool = True) -> Reading:
    return Reading(intent, words, explain=heard.explain, meant=meant)


def _leave(heard: Evidence) -> Reading:
    declined = heard.call and len(heard.said.text) <= MIDDLING
    reply = NOT_DONE if declined else GUIDANCE
    return Reading(NOTHING, reply=reply, explain=heard.explain)
