"""What a command is, and which ones there are.

A file in handlers/ offers a command by decorating one function:

    @command("checkin", help="记今天学了什么")
    def check_in(ask: Ask) -> Reply: ...

What people say for it stands beside it, in a sentence file (`bot/text/phrases.py`).
The decorator only describes; nothing is registered until the assistant is built.
A function that continues what a command asked is described by @answering(kind).

What is shown before it is done is a draft. Its command shows it and puts it down with
`ask.put_draft(kind, asked, **kept)`; a `Drafting` beside it says what becomes of it:

    TRAINING = Drafting(
        "study.training",          the kind; as in put_draft
        show=show,                 puts the preview again, as it is now
        confirm=record,            does it; closes the draft with ask.close_question()
        change=change,             改成半天: the changed draft's preview, or None
        verbs=("登记",),            words that say yes here besides 确认 and 好的
        dropped="好的，没有登记。",   what is said to a no
    )

Each function is given the ask and what was put down (`kept`, JSON values). Yes, no,
hesitation, 恢复上一稿, questions such as 发给谁, the draft's waiting while another
command is done and its being offered again are the dialogue's (bot/assistant/drafts.py,
dialogue.py), in the same words for every draft (understanding/drafts/replies.phrases).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, wraps
from inspect import getfile
from pathlib import Path
from typing import Any, Literal, ParamSpec, TypeAlias, TypeVar

from sqlalchemy.orm import Session

from bot.branch.people.members import Member, Role, Speaker, Standing
from bot.cards.deferred import Drawn
from bot.config.settings import Config
from bot.inbox import focus, open_questions
from bot.message import Message, Reply
from bot.storage.encrypted import note_secret
from bot.text.phrases import Phrases, read_beside
from bot.text.stickers import without_stickers

Answer: TypeAlias = Reply | str
P = ParamSpec("P")
A = TypeVar("A")
T = TypeVar("T")


class NotMeant(Exception):
    """What a sentence names is not there: 删掉建校日 where no day is called so.

    Whoever raises it did nothing; the text is read on without that sentence.
    """


@dataclass(frozen=True)
class Ask:
    """One member asking one thing: all that a command may look at.

    text: what is understood of the message; words: that without the command's name.
    For a pressed button: what its key says after the colon. meant: the text clearly
    orders the thing; a command that both shows and records may only record then.
    tells: it only tells of something, and calls, asks and orders nothing. means: the
    intent that it is read as, "" for none, where it may take up an offer. slots:
    what stands in the sentence's slots, as typed, where it was read whole. made: gives
    what is made outside the transaction. answers: the open question that this goes on
    with; one that is put then takes its place. orders: names the intent of the act
    that the text orders by itself, "" for none; for answers that are free words.
    reread: reads what was said first as an order for the command that was picked.
    looked_up: what the database was asked while the text was read. readings: what texts
    were read as, also when the message was heard before in vain.
    """

    speaker: Speaker
    standing: Standing
    message: Message
    words: str
    now: datetime
    session: Session
    commands: "Commands"
    config: Config
    meant: bool = True
    tells: bool = False
    means: str = ""
    slots: Mapping[str, str] = field(default_factory=dict)
    made: Drawn = field(default_factory=Drawn)
    answers: open_questions.Open | None = None
    orders: Callable[[], str] = str
    reread: "Callable[[str, Command], Ask] | None" = None
    looked_up: dict[str, Any] = field(default_factory=dict)
    readings: dict[Any, Any] = field(default_factory=dict)
    near: tuple[str, ...] = ()

    @cached_property
    def member(self) -> Member:
        """All that is known of the speaker."""
        return self.session.get_one(Member, self.speaker.id)

    @property
    def text(self) -> str:
        return self.message.head

    @property
    def said(self) -> str:
        """The text without stickers at its ends: what answers a question."""
        return without_stickers(self.text).strip()

    def look_up(self, what: str, find: Callable[[], T]) -> T:
        """Find something once, however often a text is tried with it."""
        if what not in self.looked_up:
            self.looked_up[what] = find()
        found: T = self.looked_up[what]
        return found

    def whole(self, part: str) -> str:
        """Return the text's last part with what follows it: all of a content."""
        return f"{part}{self.message.rest}" if self.message.rest else part

    @property
    def is_command_name(self) -> bool:
        """Tell whether the text is a bare command's name."""
        return self.said in self.commands.names

    def put_question(self, kind: str, asked: str, **details: object) -> None:
        """Remember that the next message may answer this.

        What waits for an answer meanwhile is set aside, unless this goes on with it.
        """
        self._put(
            open_questions.Open(kind, asked, dict(details), *self.standing.office)
        )

    def put_passing(self, kind: str, asked: str, **details: object) -> None:
        """Put a question that is forgotten as soon as something else comes up."""
        office = self.standing.office
        self._put(
            open_questions.Open(kind, asked, dict(details), *office, passing=True)
        )

    def _put(self, question: open_questions.Open) -> None:
        thread = self.message.thread
        answers = self.answers or self.find_empty(question.kind)
        open_questions.put(self.session, thread, question, self.now, answers=answers)

    def put_draft(self, kind: str, asked: str, **kept: object) -> None:
        """Remember what was shown and waits for the word; see `Drafting`.

        What was said and is asked back goes with it as `open_questions.UNCLEAR`: an
        hour alone goes on with that.
        """
        self.put_question(kind, asked, **{**kept, open_questions.BEFORE: []})

    def find_empty(self, kind: str) -> open_questions.Open | None:
        """Find the open draft of that kind, if there is nothing in it yet."""
        drafting = self.commands.drafts.get(kind)
        found = open_questions.find(self.session, self.message.thread, self.now)
        if drafting is None or found is None or found.kind != kind:
            return None
        return found if drafting.empty(found.kept) else None

    def offer(self, kind: str, asked: str, **details: object) -> bool:
        """Let the next messages take something up; False where a question waits.

        One that is forgotten as soon as something else comes up does not wait.
        """
        found = open_questions.find(self.session, self.message.thread, self.now)
        if found and not (found.passing and self._is_done_with(found)):
            return False
        offered = open_questions.Open(kind, asked, dict(details), passing=True)
        open_questions.ask(self.session, self.message.thread, offered, self.now)
        return True

    def _is_done_with(self, question: open_questions.Open) -> bool:
        """Whether it is no offer, which is taken up whatever came between."""
        answers = self.commands.answering.get(question.kind)
        return answers is None or not answers.offer

    def close_question(self, kind: str = "") -> None:
        """Close the question that this answers, or all of a kind.

        What waits for another answer goes on waiting: no command closes that.
        """
        if kind or self.answers:
            open_questions.close(self.session, self.message.thread, kind)

    def note_focus(self, kind: str, /, **details: object) -> None:
        """Remember what is spoken of: 刚才那个 and 第一个 mean it later."""
        session, thread = self.session, self.message.thread
        focus.note(session, thread, kind, dict(details), self.now)

    def note_list(self, of: str, numbers: Sequence[int]) -> None:
        """Remember the list that was shown last: 第一个 is of it, and of no other."""
        self.note_focus(focus.LIST, of=of, numbers=list(numbers))

    def find_focus(self, kind: str) -> Mapping[str, Any] | None:
        """Find what was spoken of last of that kind, a few hours ago at most."""
        return focus.find(self.session, self.message.thread, kind, self.now)


@dataclass(frozen=True)
class Command:
    """One thing that the assistant does when told.

    intent: its fixed name; "study.plan" is told outside as "study", of which it is a
    part. phrases: how people say it. acts: it changes something, so it must be meant.
    shown: in the help; False for what is told of where it is of use. previewed: what it
    does is shown first, or told with how to undo it, so that it may be read from a
    little less; the secretary's commands all do.
    knows: tells whether something is called so, for its {own} and {choice} slots.
    public: what it says is the same for everybody, and may be said in a group. shows:
    which of other members' records it shows, in the words of who asks who may see hers.
    """

    intent: str
    phrases: Phrases
    help: str
    role: Role
    acts: bool
    shown: bool
    run: Callable[[Ask], Answer]
    shows: tuple[str, ...] = ()
    previewed: bool = False
    knows: Callable[[Ask, str], bool] | None = None
    public: bool = False

    @property
    def topic(self) -> str:
        """The folder of handlers/ that it stands in: "notices"."""
        return topic_of(self.run)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Words that call it outright."""
        return tuple(each.text for each in self.phrases.names)

    @cached_property
    def examples(self) -> tuple[str, ...]:
        """How people put it, for the understanding."""
        return tuple(each.text for each in self.phrases.examples)


@dataclass(frozen=True)
class Overhearing:
    """Hears every text before it is understood; None if it is not for it.

    late: hears only what was not understood, and only shows.
    """

    intent: str
    run: Callable[[Ask], Answer | None]
    late: bool = False


@dataclass(frozen=True)
class FreeWords:
    """That what is asked for are free words: a reason, a name, a content.

    A no, thanks, a question and another order are none, and are heard as what they are
    (bot/assistant/free_words.py). verbs: what is done with them, as `Drafting` has it.
    own: intents as which such words may be read: 孩子病了 is like asking leave. takes:
    what may be such words all the same.
    """

    verbs: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    takes: tuple[Literal["thanks", "question", "order"], ...] = ()


@dataclass(frozen=True)
class Answering:
    """Continues the open question of that kind; None if the text does not answer it.

    hears: kinds of messages besides text that it can make something of. offer: nobody
    waits for the answer; a text is read first, and what it is not for is answered as
    if nothing were open. words: it asks for free words. declined: what is said to a no
    then; the question is closed.
    """

    kind: str
    hears: tuple[str, ...]
    run: Callable[[Ask, open_questions.Open], Answer | None]
    offer: bool = False
    words: FreeWords | None = None
    declined: Callable[[Ask, open_questions.Open], Answer | None] | None = None


Kept: TypeAlias = Mapping[str, Any]
"""What was put down with a draft, as JSON values."""


def _changes_nothing(_ask: Ask, _kept: Kept) -> Answer | None:
    return None


def _names_nothing(_ask: Ask) -> Kept:
    return {}


def _say_done(_ask: Ask, _kept: Kept) -> str:
    return "刚才已经办好了"


def _lacks_nothing(_kept: Kept) -> bool:
    return False


def _asks_no_words(_kept: Kept) -> FreeWords | None:
    return None


@dataclass(frozen=True)
class Drafting:
    """What becomes of a draft; the module says how to use it.

    show: puts the preview, also after it changed. confirm: does it. change: hears what
    is neither yes nor no; None where the text is another matter. verbs: what says yes
    here, besides 确认. dropped: said to a no. lacks: whether something is still to be
    asked for, so that a yes says nothing and most texts are the answer. words: whether
    those are free words. hears: kinds of messages besides text that a change can make
    something of. declined: hears a no
    first, where one may mean more than that; None where it means no more. text: where
    in what is kept the free words stand; what is said of them is put in. empty:
    whether it holds nothing yet, so that another of its kind takes its place. made:
    names, right after it was done, what came of it. done: says of that how it stands,
    to who says yes again.
    """

    kind: str
    show: Callable[[Ask, Kept], Answer]
    confirm: Callable[[Ask, Kept], Answer]
    change: Callable[[Ask, Kept], Answer | None] = _changes_nothing
    verbs: tuple[str, ...] = ()
    dropped: str = "好的，没有办。"
    lacks: Callable[[Kept], bool] = _lacks_nothing
    words: Callable[[Kept], FreeWords | None] = _asks_no_words
    hears: tuple[str, ...] = ()
    declined: Callable[[Ask, Kept], Answer | None] = _changes_nothing
    empty: Callable[[Kept], bool] = _lacks_nothing
    made: Callable[[Ask], Kept] = _names_nothing
    done: Callable[[Ask, Kept], str] = _say_done
    text: tuple[str, ...] = ()


def _no_cue(_text: str) -> bool:
    return False


def _never_fits(_ask: Ask, _kept: Kept) -> bool:
    return False


def _hears_nothing(_ask: Ask, _kept: Kept) -> Answer:
    return ""


PICTURE = "picture"
"""In the place of an ending: a picture, which has no name; its media id is given."""


def _no_door(_ask: Ask) -> str | None:
    return None


@dataclass(frozen=True)
class Receiving:
    """Takes a file that nothing open wants, by what its name ends with.

    It shows first what would come of it; None where it is not for the sender. door:
    says by which page such a file comes in, where the platform hands over its name
    alone; None where it is not for the sender, or there is no page.
    """

    intent: str
    endings: tuple[str, ...]
    role: Role
    run: Callable[[Ask, Any], Answer | None]
    door: Callable[[Ask], str | None] = _no_door


@dataclass(frozen=True)
class Referring:
    """What is said of a thing that is done, by who spoke of it last.

    时间变了，改成三点 after a notice went, 还是别记了 after a check-in. kind: of what
    was put down with `ask.note_focus(kind, **kept)`; of a list (`ask.note_list(of, …)`)
    it is "list." and of what it is. title: names the thing where two may be meant, ""
    where it is over. cue: whether a text may be said of such a thing by its words,
    before anything is looked up. fits: whether it may be said of this one; hear: does
    what it says, or shows it first; without them it is only taken back. find: finds the
    thing itself, where nothing is put down of it. answers_letter: a bare word to what
    just came is meant for it, and for no draft that was shown before: 同意, to a leave.
    gone: a thing was taken away, so that 不要了 says nothing of it.
    """

    kind: str
    title: Callable[[Ask, Kept], str]
    cue: Callable[[str], bool] = _no_cue
    fits: Callable[[Ask, Kept], bool] = _never_fits
    hear: Callable[[Ask, Kept], Answer] = _hears_nothing
    find: Callable[[Ask], focus.Spoken | None] | None = None
    answers_letter: bool = False
    undo: Callable[[Ask, Kept], Answer] | None = None
    gone: bool = False
    verbs: tuple[str, ...] = ()
    called: tuple[str, ...] = ()
    of: tuple[str, ...] = ()


def command(  # noqa: PLR0913  # a description has many words
    intent: str,
    *,
    help: str,
    phrases: Phrases | None = None,
    role: Role = Role.MEMBER,
    acts: bool = False,
    shown: bool = True,
    private: bool = False,
    shows: tuple[str, ...] = (),
    previewed: bool = False,
    knows: Callable[[Ask, str], bool] | None = None,
    public: bool = False,
) -> Callable[[Callable[[Ask], Answer]], Command]:
    """Describe a function as the command of that intent.

    phrases: where no sentence file holds them.
    private: its replies are kept sealed, and only for minutes, as is every reply that a
    sealed value was opened for.
    """
    first = previewed or role == Role.SECRETARY
    return lambda run: Command(
        intent,
        phrases or read_beside(Path(getfile(run)), intent),
        help,
        role,
        acts,
        shown,
        _in_private(run) if private else run,
        shows,
        first,
        knows,
        public,
    )


def receiving(
    intent: str,
    *,
    endings: tuple[str, ...],
    role: Role,
    door: Callable[[Ask], str | None] = _no_door,
) -> Callable[[Callable[[Ask, Any], Answer | None]], Receiving]:
    """Describe a function as the one that takes files of such endings."""
    return lambda run: Receiving(intent, endings, role, run, door)


def answering(  # noqa: PLR0913  # a description has many words
    kind: str,
    hears: tuple[str, ...] = (),
    *,
    private: bool = False,
    offer: bool = False,
    words: FreeWords | None = None,
    declined: Callable[[Ask, open_questions.Open], Answer | None] | None = None,
) -> Callable[[Callable[[Ask, open_questions.Open], Answer | None]], Answering]:
    """Describe a function as the one that hears the answer to such a question."""
    return lambda run: Answering(
        kind, hears, _in_private(run) if private else run, offer, words, declined
    )


def _in_private(run: Callable[P, A]) -> Callable[P, A]:
    """Have its reply kept sealed, whoever runs it: another command may."""

    @wraps(run)
    def run_in_private(*given: P.args, **named: P.kwargs) -> A:
        note_secret()
        return run(*given, **named)

    return run_in_private


def overhearing(
    intent: str,
) -> Callable[[Callable[[Ask], Answer | None]], Overhearing]:
    """Describe a function that knows texts which only it can tell, like a choice.

    intent: what such a text means.
    """
    return lambda run: Overhearing(intent, run)


def hearing_late(
    intent: str,
) -> Callable[[Callable[[Ask], Answer | None]], Overhearing]:
    """Describe a function that may answer what nothing else understood."""
    return lambda run: Overhearing(intent, run, late=True)


def topic_of(function: Callable[..., Any]) -> str:
    """Name the folder of handlers/ in which a function of a topic is written."""
    return ".".join(function.__module__.split(".")[1:2])


def whole_of(intent: str) -> str:
    """Name the intent of which this is a part: "study" for "study.plan"."""
    return intent.partition(".")[0]


def name_of(commands: Mapping[str, Command], intent: str) -> str:
    """Say what a command is called: a part without a name as the whole is."""
    return (commands[intent].names or commands[whole_of(intent)].names)[0]


class Commands:
    """The commands that there are, by intent."""

    def __init__(  # noqa: PLR0913  # all kinds of what handlers/ describes
        self,
        found: Iterable[Command],
        answers: Iterable[Answering] = (),
        overhearers: Iterable[Overhearing] = (),
        drafts: Iterable[Drafting] = (),
        referring: Iterable[Referring] = (),
        receiving: Iterable[Receiving] = (),
    ) -> None:
        self.receiving = tuple(receiving)
        every = tuple(overhearers)
        self.overhearers = tuple(each for each in every if not each.late)
        self.late = tuple(each for each in every if each.late)
        self.by_intent: dict[str, Command] = {}
        self.answering: dict[str, Answering] = {}
        self.names: dict[str, str] = {}
        for each in found:
            if each.intent in self.by_intent:
                raise ValueError(f"two commands have the intent {each.intent}")
            if each.examples and not each.names:
                raise ValueError(f"{each.intent} has examples and no name")
            self.by_intent[each.intent] = each
            for name in each.names:
                if name in self.names:
                    raise ValueError(f"two commands are called {name}")
                self.names[name] = each.intent
        self.referring = {each.kind: each for each in referring}
        self.undone = {
            done for each in self.referring.values() if each.undo for done in each.of
        }
        self.drafts: dict[str, Drafting] = {}
        self._take_answers(answers, drafts)

    def _take_answers(
        self, answers: Iterable[Answering], drafts: Iterable[Drafting]
    ) -> None:
        every: list[Answering | Drafting] = [*answers, *drafts]
        for each in every:
            if each.kind in self.answering or each.kind in self.drafts:
                raise ValueError(f"two functions answer {each.kind}")
            if isinstance(each, Drafting):
                self.drafts[each.kind] = each
            else:
                self.answering[each.kind] = each

    def open_to(self, role: Role) -> Sequence[Command]:
        """List what a role may do, in the order of the help."""
        mine = [each for each in self.by_intent.values() if each.role <= role]
        return sorted(mine, key=lambda each: (each.role, each.names))
