"""A text → which command it calls, with which words; never an act on a guess.

Four steps, each of which can be shown: the text in one form (normal), what it does
(speech), which names it calls (frames), which examples it is like (likeness). An
acting command is read only where the frame is known or the likeness is high and
clear, and nothing in the text asks, denies, supposes, quotes or tells of others.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.branch.members import Role
from bot.command import Command
from bot.understanding.frames import Call, Frames, bare
from bot.understanding.likeness import Likeness, Match
from bot.understanding.masks import mask
from bot.understanding.normal import Said, normalise
from bot.understanding.same import unify
from bot.understanding.smalltalk import (
    GUIDANCE,
    NOT_DONE,
    NOTHING,
    SMALL_TALK,
)
from bot.understanding.speech import BY_EXAMPLE, Speech, listen

ACT_SCORE = 0.62
SHOWN_FIRST = 0.52
ACT_MARGIN = 0.12
SHOW_SCORE = 0.42
SHOW_MARGIN = 0.06
LOWEST = 0.22
CALLED = 0.25
MOST_CHOICES = 3
CLAUSE = re.compile(r"[,。;!:]")
MOST_CLAUSES = 4
OF_A_CLAUSE = 0.9
ENOUGH_KNOWN = 0.7
SHORT = 8
MINE = 0.3
HALF_KNOWN = 0.6
CERTAINLY_OURS = 0.34
OWN_DENIAL = 0.12
STRANGE_DENIAL = 0.75
LEAST_OFFERED = 0.15
MIDDLING = 16
SOFT = ("已经", "没定")
TELLING = ("疑问", "假设", "没定", "评说", "玩笑", "忘记", "将来")
RULES = "ask"
OF_RULES = 0.18
OF_OTHERS = 0.6
RULE = re.compile(
    r"多久|多长|几次|几回|多少次|多少天|几天|几年|多少学时|比例|条件|标准|什么是|什么叫|指什么|是指|叫做|要求|程序|流程"
    r"|手续|后果|会怎|怎么处理|规定|需要|应当|必须|强制|自愿|要几|要多少|要多久|一般|每年|每月|几个人|有什么用|为什么|区别|权限"
)
OWN = re.compile(
    r"我|俺|咱|今年|本[月周年季]|[这上下][个周月次]|现在|目前|最近|还[差欠有没]|谁|名单|进度|工资|退休金|收入|党费交多少"
)
PARTY = re.compile(
    r"党|支部|支委|入党|预备|转正|组织|积极分子|发展对象|三会一课|民主评议|谈心|换届|思想汇报|条例|章程|处分|学时"
)
BAD_START = re.compile(
    r"[了过]?[吗没么呢]|怎|咋|如何|什么|啥|为|多少|几|哪|谁|是不|是否|有什|有啥|有没|有用|能不|可不|要不|会不|会怎"
    r"|不[打发请签要用想行能可必]|别|没[用有意]|算了|了没|取消|记录|情况|一共|机器|功能|系统|规定|制度|是(?:什|啥|干)"
)
TITLED = re.compile(r"《[^》]*》|[“\"「『][^”\"」』]*[”\"」』]")


@dataclass(frozen=True)
class Reading:
    """intent: a command's, "none" or "choose"; reply: what to say for those two.

    meant: the text clearly orders or states the thing; a command that both shows and
    records may only record when it is. why: what matched, for whoever asks.
    """

    intent: str
    words: str = ""
    reply: str = GUIDANCE
    choices: tuple[str, ...] = ()
    why: str = ""
    meant: bool = False


@dataclass(frozen=True)
class Heard:
    """All that is known of one text before it is decided on."""

    said: Said
    speech: Speech
    call: Call | None
    matches: Sequence[Match]

    @property
    def why(self) -> str:
        marks = "、".join(f"{name}（{hit}）" for name, hit in self.speech.marks.items())
        denied = f"；否定（{'、'.join(self.speech.denied)}）" if self.speech.denied else ""
        call = f"；口令“{self.call.name}”（{self.call.kind}）" if self.call else ""
        like = "、".join(
            f"{each.intent} {each.score:.2f}（{each.example}）"
            for each in self.matches[:MOST_CHOICES]
        )
        return f"言语：{marks or '陈述'}{denied}{call}；最像：{like or '无'}"


class Understanding:
    """Reads texts; built once from the commands that there are."""

    def __init__(self, commands: Iterable[Command]) -> None:
        self._commands = {each.intent: each for each in commands}
        self._frames = Frames(self._commands.values())
        self._replies = {
            _masked(text): reply for reply, texts in SMALL_TALK.items() for text in texts
        }
        examples = {
            each.intent: [_masked(text) for text in (*each.names, *each.examples)]
            for each in self._commands.values()
        }
        self._personal = {
            intent
            for intent, texts in examples.items()
            if not any("P" in text for text in texts)
            and sum("我" in text for text in texts) >= len(texts) * MINE
        }
        examples[NOTHING] = list(self._replies)
        self._likeness = Likeness(examples)
        self._allowed: dict[str, frozenset[str]] = {}
        self._denied: dict[str, frozenset[str]] = {}
        for each in self._commands.values():
            self._learn_speech(each)

    def _learn_speech(self, command: Command) -> None:
        """Learn which days a command's examples speak of, and what they deny."""
        texts = [normalise(text).text for text in (*command.names, *command.examples)]
        orders = [speech for speech in map(listen, texts) if not speech.asks]
        marks = {mark for speech in orders for mark in speech.marks}
        self._allowed[command.intent] = frozenset(marks & set(BY_EXAMPLE))
        self._denied[command.intent] = frozenset(
            piece for speech in orders for piece in speech.denied
        )

    def read(self, text: str, role: Role = Role.SECRETARY) -> Reading:
        """Tell what is meant. role: whoever speaks is offered only what is allowed."""
        said = normalise(text)
        call = self._frames.find(said)
        matches = self._rank(said.text)
        heard = Heard(said, listen(said.text), call, _with_call(matches, call))
        return self._decide(heard, role)

    def _rank(self, text: str) -> list[Match]:
        """Rank the intents by the whole text, or by one clause, which counts less."""
        best = {each.intent: each for each in self._likeness.scores(_masked(text))}
        clauses = [each for each in CLAUSE.split(text) if each]
        for clause in clauses if 1 < len(clauses) <= MOST_CLAUSES else ():
            for each in self._likeness.scores(_masked(clause)):
                score = each.score * OF_A_CLAUSE
                known = best.get(each.intent)
                if each.intent != NOTHING and (known is None or known.score < score):
                    best[each.intent] = Match(each.intent, score, each.example)
        return sorted(map(self._fit(text, listen(text)), best.values()), key=_best_first)

    def _fit(self, text: str, speech: Speech) -> Callable[[Match], Match]:
        """Weigh by whom a text is about, and whether it asks for a rule."""
        masked = mask(text)
        of_others = "P" in masked and "我" not in masked
        of_rules = bool(RULE.search(text)) and not of_others and not OWN.search(text)

        denied = () if speech.asks else speech.denied

        def weigh(match: Match) -> Match:
            score = match.score
            own = self._denied.get(match.intent, frozenset())
            if denied and not own.isdisjoint(denied):
                score += OWN_DENIAL
            elif denied and match.intent != NOTHING:
                score *= STRANGE_DENIAL
            if of_others and match.intent in self._personal:
                score *= OF_OTHERS
            if of_rules and match.intent == RULES:
                score += OF_RULES
            return Match(match.intent, score, match.example)

        return weigh

    def _decide(self, heard: Heard, role: Role) -> Reading:
        reason = ""
        if heard.call and self._commands[heard.call.intent].acts:
            reason = self._against_call(heard, heard.call)
            if heard.call.sure and not reason and self._agrees(heard, heard.call):
                return _take(heard, heard.call.intent, heard.call.words)
        elif heard.call and heard.call.sure and self._shows(heard, heard.call):
            meant = not self._against(heard, heard.call.intent)
            return _take(heard, heard.call.intent, heard.call.words, meant=meant)
        return self._by_likeness(heard, role, reason)

    def _agrees(self, heard: Heard, call: Call) -> bool:
        """Whether a short text whose name runs on is like nothing else more."""
        if call.kind != "glued" or len(heard.said.text) > MIDDLING:
            return True
        rest = [each.score for each in heard.matches if each.intent != call.intent]
        own = [each.score for each in heard.matches if each.intent == call.intent]
        if not own or (rest and own[0] - _bonus(call) <= rest[0]):
            return False
        text = _masked(heard.said.text)
        member = self._commands[call.intent].role == Role.MEMBER
        known = self._likeness.known(call.intent, text)
        return not member or known >= ENOUGH_KNOWN

    def _shows(self, heard: Heard, call: Call) -> bool:
        """Whether a name that only shows is all that the text is about."""
        return call.kind == "alone" or (
            call.kind == "parted" and heard.matches[0].intent == call.intent
        )

    def _against(self, heard: Heard, intent: str) -> str:
        return heard.speech.against(self._allowed[intent], self._denied[intent])

    def _against_call(self, heard: Heard, call: Call) -> str:
        """Find what in a text that calls an acting command forbids to act."""
        text = heard.said.text
        allowed, own = self._allowed[call.intent], self._denied[call.intent]
        if text.endswith(("?", "吗")):
            return f"疑问（{text[-1]}）"
        if call.kind == "closing":
            return listen(TITLED.sub("", text)).against(allowed, own)
        if call.kind == "parted":
            head = listen(text[: call.end]).against(allowed, own)
            return head or self._against_content(call, text[call.end :])
        if not call.sure:
            return heard.speech.against(allowed, own)
        clause = re.split(r"[,:。;!]", text[call.end :], maxsplit=1)[0]
        said = listen(text[: call.end] + TITLED.sub("", clause))
        return said.against(allowed, own) or _asks_at_end(text)

    def _against_content(self, call: Call, content: str) -> str:
        """Find in the particulars what turns an order into something else."""
        plain = TITLED.sub("", content).lstrip(",。!;:、~… ")
        if starts := BAD_START.match(plain):
            return f"疑问或否定（{starts[0]}）"
        if mask(plain) == "P" and self._commands[call.intent].role == Role.MEMBER:
            return f"说别人（{plain}）"
        speech = listen(plain)
        if len(plain) <= SHORT:
            content_marks = {m: hit for m, hit in speech.marks.items() if m in TELLING}
            if against := Speech(content_marks).against(
                self._allowed[call.intent], frozenset()
            ):
                return against
        if len(plain) <= MIDDLING and "疑问" in speech.marks:
            return f"疑问（{speech.marks['疑问']}）"
        return _asks_at_end(plain)

    def _by_likeness(self, heard: Heard, role: Role, reason: str) -> Reading:
        open_to = [each for each in heard.matches if self._may_mean(heard, each, reason)]
        if not open_to or open_to[0].score < LOWEST:
            return self._fall_back(heard)
        best = open_to[0]
        if self._turned_down(heard, best, reason):
            return self._turn_down(heard, role, open_to)
        if best.score < CERTAINLY_OURS and not self._is_ours(heard, best):
            return self._fall_back(heard)
        if best.intent == NOTHING:
            return self._small_talk(heard, best)
        margin = best.score - (open_to[1].score if len(open_to) > 1 else 0.0)
        if self._commands[best.intent].acts:
            against = self._against(heard, best.intent)
            if self._is_clear(heard, best, margin) and not against:
                return _take(heard, best.intent, heard.said.raw.strip())
        elif best.score >= SHOW_SCORE and margin >= SHOW_MARGIN:
            meant = best.score >= ACT_SCORE and not self._against(heard, best.intent)
            return _take(heard, best.intent, heard.said.raw.strip(), meant=meant)
        return self._offer(heard, role, open_to)

    def _is_clear(self, heard: Heard, best: Match, margin: float) -> bool:
        """Whether an act is so like its examples that there is no doubt.

        What a secretary does is previewed, so it may be read from a little less.
        """
        command, call = self._commands[best.intent], heard.call
        called = call is not None and call.intent == best.intent
        score = best.score - (_bonus(call) if called else 0.0)
        text = _masked(heard.said.text)
        wanted = 1.0 if len(text) <= SHORT else ENOUGH_KNOWN
        return (
            score >= (SHOWN_FIRST if command.role == Role.SECRETARY else ACT_SCORE)
            and margin >= ACT_MARGIN
            and self._likeness.known(best.intent, text) >= wanted
        )

    def _may_mean(self, heard: Heard, match: Match, reason: str) -> bool:
        """Whether the text can mean this at all: an act only where nothing forbids."""
        if match.intent == NOTHING or not self._commands[match.intent].acts:
            return True
        against = self._against(heard, match.intent)
        if heard.call and heard.call.intent == match.intent:
            against = reason
        known = self._likeness.known(match.intent, _masked(heard.said.text))
        long = len(heard.said.text) > SHORT
        return (not against or against.startswith(SOFT)) and (
            long or known >= HALF_KNOWN
        )

    def _fall_back(self, heard: Heard) -> Reading:
        if heard.speech.asks and RULES in self._commands:
            if heard.call or PARTY.search(heard.said.text):
                return _take(heard, RULES, heard.said.raw.strip())
        reply = NOT_DONE if heard.call else GUIDANCE
        return Reading(NOTHING, reply=reply, why=heard.why)

    def _turned_down(self, heard: Heard, best: Match, reason: str) -> bool:
        """Whether the text is about an act, but does not ask for it, nor for more."""
        top = heard.matches[0]
        about = heard.call if reason else self._acts(top.intent) and best is not top
        denied = reason.startswith("否定") and not heard.speech.asks
        needed = ACT_SCORE if denied else SHOW_SCORE
        return bool(about) and not self._acts(best.intent) and best.score < needed

    def _turn_down(self, heard: Heard, role: Role, found: Sequence[Match]) -> Reading:
        """Do nothing; to a question offer what may be meant, and the rules."""
        near = [each for each in found if not self._acts(each.intent)][:2]
        near = [each for each in near if each.intent not in (NOTHING, RULES)]
        if not heard.speech.asks or not near or RULES not in self._commands:
            return self._fall_back(heard)
        return self._offer(heard, role, [*near, Match(RULES, near[0].score, "")])

    def _acts(self, intent: str) -> bool:
        return intent != NOTHING and self._commands[intent].acts

    def _is_ours(self, heard: Heard, best: Match) -> bool:
        """Whether a faint likeness rests on more than small words."""
        if best.intent == NOTHING or heard.call or PARTY.search(heard.said.text):
            return True
        return self._likeness.telling(best.intent, _masked(heard.said.text))

    def _small_talk(self, heard: Heard, best: Match) -> Reading:
        reply = self._replies.get(best.example, GUIDANCE)
        if best.score < ACT_SCORE:
            reply = NOT_DONE if heard.call else GUIDANCE
        return Reading(NOTHING, reply=reply, why=heard.why)

    def _offer(self, heard: Heard, role: Role, found: Sequence[Match]) -> Reading:
        """Ask which of at most three is meant."""
        near = max(LEAST_OFFERED, min(found[0].score * 0.6, SHOW_SCORE / 2))
        choices = [
            self._commands[each.intent]
            for each in found
            if each.score >= near and each.intent != NOTHING
        ]
        mine = [each for each in choices if each.role <= role][:MOST_CHOICES]
        if not mine:
            return self._fall_back(heard)
        lines = [f"{n}. {each.names[0]}：{each.help}" for n, each in enumerate(mine, 1)]
        reply = "没太听准，您是想：\n" + "\n".join(lines) + "\n回数字就行；都不是就换个说法。"
        intents = tuple(each.intent for each in mine)
        raw = heard.said.raw.strip()
        return Reading("choose", raw, reply, intents, heard.why)


def _best_first(match: Match) -> tuple[float, str]:
    return -match.score, match.intent


def _take(
    heard: Heard, intent: str, words: str, *, meant: bool = True
) -> Reading:
    return Reading(intent, words, why=heard.why, meant=meant)


def _masked(text: str) -> str:
    return mask(unify(bare(normalise(text).text)))


def _bonus(call: Call | None) -> float:
    return CALLED * (1.0 if call and call.sure else 0.4)


def _with_call(matches: Sequence[Match], call: Call | None) -> Sequence[Match]:
    """Let a name that is called speak for its intent."""
    if call is None:
        return matches
    bonus = _bonus(call)
    raised = [
        Match(each.intent, each.score + bonus, each.example)
        if each.intent == call.intent
        else each
        for each in matches
    ]
    return sorted(raised, key=_best_first)


def _asks_at_end(text: str) -> str:
    ends = re.search(r"(?:[吗么呢?]|了没有?|没有|好不好|行不行|对不对|是不是)$", text)
    return f"疑问（{ends[0]}）" if ends else ""
