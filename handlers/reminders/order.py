"""The ways to order a reminder: whom, when, and what to say then.

提醒我明早九点交心得 · 每周一早上8点提醒全体党员学习 · 设个提醒，周五下午三点交表
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.understanding.slots.audience import Take
from bot.understanding.when import When, find_when
from bot.understanding.words.people import PERSON

SELF = "我"
HEAD = re.compile(
    r"(?:设置?|定|新建|添加|加|建)(?:一?[个条]|一下)?(?:定时)?(?:提醒|闹钟|闹铃)"
    r"|定时提醒"
)
FOR = re.compile(r"[给帮替为](?P<who>[^给帮替为，,\s]{1,20}?)[再就先]*$")
VERB = re.compile(
    r"(?:别忘了?|不要忘了?|记得)?(?:提醒|叫醒?|喊|通知)(?:一?[下声])?(?=我(?![们校院系班]))"
    r"|(?:叫|喊)(?:一?[下声])?(?=大家|各位|全体|所有)"
    r"|提醒(?:一?[下声])?"
)
SET_AT = re.compile(
    r"(?P<set>(?:设置?|定|加|建)一?[个条])(?P<time>.{2,14}?)的(?:定时)?提醒"
)
LIMIT = re.compile(
    r"[,，]\s*(?P<limit>[从自][^,，]{2,12}(?:起|开始)"
    r"|(?:一?直)?[到至][^,，]{2,12}?(?:为止|截止|结束)?)[。.!！]?$"
)
EVERY_TAIL = re.compile(
    r"[,，]\s*(?P<every>每个?(?:月|周|星期|礼拜|天|年))都?(?:要|这样|一样|提醒|如此)?[。.!！]?$"
)
FOR_ME = re.compile(
    r"(?:请|麻烦你?您?)?(?:帮|替|给)我记(?:着|住|一下|下|得)[：:，,\s]*"
)
ME = re.compile(r"我(?:自己|本人)?(?:一?[下声])?(?![们校院系班])")
US = re.compile(r"(?:我们|咱们|咱)(?=大家|全体|所有|各位)|各位(?=党员)")
POLITE = re.compile(
    r"^(?:请问?|能不能|可不可以|能否|可否|能(?=每|提|在)|麻烦您?你?|帮我|帮忙|帮|替我|给我|你|您|再|先|记得|记着|到时候?|到点|别忘了?"
    r"|我想让?|我要|想|在|于|就|来|[：:，,。；;\s])+"
)
LEADING = re.compile(r"^(?:记得|记着|到时候?|别忘了?|在|于|[：:，,。；;\s])+")
ENDING = re.compile(
    r"(?:一下|一声)?(?:[，,]?(?:可以吗|行不行|行吗|好吗|好不好|可不可以|成吗)[?？]?)?"
    r"[吧哦啊呀哈呗]*(?:谢谢您?你?)?[：:，,。；;！!~～\s]*$"
)
JOINTS = " ：:，,。；;、\n"
SMALL = re.compile(
    r"^(?:那天|当天|那日|的时候|时|的|去)?[：:，,。；;\s]*(?:一[下声](?=[，,\s]|$))?"
)
HALF_SAID = re.compile(r"^(?:到时候?|到点|的时候|时)?(?:就)?$")
EARLIER = re.compile(
    r"提前\s*[一两二三四五六七八九十半\d]+个?半?(?:小时|钟头|分钟|刻钟|天|周)"
)
EARLY = "“{}”是什么时候？请直接说提醒的时间，例如“每周四下午一点”。"
SEVERAL = "您说了不止一个时间：{}。按哪一个提醒？请单独说一次，例如“明天上午9点”。"


@dataclass(frozen=True)
class Order:
    """who: 我 for the speaker alone, "" where nobody is named. text: "" if unsaid.

    when: None where no time is said. said: the words of that time. is_set: a reminder
    was ordered as a thing (设个提醒), so that it may well be the speaker's own.
    """

    who: str
    text: str
    when: When | None = None
    said: str = ""
    is_set: bool = False


@dataclass(frozen=True)
class _Piece:
    """A part of a text with the times in it, which are placed within the part."""

    text: str
    times: tuple[When, ...]

    def without(self, when: When | None) -> str:
        if when is None or when not in self.times:
            return self.text
        first, last = when.span
        before = re.sub(r"[在于到]$", "", self.text[:first])
        return before + SMALL.sub("", self.text[last:])

    def words(self, when: When) -> str:
        return self.text[slice(*when.span)].strip()


def read_reminder(said: str, now: datetime, take: Take) -> Order:
    """Take an order for a reminder apart."""
    said = _in_order(said.strip(), now)
    is_set, whom = False, ""
    if head := HEAD.search(said):
        ahead, is_set = said[: head.start()], True
        named = FOR.search(ahead)
        if named and (ME.fullmatch(named["who"]) or not take(named["who"])[1]):
            whom, ahead = named["who"], ahead[: named.start()]
        if "闹" in head[0] or ME.fullmatch(whom):
            whom = SELF
        said = f"{ahead}{said[head.end() :].lstrip(JOINTS)}".strip()
    elif mine := FOR_ME.match(said):
        whom, said = SELF, said[mine.end() :]
    times = find_when(said, now)
    verb = next((each for each in VERB.finditer(said) if _is_free(each, times)), None)
    if verb is None:
        return _order(whom, (_piece(said, times, 0, 0), said, times), is_set=is_set)
    who, rest = _whom(said[verb.end() :], take)
    before = _piece(said, times, 0, verb.start())
    return _order(who, (before, rest, find_when(rest, now)), is_set=is_set)


def _in_order(said: str, now: datetime) -> str:
    """Bring the time together: 设个每天7点的提醒, 每周五提醒我…，到12月底为止."""
    if (hit := SET_AT.search(said)) and find_when(hit["time"], now):
        said = (
            f"{said[: hit.start()]}{hit['set']}提醒 {hit['time']} {said[hit.end() :]}"
        )
    if every := EVERY_TAIL.search(said):
        said = f"{every['every']}{said[: every.start()]}"
    limit = LIMIT.search(said)
    if limit is None or not find_when(limit["limit"], now):
        return said
    rule = next((each for each in find_when(said, now) if each.rule), None)
    before = said[: limit.start()]
    alone = next((each for each in find_when(before, now) if each.rule), None)
    if rule is None or alone is None:
        return said
    at = alone.span[1]
    return f"{before[:at]}{limit['limit']}{before[at:]}"


def _order(
    who: str,
    parts: tuple[_Piece, str, Sequence[When]],
    *,
    is_set: bool,
) -> Order:
    before, rest, later = parts
    after = _Piece(rest, tuple(later))
    when, said = _choose(before, after)
    kept = None if when is None or when.deadline else when
    ahead = POLITE.sub("", before.without(kept).strip(JOINTS))
    pieces = (_bare(ahead), _bare(after.without(kept)))
    if when and (early := EARLIER.search(ahead)):
        when = When(unclear=EARLY.format(early[0]))
    apart = "" if when and when.deadline else "，"
    text = apart.join(piece for piece in pieces if piece)
    return Order(who, text, when, said, is_set)


def _choose(before: _Piece, after: _Piece) -> tuple[When | None, str]:
    """Choose the time to remind at: one said ahead of the verb, else the first."""
    if len(before.times) == 1:
        return before.times[0], before.words(before.times[0])
    if before.times:
        return _several(before), before.text
    if not after.times:
        return None, ""
    first = after.times[0]
    leads = not _bare(after.text[: first.span[0]])
    if len(after.times) > 1 and not leads:
        return _several(after), after.text
    return first, after.words(first)


def _several(piece: _Piece) -> When:
    said = "、".join(f"“{piece.words(each)}”" for each in piece.times[:3])
    return When(unclear=SEVERAL.format(said))


def _whom(rest: str, take: Take) -> tuple[str, str]:
    """Part "全体党员学习"; an unknown name stays a name, to be asked back about."""
    rest = rest.lstrip(JOINTS)
    if me := ME.match(rest):
        return SELF, rest[me.end() :]
    rest = US.sub("", rest, count=1) if US.match(rest) else rest
    who, text = take(rest)
    if who:
        return who, text
    if named := PERSON.match(rest):
        return named[0], rest[named.end() :]
    return "", rest


def _is_free(found: re.Match[str], times: Sequence[When]) -> bool:
    return not any(
        when.span[0] <= found.start() and found.end() <= when.span[1] for when in times
    )


def _piece(said: str, times: Sequence[When], start: int, end: int) -> _Piece:
    held = [when for when in times if start <= when.span[0] and when.span[1] <= end]
    return _Piece(said[start:end], tuple(held))


def _bare(text: str) -> str:
    text = LEADING.sub("", SMALL.sub("", text.strip(JOINTS)))
    text = ENDING.sub("", text).strip(JOINTS)
    return "" if HALF_SAID.match(text) else text
