"""What a text would have otherwise in a draft: 改成3小时, 是前天不是昨天, 还有李伟."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bot.branch.records.fields import Choice, Field, Organisation, People, Value, Words
from bot.branch.records.parties import is_among
from bot.command import Ask
from bot.errors import Refusal
from bot.understanding.drafts.changes import read_changes
from bot.understanding.drafts.replies import read_reply
from bot.understanding.sentences.forms import Forms
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.slots.clauses import ENDS, list_clauses
from bot.understanding.slots.company import may_be_company
from bot.understanding.words.people import PERSON
from handlers.records.drafts import Draft
from handlers.records.reading import Heard, Reader, is_vague

HERE = Path(__file__)
SET = Forms(HERE, "set")
SMALL, WITHOUT, ONLY, DENIES = (
    Lexicon(HERE, name) for name in ("small", "without", "only", "denies")
)
NOBODY = "名册里没有{name}，没有改。请写对姓名再说一次。"
ABSENT = re.compile(r"(没有?(?:去|来|参加))(?=是|[^了的吧，。])")
"""Where who was not there ends, and another is told of: 王芳没去是刘洋去的."""
LONGEST_DENIED, LONGEST_NAME = 20, 30  # characters


def change(ask: Ask, draft: Draft, said: str) -> Draft | None:
    """Read what is to be otherwise than the draft says; None if that is not it."""
    if (one := _by_title(ask, draft, said)) is not None:
        return one
    meant, denied = _part_denied(said)
    if not denied:
        meant, denied = _part_absent(said)
    heard = Reader(ask, draft.kind, meant).read(meant)
    heard.values = {
        name: value
        for name, value in heard.values.items()
        if not (
            isinstance(draft.kind.by_name[name], Choice) and len(meant) > len(value) + 6
        )
    }
    if SMALL.is_all_of(_without_titles(draft, heard.rest)) and (
        heard.values or heard.unsure
    ):
        return _changed(draft, heard, meant, _people_in(ask, draft, denied))
    if people := _who_is_unknown(draft, said, ask.now):
        return people
    field = _of_value(draft, denied)
    if field is None and not heard.values and "家" in said:
        field = draft.kind.organisation
    name = _what_it_is(meant)
    return with_value(draft, field, name) if field and name else None


def _who_is_unknown(draft: Draft, said: str, now: datetime) -> Draft | None:
    """Take somebody whom the roster does not know, where that may be: 加上冯晨.

    Raises Refusal where only our own are told of.
    """
    changes = [each for each in read_changes(said, now) if each.what == "with"]
    names = [each.words for each in changes if PERSON.fullmatch(each.words)]
    if not names or not draft.kind.people:
        return None
    field = next((each for each in draft.kind.people if each.outsiders), None)
    if field is None:
        raise Refusal(NOBODY.format(name="、".join(names)))
    there = draft.values.get(field.name) or []
    return with_value(draft, field, join(there, field.read("、".join(names))))


def _without_titles(draft: Draft, text: str) -> str:
    titles = [word for each in draft.kind.fields for word in each.words]
    for title in sorted(titles, key=len, reverse=True):
        text = text.replace(title, "")
    return text


def _what_it_is(meant: str) -> str:
    """Return what words end in saying that it is: 应该是轴承厂; "" for nothing."""
    _, _, name = list_clauses(meant.rstrip("。"))[-1].partition("是")
    return name.strip() if 1 < len(name) <= LONGEST_NAME else ""


def _part_denied(said: str) -> tuple[str, str]:
    """Part what it is from what it is not; all of it where only that is said."""
    before, mark, after = said.partition("不是")
    if not mark or before.endswith("是"):  # 是不是 asks
        return said, ""
    end = next((at for at, sign in enumerate(after) if sign in f"{ENDS}是"), len(after))
    denied = (
        after[:end].removesuffix("而") if after[end:].startswith("是") else after[:end]
    )
    rest = before.rstrip("，,而") + after[end:].replace("而是", "是", 1)
    known = 0 < len(denied) <= LONGEST_DENIED and not SMALL.is_all_of(rest)
    return (rest, denied) if known else (said, "")


def _part_absent(said: str) -> tuple[str, str]:
    """Part who is told of from who was not there: 王芳没去，是刘洋去的."""
    clauses = [each for each in ABSENT.sub(r"\1，", said).split("，") if each]
    absent = [each for each in clauses if WITHOUT.stands_in(each)]
    there = [each for each in clauses if each not in absent]
    return ("，".join(there), "，".join(absent)) if there and absent else (said, "")


def _of_value(draft: Draft, denied: str) -> Field | None:
    """Find the field in whose words stands what it is not: 轴承厂, the company."""
    for each in draft.kind.fields:
        told = denied and draft.values.get(each.name) == denied
        if told and isinstance(each, Words | Organisation):
            return each
    return None


def _people_in(ask: Ask, draft: Draft, denied: str) -> Sequence[int]:
    """List the members that are named among what it is not."""
    heard = Reader(ask, draft.kind, denied).read(denied) if denied else Heard()
    people = [heard.values.get(each.name) or [] for each in draft.kind.people]
    return [number for each in people for number, _ in each if number]


def _by_title(ask: Ask, draft: Draft, said: str) -> Draft | None:
    """Read 时长改成3小时: a field by its name, and what it is to be."""
    found = SET.find(said)
    if found is None or found.start:
        return None
    reader = Reader(ask, draft.kind, found.slots["to"])
    field = reader.by_word.get(found.slots["title"])
    value = field and reader.answer(field, found.slots["to"])[0]
    if field is None or not value:
        return None
    return with_value(draft, field, value, also=reader.besides)


def _changed(draft: Draft, heard: Heard, said: str, gone: Sequence[int]) -> Draft:
    values = dict(draft.values)
    for name, value in heard.values.items():
        field = draft.kind.by_name[name]
        if isinstance(field, People) and not (
            ONLY.stands_in(said) or draft.asked == name
        ):
            there = values.get(name) or []
            if not gone and WITHOUT.stands_in(said):
                taken = [number for number, _ in value]
                value = [each for each in there if each[0] not in taken]
            else:
                value = join(there, value)
        if isinstance(field, Choice):
            _rename(draft, values, str(values.get(name) or ""), str(value))
        values[name] = value
    for each in draft.kind.people if gone else ():
        people = values.get(each.name) or []
        values[each.name] = [one for one in people if one[0] not in gone]
    unsure = {
        name: told for name, told in draft.unsure.items() if name not in heard.values
    }
    alias = heard.alias or draft.alias
    return replace(draft, values=values, unsure={**unsure, **heard.unsure}, alias=alias)


def _rename(draft: Draft, values: dict[str, Value], old: str, new: str) -> None:
    """Have what a thing is called say the same: 大赛一等奖, where it was the second."""
    for each in draft.kind.all(Words):
        called = values.get(each.name)
        if old and isinstance(called, str) and old in called:
            values[each.name] = called.replace(old, new)


def answer(ask: Ask, draft: Draft, said: str) -> Draft | None:
    """Take a text as the answer to what was asked, where it is one."""
    field = draft.kind.by_name[draft.asked]
    if read_reply(said).act != "none":
        return None  # a yes is no name
    if any(said.startswith(name) for name in ask.commands.names if len(name) > 1):
        return None
    reader = Reader(ask, draft.kind, said)
    value, rest = reader.answer(field, said)
    if not SMALL.is_all_of(rest):
        return None  # it tells of more than was asked
    if isinstance(field, Words) and value and is_vague(draft.kind, field, str(value)):
        return None
    if isinstance(field, Words | Organisation) and _is_other(str(value), said):
        return None
    if isinstance(field, Organisation) and value and not may_be_company(str(value)):
        return None
    return with_value(draft, field, value, also=reader.besides) if value else None


def _is_other(value: str, said: str) -> bool:
    """Tell whether a text asks or corrects something: it names no company, no deed."""
    return DENIES.stands_first(said) or _asks(value)


def _asks(said: str) -> bool:
    return said.endswith(("?", "？", "吗", "呢", "么")) or len(said) > 200


def with_value(
    draft: Draft, field: Field, value: Value, also: dict[str, Value] | None = None
) -> Draft:
    unsure = {name: why for name, why in draft.unsure.items() if name != field.name}
    values = {**draft.values, **(also or {}), field.name: value}
    return replace(draft, values=values, unsure=unsure, asked="", twin=None)


def join(there: Sequence[Value], new: Sequence[Value]) -> list[Value]:
    """Add people to others, each once."""
    return [*there, *(each for each in new if not is_among(each, there))]
