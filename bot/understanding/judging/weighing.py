"""Whether a likeness is enough: to mean a command at all, to show it, to act."""

from collections.abc import Mapping
from pathlib import Path

from bot.branch.people.members import Role
from bot.command import Command
from bot.understanding.evidence import Evidence
from bot.understanding.judging.verdict import SHORT, SOFT, Orders
from bot.understanding.likeness import Likeness, Match
from bot.understanding.ranking import PARTY
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.sketches import Fit
from bot.understanding.words.smalltalk import NOTHING

# Scores run from 0 to about 1.4; the thresholds were found on the training half.
ACT_SCORE, ACT_SCORE_PREVIEWED, ACT_MARGIN = 0.62, 0.52, 0.12
SHOW_SCORE, SHOW_MARGIN = 0.42, 0.06
LOWEST, CERTAINLY_OURS = 0.22, 0.38
OFFERED, LEAST_OFFERED = 0.6, 0.15
MUCH = 3  # parts of a sketch
LIKE_ENOUGH = 0.45
HERE = Path(__file__)
TOLD = Lexicon(HERE, "told")
# Shares of a text that a command's examples must know.
MOSTLY_KNOWN, HALF_KNOWN, HARDLY_KNOWN = 0.7, 0.65, 0.25


class Weighing:
    """Knows the commands, how much of a text their examples know, what forbids."""

    def __init__(
        self, commands: Mapping[str, Command], likeness: Likeness, orders: Orders
    ) -> None:
        self._commands = commands
        self._likeness = likeness
        self._orders = orders

    def acts(self, intent: str) -> bool:
        command = self._commands.get(intent)
        return command is not None and command.acts

    def against(self, heard: Evidence, match: Match) -> str:
        return self._orders.against_text(heard.said.text, heard.speech, match.intent)

    def against_fit(self, text: str, fit: Fit, role: Role) -> str:
        """Say what forbids to act on a text that fits a sketch; "" if nothing does."""
        acts = self.acts(fit.sketch.intent)
        return self._orders.against_clause(text, fit, role) if acts else ""

    def is_enough(self, fit: Fit) -> bool:
        """Whether a sketch is enough: for what is done unseen it must say much."""
        command = self._commands[fit.sketch.intent]
        seen = command.previewed or command.role > Role.MEMBER
        return not command.acts or seen or fit.weight >= MUCH

    def may_mean(self, heard: Evidence, match: Match, reason: str) -> bool:
        """Whether the text can mean this at all: an act only where nothing forbids."""
        if not self.acts(match.intent):
            return True
        called = heard.call and heard.call.intent == match.intent
        against = reason if called else self.against(heard, match)
        if against and not against.startswith(SOFT):
            return False
        if called and against and len(heard.plain) <= SHORT:
            return True
        short = len(heard.said.text) <= SHORT
        known = self._likeness.known(match.intent, heard.plain)
        needed = HALF_KNOWN if short else HARDLY_KNOWN
        return match.alike >= LIKE_ENOUGH or known >= needed

    def is_clear(self, heard: Evidence, best: Match, margin: float) -> bool:
        """Whether there is no doubt; for an act, nor anything unknown or against it.

        What a secretary does is previewed, so it may be read from a little less.
        """
        command = self._commands[best.intent]
        if not command.acts:
            clear = best.score >= SHOW_SCORE and margin >= SHOW_MARGIN
            return clear and not self._tells_of_it(heard)
        known = self._likeness.known(best.intent, heard.plain)
        return (
            best.alike >= (ACT_SCORE_PREVIEWED if command.previewed else ACT_SCORE)
            and margin >= ACT_MARGIN
            and known >= (1.0 if len(heard.plain) <= SHORT else MOSTLY_KNOWN)
            and not self.against(heard, best)
        )

    def _tells_of_it(self, heard: Evidence) -> bool:
        """Whether the thing that is called was done, and is not asked for: 参观了…."""
        call, text = heard.call, heard.said.text
        if call is None or heard.speech.asks:
            return False
        return TOLD.find_at(text, call.end) is not None

    def turned_down(self, heard: Evidence, best: Match, reason: str) -> bool:
        """Whether the text is about an act, but does not ask for it, nor for more."""
        if self.acts(best.intent) or reason.startswith(SOFT):
            return False
        top = heard.matches[0]
        about = heard.call if reason else self.acts(top.intent)
        denied = reason.startswith("否定") and not heard.speech.asks
        return bool(about) and best.score < (ACT_SCORE if denied else SHOW_SCORE)

    def is_ours(self, heard: Evidence, best: Match) -> bool:
        """Whether a faint likeness rests on more than small words."""
        if best.intent == NOTHING or heard.call or PARTY.find(heard.said.text):
            return True
        return self._likeness.telling(best.intent, heard.plain)

    def is_beyond(self, heard: Evidence, best: Match, role: Role) -> bool:
        """Whether a question is only a little like what this role may not ask."""
        refused = best.intent != NOTHING and self._commands[best.intent].role > role
        return refused and heard.speech.asks and best.alike < ACT_SCORE_PREVIEWED

    def shows_first(self, heard: Evidence, command: Command, best: Match) -> bool:
        """Whether the one thing that may be meant is like enough to be previewed."""
        known = self._likeness.known(command.intent, heard.plain)
        return (
            best.intent == command.intent
            and heard.call is not None
            and heard.call.intent == command.intent
            and command.acts
            and command.previewed
            and best.alike >= ACT_SCORE_PREVIEWED
            and known >= HALF_KNOWN
            and not self.against(heard, best)
        )
