"""Whether a text orders what it calls: every reason why it may not."""

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from bot.branch.people.members import Role
from bot.command import Command
from bot.understanding.judging.aside import aside
from bot.understanding.names import COUNTS, ENDING, Call
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.sentences.templates import Sentence
from bot.understanding.sketches import Fit
from bot.understanding.speech import (
    BY_EXAMPLE,
    MARKS,
    Speech,
    asks_of_us,
    denials,
    denials_of,
    listen,
)
from bot.understanding.text import normalise
from bot.understanding.words.masks import mask

SHORT = 8  # characters of particulars that may still be about the act itself
MIDDLING = 16
SOFT = ("已经", "没定")  # reasons to ask back rather than to do nothing
OF_THE_ORDER = ("疑问", "假设", "转述", "评说", "玩笑", "忘记")
OF_OTHERS = "代别人"
"""What office holders do is for others: 给大家安排学习."""
OF_A_DAY = ("过去",)
TELLING = ("疑问", "假设", "没定", "评说", "玩笑", "忘记", "将来")
NEAR = 6  # characters before an order's own word that may deny it
OF_WHEN = ("将来", "惯常")
"""What is seen before it is done may be of any day."""
BOOKS = ("", "records", "study", "branch")
"""Topics in which what others did is written down; "" of what a kind declares."""
BY_OTHERS = ("说别人", "代别人")
AROUND = ("假设", "转述", "玩笑", "没定", "忘记")
HERE = Path(__file__)
BAD_START = Lexicon(HERE, "bad_start")
# What is denied here is something in the words of a notice: 不要迟到, 没有人送.
DENIED = Lexicon(HERE, "denied")
WHETHER = re.compile(r"(.)[不没]\1")
"""能不能 and 去不去 deny nothing where others are to be asked."""
TITLED = re.compile(r"《[^》]*》|[“\"「『][^”\"」』]*[”\"」』]")
# A condition of what is to be done, with what is then to be done.
ON_CONDITION = Lexicon(HERE, "on_condition")
CONTINUED = Lexicon(HERE, "continued")
EITHER_OR = Lexicon(HERE, "either_or")
DONE = Lexicon(HERE, "done")
TRIAL = Lexicon(HERE, "trial")
MERE_TRIAL = Lexicon(HERE, "mere_trial")
LAUGH = Lexicon(HERE, "laugh")
ASKING_END = Lexicon(HERE, "asking_end")


class Orders:
    """Knows of each command which days its examples speak of, and what they deny."""

    def __init__(self, commands: Iterable[Command]) -> None:
        self._allowed: dict[str, frozenset[str]] = {}
        self.denials: dict[str, frozenset[str]] = {}
        self._of_members: set[str] = set()
        self._previewed: set[str] = set()
        self._of_books: set[str] = set()
        for command in commands:
            self._learn(command)

    def _learn(self, command: Command) -> None:
        texts = [normalise(text).text for text in (*command.names, *command.examples)]
        orders = [speech for speech in map(listen, texts) if not speech.asks]
        marks = {mark for speech in orders for mark in speech.marks}
        for_others = {OF_OTHERS} if command.role > Role.MEMBER else set[str]()
        allowed = marks & set(BY_EXAMPLE) | for_others
        self._allowed[command.intent] = frozenset(allowed)
        self.denials[command.intent] = denials_of(orders, command.names)
        if command.role == Role.MEMBER and not command.previewed:
            self._of_members.add(command.intent)
        if command.topic in BOOKS:
            self._of_books.add(command.intent)
        if command.previewed and command.role > Role.MEMBER:
            self._previewed.add(command.intent)

    def against(self, speech: Speech, intent: str) -> str:
        """Say what in a text forbids to act; "" if nothing does."""
        return speech.against(self._allowed[intent], self.denials[intent])

    def against_text(self, text: str, speech: Speech, intent: str) -> str:
        """Say what in a text that is only like an order forbids to act."""
        return _beside(text) or self.against(speech, intent)

    def against_call(self, text: str, call: Call) -> str:
        """Say what in a text that calls an acting command forbids to act.

        Particulars are the member's own words: they are only searched where they are
        short enough to be about the act.
        """
        if reason := _asks_outright(text) or _beside(text):
            return reason
        if call.kind == "addressed":
            return _asks_at_end(text)
        if call.kind == "closing":
            return self._against_closing(call, text)
        if call.kind == "parted":
            head = self.against(listen(text[: call.end]), call.intent)
            return head or self._against_particulars(call, text[call.end :])
        if not call.sure:
            return self.against(listen(text), call.intent)
        clause = re.split(r"[,:。;!]", text[call.end :], maxsplit=1)[0]
        said = listen(text[: call.end] + TITLED.sub("", clause))
        return self.against(said, call.intent) or _asks_at_end(text)

    def against_clause(self, text: str, fit: Fit, role: Role) -> str:
        """Say what forbids to act on a text by the clause that orders.

        What others are to be asked is no question; what is said around the clause only
        tells where it supposes, jokes, or is another's. Who holds an office may write
        down what others did.
        """
        clause, intent = fit.clause, fit.sketch.intent
        if reason := _asks_outright(text) or _beside(text):
            return reason
        if denied := denials(fit.ahead[-NEAR:]):
            return f"否定（{denied[0]}）"
        others = not asks_of_us(clause)
        speech = listen(WHETHER.sub(r"\1", clause) if others else clause)
        marks = dict(speech.marks)
        if others:
            marks.pop("疑问", None)
            marks.pop("询问", None)
        if role > Role.MEMBER and intent in self._of_books:
            marks = {mark: marks[mark] for mark in marks if mark not in BY_OTHERS}
        marks |= {
            mark: hit for mark, hit in listen(text).marks.items() if mark in AROUND
        }
        word = fit.word
        strange = tuple(
            each
            for each in speech.denied
            if each[:2] not in word and word[:2] not in each
        )
        if intent in self._previewed:
            marks = {mark: marks[mark] for mark in marks if mark not in OF_WHEN}
        return self.against(Speech(marks, strange), intent)

    def _against_closing(self, call: Call, text: str) -> str:
        """Say what forbids to act on 昨晚看了纪录片，算打卡.

        Of which day the content is, whoever acts tells; it is no reason to leave it.
        """
        at = max(text.rfind(mark, 0, call.start) for mark in ENDING) + 1
        order = COUNTS.cut(text[at : call.start]) + text[call.start :]
        said, own = listen(TITLED.sub("", text[:at]) + order), listen(order).marks
        marks = {each: said.marks[each] for each in said.marks if each not in OF_A_DAY}
        marks |= {each: own[each] for each in OF_A_DAY if each in own}
        return self.against(Speech(marks, said.denied), call.intent)

    def against_sentence(self, sentence: Sentence) -> str:
        """Say what forbids to act on a sentence read whole; its own words do not."""
        text = sentence.judged
        if reason := _asks_outright(text) or _beside(text):
            return reason
        supposed = MARKS["假设"].find(text)
        if supposed and supposed.start() < sentence.start < supposed.end():
            return f"假设（{supposed[0]}）"  # 要 of 要是 leads to no order
        asked = EITHER_OR.find(text)
        if asked and asked["one"] in sentence.own:
            return f"疑问（{asked[0]}）"
        intent = sentence.template.intent
        if reason := self.against(listen(sentence.around), intent):
            return reason
        if reason := _against_task(sentence.task):
            return reason
        if sentence.told and (reason := _asks_within(sentence.told)):
            return reason
        if not sentence.free:
            return _asks_at_end(text)
        call = Call(intent, sentence.own, 0, 0, "template", sure=True)
        return self._against_particulars(call, sentence.free)

    def _against_particulars(self, call: Call, particulars: str) -> str:
        words = TITLED.sub("", particulars).lstrip(",。!;:、~… ")
        starts = BAD_START.find_at(words)
        whoever = "疑问" in listen(words).marks and not asks_of_us(words)
        content = _tells(call, words) or whoever
        if starts and not (call.intent in self._previewed and content):
            return f"疑问或否定（{starts[0]}）"
        if len(words) > MIDDLING:
            return _asks_at_end(words)
        marks = dict(listen(self._without_trial(call, words)).marks)
        if not asks_of_us(words):
            marks.pop("疑问", None)
        if len(words) <= SHORT:
            if call.intent in self._of_members and mask(words) == "P":
                return f"说别人（{words}）"
            told = Speech({name: marks[name] for name in TELLING if name in marks})
            if reason := self.against(told, call.intent):
                return reason
        if "疑问" in marks:
            return f"疑问（{marks['疑问']}）"
        return _asks_at_end(words)

    def _without_trial(self, call: Call, words: str) -> str:
        """Take out a test that a content is of: 周五系统测试 is no try of the tool.

        Only where it is shown before it is done, so that who did try sees it.
        """
        if call.intent not in self._previewed or MERE_TRIAL.fit(words):
            return words
        return TRIAL.cut(words)


@lru_cache(maxsize=64)  # asked for each command that a text is like
def _asks_outright(text: str) -> str:
    """Say by what a text shows at its end that it is asked, or laughed at."""
    if laugh := LAUGH.find(text):
        return f"玩笑（{laugh[0]}）"
    return f"疑问（{text[-1]}）" if text.endswith(("?", "吗")) else ""


def _beside(text: str) -> str:
    """Say what is told of an order instead of giving it: done, or another's."""
    if done := DONE.find(text):
        return f"旁说（{done[0]}）"
    said = aside(text)
    return f"旁说（{said}）" if said else ""


def _tells(call: Call, words: str) -> bool:
    """Whether what is denied belongs to what is told, not to the telling.

    Whoever was misheard sees so in the preview.
    """
    denied = DENIED.fit(words.rstrip("了吧啊呢。!~"))
    about = re.search(rf"[{call.name}]", words)
    return bool(denied) and not about


def _against_task(words: str) -> str:
    """Say what in the words for a task speaks of the order: 交党费挺好的, 开会了吗."""
    marks = dict(listen(words.replace("别忘", "")).marks)
    if not asks_of_us(words):
        marks.pop("疑问", None)
    if ON_CONDITION.find(words):
        marks.pop("假设", None)
    told = next((mark for mark in OF_THE_ORDER if mark in marks), "")
    return f"{told}（{marks[told]}）" if told else _asks_at_end(words)


def _asks_within(content: str) -> str:
    """Say what in a content that no mark sets apart is still of the order."""
    marks = listen(content).marks
    if asks_of_us(content):
        return f"疑问（{marks.get('疑问', '')}）"
    if CONTINUED.find_at(content):
        return f"旁说（{content[0]}）"
    starts = BAD_START.find_at(content)
    told = "疑问" in marks or len(content) > SHORT or DENIED.find_at(content)
    return f"疑问或否定（{starts[0]}）" if starts and not told else ""


def _asks_at_end(text: str) -> str:
    ends = ASKING_END.find(text)
    return f"疑问（{ends[0]}）" if ends else ""
