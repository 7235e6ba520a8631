"""All times that a text speaks of, word by word."""

import re
from functools import lru_cache
from itertools import islice

from bot.understanding.when import (
    clock_times,
    days,
    distances,
    every,
    limits,
    marks,
    scopes,
    weekdays,
)
from bot.understanding.when.joins import joins
from bot.understanding.when.marks import To
from bot.understanding.when.phrase import NOT_READ, Phrase
from bot.understanding.when.tokens import Lexer, Token
from bot.understanding.when.words import Words

LEXER = Lexer(
    marks.EARLY_RULES
    + every.RULES
    + weekdays.RULES
    + distances.RULES
    + days.RULES
    + clock_times.RULES
    + scopes.RULES
    + marks.LATE_RULES
)

MOST_TOKENS = 100
"""Words of time that are read in one text; nobody says so many."""

_LEFT_OVER = {"上", "下", "每", "隔", "第", "几", "数", "半", "千", "万", "."}
_LEFT_OVER_AFTER = re.compile(
    r"[\d一二两三四五六七八九十]{0,3}点(?![名评赞击])|[刻旬]|半(?!小时|个|天|年|数)"
)


def read_phrases(words: Words) -> list[Phrase]:
    """Gather all times of a text, in their order."""
    phrases = [phrase for phrase in _group(words.text) if phrase.places_time()]
    for phrase in phrases:
        _note_leftover(phrase, words.text)
    return _join_bounds(phrases, words.text)


def outside_times(words: Words) -> str | None:
    """Leave what is no word of time; None where no time is said at all."""
    rest, at = "", 0
    if not any(each.places_time() for each in _group(words.text)):
        return None
    for token in _tokens(words.text):
        rest += words.text[at : token.start]
        at = token.end
    return rest + words.text[at:]


@lru_cache(maxsize=64)
def _tokens(text: str) -> tuple[Token, ...]:
    """Find the words of time; one message is asked for them several times."""
    return tuple(islice(LEXER.tokens(text), MOST_TOKENS))


def _group(text: str) -> list[Phrase]:
    phrases: list[Phrase] = []
    for token in _tokens(text):
        last = phrases[-1] if phrases else None
        if last is None or not joins(last, token, text[last.reach : token.start]):
            last = Phrase(token.start, token.start, token.start)
            joins(last, token, "")
            phrases.append(last)
        last.reach = token.end
        if not isinstance(token.meaning, To):
            last.end = token.end
    return phrases


def _note_leftover(phrase: Phrase, text: str) -> None:
    """Doubt a phrase with a word of time beside it that no rule took."""
    before, after = text[: phrase.start][-1:], text[phrase.end :][:4]
    if before in _LEFT_OVER or _LEFT_OVER_AFTER.match(after):
        phrase.doubt = phrase.doubt or NOT_READ
    if phrase.doubt_ahead and phrase.places_time():
        phrase.doubt = phrase.doubt_ahead


def _join_bounds(phrases: list[Phrase], text: str) -> list[Phrase]:
    """Give a rule its first and last day: 从下周一起每天, 每天…到月底为止."""
    rules = [phrase for phrase in phrases if phrase.every]
    if len(rules) != 1:
        return phrases
    rule, rest = rules[0], []
    for phrase in phrases:
        if phrase is rule or not limits.bounds(phrase, rule, text):
            rest.append(phrase)
        else:
            limits.join(phrase, rule)
    return rest
