"""What is open: whether a text answers it, and what is said of it where it waits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from bot.assistant import drafts, free_words, references, shown, undo
from bot.assistant.orders import Orders
from bot.assistant.outcome import Outcome, guard
from bot.command import Answering, Ask, Commands, FreeWords
from bot.inbox import open_questions
from bot.inbox.open_questions import Open
from bot.message import Reply
from bot.understanding.drafts.changes import SIGHS, read_changes, told_changes
from bot.understanding.drafts.cues import begins_change
from bot.understanding.drafts.parting import ANSWERS, part_reply
from bot.understanding.drafts.replies import read_reply, takes_back
from bot.understanding.drafts.turning_down import read_turned_down
from bot.understanding.reading import CHOOSE
from bot.understanding.repairs import repair
from bot.understanding.slots.scope import Scope
from bot.understanding.undoing import read_undo

VOID = "您的职务或支部刚有变动，之前问您的“{asked}”作废了，没有办。"
HEARD_SO = "（按“{said}”听。）\n{shown}"
STILL = "（刚才的还等您回答：{asked}）"


@dataclass(frozen=True)
class Questions:
    commands: Commands
    orders: Orders

    def take_answer(self, ask: Ask, question: Open) -> Outcome | None:
        """Take the text as the answer to the open question, if it is one."""
        if self.is_offer(question):
            return None
        orders = partial(self.orders.name_sure, ask)
        reread = partial(self.orders.read_as, ask)
        answers = replace(ask, answers=question, orders=orders, reread=reread)
        stale = question.stale >= open_questions.NAMED
        if stale and (heard := references.answer_letter(ask, self.commands)):
            return heard
        if question.kind in self.commands.drafts:
            return self.answer(answers, question)
        return self._take_choice(answers, question)

    def turn_down(
        self, ask: Ask, question: Open | None
    ) -> tuple[Outcome | None, Ask] | None:
        """Hear a no that what is wanted instead follows; None for any other text.

        Returns what came of the no, if anything was open, and the rest as it is heard
        then.
        """
        drafting = self.commands.drafts.get(question.kind) if question else None
        if ask.message.rest:
            return None
        parted = read_turned_down(ask.said, drafting.verbs if drafting else ())
        if parted is None:
            return None
        texts = (replace(ask.message, text=each) for each in parted.wanted)
        asks = (
            replace(ask, message=each, words=each.text)
            for each in texts
            if part_reply(each.text, ask.now).act not in ANSWERS
        )
        every = list(asks)
        wanted = next(filter(self._is_wish, every), None)
        led = len(parted.wanted) > 1 and takes_back(parted.no)
        of_draft = question and read_changes(parted.wanted[0], ask.now)
        if wanted is None and led and not of_draft:
            wanted = next(iter(every), None)  # it is asked about, and the no is heard
        if wanted is None:
            return None
        no = replace(ask, message=replace(ask.message, text=parted.no))
        if question is None or self.is_offer(question):
            return undo.take_back(no, self.commands), wanted
        heard = self.take_answer(no, question)
        if heard is None or heard.refused or find_open(ask) == question:
            return None
        return heard, wanted

    def _is_wish(self, ask: Ask) -> bool:
        """Whether a text is what is wanted by itself: an order, or a taking back."""
        return self.orders.is_order(ask) or read_undo(ask.text) is not None

    def _take_choice(self, ask: Ask, question: Open) -> Outcome | None:
        """Take the text as the answer to a question that is no draft."""
        answering = self.commands.answering.get(question.kind)
        if answering and answering.words and ask.message.kind == "text":
            return self._take_words(ask, question, answering, answering.words)
        said = read_reply(ask.text)
        if shown.is_out_of_sight(ask, question, said.act):
            return Outcome(Reply(question.said or question.asked), question.kind)
        if heard := self.answer(ask, question):
            return heard
        if said.act == "hold":
            return Outcome(Reply(drafts.hold(ask, question)), question.kind)
        if not question.passing:
            return None
        beneath: Outcome | None = None
        if said.act != "none" or told_changes(ask.said, ask.now):
            beneath = self._answer_beneath(ask)
        else:
            beneath = self._try_beneath(ask)
        return beneath or self._put_right(ask, question)

    def _try_beneath(self, ask: Ask) -> Outcome | None:
        """Have a text heard by the draft that a choice came over, where it hears it."""
        beneath = open_questions.peek_aside(ask.session, ask.message.thread, ask.now)
        if beneath is None or not beneath.is_draft or ask.orders():
            return None
        with open_questions.on_trial(ask.session) as tried:
            heard = self._answer_beneath(ask)
            if heard is None or heard.refused:
                return None
            tried.commit()
        return heard

    def _put_right(self, ask: Ask, question: Open) -> Outcome | None:
        """Offer the choices again, for the text put right: 不对，是四十块."""
        value = SIGHS.sub("", ask.said)
        marked = value != ask.said or begins_change(ask.said)
        if question.kind != CHOOSE or not marked or find_open(ask) != question:
            return None
        slip = f"{question.details['text']}，不，{value}"
        scope = Scope(ask.session, ask.standing.branch, slip)
        meant = repair(slip, ask.now, lambda: scope.names)
        if meant == slip:
            return None
        choices = tuple(question.details["choices"])
        kept = {"choices": list(choices), "text": meant}
        ask.put_passing(CHOOSE, question.asked, **kept)
        told = HEARD_SO.format(said=meant, shown=question.said)
        return Outcome(Reply(told), CHOOSE, choices)

    def _take_words(
        self, ask: Ask, question: Open, answering: Answering, words: FreeWords
    ) -> Outcome | None:
        """Take the text as the free words that a question asks for, if it is such."""
        heard = free_words.judge(ask, question, words)
        match heard.act:
            case "words":
                return self.answer(heard.ask, question)
            case "hold":
                return Outcome(Reply(drafts.hold(ask, question)), question.kind)
            case "thanks":
                told = free_words.say_no_answer(ask, question)
                return Outcome(Reply(told), question.kind)
            case "no" if answering.declined:
                return guard(partial(answering.declined, ask, question), question.kind)
        return None

    def _answer_beneath(self, ask: Ask) -> Outcome | None:
        """Take a yes, a no or a change that fits no choice for what it came over."""
        thread = ask.message.thread
        beneath = open_questions.peek_aside(ask.session, thread, ask.now)
        if beneath is None or not ask.standing.includes(*beneath.office):
            return None
        close_open(ask)
        taken = open_questions.take_up(ask.session, thread, ask.now)
        if taken is None:
            return None
        return self.take_answer(ask, replace(taken, stale=open_questions.UNSEEN))

    def answer(self, ask: Ask, question: Open) -> Outcome | None:
        if question.kind == references.KIND:
            return references.hear_which(ask, question, self.commands)
        if question.kind == undo.KIND:
            return undo.hear_which(ask, question, self.commands)
        if drafting := self.commands.drafts.get(question.kind):
            return drafts.hear(ask, question, drafting)
        answering = self.commands.answering.get(question.kind)
        if answering is None:
            return None
        return guard(partial(answering.run, ask, question), question.kind)

    def hears(self, kind: str) -> Sequence[str]:
        if drafting := self.commands.drafts.get(kind):
            return drafting.hears
        answering = self.commands.answering.get(kind)
        return answering.hears if answering else ()

    def is_offer(self, question: Open) -> bool:
        answering = self.commands.answering.get(question.kind)
        return answering is not None and answering.offer

    def waits_for(self, question: Open) -> bool:
        """Whether a change is of the question just put: it is of nothing done before.

        A draft hears its own changes first, and names what it did not understand.
        """
        fresh = not (question.passing or question.stale)
        return fresh and question.kind in self.commands.answering

    def go_on(self, ask: Ask, heard: Outcome) -> Outcome:
        """Offer what was set aside again, where nothing else is open any more."""
        if heard.refused or find_open(ask):
            return heard
        thread = ask.message.thread
        taken = open_questions.take_up(ask.session, thread, ask.now)
        if taken is None:
            return heard
        words = STILL.format(asked=taken.asked)
        if not ask.standing.includes(*taken.office):
            close_open(ask)
            words = f"（{VOID.format(asked=taken.asked)}）"
        return heard.with_line(words)

    def say_waiting(self, ask: Ask, question: Open, heard: Outcome) -> Outcome:
        """Say once, after another command, that something waits."""
        now_open = find_open(ask)
        untouched = heard.refused or (
            now_open is not None and now_open == question and bool(now_open.said)
        )
        if not untouched:
            return heard
        if question.kind == CHOOSE and heard.intent not in ("none", "denied"):
            close_open(ask)  # put in other words, as it asked for
            return heard
        told = question.stale >= open_questions.NAMED
        if told or (question.passing and question.kind != CHOOSE):
            return heard
        return heard.with_line(STILL.format(asked=question.asked))


def find_open(ask: Ask) -> Open | None:
    return open_questions.find(ask.session, ask.message.thread, ask.now)


def close_open(ask: Ask) -> None:
    open_questions.close(ask.session, ask.message.thread)
