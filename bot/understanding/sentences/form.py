"""A template's text → one pattern, and the words that a text must have to fit it.

    (登记|补登)    one of them          [一下]     or nothing
    {who}         a slot: its name tells what may stand there (SHAPES)
    {title=what}  a slot with a name of its own, of that kind
    {when=times}  nothing but times and polite words; {when} only begins with a time
    {task}        what is to be done: what in it speaks of the order forbids to act
    {rest}        what is said in it is never of the order
    {own}         what is there already, as the command knows
    {begins}      words that begin with what is there, as the command knows
    {summons}     such words, with a time in them
    {how:先|后}   a slot that is one of these; {how=choice:先|后} of that kind, too
    {how:<ways>}  a slot that is one of those of a piece, (先|后)
    <ways>        a piece that the sentence file defines
    a blank       a gap: white space, a comma or a colon; [ ] where there may be one

Raises ValueError for what is none of these.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from bot.outbox.kinds import KINDS
from bot.understanding.words.masks import TIME

APART = "\x1f"
"""Stands in a compared text for white space: nobody types it."""
GAP = rf"[{APART},:;。!、]"
NUMERAL = "0-9零〇一二两三四五六七八九十百千半"
NO_NAME = (
    r"[我俺咱你您他她它谁哪自每]|大家|大伙|各位|所有|全体|有人|别人|同[事志]|书记|老师|领导"
    r"|要是|如果|假如|假设|万一|倘若|若是|听说|据说|好像|可能|支部|政治|生日|节日|开幕|[今明去本]年|[本这]个?月"
)
"""What nobody is called, nor begins a name."""
NO_AUDIENCE = (
    r"[,、]|我|俺|咱|你|您|自己|书记[:,]|[说里上中的了过是不怎吗写]|内容|时间|标题|要求"
)
"""What no audience begins with: 通知上说：… tells of a notice, and of none to write."""
OF_NOBODY = r"(?<!(?<![给帮替])[我俺咱你您他她])"
"""Not after a pronoun: 我妈说 is no name, 给我王芳的 holds one."""
NOT_TO_BE = "(?<![该快没不])(?<!准备|打算|可以|应该)"
"""What ends so is more than a name: 王芳该."""
PERSON = (
    r"(?![大家您你咱自哪他她它谁这那有]|同[事志]|书记|领导|会议|时间|恭喜|祝贺|欢送|感谢|谢谢"
    r"|.{0,2}(?:忘|登记|通知|提醒))(?:[一-龥]{2,4}?(?!·)|[一-龥]{1,8}(?:·[一-龥]{1,8})+)"
    r"(?<![要想会得该能不没快才就将准被又再都把还])"
)
"""One name, with or without a surname of ours; a name ends in no auxiliary."""
BODY = (
    r"(?:(?!我|咱|本|党?支部)"
    r"(?:[一-龥a-z0-9]{1,16}?(?:支部|总支|党委|学院|大学|学校|公司|单位|系|中心|研究所|医院|厂)|外[地校省市]))"
)
"""Where somebody may go, elsewhere than here."""
GROUPS = (
    "大家伙儿?|大家|大伙儿?|各位|全体|所有|支委|委员|预备党员|正式党员|党员|积极分子"
    "|(?:[两三四五六几][位个]|(?:各|每个)(?:党?小)?组的?)?(?:党?小组|小)?组长|各党小组"
    "|第?[0-9一二三四五六七八九十]{1,2}(?:党)?小?组"
)
MYSELF = "我(?![们校院系班的了过没])(?:自己|本人)?"
CROWD = (
    r"(?:(?:我们|咱们|咱|本|全)?(?:党?支部)?的?(?:(?:全体|所有|各位|全部)的?)?"
    rf"(?:入党积极分子|发展对象|所有人|每个人|班子成员|{GROUPS})|(?:全|整个)支部)"
    "(?!大?会|议|名单|活动|发展|教育|权利|义务|身份|证)(?:的?(?:[那这]?几[位个])?(?:同志|老师|成员|人)们?"
    "|的?[那这]?几[位个]|们)?"
)
"""People by a word for many of them; no notice is of a 党员大会."""
SHAPES = {
    "crowd": rf"{CROWD}(?:[、和跟与及]{CROWD})*",
    "who": r"[^:?。!;《“]{1,60}?",
    "name": rf"{OF_NOBODY}(?!{NO_NAME})(?:{APART}?[一-龥·]){{2,8}}?{NOT_TO_BE}",
    "person": PERSON,
    "body": BODY,
    "audience": rf"(?!{NO_AUDIENCE})[^:?。!;《“]{{1,60}}?(?!(?<=[0-9]):[0-9])",
    "those": r"[^:?。!;《“]{1,24}?的(?:人|同志|老师|党员)?们?",
    "names": rf"(?!{NO_AUDIENCE})[^:?。!;《“]{{2,40}}?",
    "whom": rf"(?:{MYSELF}|(?:我们|咱们|咱)?(?:{GROUPS}))",
    "own": r"[^。!?;]{2,30}?",
    "choice": r"[^,。;:!?]{1,12}?",
    "n": rf"[{NUMERAL}]+",
    "amount": rf"(?:[0-9]+[百千]?半?|[{NUMERAL[3:]}]+)",
    "number": r"[0-9]{1,7}(?![0-9])",
    "time": TIME.pattern,
    "day": rf"(?:{TIME.pattern})[^:。!?;]{{0,22}}?",
    "since": rf"(?:{TIME.pattern})[^:。!?;]{{0,22}}?",
    "when": rf"(?={TIME.pattern})[^。!?;]{{1,40}}?",
    "span": r"(?:(?!提醒|闹钟|通知|祝福)[^。!?;]){1,40}?",
    "ending": r"[到至][^。!?;]{1,24}?",
    "hours": r"[^。!?;]{1,40}?",
    "letters": "|".join(sorted({word for kind in KINDS for word in kind.called})),
    "times": r"(?![给向跟和对])[^。!?;]{1,40}?",
    "every": r"每[^。!?;]{1,16}?",
    "which": r"[^,。!?:;]{1,24}?",
    "what": r"[^,。!?:;]{1,24}?",
    "matter": r"[^,。!?:;]{1,24}?",
    "topic": r"(?!了|过(?![年节]))[^,。!?:;把]{1,24}?",
    "thing": r"[一-龥]{2,8}?",
    "few": rf"[^,:。;{APART}]{{1,8}}?",
    "lead": r".{1,120}?",
    "part": r".+?",
    "question": r".{3,40}",
    "asked": r"[^:。!;]{1,12}",
    "rest": r".+",
    "direct": rf"(?<!{APART})(?!{GAP}).+",
    "dated": rf"(?={TIME.pattern}).+",
    "occasion": rf"(?={TIME.pattern})(?:(?!通知|提醒|告诉|群发)[^:。!?;])+?",
    "glued": rf"(?<!{APART})(?={TIME.pattern}).+",
    "task": r".+",
    "timed": r".+",
    "text": r".+",
    "summons": rf"(?!{NO_AUDIENCE})[^:。!?].+",
    "begins": rf"(?!{NO_AUDIENCE})[^:。!?].+",
    "note": r".+",
    "content": r".+",
}
"""By kind: what may stand in a slot, in a text's compared form."""
TIMES = ("time", "day", "when", "dated", "occasion", "glued")
"""Kinds that begin with a time and say only when; "time" is one, and nothing else.

"since" begins so too, and is judged: 明天 makes of 孙丽明天调走 no fact.
"""
RUNS = ("times", "every")
"""Kinds that are times and polite words only, as the grammar of time reads them."""
TIMED = ("timed", "summons")
"""Kinds that hold a time."""
SPANS = ("span", "ending")
"""Kinds that are a stretch of time from now or a moment on."""
HOURS = ("hours",)
"""Kinds that are hours of every day."""
PERSONS = ("person",)
"""Kinds that are one name in one piece, be it 李明 or 莫言."""
ITEMS = ("which",)
"""Kinds that say which of several: 上次的 and 昨天的 say nothing of the order."""
PEOPLE = ("name",)
"""Kinds that are somebody's name."""
NAMES = ("names",)
"""Kinds that name people, one or more, and say nothing else."""
AUDIENCES = ("audience", "crowd", "those", *NAMES)
"""Kinds that say whom: 没回复的人 denies nothing, and who asks names nobody."""
MATTERS = ("matter",)
"""Kinds that are a thing: 今年 is none, nor is what somebody said."""
THINGS = ("thing",)
"""Kinds that name nobody."""
ASKED = ("asked", "question")
"""Kinds that ask something."""
FREE = ("rest", "direct")
"""Kinds that are the speaker's own words: what they say is no order."""
CONTENT = ("dated", "occasion", "glued")
"""Kinds that are so by what they begin with: only their end may ask."""
TASKS = ("task", "timed", "lead")
"""Kinds that are the speaker's own words, which may still speak of the order."""
TOLD = ("text", "note", "begins", "summons")
"""Kinds that are handed on word for word: they are not even about the order."""
UNREAD = ("content", "question")
"""Kinds that no guard reads: what a ballot asks, or who has answered asks besides."""
UNPARTED = ("text", "begins", "summons")
"""Those of them that may yet ask what to tell, unless a mark parts them."""
KNOWN = ("own", "choice", "begins", "summons")
"""Kinds that only what is there fits, as the command knows."""
TOKEN = re.compile(
    r"\{(?P<slot>\w+)(?:=(?P<kind>\w+))?(?::(?P<choices>[^{}]+))?\}"
    r"|<(?P<piece>\w+)>|(?P<mark>[()\[\]|])|(?P<gap> +)|(?P<literal>[^()\[\]{}<>| ]+)"
)
Needles: TypeAlias = frozenset[str]


@dataclass(frozen=True)
class Form:
    """written: its pattern; needles: one of these is in every text that fits.

    No needles: it is all of things that are there. also: further such sets, of each of
    which a text that fits has one. slots: the kind of each; all other groups are the
    template's own words.
    """

    written: str
    needles: Needles
    also: Sequence[Needles]
    slots: Mapping[str, str]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Compiled when a text first has one of the needles: it takes milliseconds."""
        return re.compile(self.written)


@dataclass
class _Part:
    """A piece of pattern. needed: of each of these a text that fits it has one.

    is_word: it is a word and nothing else.
    """

    pattern: str
    needed: tuple[Needles, ...] = ()
    is_word: bool = False

    @property
    def needles(self) -> Needles:
        """Those of what is needed that are the longest; none: nothing is needed."""
        best = max(self.needed, key=lambda each: min(map(len, each)), default=None)
        return best or frozenset()


@dataclass
class _Reader:
    pieces: Mapping[str, str]
    slots: dict[str, str] = field(default_factory=dict)
    literals: int = 0

    def sequence(self, tokens: list[re.Match[str]]) -> _Part:
        """Read up to a closing mark or the end, and take those tokens away."""
        if [each[0][:1] for each in tokens[:2]] == [" ", "]"]:
            del tokens[:2]
            return _Part(f"{GAP}*")
        branches: list[list[_Part]] = [[]]
        while tokens:
            token = tokens.pop(0)
            mark = token["mark"]
            if mark == "|":
                branches.append([])
            elif mark in (")", "]"):
                return self._either(branches, optional=mark == "]")
            elif mark:
                branches[-1].append(self.sequence(tokens))
            else:
                branches[-1].append(self._single(token))
        return self._either(branches, optional=False)

    def _either(self, branches: Sequence[Sequence[_Part]], *, optional: bool) -> _Part:
        joined = [_join(each) for each in branches]
        if all(each.is_word for each in joined):
            joined.sort(key=lambda each: len(each.pattern), reverse=True)  # 反映个事儿
        pattern = "|".join(each.pattern for each in joined)
        if optional:
            return _Part(f"(?:{pattern})?")
        if len(joined) == 1:
            return joined[0]
        needles = [each.needles for each in joined]
        needed = (frozenset[str]().union(*needles),) if all(needles) else ()
        return _Part(f"(?:{pattern})", needed)

    def _single(self, token: re.Match[str]) -> _Part:
        if name := token["piece"]:
            if name not in self.pieces:
                raise ValueError(f"no piece is called <{name}>")
            inner = self.sequence(tokens_of(self.pieces[name]))
            return _Part(f"(?:{inner.pattern})", inner.needed)
        if token["slot"]:
            return self._slot(token)
        if token["gap"]:
            return _Part(f"{GAP}+")
        words, name = token["literal"].lower(), f"_{self.literals}"
        self.literals += 1
        written = f"(?P<{name}>{_spaced(words)})"
        return _Part(written, (frozenset([words]),), is_word=True)

    def _slot(self, token: re.Match[str]) -> _Part:
        name, choices = token["slot"], token["choices"]
        kind = token["kind"] or ("one" if choices else name)
        if kind not in SHAPES and not choices:
            raise ValueError(f"no slot is of the kind {kind}")
        number = sum(each.partition("__")[0] == name for each in self.slots)
        group = f"{name}__{number}"  # once in each branch
        self.slots[group] = kind
        if choices:
            every = list_choices(choices.lower(), self.pieces)
            shape = "|".join(map(_spaced, sorted(every, key=len, reverse=True)))
            return _Part(f"(?P<{group}>{shape})", (frozenset(every),))
        return _Part(f"{APART}?(?P<{group}>{SHAPES[kind]})")


def list_choices(choices: str, pieces: Mapping[str, str]) -> list[str]:
    """List what a slot may be: of 先|后 as written, of <ways> what that piece has."""
    return pieces.get(choices.strip("<>"), choices).strip("()").split("|")


def _spaced(words: str) -> str:
    """Match words, also with white space before and between their characters."""
    return "".join(f"{APART}?{re.escape(each)}" for each in words)


def read_form(text: str, pieces: Mapping[str, str], ending: str) -> Form:
    """Read a template. ending: a pattern of what may follow it and says nothing."""
    reader = _Reader(pieces)
    tokens = tokens_of(text)
    whole = reader.sequence(tokens)
    if tokens:
        raise ValueError(f"a bracket is closed that is not open: {text}")
    if not whole.needles and set(KNOWN).isdisjoint(reader.slots.values()):
        raise ValueError(f"no word of its own: {text}")
    also = [each for each in whole.needed if each != whole.needles]
    written = f"(?:{whole.pattern})(?:{ending})$"
    return Form(written, whole.needles, also, reader.slots)


def tokens_of(text: str) -> list[re.Match[str]]:
    found, at, depth = [], 0, 0
    while at < len(text):
        token = TOKEN.match(text, at)
        if token is None:
            raise ValueError(f"not to be read from {text[at:]!r}")
        depth += (token["mark"] or " ") in "(["
        depth -= (token["mark"] or " ") in ")]"
        found.append(token)
        at = token.end()
    if depth:
        raise ValueError(f"a bracket is left open or closed twice: {text}")
    return found


def _join(parts: Sequence[_Part]) -> _Part:
    """Set parts after one another."""
    if len(parts) == 1:
        return parts[0]
    needed = tuple(each for part in parts for each in part.needed)
    return _Part("".join(each.pattern for each in parts), needed)
