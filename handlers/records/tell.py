"""Taking a record in: by one sentence or step by step, shown, then written down."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.branch.people import members
from bot.branch.people.members import party_branch
from bot.branch.records import book, search
from bot.branch.records.book import Teller
from bot.branch.records.fields import Choice, Field, Organisation, People, Value, Words
from bot.branch.records.kind import Kind
from bot.branch.records.organisations import Register
from bot.branch.records.organisations import take as take_organisation
from bot.branch.records.tables import Record
from bot.branch.records.values import values_of
from bot.command import Ask, Drafting, Kept
from bot.errors import Refusal
from bot.message import Reply
from bot.understanding.replies import read_reply
from handlers.records import apart, preview, special
from handlers.records.drafts import ANYTHING, Draft, with_defaults
from handlers.records.reading import Heard, Reader, is_vague, without

DRAFT = "records.draft"
MINE = re.compile(r"我|俺|咱|跟|和|与|带|一起|俩|本人")
WITHOUT = re.compile(r"去掉|除去|删掉|没有|不是|不算|没去|没参加")
ONLY = re.compile(r"只有|就是|换成|改成|改为|人员[:：]")
SET = r"(?:改成|改为|换成|应该是|应为|写成|写|是|改|[:：])+"
EDIT = re.compile(
    r"改成|改为|改到|改|换成|应该是|应为|不是|是|记错|说错|写错|弄错|错|不对|去的|来的|俩|两|还有"
    r"|加上|另外|用了|花了|都|大概|其实|才|只有|只|一共|共|家|人|位|去掉|除去|删掉|没有|没去|也"
    r"|时间|单位|企业|[，,。：:\s]"
)
IS = re.compile(r"(?:应该)?是(?P<what>[^，,。]{2,30})[。]?$")
TITLED = re.compile("《([^》]+)》")
TOGETHER, APART = (
    ("合并", "是同一次", "同一次", "是", "对", "加进去"),
    ("另记", "不是", "分开", "单独记"),
)


def tell(ask: Ask, kinds: Sequence[Kind]) -> Reply | str:
    """Take in what a sentence tells; ask for what is missing, or show it."""
    kind = which(kinds, ask.text)
    if ask.standing.role < kind.told_by:
        raise Refusal(f"{kind.title}要由{kind.told_by.title}来记。")
    text = ask.whole(ask.words)
    if not text.strip(" 。，,：:"):
        return f"{kind.title}怎么记：一句话说清就行，例：{kind.example}。不全的我再问。"
    return go_on(ask, _begin(ask, kind, text))


def which(kinds: Sequence[Kind], text: str) -> Kind:
    """Tell which kind a text is about, where several share one way of telling."""
    return told_which(kinds, text) or kinds[0]


def told_which(kinds: Sequence[Kind], text: str) -> Kind | None:
    """Tell which kind a text names: the longest word counts, then the last of them."""
    hits = [
        (len(word), text.rfind(word), each)
        for each in kinds
        for word in each.said
        if word in text
    ]
    return max(hits, key=lambda hit: hit[:2])[2] if hits else None


def _begin(ask: Ask, kind: Kind, text: str) -> Draft:
    heard = Reader(ask, kind, ask.text).read(text)
    values = with_defaults(kind, heard.values)
    if (day := kind.day) and day.today and day.name not in heard.unsure:
        today = ask.now.date()
        first = today.replace(day=1) if day.month else today
        values.setdefault(day.name, first.isoformat())
    for each in kind.people:
        if each.speaker and (not values.get(each.name) or MINE.search(text)):
            values[each.name] = _join(_me(ask), values.get(each.name) or [])
    told = _content(kind, heard.rest)
    if (words := kind.first(Words)) and not is_vague(kind, words, told):
        values[words.name] = told
    draft = Draft(kind, values, alias=heard.alias, unsure=heard.unsure)
    return apart.of(kind).begun(ask, draft, text)


def _content(kind: Kind, rest: str) -> str:
    """Take from what no field took what the thing is called: 《…》 says it outright."""
    if kind.small and (titled := TITLED.search(rest)):
        return titled[1]
    return without(kind.small, rest)


def go_on(ask: Ask, draft: Draft) -> Reply | str:
    """Ask for the next thing that is missing, or show the whole."""
    book.check(draft.kind, draft.values, ask.now)
    draft = apart.of(draft.kind).settle(ask, draft)
    if lacking := draft.missing:
        return _ask_for(ask, draft, lacking)
    if draft.of is None and not draft.apart and (twin := _twin(ask, draft)):
        if own := apart.of(draft.kind).same:
            ask.close_question()
            return own(ask, twin)
        return _ask_same(ask, replace(draft, twin=twin.id, asked=""), twin)
    draft = replace(draft, asked="")
    ask.put_draft(DRAFT, f"{_act(draft)}？", draft=draft.pack())
    return preview.show(ask, draft)


def _hear_change(ask: Ask, kept: Kept) -> Reply | str | None:
    """Hear what is missing or otherwise; None if it is another matter."""
    draft = Draft.unpack(kept["draft"])
    said = ask.text.strip(" 。！!，,")
    if draft.twin and not draft.asked:
        return _hear_same(ask, draft, said)
    if ask.is_command_name:
        return None
    edited = change(ask, draft, said)
    if edited is None and draft.asked not in ("", ANYTHING):
        edited = _answered(ask, draft, said)
    return None if edited is None else go_on(ask, edited)


def change(ask: Ask, draft: Draft, said: str) -> Draft | None:
    """Read what is to be otherwise than the draft says; None if that is not it."""
    if (one := _by_title(ask, draft, said)) is not None:
        return one
    heard = Reader(ask, draft.kind, said).read(said)
    heard.values = {
        name: value
        for name, value in heard.values.items()
        if not (
            isinstance(draft.kind.by_name[name], Choice) and len(said) > len(value) + 6
        )
    }
    if EDIT.sub("", heard.rest) == "" and (heard.values or heard.unsure):
        return _changed(draft, heard, said)
    company = draft.kind.organisation
    if company and not heard.values and "家" in said and (hit := IS.search(said)):
        return _with(draft, company, hit["what"].strip())
    return None


def _by_title(ask: Ask, draft: Draft, said: str) -> Draft | None:
    """Read 时长改成3小时: a field by its name, and what it is to be."""
    for each in draft.kind.fields:
        names = "|".join(map(re.escape, each.words))
        hit = re.fullmatch(
            rf"(?:把|将)?(?:{names})(?:错了?[,，]?)?{SET}\s*(?P<to>.+)", said
        )
        if hit is None:
            continue
        value, _ = Reader(ask, draft.kind, hit["to"]).answer(each, hit["to"])
        if value:
            return _with(draft, each, value)
    return None


def _changed(draft: Draft, heard: Heard, said: str) -> Draft:
    values = dict(draft.values)
    for name, value in heard.values.items():
        field = draft.kind.by_name[name]
        if isinstance(field, People) and not (ONLY.search(said) or draft.asked == name):
            there = values.get(name) or []
            if WITHOUT.search(said):
                gone = [number for number, _ in value]
                value = [each for each in there if each[0] not in gone]
            else:
                value = _join(there, value)
        values[name] = value
    unsure = {
        name: told for name, told in draft.unsure.items() if name not in heard.values
    }
    alias = heard.alias or draft.alias
    return replace(draft, values=values, unsure={**unsure, **heard.unsure}, alias=alias)


def _answered(ask: Ask, draft: Draft, said: str) -> Draft | None:
    """Take a text as the answer to what was asked, where it is one."""
    field = draft.kind.by_name[draft.asked]
    if read_reply(said).act != "none":
        return None  # a yes is no name
    if any(said.startswith(name) for name in ask.commands.names if len(name) > 1):
        return None
    value, rest = Reader(ask, draft.kind, said).answer(field, said)
    if EDIT.sub("", rest):
        return None  # it tells of more than was asked
    if isinstance(field, Words) and value and is_vague(draft.kind, field, str(value)):
        return None
    if isinstance(field, Words | Organisation) and _is_other(ask, str(value)):
        return None
    return _with(draft, field, value) if value else None


def _is_other(ask: Ask, said: str) -> bool:
    """Tell whether a text asks something: no name of a company or of what was done."""
    return said.endswith(("?", "？", "吗", "呢", "么")) or len(said) > 200


def _with(draft: Draft, field: Field, value: Value) -> Draft:
    unsure = {name: why for name, why in draft.unsure.items() if name != field.name}
    values = {**draft.values, field.name: value}
    return replace(draft, values=values, unsure=unsure, asked="", twin=None)


def _ask_for(ask: Ask, draft: Draft, lacking: Field) -> str:
    asked = draft.unsure.get(lacking.name) or lacking.question
    known = list(preview.lines(draft.kind, draft.values))
    waiting = replace(draft, asked=lacking.name)
    ask.put_draft(DRAFT, asked, draft=waiting.pack())
    if isinstance(lacking, Choice):
        asked += f"（{'、'.join(lacking.values)}）"
    head = f"记{draft.kind.one}{draft.kind.title}：" if draft.of is None else "更正："
    return "\n".join([head, *known, f"还差：{asked}"])


def _twin(ask: Ask, draft: Draft) -> Record | None:
    branch = party_branch(ask.session, ask.member)
    return search.alike(ask.session, draft.kind, draft.values, branch)


def _ask_same(ask: Ask, draft: Draft, twin: Record) -> str:
    ask.put_draft(DRAFT, "是同一次吗？", draft=draft.pack())
    values = values_of(ask.session, twin)
    told = preview.line(draft.kind, twin, values, ask)
    return (
        f"已经记过一条像是同一次的：\n{told}\n"
        "是同一次，回“合并”，把您说的人加进那一条；不是，回“另记”；不记了回“取消”。"
    )


def _hear_same(ask: Ask, draft: Draft, said: str) -> Reply | str | None:
    if said in APART:
        return go_on(ask, replace(draft, twin=None, apart=True))
    if said not in TOGETHER:
        return None
    assert draft.twin is not None
    row = book.get(ask.session, draft.twin)
    added = []
    for field in draft.kind.people:
        for number, name in draft.values.get(field.name) or ():
            member = ask.session.get(members.Member, number) if number else None
            if member and book.add_person(
                ask.session, row, field.name, member, ask.member.id, ask.now
            ):
                added.append(name)
    ask.close_question()
    if not added:
        return f"第 {row.id} 条里已经有您说的人了，没有再记一条。"
    told = preview.line(draft.kind, row, values_of(ask.session, row), ask)
    return Reply(f"合并好了，加上了{'、'.join(added)}：\n{told}", changed=True)


def _keep(ask: Ask, kept: Kept) -> Reply:
    draft = Draft.unpack(kept["draft"])
    kind, branch = draft.kind, party_branch(ask.session, ask.member)
    ask.close_question()
    if draft.of is not None:
        row = book.get(ask.session, draft.of)
        if not book.may_change(ask.session, row, ask.member, ask.standing):
            raise Refusal(f"第 {row.id} 条现在只有书记能改。")
        book.correct(ask.session, row, draft.values, ask.member.id, ask.now)
        apart.of(kind).corrected(ask, row)
        told = preview.line(kind, row, values_of(ask.session, row), ask)
        return Reply(f"改好了：\n{told}\n原来写的留着备查。", changed=True)
    teller = Teller(ask.member, branch)
    row = book.record(ask.session, kind, draft.values, teller, ask.now)
    if draft.alias and kind.organisation:
        name = draft.values[kind.organisation.name]
        take_organisation(ask.session, branch, name, draft.alias)
    more = apart.of(kind).recorded(ask, row)
    return Reply(_recorded(ask, kind, row) + more, changed=True)


def _recorded(ask: Ask, kind: Kind, row: Record) -> str:
    told = preview.line(kind, row, values_of(ask.session, row), ask)
    name = special.change_word(kind)
    how = "要改或者不算了，请找支部书记。"
    if book.may_change(ask.session, row, ask.member, ask.standing):
        how = f"要改说“更正{name} {row.id} …”，不算了说“撤销{name} {row.id}”。"
    if kind.evidence:
        ask.offer("records.evidence", kind.evidence, record=row.id)
        how = f"{kind.evidence}。{how}"
    return f"记下了，第 {told}\n{how}"


def _me(ask: Ask) -> list[list[Value]]:
    return [[ask.member.id, ask.member.name]]


def _join(there: Sequence[Value], new: Sequence[Value]) -> list[Value]:
    numbers = [each[0] for each in there]
    return [
        *there,
        *(each for each in new if each[0] is None or each[0] not in numbers),
    ]


def _act(draft: Draft) -> str:
    if draft.of is not None:
        return f"更正第 {draft.of} 条{draft.kind.title}"
    return f"记下这{draft.kind.one.removeprefix('一')}{draft.kind.title}"


def knows_company(ask: Ask, words: str) -> bool:
    """Tell whether a company on file is called so, or begins so."""
    return Register(ask.session, party_branch(ask.session, ask.member)).begins(words)


def _show_again(ask: Ask, kept: Kept) -> Reply | str:
    return go_on(ask, Draft.unpack(kept["draft"]))


def _lacks(kept: Kept) -> bool:
    draft = Draft.unpack(kept["draft"])
    return bool(draft.missing or draft.twin or draft.asked)


RECORD = Drafting(
    DRAFT,
    show=_show_again,
    confirm=_keep,
    change=_hear_change,
    verbs=("记", "记下", "记上", "登记", "保存", "改", "改好"),
    dropped="好的，没有记，也没有改。",
    lacks=_lacks,
)
