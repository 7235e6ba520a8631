"""Where a text calls a command by its name, and what stands around the name.

A name counts as a call when all before it is known to be harmless: polite words,
words for oneself, or what the command's own examples have there ("周五的会" 请假).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.command import Command
from bot.text.pinyin import spell
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.speech import QUOTED
from bot.understanding.text import Said
from bot.understanding.words.masks import mask

HERE = Path(__file__)
OPENER = Lexicon(HERE, "opener")
NOW = Lexicon(HERE, "now")
LOOK = Lexicon(HERE, "look")
TRAILER = Lexicon(HERE, "trailer")
PARTED = frozenset(",。!;:、~….\n0123456789(《【")
ENDING = ",。!;、~…:"
TOLD = 5  # characters; less is a name that somebody is called by
COUNTS = Lexicon(HERE, "counts")
INFIX = "(?:个|一个|一下|条|一条|下|次|一次|份|一份|张)?"
SPOKEN_VERBS = {"登记": "登记?", "安排": "安排"}
INFIXED = "一下"
SELF_END = Lexicon(HERE, "self_end")
AROUND = " :：,，。!！、~\n"
PARTICLES = "啦啊呀哦哈吧"  # "打个卡吧，看了党课" is no "吧，看了党课"
STOPS = "。!~….,;、"
HEAD = re.compile(r"([一-龥]{2,6})[ ：:]")
NAME_LENGTHS = range(2, 7)
NEAR = 12  # characters after a name that tell how it runs on
MOST_CALLS = 5  # looked at from the start of a text, and its last
LETTERS = re.compile(r"[a-z]+")


@dataclass(frozen=True)
class Call:
    """A name in a text. sure: what stands before and after it is known.

    kind: alone, parted (particulars after a gap), glued, closing ("…，打卡"), or
    addressed ("通知王芳：…").
    head: the end of the part that the command itself is said in.
    """

    intent: str
    name: str
    start: int
    end: int
    kind: str = "glued"
    sure: bool = False
    words: str = ""

    @property
    def is_order_at_end(self) -> bool:
        """Whether it orders, by itself and last of all: …，登一下学时."""
        return self.kind == "closing" and self.sure and INFIXED in self.name

    def heard_as(self, kind: str, words: str, *, sure: bool) -> "Call":
        return Call(self.intent, self.name, self.start, self.end, kind, sure, words)


class Frames:
    """Knows the names, and from the examples what may stand around them."""

    def __init__(self, commands: Iterable[Command]) -> None:
        self._intent: dict[str, str] = {}
        self._spelt: dict[str, str] = {}
        self._known_before: set[tuple[str, str]] = set()
        self._known_after: set[tuple[str, str]] = set()
        every = list(commands)
        self._acting = {each.intent for each in every if each.acts}
        for command in every:
            for name in map(_plain, command.names):
                self._intent[name] = command.intent
        for name in sorted(self._intent, key=len):
            if len(name) > 1:
                self._spelt.setdefault(spell(name), name)
        self._heads = _heads(every, self._intent)
        self._intent.update(self._heads)
        self._wary = {
            head
            for each in every
            for head, intent in self._heads.items()
            if intent == each.intent and not each.previewed
        }
        self._names = re.compile(_any_of(self._intent))
        for command in every:
            for example in command.examples:
                self._learn(command.intent, _plain(example))

    def _learn(self, intent: str, example: str) -> None:
        for hit in self._names.finditer(example):
            if self._intent_of(hit[0]) == intent:
                residue = self._residue(intent, example[: hit.start()])
                if hit[0] not in self._heads:
                    self._known_before.add((intent, residue))
                self._known_after.add((intent, mask(example[hit.end() :])[:2]))

    def _intent_of(self, found: str) -> str:
        return self._intent.get(found) or self._intent[self._stem(found)]

    def _stem(self, found: str) -> str:
        return next(
            name for name in self._intent if re.fullmatch(_pattern(name), found)
        )

    def named_by(self, text: str) -> str | None:
        """Return the intent that a whole compared text is the name of, if it is one."""
        return None if text in self._heads else self._intent.get(text)

    def find(self, said: Said) -> Call | None:
        """Find the call that the text makes; a sure one before one that is not."""
        calls: list[Call] = []
        for call in self._calls(said):
            calls.append(call)
            if call.sure:
                break  # those that follow stand further back
        if not calls or calls[-1].start or not calls[-1].sure:
            calls = [*self._by_sound(said), *calls]
        calls.sort(key=lambda call: (not call.sure, call.start, call.start - call.end))
        return calls[0] if calls else None

    def _calls(self, said: Said) -> Iterable[Call]:
        shown = QUOTED.sub(lambda hit: "Q" * len(hit[0]), said.text)
        hits = list(self._names.finditer(shown))
        for hit in (*hits[:MOST_CALLS], *hits[MOST_CALLS:][-1:]):
            name = hit[0]
            if not name.isalnum() and name != said.text:
                continue
            intent = self._intent_of(name)
            yield self._around(said, Call(intent, name, *hit.span()))

    def _around(self, said: Said, call: Call) -> Call:
        before, after = said.text[: call.start], said.text[call.end :]
        residue = self._residue(call.intent, before)
        opened = not residue or (call.intent, residue) in self._known_before
        kept = ""
        if before and (residue or "T" in mask(before)):
            kept = SELF_END.cut(said.part(0, call.start))
        rest = said.own_words(call.end, len(said.text))
        bare = after.removeprefix(INFIXED)
        if bare != after and bare.lstrip(PARTICLES)[:1] in PARTED:
            after, rest = bare, rest.removeprefix(INFIXED)
        apart = after.lstrip(PARTICLES)[:1] in PARTED
        rest = (rest.lstrip(PARTICLES) if apart else rest).lstrip(AROUND)
        words = f"{kept} {rest}".strip(AROUND)
        if TRAILER.fit(after) and call.name not in self._heads:
            if told := self._told_before(said, call):
                return call.heard_as("closing", told, sure=True)
            return call.heard_as("alone", kept, sure=opened)
        follows = mask(after[:NEAR])
        known = bool(after) and (call.intent, follows[:2]) in self._known_after
        ends = call.end + len(after) - len(after.lstrip(PARTICLES))
        if apart or {call.end, ends} & said.gaps or follows.startswith("T"):
            sure = opened and (known or call.name not in self._wary)
            return call.heard_as("parted", words, sure=sure)
        return call.heard_as("glued", words, sure=opened and known)

    def _told_before(self, said: Said, call: Call) -> str:
        """Give the particulars of "今天学了党章，我打卡"; "" if there are none."""
        text = said.text[: call.start]
        at = max((place for place in said.gaps if place <= call.start), default=0)
        at = max(at, *(text.rfind(mark) + 1 for mark in ENDING))
        spoken = at < TOLD or "@" in text or text[at - 1] == ":"
        if spoken or self._residue(call.intent, COUNTS.cut(text[at:])):
            return ""
        return said.own_words(0, at).strip(" ,，。、！!;；")

    def _residue(self, intent: str, before: str) -> str:
        """Take the harmless words away: for what only shows, those of looking too."""
        if not before:
            return ""
        rest = OPENER.cut(mask(NOW.cut(before)))
        return rest if intent in self._acting else LOOK.cut(rest)

    def _by_sound(self, said: Said) -> Iterable[Call]:
        """Find a name misspelt by sound, at the start, with a gap or the end after."""
        start = _opened(said.text)
        for end in self._ends(said.text, start):
            whole = end == len(said.text) or end in said.gaps
            if not whole and said.text[end] not in PARTED:
                continue
            part = said.text[start:end]
            name = self._spelt.get(spell(part))
            if name and part != name:
                call = Call(self._intent[name], name, start, end)
                yield self._around(said, call)

    def _ends(self, text: str, start: int) -> Sequence[int]:
        letters = LETTERS.match(text, start)
        if letters:
            return [letters.end()]
        return [start + size for size in NAME_LENGTHS if start + size <= len(text)]


def _heads(commands: Iterable[Command], names: Mapping[str, str]) -> dict[str, str]:
    """Learn from examples like "群发：…" what calls an act when particulars follow."""
    found: dict[str, set[str]] = {}
    for command in commands:
        for example in command.examples if command.acts else ():
            if head := HEAD.match(example):
                found.setdefault(_plain(head[1]), set()).add(command.intent)
    return {
        head: by.pop()
        for head, by in found.items()
        if len(by) == 1 and head not in names
    }


def _plain(text: str) -> str:
    return "".join(text.split()).lower().translate(WIDTH)


WIDTH = str.maketrans("，！？：；（）～", ",!?:;()~")


def _pattern(name: str) -> str:
    """Match a name, also as 打个卡, 发一条通知, 登一下荣誉."""
    verb = name[:2]
    if verb in SPOKEN_VERBS and len(name) > len(verb):
        return f"{SPOKEN_VERBS[verb]}{INFIX}{re.escape(name[2:])}"
    if len(name) in (2, 3) and name[0] in "打请签发交投设催排":
        return re.escape(name[0]) + INFIX + re.escape(name[1:])
    return re.escape(name)


def _any_of(names: Iterable[str]) -> str:
    """Match the longest of names, going through those that begin alike only."""
    groups: dict[str, list[str]] = {}
    for name in sorted(names, key=lambda name: (-len(name), name)):
        groups.setdefault(name[0], []).append(_pattern(name))
    begun = (
        f"{first}(?:{'|'.join(each.removeprefix(first) for each in group)})"
        for first, group in ((re.escape(char), every) for char, every in groups.items())
    )
    return "|".join(begun)


def _opened(text: str) -> int:
    """Find where the polite words at the start end."""
    at = 0
    while hit := OPENER.find_at(text, at):
        at = hit.end()
    return at


def bare(text: str) -> str:
    """Take the full stops off the end."""
    return text.rstrip(STOPS)
