"""The ways to order a reminder: whom, when, and what to say then.

提醒我明早九点交心得 · 每周一早上8点提醒全体党员学习 · 设个提醒，周五下午三点交表
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from bot.understanding.drafts.changes import PARTS
from bot.understanding.sentences.forms import Forms
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.slots.audience import Take
from bot.understanding.slots.content import (
    JOINTS,
    bare_ahead,
    bare_content,
    without_joint,
)
from bot.understanding.slots.moment import is_only_time
from bot.understanding.when import When, find_when
from bot.understanding.when.instead import read_same_day
from bot.understanding.words.people import PERSON

SELF = "我"
MOST_TIMES = 4
COMMAS = ("、", "，", ",")
OURS = ("我们", "咱们", "咱")
EARLY = "“{}”是什么时候？请直接说提醒的时间，例如“每周四下午一点”。"
SEVERAL = "您说了不止一个时间：{}。按哪一个提醒？请单独说一次，例如“明天上午9点”。"
HERE = Path(__file__).with_name("set.py")
FORMS, AND = Forms(HERE, "order"), Lexicon(HERE, "and")
AHEAD = Forms(HERE, "early")


@dataclass(frozen=True)
class Order:
    """who: 我 for the speaker alone, "" where nobody is named. text: "" if unsaid.

    when: None where no time is said. said: the words of that time. is_set: a reminder
    was ordered as a thing (设个提醒), so that it may well be the speaker's own. also:
    the further times of a run: 上午10点和下午3点.
    """

    who: str
    text: str
    when: When | None = None
    said: str = ""
    is_set: bool = False
    also: tuple[When, ...] = ()


@dataclass(frozen=True)
class _Piece:
    """A part of a text with the times in it, which are placed within the part."""

    text: str
    times: tuple[When, ...]

    def without(self, when: When | None) -> str:
        if when is None or when not in self.times:
            return self.text
        first, last = when.span
        before = self.text[:first]
        if before.endswith(("在", "于", "到")):
            before = before[:-1]
        return before + without_joint(self.text[last:])

    def without_run(self) -> str:
        """Leave the text without all of its times, which stand side by side."""
        first, last = self.times[0].span[0], self.times[-1].span[1]
        return f"{self.text[:first]}{without_joint(self.text[last:])}"

    def words(self, when: When) -> str:
        return self.text[slice(*when.span)].strip()


def is_foreseen(said: str) -> bool:
    """Whether a sentence of ours knows an order: 提醒我明早九点交心得."""
    return FORMS.find(said) is not None


def read_reminder(
    said: str, slots: Mapping[str, str], now: datetime, take: Take
) -> Order:
    """Take an order for a reminder apart. slots: of the sentence that it is, if any."""
    if not slots:
        found = FORMS.find(said)
        slots = found.slots if found else {"ahead": said}
    slots, day = _with_early(_with_bounds(slots, now), now)
    ahead = _piece(slots.get("when") or slots.get("ahead", ""), now)
    who, rest = _whom(slots, take)
    if "set" in slots and (inner := FORMS.find(rest)):
        order = read_reminder(rest, inner.slots, now, take)
        return replace(order, who=order.who or who, is_set=True)
    order = _order(who, ahead, _piece(rest, now), now, polite="when" in slots)
    if early := slots.get("early"):
        order = replace(order, when=When(unclear=EARLY.format(f"提前{early}")))
    done = "，".join(filter(None, (slots.get("do", ""), f"{day}{order.text}")))
    return replace(order, text=done, is_set="set" in slots)


def _with_bounds(slots: Mapping[str, str], now: datetime) -> Mapping[str, str]:
    """Bring the time together: 25号…，每个月都要, 每周五…，到12月底为止."""
    key = "when" if "when" in slots else "ahead"
    ahead, task = slots.get(key, ""), slots.get("task", "")
    if every := slots.get("every"):
        ahead = f"{every}{ahead}"
    limit = f"从{slots['since']}起" if "since" in slots else ""
    limit += f"到{slots['until']}为止" if "until" in slots else ""
    if not limit:
        return {**slots, key: ahead}
    for name, text in ((key, ahead), ("task", task)):
        if rule := next((each for each in find_when(text, now) if each.rule), None):
            at = rule.span[1]
            return {**slots, key: ahead, name: f"{text[:at]}{limit}{text[at:]}"}
    return {**slots, key: ahead, "task": f"{task}，{limit}"}


def _with_early(
    slots: Mapping[str, str], now: datetime
) -> tuple[Mapping[str, str], str]:
    """Bring how much earlier to its day: 12月15号…，提前两天, with that day's words.

    The day is "" where nothing is said so, or it makes no certain time.
    """
    bare, early = _part_early(slots, now)
    for name in ("when", "ahead", "task") if early else ():
        text = bare.get(name, "")
        times = find_when(text, now)
        if len(times) != 1 or times[0].recurring or times[0].deadline:
            continue
        first, last = times[0].span
        day = text[first:last].strip()
        for words in (f"{day}{early}", f"{_day_of(times[0])}{early}"):
            moved = find_when(words, now)
            if len(moved) == 1 and not moved[0].unclear:
                return {**bare, name: f"{text[:first]}{words}{text[last:]}"}, day
    return slots, ""


def _part_early(
    slots: Mapping[str, str], now: datetime
) -> tuple[Mapping[str, str], str]:
    """Part what is to be done from how much earlier: 提前两天, or 前一天晚上八点."""
    task = slots.get("task", "")
    found = AHEAD.find(task)
    if found is not None and not found.start:
        early = f"提前{found.slots['n']}{found.slots['unit']}"
        return {**slots, "task": found.slots["task"].rstrip(JOINTS)}, early
    for name in ("task", "ahead"):
        *first, last = PARTS.split(slots.get(name, "").rstrip(JOINTS))
        if first and is_only_time(last, now) and find_when(last, now)[0].adrift:
            rest = slots[name][: slots[name].rindex(last)].rstrip(JOINTS)
            return {**slots, name: rest}, last
    return slots, ""


def _day_of(when: When) -> str:
    """Write the day alone: of it an hour of the day before is counted."""
    return f"{when.next[0]:%-m月%-d日}" if when.next else ""


def _order(
    who: str, before: _Piece, after: _Piece, now: datetime, *, polite: bool
) -> Order:
    """Put the pieces together. polite: what is ahead is times and polite words."""
    run = _read_run(before, now) or _read_run(after, now)
    if run is not None:
        piece, whens = run
        rest = bare_content(piece.without_run())
        ahead = "" if piece is before else bare_ahead(before.text)
        behind = rest if piece is after else bare_content(after.text)
        text = "，".join(filter(None, (ahead, behind)))
        return Order(who, text, whens[0], piece.words(piece.times[0]), also=whens[1:])
    when, said = _choose(before, after)
    kept = None if when is None or when.deadline else when
    ahead = before.without(kept)
    if polite and when in before.times:
        ahead = said if when.deadline else ""
    pieces = (bare_ahead(ahead), bare_content(after.without(kept)))
    apart = "" if when and when.deadline else "，"
    return Order(who, apart.join(filter(None, pieces)), when, said)


def _read_run(piece: _Piece, now: datetime) -> tuple[_Piece, tuple[When, ...]] | None:
    """Read 明天上午10点和下午3点: times side by side, a later one of the first's day.

    None where there is no run, or one of its times is not certain by itself.
    """
    if not 1 < len(piece.times) <= MOST_TIMES:
        return None
    pairs = zip(piece.times, piece.times[1:], strict=False)
    between = [piece.text[a.span[1] : b.span[0]].strip() for a, b in pairs]
    if not all(each in COMMAS or AND.is_one(each) for each in between):
        return None
    first = piece.words(piece.times[0])
    also = [read_same_day(piece.words(each), first, now) for each in piece.times[1:]]
    whens = (piece.times[0], *also)
    unclear = any(each.unclear or each.deadline or not each.next for each in whens)
    return None if unclear else (piece, whens)


def _choose(before: _Piece, after: _Piece) -> tuple[When | None, str]:
    """Choose the time to remind at: one said ahead of the verb, else the first."""
    if len(before.times) == 1:
        return before.times[0], before.words(before.times[0])
    if before.times:
        return _several(before), before.text
    if not after.times:
        return None, ""
    first = after.times[0]
    leads = not bare_content(after.text[: first.span[0]])
    if len(after.times) > 1 and not leads:
        return _several(after), after.text
    return first, after.words(first)


def _several(piece: _Piece) -> When:
    said = "、".join(f"“{piece.words(each)}”" for each in piece.times[:3])
    return When(unclear=SEVERAL.format(said))


def _whom(slots: Mapping[str, str], take: Take) -> tuple[str, str]:
    """Tell whom, and what else is said after it."""
    task, named = slots.get("task", ""), slots.get("who", "")
    if "闹" in slots.get("thing", "") or _is_self(named):
        return SELF, task
    if not named:
        return _part(f"{slots.get('us', '')}{slots.get('whom', '')}{task}", take)
    if take(named)[1] and not PERSON.fullmatch(named):
        return "", f"给{named}{task}"
    return named, task


def _part(rest: str, take: Take) -> tuple[str, str]:
    """Part "全体党员学习"; an unknown name stays a name, to be asked back about."""
    rest = rest.lstrip(JOINTS)
    if _is_self(rest):
        rest = _without(rest.removeprefix(SELF), "自己", "本人")
        return SELF, _without(rest, "一下", "一声")
    others = _without(rest, *OURS)
    who, text = take(others if take(others)[0] else rest)
    if who:
        return who, text
    if named := PERSON.match(rest):
        return named[0], rest[named.end() :]
    return "", rest


def _is_self(text: str) -> bool:
    """Whether 我 is the speaker alone: not in 我们, 我校."""
    return text.startswith(SELF) and not text[1:].startswith(("们", *"校院系班"))


def _without(text: str, *heads: str) -> str:
    for head in heads:
        if text.startswith(head):
            return text.removeprefix(head)
    return text


def _piece(said: str, now: datetime) -> _Piece:
    times: Sequence[When] = find_when(said, now)
    return _Piece(said, tuple(times))
