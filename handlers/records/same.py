"""Two who tell of one thing: it is noticed, and one says whether it is the same."""

from dataclasses import replace

from bot.branch.people.members import Role, party_branch
from bot.branch.people.tree import Branch
from bot.branch.records import book, parties, twins
from bot.branch.records.tables import Record
from bot.branch.records.values import values_of
from bot.command import Ask
from bot.errors import Refusal
from bot.message import Reply
from handlers.records import preview
from handlers.records.drafts import DRAFT, Draft
from handlers.records.view import sees_all

TOGETHER = ("合并", "是同一次", "同一次", "是", "对", "加进去")
APART = ("另记", "不是", "分开", "单独记")


def find_twin(ask: Ask, draft: Draft, branch: Branch | None = None) -> Record | None:
    """Find what tells of the same. Raises Refusal where it is not the speaker's to see.

    What she may not see is not shown to her, nor written down a second time.
    """
    place = branch or party_branch(ask.session, ask.member)
    row = twins.find_twin(ask.session, draft.kind, draft.values, place)
    if row is None or sees_all(ask, draft.kind):
        return row
    if not parties.is_about(ask.session, row, ask.member):
        raise Refusal("这一条没有记，请找支部书记核对。")
    return row


def ask_same(ask: Ask, draft: Draft, twin: Record) -> str:
    """Show what is written down already, and ask whether it is the same."""
    kept = replace(draft, twin=twin.id, asked="")
    ask.put_draft(DRAFT, "是同一次吗？", draft=kept.pack())
    told = preview.line(draft.kind, twin, values_of(ask.session, twin), ask)
    return (
        f"已经记过一条像是同一次的：\n{told}\n"
        "是同一次，回“合并”，把您说的人加进那一条；不是，回“另记”；不记了回“取消”。"
    )


def hear_same(ask: Ask, draft: Draft, said: str) -> Draft | Reply | str | None:
    """Hear whether it is: the draft goes on by itself, or its people are added."""
    if said in APART:
        return replace(draft, twin=None, apart=True)
    if said not in TOGETHER:
        return None
    assert draft.twin is not None
    row = book.get(ask.session, draft.twin)
    people = {
        each.name: draft.values.get(each.name) or [] for each in draft.kind.people
    }
    _refuse_settled(ask, draft, row)
    added = parties.add_people(ask.session, row, people, ask.member.id, ask.now)
    ask.close_question()
    if not added:
        return f"第 {row.id} 条里已经有您说的人了，没有再记一条。"
    told = preview.line(draft.kind, row, values_of(ask.session, row), ask)
    return Reply(f"合并好了，加上了{'、'.join(added)}：\n{told}", changed=True)


def _refuse_settled(ask: Ask, draft: Draft, row: Record) -> None:
    """Leave what is settled to whoever may change it."""
    if book.is_settled(row) and ask.standing.role < Role.SECRETARY:
        state = draft.kind.state_title(row.state)
        raise Refusal(
            f"第 {row.id} 条已经是“{state}”，要加人请支部书记来加："
            f"“更正{draft.kind.short} {row.id} 加上…”。"
        )
