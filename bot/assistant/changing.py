"""What is said to a draft, put into it: as it was said, else clause by clause.

A reply is parted once into its clauses. Those that change something are tried against
the draft's own rules, those that only say why are passed over; what was not heard as
either is told of.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from bot.command import Answer, Ask, Drafting, Kept
from bot.errors import Never, Refusal
from bot.inbox import open_questions
from bot.inbox.open_questions import Open
from bot.message import Reply
from bot.understanding.drafts.changes import pass_reasons, read_changes
from bot.understanding.drafts.cues import begins_change
from bot.understanding.drafts.parting import ANSWERS, Clause, Parted, part_reply
from bot.understanding.drafts.pronouns import (
    Spoken,
    has_pronoun,
    list_spoken,
    resolve,
)
from bot.understanding.drafts.restating import restate
from bot.understanding.drafts.rewording import reword
from bot.understanding.learnt.gists import TO_DRAFTS
from bot.understanding.slots.scope import Scope
from bot.understanding.speech import listen
from bot.understanding.text import normalise
from bot.understanding.when import find_when
from bot.understanding.when.instead import join_answer, only_hour

PASSED = "（“{words}”当作原因听了，没有改别的。）"


@dataclass(frozen=True)
class _Tried:
    """What came of one way of hearing a change: an answer, or why it was refused.

    asks: it was heard, and taken back, for it leaves more to ask.
    """

    answer: Answer | None = None
    refusal: Refusal | None = None
    asks: bool = False


def change(
    ask: Ask, question: Open, drafting: Drafting, parted: Parted
) -> Answer | None:
    """Have a draft changed by what a reply says; None where it changes nothing.

    Raises Refusal where a change is meant and cannot be, or is not clear.
    """
    as_said = partial(_change_as_said, ask, question, drafting)
    whole = len(parted.clauses) < 2
    if whole or ask.message.rest or drafting.lacks(question.kept):
        return as_said()
    first = _attempt(ask, question, drafting, as_said)
    if first.answer is not None:
        return first.answer
    if isinstance(first.refusal, Never):
        raise first.refusal
    if heard := _change_in_part(ask, question, drafting, parted):
        return heard
    if parted.act in ANSWERS:
        return None
    if first.refusal:
        raise first.refusal
    return as_said() if first.asks else None


def change_restated(
    ask: Ask, question: Open, drafting: Drafting, only: str = ""
) -> Answer | None:
    """Hear a change that no grammar knows as it was learnt: 就给二组吧，他们不住校.

    only: the one kind of change that is heard. None where it changes nothing.
    """
    if drafting.lacks(question.kept) or ask.is_command_name or ask.message.rest:
        return None
    if listen(normalise(ask.said).text).asks or ask.orders():
        return None
    if begins_change(ask.said) or TO_DRAFTS.find(ask.said) != "change":
        return None
    scope = Scope(ask.session, ask.standing.branch, about=ask.said)
    said = restate(ask.said, scope.names, ask.speaker.name, only)
    if said in ("", ask.said):
        return None
    again = replace(ask, message=replace(ask.message, text=said), words=said)
    parted = part_reply(said, ask.now, drafting.verbs)
    with open_questions.on_trial(ask.session) as tried, suppress(Refusal):
        heard = change(again, question, drafting, parted)
        if heard is not None and not is_unchanged(ask, question):
            tried.commit()
            return heard
    return None


def is_unchanged(ask: Ask, question: Open) -> bool:
    """Whether what was heard as a change left the draft as it was."""
    now_open = open_questions.find(ask.session, ask.message.thread, ask.now)
    return now_open is not None and now_open.kept == question.kept


def _change_in_part(
    ask: Ask, question: Open, drafting: Drafting, parted: Parted
) -> Answer | None:
    """Try those clauses that may be changes, first all of them."""
    if ask.orders():
        return None  # another command, which has clauses of its own
    meant = _resolve_each(ask, question, drafting, parted.clauses)
    for kept, gone in parted.to_try():
        said = "，".join(meant[parted.clauses.index(each)] for each in kept)
        alone = replace(ask, message=replace(ask.message, text=said))
        heard = partial(_change_as_said, alone, question, drafting)
        tried = _attempt(ask, question, drafting, heard)
        if tried.answer is not None:
            return _say_passed(tried.answer, gone)
        if tried.refusal and all(each.is_a == "change" for each in kept):
            raise tried.refusal
    return None


def _attempt(
    ask: Ask, question: Open, drafting: Drafting, run: Callable[[], Answer | None]
) -> _Tried:
    """Hear a change; nothing stays of one that is refused, or leaves more to ask."""
    with open_questions.on_trial(ask.session) as tried:
        try:
            answer = run()
        except Refusal as refusal:
            return _Tried(refusal=refusal)
        asks = _is_lacking(ask, question, drafting)
        if answer is None or asks:
            return _Tried(asks=answer is not None)
        tried.commit()
    return _Tried(answer)


def _is_lacking(ask: Ask, question: Open, drafting: Drafting) -> bool:
    """Whether the draft, as it is now, still lacks something."""
    found = open_questions.find(ask.session, ask.message.thread, ask.now)
    return bool(found and found.kind == question.kind and drafting.lacks(found.kept))


def _resolve_each(
    ask: Ask, question: Open, drafting: Drafting, clauses: Sequence[Clause]
) -> Sequence[str]:
    """Give the clauses with names for what stands for them, the nearest before."""
    words = [each.words for each in clauses]
    if not any(map(has_pronoun, words)):
        return words
    draft = find_text(question.kept, drafting.text) or question.asked
    scope = Scope(ask.session, ask.standing.branch)
    names = scope.of(f"{ask.said} {draft}").names
    before: list[Spoken] = [list_spoken(draft, names, ask.now)]
    told: list[str] = []
    for each in words:
        meant = resolve(each, before)
        before.insert(0, list_spoken(meant, names, ask.now))
        told.append(meant)
    return told


def _say_passed(answer: Answer, gone: Sequence[Clause]) -> Answer:
    """Say which clauses were neither taken for a change, nor surely say why."""
    if not gone:
        return answer
    told = PASSED.format(words="，".join(each.words for each in gone))
    return add_line(answer, told)


def add_line(answer: Answer, line: str) -> Answer:
    if isinstance(answer, Reply):
        return replace(answer, text=f"{answer.text}\n{line}")
    return f"{answer}\n{line}"


def _change_as_said(ask: Ask, question: Open, drafting: Drafting) -> Answer | None:
    """Have a draft changed, passing over what is said of why: 改到周五吧，周四冲突.

    What reads as changes throughout is heard as it was said first. What was asked back
    is heard with what is said now: 下午, after 改到三点.
    """
    if whole := join_asked(ask.said, question, ask.now):
        joined = replace(ask, message=replace(ask.message, text=whole))
        if heard := _try(joined, question.kept, drafting):
            return heard
    bare, sure = pass_reasons(ask.said, ask.now)
    if bare == ask.said or ask.message.rest or drafting.lacks(question.kept):
        return _try(ask, question.kept, drafting)
    told_whole = not sure or read_changes(ask.said, ask.now)
    tries = [ask.said, bare] if told_whole else [bare, ask.said]
    of_one_time, _ = pass_reasons(ask.said, ask.now, olds=False)
    for said in dict.fromkeys([*tries, of_one_time]):
        alone = replace(ask, message=replace(ask.message, text=said))
        heard = _try(ask if said == ask.said else alone, question.kept, drafting)
        if heard is not None:
            return heard
    return None


def join_asked(answer: str, question: Open, now: datetime) -> str:
    """Put an hour or a day together with what was said and asked back; else ""."""
    said, hour = question.details.get(open_questions.UNCLEAR, ""), only_hour(answer)
    if not said:
        return ""
    whole = join_answer(answer, said, now)
    day = find_when(said, now) if hour and whole == answer else []
    if len(day) == 1 and day[0].date_only and not day[0].recurring:
        return f"{said[slice(*day[0].span)]}{hour}"
    return "" if whole == answer else whole


def _try(ask: Ask, kept: Kept, drafting: Drafting) -> Answer | None:
    """Have a draft changed by its own rules, or what is said put into its words."""
    if heard := drafting.change(ask, kept):
        return heard
    text = find_text(kept, drafting.text)
    if not text or drafting.lacks(kept) or ask.is_command_name:
        return None
    changed = reword(text, ask.said, ask.now)
    if changed is None:
        return None
    shown = drafting.show(ask, _with_text(kept, drafting.text, changed.text))
    if not changed.marks:
        return shown
    return add_line(shown, f"改动：{'；'.join(changed.marks)}")


def find_text(kept: Kept, path: Sequence[str]) -> str:
    found: Any = kept if path else ""
    for each in path:
        found = found.get(each, {})
    return found if isinstance(found, str) else ""


def _with_text(kept: Kept, path: Sequence[str], text: str) -> Kept:
    first, *further = path
    inner = _with_text(kept[first], further, text) if further else text
    return {**kept, first: inner}
