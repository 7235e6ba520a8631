"""Which of the answers that a notice offers is meant: 来不了 is 请假, 能来 is 能参加.

What is said may call an answer by its name, by a part of it, or say in other words
whether one comes. What says more than that means none; the opposite of what is said
is never meant.
"""

from collections.abc import Sequence
from pathlib import Path

from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.text import normalise
from bot.understanding.words.masks import TIME

NOT = "不没未别无非"
HERE = Path(__file__)
BEFORE = Lexicon(HERE, "before")
AFTER = Lexicon(HERE, "after")
POLITE = Lexicon(HERE, "polite")
DONE = Lexicon(HERE, "done")
CHANGED = Lexicon(HERE, "changed")
COMES = Lexicon(HERE, "comes")
STAYS = Lexicon(HERE, "stays")
FAILS = Lexicon(HERE, "fails")
ARRIVED = Lexicon(HERE, "arrived")
ALL_ARRIVED = Lexicon(HERE, "all_arrived")
JOINING = frozenset(("+1", "+1+1", "加一", "加我", "加我一个", "算我一个", "算我一份"))
"""What joins a row of those who come, and is said alone."""
OFFERS_COMING = Lexicon(HERE, "offers_coming")
OFFERS_STAYING = Lexicon(HERE, "offers_staying")


def says_arrived(said: str) -> bool:
    """Tell whether words say that one is there by now: 我到了, 来了."""
    return ARRIVED.fit(normalise(said).text) is not None


def says_nothing_more(said: str) -> bool:
    """Tell whether words beside an answer are mere courtesy: 谢谢书记."""
    return not _bare(normalise(said).text)


def says_all_arrived(said: str) -> bool:
    """Tell whether words are of everybody: 都到了 is said by who keeps the list."""
    return ALL_ARRIVED.fit(normalise(said).text) is not None


def asks_whether_one_comes(answers: Sequence[str]) -> bool:
    """Tell whether answers are to come and to stay away: 能参加, 请假."""
    stays = [bool(OFFERS_STAYING.find(normalise(each).text)) for each in answers]
    return any(stays) and any(map(_offers_coming, answers))


def find_choices(answers: Sequence[str], said: str) -> Sequence[str]:
    """List the answers that words may mean: one, none, or several to ask between."""
    words = CHANGED.cut(normalise(said).text)
    if named := _named(answers, words, _bare(words)):
        return named
    untimed = _bare(TIME.sub("", words))
    if POLITE.cut(words) in JOINING or COMES.fit(untimed):
        return [each for each in answers if _offers_coming(each)]
    if STAYS.fit(untimed) or FAILS.fit(POLITE.cut(TIME.sub("", words))):
        return [each for each in answers if OFFERS_STAYING.find(each)]
    return ()


def _named(answers: Sequence[str], words: str, bare: str) -> Sequence[str]:
    """List what is called by its name or, if only one is called so, by a part of it."""
    forms = {each: normalise(each).text for each in answers}
    for said in (words, bare):
        if whole := [each for each, form in forms.items() if form == said]:
            return whole
    done = _read_done(POLITE.cut(BEFORE.cut(words)))
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
    found = DONE.fit(words)
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
    return not rest or bool(COMES.fit(rest) and not OFFERS_STAYING.find(form))


def _offers_coming(answer: str) -> bool:
    form = normalise(answer).text
    return bool(OFFERS_COMING.find(form)) and not OFFERS_STAYING.find(form)


def _bare(words: str) -> str:
    """Take what says nothing of the answer off both ends."""
    return AFTER.cut(BEFORE.cut(words))
