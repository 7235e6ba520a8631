"""The ways to order a notice: to whom, and what it says.

通知全体党员：周三开会 · 通知支委下午开会 · 给第一党小组发个通知，明天交思想汇报
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bot.errors import Refusal
from bot.understanding.sentences.form import CROWD
from bot.understanding.sentences.forms import Forms
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.slots.audience import Take
from bot.understanding.slots.run_of_times import is_run_of_times
from bot.understanding.words.masks import TIME, mask
from bot.understanding.words.people import PERSON
from handlers.notices.loosely import read_loosely
from handlers.notices.pick import number_of

HERE = Path(__file__)
ORDERS = Forms(HERE, "to", "told", "all")
CORRECTIONS = Forms(HERE, "correct")
AHEAD, SAYING, HESITATION, UNKEPT = (
    Lexicon(HERE, name) for name in ("ahead", "saying", "hesitation", "unkept")
)
NOT_KEPT = (
    "“{}”名册里分不出来（性别、年龄、学历这些不存），没有发。"
    "请写姓名，或者说发给全体党员、某个党小组、预备党员。"
)
A_WORD = ("一声", "一下", "知道")
LISTED = ("除", "不包括", "不含", "和", "跟", "与", "及")
LONGEST_WHO = 60
FARTHEST = 60
VERB, ASKING = Lexicon(HERE, "verb"), Lexicon(HERE, "asking")
SAID_AHEAD = Lexicon(HERE, "said_ahead")
MARKS = " ：:，,\n"
LEADS_IN = Lexicon(HERE, "leads_in")
LEADS_OVER = Lexicon(HERE, "leads_over")
AT_ONCE = Lexicon(HERE, "at_once")
PLAINLY = Lexicon(HERE, "plainly")
SAID_AFTER = Lexicon(HERE, "said_after")
SAYS_NOTHING = Lexicon(HERE, "says_nothing")
WHOLE = ("大家", "大伙", "各位")
GROUP_FIRST = re.compile(rf"(?:[给让请叫跟]|通知)?(?P<who>{CROWD})")
AUDIENCES = ("audience", "names", "crowd", "own")
NO_SLOTS: Mapping[str, str] = {}


@dataclass(frozen=True)
class Order:
    """who: the words for the audience, "" for all members; text: the notice.

    ahead: what was said before the order: 明早九点, 除了孙丽. urgent: it is to go at
    once: 立即发通知.
    """

    who: str
    text: str
    ahead: str = ""
    urgent: bool = False

    @property
    def is_for_some(self) -> bool:
        """Whether it is for people who were named, and not for everybody."""
        return bool(self.who) and not self.who.startswith((*WHOLE, "全体", "所有"))


def read_order(said: str, take: Take, slots: Mapping[str, str] = NO_SLOTS) -> Order:
    """Take an order for a notice apart; what is no order is all text.

    slots: of the sentence that it was read as whole, for what the orders do not know.
    """
    said = said.strip()
    now = AT_ONCE.find_at(said)
    order = _read(said[now.end() :] if now else said, take, slots)
    text = SAID_AFTER.cut(LEADS_IN.cut(order.text))
    bare = "" if SAYS_NOTHING.fit(text) else text
    if not order.who and (unkept := _find_unkept(bare)):
        raise Refusal(NOT_KEPT.format(unkept))
    return replace(order, text=bare, urgent=now is not None)


def is_foreseen(said: str) -> bool:
    """Whether an order begins as our examples do: 通知全体党员：…, 立即发通知."""
    said = said.strip()
    plainly = PLAINLY.stands_first(said) and ORDERS.find(said) is not None
    return plainly or AT_ONCE.stands_first(said)


def _read(said: str, take: Take, slots: Mapping[str, str]) -> Order:
    if "before" in slots or "who" in slots:
        return _of_sentence(slots, take)
    if (order := ORDERS.find(said)) is None:
        found = _after_ahead(said, take)
        if found or slots:
            return found or _of_sentence(slots, take)
        return _loosely(said, take) or _in_any_order(said, take)
    if told := order.slots.get("told"):
        return _told(told, take)
    who, text = order.slots.get("who", ""), order.slots.get("text", "")
    loose = _loosely(said, take) if who and take(who)[1] else None
    return loose or Order(who, text.strip(MARKS))


def _loosely(said: str, take: Take) -> Order | None:
    """Read an order that no sentence knows, by whom it names and what says so.

    那个你帮我跟大家讲一下就是明天开会嗯别迟到 · 支委几个人通知一下 …; None where it
    names nobody of ours before the words for telling them.
    """
    verbs = VERB.find_all(said[:FARTHEST])
    starts = [0, *(hit.end() for hit in verbs if AHEAD.is_all_of(said[: hit.start()]))]
    for start in starts:
        who, rest = take(said[start:])
        text = SAYING.cut_start(rest)
        asks = ASKING.stands_last(said[:start])
        if who and (asks or text != rest.lstrip(MARKS)):
            return Order(who, HESITATION.cut(text, "，").strip(MARKS))
    return _named_first(said, take)


def _in_any_order(said: str, take: Take) -> Order:
    """Read what is said first, and whom and how last; else all of it is text."""
    told = read_loosely(said, take)
    return Order(told.who, told.text) if told else Order("", said)


def _find_unkept(text: str) -> str:
    """Find whom a text begins with that no roster tells apart: 女党员."""
    verb = VERB.find_at(text)
    named = text[verb.end() :] if verb else text
    return named.removesuffix(UNKEPT.cut_start(named)).strip(MARKS)


def _named_first(said: str, take: Take) -> Order | None:
    """Read whom a text names before a comma: for them it is. 王芳李伟，明天来开会."""
    who, rest = take(said)
    parted = rest[:1] and rest[:1] in MARKS
    return Order(who, rest.strip(MARKS)) if who and parted else None


def _of_sentence(slots: Mapping[str, str], take: Take) -> Order:
    """Put together what stands in slots: 周五听课，跟大家说一声，务必到.

    Where nobody is named for it, a group that the words begin with is who they are for:
    第二小组的同志周四交表，发一下.
    """
    who = next((slots[each] for each in AUDIENCES if each in slots), "")
    before = LEADS_OVER.cut(slots.get("before", ""))
    if before and not (who or before.startswith(WHOLE)):
        inner = _read(before, take, NO_SLOTS)
        if inner.who:
            return inner
    if not (who or before.startswith(WHOLE)) and (begun := GROUP_FIRST.match(before)):
        who, _ = take(begun["who"])
        who, before = who or begun["who"], before[begun.start("who") :]
    text = (before, slots.get("text", ""))
    gone, until = slots.get("who"), slots.get("until")
    ahead = (slots.get("when", ""), gone and f"除了{gone}", until and f"{until}前回复")
    return Order(who, _join(text), _join(ahead))


def _join(parts: Iterable[str | None]) -> str:
    return "，".join(each.strip(MARKS) for each in parts if each)


def _after_ahead(said: str, take: Take) -> Order | None:
    """Find an order with a time or an exception before it."""
    for verb in VERB.find_all(said[:FARTHEST]):
        ahead = said[: verb.start()]
        if not ahead or not _may_lead(ahead.strip(MARKS)):
            continue
        if ORDERS.find(said[verb.start() :]):
            return replace(read_order(said[verb.start() :], take), ahead=ahead)
    return None


def _may_lead(ahead: str) -> bool:
    return bool(SAID_AHEAD.find_at(ahead)) or is_run_of_times(ahead)


def read_correction(said: str) -> tuple[int | None, str]:
    """Part "更正第2条：会议改在302" into the number and the text."""
    slots = {"text": said} if (found := CORRECTIONS.find(said)) is None else found.slots
    number = slots.get("n")
    text = slots.get("text", "").strip(MARKS)
    return None if number is None else number_of(number), text


def _told(rest: str, take: Take) -> Order:
    """Part "王芳、李伟：明天来" and "支委下午开会"; an unknown name stays a name."""
    who, text = take(rest)
    named, colon, _ = rest.replace("：", ":").partition(":")
    if colon and (_goes_on(text) if who else _may_be_named(named)):
        return Order(named.strip(), rest[len(named) :].strip(MARKS))
    if who:
        text = text.lstrip()
        begun = next(filter(text.startswith, A_WORD), "")
        return Order(who, text.removeprefix(begun).strip(MARKS))
    if person := PERSON.match(TIME.sub("T", rest)):
        return Order(person[0], rest[person.end() :].strip(MARKS))
    return Order("", rest.strip(MARKS))


def _goes_on(text: str) -> bool:
    """Whether what follows an audience is still one: 除了李伟：…, 、李韦：…."""
    bare = text.lstrip("，,（( \n")
    return bare.startswith("、") or bare.startswith(LISTED)


def _may_be_named(who: str) -> bool:
    """Whether words before a colon may say whom, and not when."""
    is_short = 0 < len(who) <= LONGEST_WHO and "\n" not in who
    return is_short and not who[-1].isdigit() and "T" not in mask(who)
