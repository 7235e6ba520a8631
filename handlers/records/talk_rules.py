"""谈心谈话, as it is told: two people, their sort, and the other's word for it."""

from dataclasses import replace

from bot.branch.people.members import Member, party_branch
from bot.branch.records import book, parties, talks
from bot.branch.records.kinds.talk import TALK
from bot.branch.records.tables import Record
from bot.branch.records.values import confirmations, values_of
from bot.branch.records.words import tell
from bot.calendar.say import say_day
from bot.command import Ask
from bot.errors import Refusal
from bot.message import Reply
from handlers.records.drafts import Draft
from handlers.records.special import Apart

PAIR = 2
NOT_YOURS = "谈心谈话只由谈话的两个人自己记。"
ONE_EACH = "一次记两个人的谈话；和几位都谈了，请一位一位说。"


def settle(ask: Ask, draft: Draft) -> Draft:
    """Add of which sort it is; refuse what is not a talk of one's own with another."""
    people = draft.values.get("people") or []
    numbers = [number for number, _ in people]
    if people and ask.member.id not in numbers:
        raise Refusal(NOT_YOURS)
    if len(people) > PAIR:
        raise Refusal(ONE_EACH)
    if len(people) < PAIR:
        asked = {**draft.unsure} or {"people": "和谁谈的？"}
        return replace(draft, unsure=asked)
    if draft.values.get("sort"):
        return draft
    branch = party_branch(ask.session, ask.member)
    sort = talks.sort_of(ask.session, branch, numbers)
    return replace(draft, values={**draft.values, "sort": sort})


def recorded(ask: Ask, row: Record) -> str:
    """Have the other asked whether it was so; who tells of it has said so."""
    parties.confirm(ask.session, row, ask.member.id, ask.now)
    other = _other(ask, row)
    day = say_day(row.day, ask.now.date()) if row.day else ""
    tell(
        ask.session,
        other,
        f"talk:{row.id}",
        f"{ask.speaker.name}记了一次谈心谈话：{day}，和您。只记谁和谁、哪天，不记谈什么。\n"
        f"谈过就回“谈过 {row.id}”，没有就回“没谈过 {row.id}”。",
        ask.now,
    )
    return f"\n已请{other.called}确认，确认了才计数。谈了什么不记，也请不要发给我。"


def same(ask: Ask, row: Record) -> Reply | str:
    """Take the other's own report as the word that it was so."""
    return confirm(ask, row)


def confirm(ask: Ask, row: Record) -> Reply | str:
    """Note that the speaker says so too; both said so: it counts."""
    mine = parties.is_about(ask.session, row, ask.member)
    if row.kind != TALK.name or not mine or row.withdrawn_at:
        raise Refusal("没有等您确认的这次谈话。")
    if not parties.confirm(ask.session, row, ask.member.id, ask.now):
        return "这次谈话您确认过了。"
    people = values_of(ask.session, row)["people"]
    if len(confirmations(ask.session, row)) == len(people) and row.state == "told":
        book.move(ask.session, row, talks.COUNTED, ask.member.id, ask.now)
        return Reply("好的，双方都确认了，这次谈话计上了。", changed=True)
    return Reply("好的，记下您的确认了。", changed=True)


def _other(ask: Ask, row: Record) -> Member:
    people = values_of(ask.session, row)["people"]
    number = next(each for each, _ in people if each != ask.member.id)
    return ask.session.get_one(Member, number)


APART = Apart(settle=settle, recorded=recorded, same=same)
