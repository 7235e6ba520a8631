"""Taking a record in: by one sentence or step by step, shown, then written down."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bot.branch.people.members import party_branch
from bot.branch.people.tree import Branch
from bot.branch.records import book
from bot.branch.records.book import Teller
from bot.branch.records.fields import (
    Choice,
    Field,
    Organisation,
    People,
    Value,
    Words,
)
from bot.branch.records.kind import Kind
from bot.branch.records.organisations import Register
from bot.branch.records.organisations import take as take_organisation
from bot.branch.records.tables import Record
from bot.branch.records.values import values_of
from bot.command import Ask, Drafting, FreeWords, Kept
from bot.errors import Refusal
from bot.message import Reply
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.slots.noted import without_order_words, without_orders
from bot.understanding.slots.scope import Scope
from handlers.records import apart, preview, same
from handlers.records.drafts import ANYTHING, DRAFT, Draft
from handlers.records.edits import answer, change, join
from handlers.records.reading import Reader, is_vague, without
from handlers.records.view import sees_all

FREE_WORDS = FreeWords(takes=("question", "order"))
OF_ME, OF_HIM, WITH = (
    Lexicon(Path(__file__), each) for each in ("of_me", "of_him", "with")
)


def tell(ask: Ask, kinds: Sequence[Kind]) -> Reply | str:
    """Take in what a sentence tells; ask for what is missing, or show it."""
    kind = which(kinds, ask.text)
    if ask.standing.role < kind.told_by:
        raise Refusal(f"{kind.title}要由{kind.told_by.title}来记。")
    text = without_orders(ask.whole(ask.words), _words_for(kind))
    scope = Scope(ask.session, ask.standing.branch, about=text)
    text = without_order_words(text, scope.names)
    if not text.strip(" 。，,：:"):
        return f"{_how(kind)}{_say_page(ask, kind)}"
    return go_on(ask, _begin(ask, kind, text))


def _words_for(kind: Kind) -> set[str]:
    """List what a record may be called in 荣誉里记一个, 算志愿服务."""
    options = (
        word for each in kind.choices for of in each.options for word in of.words
    )
    return {kind.title, kind.title[:2], kind.title[-2:], *kind.said, *options}


def _how(kind: Kind) -> str:
    return f"{kind.title}怎么记：一句话说清就行，例：{kind.example}。不全的我再问。"


def _say_page(ask: Ask, kind: Kind) -> str:
    url = ask.config.server.public_url
    if not url or kind.own_commands:
        return ""
    return f"\n也可以打开网页填，佐证一起传：{url}/m/records/{kind.name}"


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
    values = kind.grant(heard.values)
    if (day := kind.day) and day.today and day.name not in heard.unsure:
        today = ask.now.date()
        first = today.replace(day=1) if day.month else today
        values.setdefault(day.name, first.isoformat())
    for each in kind.people:
        named = values.get(each.name) or []
        full = len(named) >= each.most
        told_of = not named and each.most == 1 and OF_HIM.stands_in(text)
        if (
            each.speaker
            and not (full or told_of)
            and _is_with_speaker(text, each, named)
        ):
            values[each.name] = join(_me(ask), named)
    told = _content(kind, heard.rest)
    words = kind.first(Words)
    if words and words.rest and not is_vague(kind, words, told):
        values[words.name] = told
    return Draft(kind, values, alias=heard.alias, unsure=heard.unsure)


def _is_with_speaker(text: str, people: People, named: Value) -> bool:
    """Whether whoever tells of something was there: alone, or with who is named."""
    if len(named) < people.least or OF_ME.stands_in(text):
        return True
    at = [text.find(name) for _, name in named if name in text]
    return WITH.stands_last(text[: min(at)]) if at else WITH.stands_in(text)


def _content(kind: Kind, rest: str) -> str:
    """Take from what no field took what the thing is called: 《…》 says it outright."""
    title, closed, _ = rest.partition("《")[2].partition("》")
    return title if kind.small and title and closed else without(kind.small, rest)


def go_on(ask: Ask, draft: Draft) -> Reply | str:
    """Ask for the next thing that is missing, or show the whole."""
    draft = apart.of(draft.kind).settle(ask, draft)
    refuse_others(ask, draft)
    book.check(draft.kind, draft.values, ask.now)
    if lacking := draft.missing:
        return _ask_for(ask, draft, lacking)
    if draft.of is None and not draft.apart and (twin := same.find_twin(ask, draft)):
        if own := apart.of(draft.kind).same:
            ask.close_question()
            return own(ask, twin)
        return same.ask_same(ask, draft, twin)
    draft = replace(draft, asked="")
    ask.put_draft(DRAFT, f"{_act(draft)}？", draft=draft.pack())
    return preview.show(ask, draft)


def refuse_others(ask: Ask, draft: Draft) -> None:
    """Have nobody record of others what only those it is about may see."""
    kind = draft.kind
    people = [each for of in kind.people for each in draft.values.get(of.name) or ()]
    if not people or sees_all(ask, kind) or draft.of is not None:
        return
    if ask.member.id not in [number for number, _ in people]:
        raise Refusal(f"{kind.title}由本人或者书记来记，别人的没有记。")


def _hear_change(ask: Ask, kept: Kept) -> Reply | str | None:
    """Hear what is missing or otherwise; None if it is another matter."""
    draft = Draft.unpack(kept["draft"])
    said = ask.text.strip(" 。！!，,")
    if draft.twin and not draft.asked:
        heard = same.hear_same(ask, draft, said)
        return go_on(ask, heard) if isinstance(heard, Draft) else heard
    if ask.is_command_name:
        return None
    edited = change(ask, draft, said)
    if edited is None and draft.asked not in ("", ANYTHING):
        edited = answer(ask, draft, said)
    return None if edited is None else go_on(ask, edited)


def _ask_for(ask: Ask, draft: Draft, lacking: Field) -> str:
    asked = draft.unsure.get(lacking.name) or lacking.question
    known = list(preview.lines(draft.kind, draft.values))
    waiting = replace(draft, asked=lacking.name)
    ask.put_draft(DRAFT, asked, draft=waiting.pack())
    if isinstance(lacking, Choice):
        asked += f"（{'、'.join(lacking.values)}）"
    head = f"记{draft.kind.one}{draft.kind.title}：" if draft.of is None else "更正："
    return "\n".join([head, *known, f"还差：{asked}"])


def _keep(ask: Ask, kept: Kept) -> Reply:
    draft = Draft.unpack(kept["draft"])
    kind = draft.kind
    ask.close_question()
    if draft.of is not None:
        row = book.get(ask.session, draft.of)
        if not book.may_change(ask.session, row, ask.member, ask.standing):
            raise Refusal(f"第 {row.id} 条现在只有书记能改。")
        book.correct(ask.session, row, draft.values, ask.member.id, ask.now)
        again = book.hand_in_again(ask.session, row, ask.member.id, ask.now)
        more = "重新交上去了，等审查。" if again else ""
        more += apart.of(kind).corrected(ask, row)
        told = preview.line(kind, row, values_of(ask.session, row), ask)
        return Reply(f"改好了：\n{told}\n原来写的留着备查。{more}", changed=True)
    row, more = write_down(ask, draft)
    return Reply(_recorded(ask, kind, row) + more, changed=True)


def write_down(
    ask: Ask, draft: Draft, branch: Branch | None = None
) -> tuple[Record, str]:
    """Write a draft down, and do what follows; return it, and what else to say.

    branch: in whose book; None for the speaker's own.
    """
    kind, place = draft.kind, branch or party_branch(ask.session, ask.member)
    teller = Teller(ask.member, place)
    row = book.record(ask.session, kind, draft.values, teller, ask.now)
    if draft.alias and kind.organisation:
        name = draft.values[kind.organisation.name]
        take_organisation(ask.session, place, name, draft.alias)
    return row, apart.of(kind).recorded(ask, row)


def _recorded(ask: Ask, kind: Kind, row: Record) -> str:
    told = preview.line(kind, row, values_of(ask.session, row), ask)
    how = "要改或者不算了，请找支部书记。"
    if book.may_change(ask.session, row, ask.member, ask.standing):
        named = f"{kind.short} {row.id}"
        how = f"要改说“更正{named} …”，不算了说“撤销{named}”。"
    if kind.evidence:
        ask.offer("records.evidence", kind.evidence, record=row.id)
        how = f"{kind.evidence}。{how}"
    return f"记下了，第 {told}\n{how}"


def _me(ask: Ask) -> list[list[Value]]:
    return [[ask.member.id, ask.member.name]]


def _act(draft: Draft) -> str:
    if draft.of is not None:
        return f"更正第 {draft.of} 条{draft.kind.title}"
    told = preview.brief(draft.kind, draft.values)
    named = f"（{told}）" if told else ""
    return f"记下这{draft.kind.one.removeprefix('一')}{draft.kind.title}{named}"


def knows_company(ask: Ask, words: str) -> bool:
    """Tell whether a company on file is called so, or begins so."""
    return Register(ask.session, party_branch(ask.session, ask.member)).begins(words)


def _show_again(ask: Ask, kept: Kept) -> Reply | str:
    return go_on(ask, Draft.unpack(kept["draft"]))


def _lacks(kept: Kept) -> bool:
    draft = Draft.unpack(kept["draft"])
    return bool(draft.missing or draft.twin or draft.asked)


def _asks_words(kept: Kept) -> FreeWords | None:
    draft = Draft.unpack(kept["draft"])
    field = draft.kind.by_name.get(draft.asked)
    return FREE_WORDS if isinstance(field, Words | Organisation) else None


RECORD = Drafting(
    DRAFT,
    show=_show_again,
    confirm=_keep,
    change=_hear_change,
    verbs=("记", "记下", "记上", "登记", "存", "存上", "存下", "保存", "改", "改好"),
    dropped="好的，没有记，也没有改。",
    lacks=_lacks,
    words=_asks_words,
)
