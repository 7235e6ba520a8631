"""Correcting a record, taking it back, checking it: which one, shown, then done."""

from collections.abc import Sequence
from dataclasses import replace

from bot.branch.notices import enclosures
from bot.branch.people.members import Role, party_branch
from bot.branch.records import book, parties
from bot.branch.records.book import Teller
from bot.branch.records.declared import find_kind
from bot.branch.records.evidence import add_evidence
from bot.branch.records.kind import Kind
from bot.branch.records.values import values_of
from bot.command import Ask, Drafting, Kept, answering
from bot.errors import Denied
from bot.inbox.open_questions import Open
from bot.message import Reply
from handlers.records import apart, preview
from handlers.records.drafts import ANYTHING, DRAFT, Draft
from handlers.records.edits import change
from handlers.records.tell import go_on
from handlers.records.view import where
from handlers.records.which import find_meant

WITHDRAW = "records.withdraw"
EVIDENCE = "records.evidence"


def correct(ask: Ask, kinds: Sequence[Kind]) -> Reply | str:
    """Read what a record is to say instead, and show it."""
    row, rest = find_meant(ask, kinds)
    kind = find_kind(row.kind)
    if not book.may_change(ask.session, row, ask.member, ask.standing):
        raise Denied(f"第 {row.id} 条不是您记的，或者已经定了，请找书记改。")
    draft = Draft(kind, values_of(ask.session, row), of=row.id)
    changed = change(ask, draft, rest.strip(" ，,。：:")) if rest else None
    if changed is None or changed.values == draft.values:
        told = preview.line(kind, row, draft.values, ask)
        waiting = replace(draft, asked=ANYTHING)
        ask.put_draft(DRAFT, f"第 {row.id} 条改成什么？", draft=waiting.pack())
        return f"{told}\n改哪里？例：{kind.fields[0].title}改成…。不改了回“取消”。"
    return go_on(ask, changed)


def withdraw(ask: Ask, kinds: Sequence[Kind]) -> str:
    row, _ = find_meant(ask, kinds)
    if not book.may_change(ask.session, row, ask.member, ask.standing):
        raise Denied(f"第 {row.id} 条不是您记的，或者已经定了，请找书记撤。")
    return show_withdrawing(ask, {"record": row.id})


def show_withdrawing(ask: Ask, kept: Kept) -> str:
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
    more = apart.of(find_kind(row.kind)).withdrawn(ask, row)
    return Reply(f"撤销好了，第 {row.id} 条不再计数。{more}", changed=True)


WITHDRAWING = Drafting(
    WITHDRAW,
    show=show_withdrawing,
    confirm=_withdraw,
    verbs=("撤", "撤销", "撤掉", "删", "删掉"),
    dropped="好的，没有动。",
)


def check(ask: Ask, kinds: Sequence[Kind]) -> Reply | str:
    """Move a record on: whoever checks has looked at it."""
    row, _ = find_meant(ask, kinds)
    kind = find_kind(row.kind)
    moves = [
        each for each in kind.moves if any(word in ask.text for word in each.called)
    ]
    move = next((each for each in moves if row.state in each.come_from), None)
    if move is None:
        return f"第 {row.id} 条已经是“{kind.state_title(row.state)}”了，没有再动。"
    if ask.standing.role < move.by:
        raise Denied(f"这一步要由{move.by.title}来做。")
    mine = parties.is_about(ask.session, row, ask.member)
    if move.by is Role.MEMBER and not mine and ask.standing.role < Role.COMMITTEE:
        raise Denied(f"第 {row.id} 条要由本人或支委来办。")
    book.move(ask.session, row, move.to, ask.member.id, ask.now)
    told = preview.line(kind, row, values_of(ask.session, row), ask)
    return Reply(f"好了：{told}", changed=True)


@answering(EVIDENCE, hears=("image",), offer=True)
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
