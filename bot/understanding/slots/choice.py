"""Which of the answers that a notice offers is meant: 来不了 is 请假, 能来 is 能参加.

What is said may call an answer by its name, by a part of it, or say in other words
whether one comes. What says more than that means none; the opposite of what is said
is never meant.
"""

import re
from collections.abc import Sequence

from bot.understanding.text import normalise
from bot.understanding.words.masks import TIME

NOT = "不没未别无非"
COME = r"(?:来|去|到场?|参加|出席|与会|过来|过去)"
ME = r"(?:我们?|俺|咱们?|本人|自己)"
BEFORE = re.compile(
    rf"^(?:{ME}|的会|那个会|又|还是|仍然|也|都|就|那就|那天?|这次|到时候?|现在|选择?|选的?是?"
    r"|一定|肯定|会(?!议)|嗯|好的?|行|收到|谢谢|书记|老师|领导|不好意思|抱歉|[,。!~、:])+"
)
COURTESY = "吧|啊|呀|哈|哦|的|呢|啦|嗯|谢谢|书记|老师|领导|一下|[,。!~、]"
AFTER, POLITE = (
    re.compile(rf"(?:(?<!不)了|{COURTESY})+$"),
    re.compile(rf"(?:{COURTESY})+$"),
)
DONE = re.compile(
    r"(?P<not>还没有?|没有?|尚?未)?(?P<ahead>已经|已|都|刚刚|刚|早就|早)*"
    r"(?P<deed>.+?)(?P<after>(?:过|好|完|掉|上|齐|毕)?[了啦]|过)?"
)
"""What is done or not yet: 已交, 交了, 交过了, 还没交."""
CHANGED = re.compile(r"^.*(?:改成|改为|换成|改选|变成)")
COMES = re.compile(
    rf"(?:(?:能够?|可以|会|没问题)?(?:准时|准点|按时|正常)?{COME}(?:得了|得成)?"
    rf"|不(?:用|需要|想)?请(?:个)?假|(?:取消|撤销|撤回)请假|请假(?:取消|撤销|作废|不算)|假不请|销假|不缺席)"
)
STAYS = re.compile(
    rf"(?:{COME}不(?:了|成|上)|(?:来|去)不成|(?:不能?|不会|没法|无法|没办法|没空|没时间|不方便|不想|不打算)"
    rf"(?:准时|按时)?{COME}|(?:要|想|得|需要|必须)?请(?:个|一个|一下|一次|一天|半天)?假|缺席|告假|不能?到)"
)
ARRIVED = re.compile(rf"(?:{ME}|已经?|刚|也|人|[,、])*(?:[到来]场?了[,。!书记]*)+")
ALL_ARRIVED = re.compile(
    "(?:大家|人|他们|咱们|全体)*(?:都|全|全部|齐)+(?:[到来](?:齐|场|会)?)了[,。!]*"
)
COUNT_ME_IN = re.compile(r"(?:\+\s*1)+|加我?一个?|算我(?:一个|一份)?|我也(?:一样)?\+1")
"""What joins a row of those who come, and is said alone."""
OFFERS_COMING = re.compile(rf"{COME}|报名")
OFFERS_STAYING = re.compile(
    rf"请.?假|缺席|告假|{COME}不(?:了|成)|(?:不能?|没法|无法|不)(?:准时|按时)?(?:{COME}|报名)"
)


def says_arrived(said: str) -> bool:
    """Tell whether words say that one is there by now: 我到了, 来了."""
    return ARRIVED.fullmatch(normalise(said).text) is not None


def says_nothing_more(said: str) -> bool:
    """Tell whether words beside an answer are mere courtesy: 谢谢书记."""
    return not _bare(normalise(said).text)


def says_all_arrived(said: str) -> bool:
    """Tell whether words are of everybody: 都到了 is said by who keeps the list."""
    return ALL_ARRIVED.fullmatch(normalise(said).text) is not None


def asks_whether_one_comes(answers: Sequence[str]) -> bool:
    """Tell whether answers are to come and to stay away: 能参加, 请假."""
    stays = [bool(OFFERS_STAYING.search(normalise(each).text)) for each in answers]
    return any(stays) and any(map(_offers_coming, answers))


def find_choices(answers: Sequence[str], said: str) -> Sequence[str]:
    """List the answers that words may mean: one, none, or several to ask between."""
    words = CHANGED.sub("", normalise(said).text)
    if named := _named(answers, words, _bare(words)):
        return named
    untimed = _bare(TIME.sub("", words))
    joins = COUNT_ME_IN.fullmatch(POLITE.sub("", words))
    if joins or COMES.fullmatch(untimed):
        return [each for each in answers if _offers_coming(each)]
    if STAYS.fullmatch(untimed):
        return [each for each in answers if OFFERS_STAYING.search(each)]
    return ()


def _named(answers: Sequence[str], words: str, bare: str) -> Sequence[str]:
    """List what is called by its name or, if only one is called so, by a part of it."""
    forms = {each: normalise(each).text for each in answers}
    for said in (words, bare):
        if whole := [each for each, form in forms.items() if form == said]:
            return whole
    done = _read_done(POLITE.sub("", BEFORE.sub("", words)))
    told = [each for each, form in forms.items() if done and done == _read_done(form)]
    if told:
        return told
    if len(bare) > 1:
        parts = [each for each, form in forms.items() if _stands_in(bare, form)]
        if len(parts) == 1:
            return parts
    around = [
        each for each, form in forms.items() if len(form) > 1 and _is_around(form, bare)
    ]
    return [max(around, key=len)] if around else ()


def _read_done(words: str) -> tuple[bool, str] | None:
    """Read what is done, or not yet, and which; None of what tells of no deed."""
    found = DONE.fullmatch(words)
    if found is None or not (found["not"] or found["ahead"] or found["after"]):
        return None
    return found["not"] is None, found["deed"]


def _stands_in(part: str, form: str) -> bool:
    """Tell whether words are a part of an answer that does not deny them."""
    at = form.find(part)
    return (
        at >= 0 and form[max(at - 1, 0) : at] not in tuple(NOT) and part[0] not in NOT
    )


def _is_around(form: str, bare: str) -> bool:
    """Tell whether words say an answer, and whether one comes, and nothing else."""
    at = bare.find(form)
    if at < 0 or bare[max(at - 1, 0) : at] in tuple(NOT):
        return False
    rest = _bare(bare[:at] + bare[at + len(form) :])
    return not rest or bool(COMES.fullmatch(rest) and not OFFERS_STAYING.search(form))


def _offers_coming(answer: str) -> bool:
    form = normalise(answer).text
    return bool(OFFERS_COMING.search(form)) and not OFFERS_STAYING.search(form)


def _bare(words: str) -> str:
    """Take what says nothing of the answer off both ends."""
    return AFTER.sub("", BEFORE.sub("", words))
