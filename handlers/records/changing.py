"""Correcting a record, taking it back, checking it: which one, shown, then done."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.branch.notices import enclosures
from bot.branch.people.members import Role, party_branch
from bot.branch.records import book, search
from bot.branch.records.book import Teller
from bot.branch.records.declared import find_kind
from bot.branch.records.evidence import add_evidence
from bot.branch.records.kind import Kind
from bot.branch.records.organisations import Register
from bot.branch.records.search import Query
from bot.branch.records.tables import Record
from bot.branch.records.values import values_of
from bot.command import Ask, Drafting, Kept, answering
from bot.errors import Denied, Refusal
from bot.inbox.open_questions import Open
from bot.message import Reply
from handlers.records import preview
from handlers.records.drafts import Draft
from handlers.records.tell import change, go_on
from handlers.records.view import where

NUMBER = re.compile(
    r"第?\s*(?P<n>\d{1,9})\s*(?:条|次|项|号岗|号)?(?!\s*[\d月日年点天人个])"
)
LAST = 2
WITHDRAW = "records.withdraw"


def correct(ask: Ask, kinds: Sequence[Kind]) -> Reply | str:
    """Read what a record is to say instead, and show it."""
    row, rest = _find(ask, kinds)
    kind = find_kind(row.kind)
    if not book.may_change(ask.session, row, ask.member, ask.standing):
        raise Denied(f"第 {row.id} 条不是您记的，或者已经定了，请找书记改。")
    draft = Draft(kind, values_of(ask.session, row), of=row.id)
    changed = change(ask, draft, rest.strip(" ，,。：:")) if rest else None
    if changed is None or changed.values == draft.values:
        told = preview.line(kind, row, draft.values, ask)
        ask.put_question(
            "records.draft", f"第 {row.id} 条改成什么？", draft=draft.pack()
        )
        return f"{told}\n改哪里？例：{kind.fields[0].title}改成…。不改了回“取消”。"
    return go_on(ask, changed)


def withdraw(ask: Ask, kinds: Sequence[Kind]) -> str:
    row, _ = _find(ask, kinds)
    if not book.may_change(ask.session, row, ask.member, ask.standing):
        raise Denied(f"第 {row.id} 条不是您记的，或者已经定了，请找书记撤。")
    return _show_withdrawing(ask, {"record": row.id})


def _show_withdrawing(ask: Ask, kept: Kept) -> str:
    row = book.get(ask.session, kept["record"], where(ask))
    kind = find_kind(row.kind)
    told = preview.line(kind, row, values_of(ask.session, row), ask)
    ask.put_draft(WITHDRAW, f"撤销第 {row.id} 条？", record=row.id)
    return (
        f"要撤销：{told}\n撤销后不再计数，原来的留着备查。回“确认”撤销，不撤回“取消”。"
    )


def _withdraw(ask: Ask, kept: Kept) -> Reply:
    ask.close_question()
    row = book.get(ask.session, kept["record"], where(ask))
    if not book.may_change(ask.session, row, ask.member, ask.standing):
        raise Denied(f"第 {row.id} 条现在只有书记能撤。")
    book.withdraw(ask.session, row, ask.member.id, ask.now)
    return Reply(f"撤销好了，第 {row.id} 条不再计数。", changed=True)


WITHDRAWING = Drafting(
    WITHDRAW,
    show=_show_withdrawing,
    confirm=_withdraw,
    verbs=("撤", "撤销", "撤掉", "删", "删掉"),
    dropped="好的，没有动。",
)


def check(ask: Ask, kinds: Sequence[Kind]) -> Reply | str:
    """Move a record on: whoever checks has looked at it."""
    row, _ = _find(ask, kinds)
    kind = find_kind(row.kind)
    moves = [
        each for each in kind.moves if any(word in ask.text for word in each.called)
    ]
    move = next((each for each in moves if row.state in each.come_from), None)
    if move is None:
        return f"第 {row.id} 条已经是“{kind.state_title(row.state)}”了，没有再动。"
    if ask.standing.role < move.by:
        raise Denied(f"这一步要由{move.by.title}来做。")
    mine = book.is_about(ask.session, row, ask.member)
    if move.by is Role.MEMBER and not mine and ask.standing.role < Role.COMMITTEE:
        raise Denied(f"第 {row.id} 条要由本人或支委来办。")
    book.move(ask.session, row, move.to, ask.member.id, ask.now)
    told = preview.line(kind, row, values_of(ask.session, row), ask)
    return Reply(f"好了：{told}", changed=True)


@answering("records.evidence", hears=("image",), offer=True)
def take_evidence(ask: Ask, question: Open) -> Reply | None:
    """Keep a picture that shows what was just recorded."""
    media_id = ask.message.fields.get("MediaId", "")
    if ask.message.kind != "image" or not media_id:
        return None
    row = book.get(ask.session, question.details["record"])
    kind = find_kind(row.kind)
    name = f"{kind.title}-{row.id}.jpg"
    kept = enclosures.take_picture(ask.session, ask.member, name, media_id, ask.now)
    teller = Teller(ask.member, party_branch(ask.session, ask.member))
    found = add_evidence(ask.session, row, kept, name, teller, ask.now)
    state = kind.state_title(row.state)
    return Reply(
        f"收下了，佐证是 {found.number} 号，第 {row.id} 条现在是“{state}”。"
        "还有就接着发。",
        changed=True,
    )


def _find(ask: Ask, kinds: Sequence[Kind]) -> tuple[Record, str]:
    """Find the record that a text means: by its number, or the last one told.

    Raises Refusal where it is not clear which. Returns also what follows the number.
    """
    names = [each.name for each in kinds]
    rest = ask.slots.get("rest", ask.words)
    if hit := NUMBER.match((ask.slots.get("number", "") or ask.words).strip()):
        row = book.get(ask.session, int(hit["n"]), where(ask))
        if row.kind in names:
            after = ask.words.strip()[hit.end() :] if "rest" not in ask.slots else rest
            return _standing(row), after
        raise Refusal(f"第 {hit['n']} 条不是{kinds[0].title}。")
    mine = [
        row
        for kind in kinds
        for row in search.find(ask.session, _mine(ask, kind, rest), LAST)
    ]
    if not mine:
        raise Refusal(f"没有找到您记的这样的{kinds[0].title}，没有动。")
    return max(mine, key=lambda row: row.id), rest


def _mine(ask: Ask, kind: Kind, rest: str) -> Query:
    """Match what the speaker may mean: hers, or all for whoever sees all to change.

    A company that is named outside of what is to be changed says which.
    """
    every = Query(kind, where(ask), organisation=_company(ask, kind, rest))
    office = ask.standing.role >= Role.SECRETARY and every.organisation
    return every if office else replace(every, only_of=ask.member.id)


def _company(ask: Ask, kind: Kind, rest: str) -> str:
    if kind.organisation is None or "company" not in ask.slots:
        return ""
    said = ask.text.replace(rest, "") if rest else ask.text
    branch = party_branch(ask.session, ask.member)
    named = Register(ask.session, branch).find(said)
    if named is None:
        raise Refusal(f"没有记过“{ask.slots['company']}”的{kind.title}，没有动。")
    return named.name


def _standing(row: Record) -> Record:
    if row.withdrawn_at:
        raise Refusal(f"第 {row.id} 条已经撤销了，没有再动。")
    return row
