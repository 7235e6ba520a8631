"""What becomes of a visit: it is agreed to or declined, and so many have come."""

from collections.abc import Mapping

from bot.branch.people.members import Member, Role
from bot.branch.records import book
from bot.branch.records.fields import Value, Words
from bot.branch.records.kinds.visit import VISIT
from bot.branch.records.tables import Record
from bot.branch.records.values import values_of
from bot.branch.records.visits import check_room
from bot.branch.records.words import tell
from bot.calendar.say import say_day
from bot.command import Ask
from bot.errors import Refusal
from handlers.records.special import Step, is_secretary
from handlers.records.view import where

SETTLED = ("people", "place", "part", "day")
"""What may be settled otherwise than it was asked for."""
WHY = Words("why", "原因（对方在他的网页上看得到）")


def agree(ask: Ask, row: Record, told: Mapping[str, Value]) -> list[str]:
    """Settle a visit: who guides, and where; return who was told."""
    _check_asked(row)
    values = values_of(ask.session, row)
    values |= {name: told[name] for name in SETTLED if told.get(name)}
    check_room(ask.session, where(ask), values, row.id)
    book.correct(ask.session, row, values, ask.member.id, ask.now)
    book.move(ask.session, row, "booked", ask.member.id, ask.now)
    return _tell_guides(ask, row)


def decline(ask: Ask, row: Record, why: str) -> str:
    """Say no, with a reason that whoever asked reads on the visit's own page."""
    _check_asked(row)
    if why:
        values = {**values_of(ask.session, row), "answer": why}
        book.correct(ask.session, row, values, ask.member.id, ask.now)
    book.move(ask.session, row, "off", ask.member.id, ask.now)
    return f"婉拒了接待 {row.id}，对方在他的网页上看得到。"


def note_arrival(ask: Ask, row: Record, told: Mapping[str, Value]) -> None:
    """Write down how many have come, and who guided them where that is told."""
    if row.day and row.day > ask.now.date():
        raise Refusal(f"接待 {row.id} 是 {say_day(row.day)}的，还没到，等来了再记。")
    values = values_of(ask.session, row)
    values |= {name: told[name] for name in ("real", "people") if told.get(name)}
    book.correct(ask.session, row, values, ask.member.id, ask.now)
    book.move(ask.session, row, "received", ask.member.id, ask.now)


def _check_asked(row: Record) -> None:
    if row.state != "asked":
        state = VISIT.state_title(row.state)
        raise Refusal(f"接待 {row.id} 现在是“{state}”，不用再定。")


def _tell_guides(ask: Ask, row: Record) -> list[str]:
    values, guides = values_of(ask.session, row), []
    for number, _ in values.get("people") or ():
        to = ask.session.get(Member, number) if number else None
        if to is None or to.id == ask.member.id or row.day is None:
            continue
        where_to = f"，在{values['place']}" if values.get("place") else ""
        text = (
            f"{say_day(row.day, ask.now.date())}{values.get('part') or ''}"
            f"{values['company']}来参观{where_to}，请您讲解。到了说“实到 18人”。"
        )
        tell(ask.session, to, f"visit.guide:{row.id}:{ask.message.id}", text, ask.now)
        guides.append(to.called)
    return guides


def _agree(ask: Ask, row: Record, told: Mapping[str, Value]) -> str:
    guides = _tell_names(agree(ask, row, told))
    return f"定了，{guides}对方在他的网页上看得到结果。"


def _tell_names(guides: list[str]) -> str:
    return f"告诉{'、'.join(guides)}了。" if guides else "讲解还没有另外通知谁。"


def _arrive(ask: Ask, row: Record, told: Mapping[str, Value]) -> str:
    if not told.get("real"):
        raise Refusal("实到多少人？")
    note_arrival(ask, row, told)
    return f"记下了，实到 {told['real']:g} 人。"


def _at_home(ask: Ask, row: Record) -> bool:
    return ask.standing.role >= Role.COMMITTEE


STEPS = (
    Step(
        "agree",
        "同意接待",
        _agree,
        ("asked",),
        is_secretary,
        tuple(VISIT.by_name[name] for name in SETTLED),
        warns="要改的填上，不填就照对方约的。讲解的同志会收到消息。",
    ),
    Step(
        "decline",
        "婉拒",
        lambda ask, row, told: decline(ask, row, str(told.get("why") or "")),
        ("asked",),
        is_secretary,
        (WHY,),
    ),
    Step(
        "arrive",
        "记实到人数",
        _arrive,
        ("booked",),
        _at_home,
        (VISIT.by_name["real"], VISIT.by_name["people"]),
    ),
)
