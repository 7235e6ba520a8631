"""谈心谈话, as it is told: two people, their sort, and the other's word for it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.branch.people.members import Member, party_branch
from bot.branch.records import book, parties, talks
from bot.branch.records.kinds.talk import TALK
from bot.branch.records.tables import Record
from bot.branch.records.talks import Coverage
from bot.branch.records.values import confirmations, values_of
from bot.branch.records.words import tell
from bot.calendar.say import say_day, say_short_day
from bot.command import Ask
from bot.errors import Refusal
from bot.message import Reply
from handlers.records.drafts import Draft
from handlers.records.special import Apart, Overview, Step
from handlers.records.view import where

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


def deny(ask: Ask, row: Record) -> str:
    """Take a talk back that the other says was none, and tell who told of it."""
    mine = row.kind == TALK.name and parties.is_about(ask.session, row, ask.member)
    if not mine or row.state != "told":
        raise Refusal("没有等您确认的这次谈话。")
    book.withdraw(ask.session, row, ask.member.id, ask.now)
    teller = row.recorded_by and ask.session.get(Member, row.recorded_by)
    if teller and teller.id != ask.member.id:
        text = f"{ask.speaker.name}说第 {row.id} 条谈心谈话没有谈过，这一条撤了。"
        tell(ask.session, teller, f"talk.denied:{row.id}", text, ask.now)
    return "好的，这一条撤了，不计数。"


def _other(ask: Ask, row: Record) -> Member:
    people = values_of(ask.session, row)["people"]
    number = next(each for each, _ in people if each != ask.member.id)
    return ask.session.get_one(Member, number)


def _waits_for(ask: Ask, row: Record) -> bool:
    """Tell whether the asker is the one whose word is waited for."""
    mine = parties.is_about(ask.session, row, ask.member)
    return mine and ask.member.id not in confirmations(ask.session, row)


def _say_confirmed(ask: Ask, row: Record) -> str:
    said = confirm(ask, row)
    return said.text if isinstance(said, Reply) else said


STEPS = (
    Step(
        "confirm",
        "谈过，确认",
        lambda ask, row, _: _say_confirmed(ask, row),
        ("told",),
        _waits_for,
    ),
    Step(
        "deny",
        "没有谈过",
        lambda ask, row, _: deny(ask, row),
        ("told",),
        _waits_for,
        warns="这一条会撤掉，也会告诉记的人。",
        careful=True,
    ),
)

MOST_ROWS = 60


def survey(ask: Ask) -> Sequence[Overview]:
    """Lay out who has talked with whom this year: the committee across, all down."""
    found = talks.survey(ask.session, where(ask), ask.now.year)
    heads = ["姓名", *(found.names[each] for each in found.committee), "其他党员"]
    rows = [[found.names[each], *_cells(found, each)] for each in list(found.names)]
    lacking = len(found.lacking_committee()), len(found.lacking_members())
    notes = [
        f"支委之间应 {found.due_pairs} 对，还差 {len(found.lacking_pairs())} 对；"
        f"支委与党员还差 {lacking[0]} 人；党员之间还差 {lacking[1]} 人。",
        "双方都确认的才算；只有书记和组织委员看得到。",
    ]
    if (more := len(rows) - MOST_ROWS) > 0:
        notes.append(f"只列了前 {MOST_ROWS} 人，还有 {more} 人。")
    title = f"{ask.now.year} 年谈心谈话覆盖"
    return [Overview(title, heads, rows[:MOST_ROWS], notes, drawn=True)]


def _cells(found: Coverage, member: int) -> Iterator[str]:
    """Say with whom of the committee somebody has talked, and whether with others."""
    for other in found.committee:
        day = found.had.get(frozenset((member, other)))
        yield "—" if other == member else say_short_day(day) if day else ""
    fellows = [
        day
        for pair, day in found.had.items()
        if member in pair and not (pair - {member}) & set(found.committee)
    ]
    yield say_short_day(min(fellows)) if fellows else ""


APART = Apart(settle=settle, recorded=recorded, same=same, steps=STEPS, overview=survey)
