"""What can be said to a reminder's preview: another time, text or audience."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.understanding.drafts.changes import PARTS, Named, names_nothing, read_changes
from bot.understanding.sentences.forms import Forms
from bot.understanding.slots.moment import is_only_time
from bot.understanding.speech import asks_of_us
from bot.understanding.text import normalise
from bot.understanding.when import When, read_when

FORMS = Forms(Path(__file__))
OF_WORDS = ("text", "more")
"""Improvements whose words may go on after a comma."""


@dataclass(frozen=True)
class Edit:
    """One improvement.

    what: own, audience, with, without, text, place, more, when, by, except.
    by: how much later than it would have come. old: the time that this is put for.
    """

    what: str
    words: str = ""
    when: When | None = None
    by: timedelta = timedelta()
    old: str = ""


def read_edit(said: str, now: datetime, named: Named = names_nothing) -> Edit | None:
    """Read one improvement; None if it is none. named: what the reminder is called."""
    said = said.strip(" 。！!")
    if _moves(said, now, named):  # both stand there: 九点太晚了，八点吧
        return _read_change(said, now, named)
    if timely := as_time(said, now):
        return timely
    found = FORMS.find(said)
    if found is None or found.start:
        return _read_change(said, now, named)
    what, words = found.template.intent, found.slots.get("words", "")
    words = words.strip(" ：:，,")
    return _either(words, now) if what == "any" else Edit(what, words)


def read_edits(
    said: str, now: datetime, named: Named = names_nothing
) -> Sequence[Edit]:
    """Read all improvements that a text is made of: 内容改成交报表，时间提前半小时.

    None where any part is none. New words end where another improvement begins.
    """
    whole = read_edit(said, now, named)
    parts = [each.strip() for each in PARTS.split(said) if each.strip()]
    if len(parts) < 2 or (whole and whole.what != "text"):
        return [whole] if whole else []
    found: list[Edit] = []
    for each in parts:
        edit = read_edit(each, now, named)
        if edit:
            found.append(edit)
        elif found and found[-1].what in OF_WORDS:
            last = found.pop()
            found.append(replace(last, words=f"{last.words}，{each}"))
        else:
            return [whole] if whole else []
    return found


def read_partly(
    said: str, now: datetime, named: Named = names_nothing
) -> tuple[Sequence[Edit], str]:
    """Read the clauses that are improvements, and give what the others say.

    Words are never put for others by a clause that stands beside an improvement:
    上午要听课，改成下午四点 moves the reminder and is no new text.
    """
    found, left = list[Edit](), list[str]()
    for each in filter(None, map(str.strip, PARTS.split(said))):
        if edit := read_edit(each, now, named):
            found.append(edit)
        else:
            left.append(each)
    return found, "，".join(left)


def leaves_days_out(said: str) -> bool:
    """Tell whether a text says on which days one that recurs is not to come."""
    found = FORMS.find(said)
    return bool(found and not found.start and found.template.intent == "except")


def says_words(said: str) -> bool:
    """Tell whether a text says that its words are to stand there: 内容改成…."""
    found = FORMS.find(said)
    return bool(found and not found.start and found.template.intent in OF_WORDS)


def says_more(said: str) -> bool:
    """Tell whether a text says what else to remind of: 内容加上带公章."""
    found = FORMS.find(said)
    if found is None or found.start or found.template.intent != "more":
        return False
    return not asks_of_us(normalise(said).text)


def _moves(said: str, now: datetime, named: Named) -> bool:
    """Whether a text puts a time for another, or moves it: 时间晚半小时."""
    changes = read_changes(said, now, named)
    if len(changes) != 1:
        return False
    change = changes[0]
    return change.what == "shift" or (change.what == "time" and bool(change.old))


def _read_change(said: str, now: datetime, named: Named) -> Edit | None:
    """Read what is said of a draft of any kind: 不，改到十点半, 陈静不用来."""
    changes = read_changes(said, now, named)
    if len(changes) != 1:
        return None
    change = changes[0]
    match change.what:
        case "time":
            when = read_when(change.words, now)
            return Edit("when", change.words, when, old=change.old)
        case "shift":
            return Edit("by", change.words, by=change.by)
        case "to":
            return Edit("audience", change.words)
        case "with" | "without" | "place" | "more" | "text":
            return Edit(change.what, change.words)
    return None


def _either(words: str, now: datetime) -> Edit:
    """改成 …: a time where it is nothing but a time, else what to say."""
    return as_time(words, now) or Edit("text", words)


def as_time(words: str, now: datetime) -> Edit | None:
    """Read words that are a time and nothing else."""
    if not is_only_time(words, now):
        return None
    return Edit("when", words, read_when(words, now))
