"""What a text would have otherwise in a draft: 改成3小时, 是前天不是昨天, 还有李伟."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.branch.records.fields import Choice, Field, Organisation, People, Value, Words
from bot.branch.records.parties import is_among
from bot.command import Ask
from bot.understanding.drafts.replies import read_reply
from handlers.records.drafts import Draft
from handlers.records.reading import Heard, Reader, is_vague

WITHOUT = re.compile(r"去掉|除去|删掉|没有|不是|不算|没去|没参加")
ONLY = re.compile(r"只有|就是|换成|改成|改为|人员[:：]")
SET = r"(?:改成|改为|换成|应该是|应为|写成|写|是|改|[:：])+"
DENIED = re.compile(
    r"(?:[，,]|而)*(?<!是)不是(?P<what>[^，,。；;是]{1,20})(?=$|[，,。；;]|而?是)"
)
"""是前天不是昨天, 不是半天，是一天: what it is not, where it says what it is."""
EDIT = re.compile(
    r"改成|改为|改到|改|换成|应该是|应为|不是|是|记错|说错|写错|弄错|错|不对|去掉|去的?|来的?|俩|两|还有"
    r"|一起|一块|一同|加上|另外|用了|花了|都|大概|其实|才|只有|只|一共|共|家|人|位|除去|删掉|没有|没去|也"
    r"|时间|单位|企业|[，,。：:\s]"
)
IS = re.compile(r"(?:应该)?是(?P<what>[^，,。]{2,30})[。]?$")


def change(ask: Ask, draft: Draft, said: str) -> Draft | None:
    """Read what is to be otherwise than the draft says; None if that is not it."""
    if (one := _by_title(ask, draft, said)) is not None:
        return one
    meant, denied = _part_denied(said)
    heard = Reader(ask, draft.kind, meant).read(meant)
    heard.values = {
        name: value
        for name, value in heard.values.items()
        if not (
            isinstance(draft.kind.by_name[name], Choice) and len(meant) > len(value) + 6
        )
    }
    titles = sorted((w for f in draft.kind.fields for w in f.words), key=len)
    rest = re.sub("|".join(map(re.escape, reversed(titles))), "", heard.rest)
    if EDIT.sub("", rest) == "" and (heard.values or heard.unsure):
        return _changed(draft, heard, meant, _people_in(ask, draft, denied))
    if (field := _of_value(draft, denied)) and (hit := IS.search(meant)):
        return with_value(draft, field, hit["what"].strip())
    company = draft.kind.organisation
    if company and not heard.values and "家" in said and (hit := IS.search(meant)):
        return with_value(draft, company, hit["what"].strip())
    return None


def _part_denied(said: str) -> tuple[str, str]:
    """Part what it is from what it is not; all of it where only that is said."""
    hit = DENIED.search(said)
    if hit is None:
        return said, ""
    rest = f"{said[: hit.start()]}{said[hit.end() :]}"
    return (rest, hit["what"]) if EDIT.sub("", rest) else (said, "")


def _of_value(draft: Draft, denied: str) -> Words | Organisation | None:
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
    for each in draft.kind.fields:
        names = "|".join(map(re.escape, each.words))
        hit = re.fullmatch(
            rf"(?:把|将)?(?:{names})(?:错了?[,，]?)?{SET}\s*(?P<to>.+)", said
        )
        if hit is None:
            continue
        reader = Reader(ask, draft.kind, hit["to"])
        value, _ = reader.answer(each, hit["to"])
        if value:
            return with_value(draft, each, value, also=reader.besides)
    return None


def _changed(draft: Draft, heard: Heard, said: str, gone: Sequence[int]) -> Draft:
    values = dict(draft.values)
    for name, value in heard.values.items():
        field = draft.kind.by_name[name]
        if isinstance(field, People) and not (ONLY.search(said) or draft.asked == name):
            there = values.get(name) or []
            if not gone and WITHOUT.search(said):
                taken = [number for number, _ in value]
                value = [each for each in there if each[0] not in taken]
            else:
                there = [each for each in there if each[0] not in gone]
                value = join(there, value)
        values[name] = value
    unsure = {
        name: told for name, told in draft.unsure.items() if name not in heard.values
    }
    alias = heard.alias or draft.alias
    return replace(draft, values=values, unsure={**unsure, **heard.unsure}, alias=alias)


def answer(ask: Ask, draft: Draft, said: str) -> Draft | None:
    """Take a text as the answer to what was asked, where it is one."""
    field = draft.kind.by_name[draft.asked]
    if read_reply(said).act != "none":
        return None  # a yes is no name
    if any(said.startswith(name) for name in ask.commands.names if len(name) > 1):
        return None
    reader = Reader(ask, draft.kind, said)
    value, rest = reader.answer(field, said)
    if EDIT.sub("", rest):
        return None  # it tells of more than was asked
    if isinstance(field, Words) and value and is_vague(draft.kind, field, str(value)):
        return None
    if isinstance(field, Words | Organisation) and _is_other(str(value)):
        return None
    return with_value(draft, field, value, also=reader.besides) if value else None


def _is_other(said: str) -> bool:
    """Tell whether a text asks something: no name of a company or of what was done."""
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
