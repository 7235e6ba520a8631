"""约谈 by a form: asked for, agreed to, moved, declined; the two alone see it."""

from collections.abc import Mapping
from datetime import date, time

from bot.branch.people.members import Member, party_branch
from bot.branch.records import appointments
from bot.branch.records.appointments import Appointment, Slot
from bot.branch.records.fields import Day, Field, Value, Words
from bot.branch.records.kinds.appointment import APPOINTMENT, OPEN
from bot.branch.records.tables import Record
from bot.command import Ask
from bot.errors import Refusal
from bot.storage.encrypted import can_seal
from handlers.records.special import Apart, Step, Telling

WRONG = "“{said}”不像几点，例：15:00。"
ANOTHER = "约谈是和别人谈，请写对方的姓名。"
ON = Day("day", "哪一天", ahead=True)
AT = Words("time", "几点（15:00 这样）")
ASKS: tuple[Field, ...] = (
    APPOINTMENT.by_name["host"],
    ON,
    AT,
    Words("topic", "想谈什么（可以不填，只有对方看得到）"),
)


def take(ask: Ask, told: Mapping[str, Value]) -> tuple[Record, str]:
    """Ask somebody for a talk; what about is kept only where it can be sealed."""
    number, _ = told["host"][0]
    if number == ask.member.id:
        raise Refusal(ANOTHER)
    to = ask.session.get_one(Member, number)
    branch = party_branch(ask.session, ask.member)
    topic = str(told.get("topic") or "") if can_seal(ask.session) else ""
    row = appointments.ask_for(
        ask.session, ask.member, to, _read_slot(told), topic, branch, ask.now
    )
    lost = bool(told.get("topic")) and not topic
    more = "想谈的事没有留：还没有设加密的密钥。" if lost else ""
    return row, f"去约了{to.called}（约谈 {row.id}），答应了、改时间了告诉您。{more}"


def _read_slot(told: Mapping[str, Value]) -> Slot:
    day, at = told.get("day"), str(told.get("time") or "")
    if at and not day:
        raise Refusal("几点写了，哪一天还没有写。")
    return Slot(date.fromisoformat(day) if day else None, _read_time(at))


def _read_time(said: str) -> time | None:
    if not said:
        return None
    try:
        found = time.fromisoformat(said.replace("：", ":").zfill(5))
    except ValueError:
        raise Refusal(WRONG.format(said=said[:20])) from None
    return found.replace(second=0, microsecond=0, tzinfo=None)


def _found(ask: Ask, row: Record) -> Appointment:
    return appointments.read(ask.session, [row])[0]


def _is_one_of_two(ask: Ask, row: Record) -> bool:
    found = _found(ask, row)
    return ask.member.id in (found.asker, found.host)


def _is_waited_for(ask: Ask, row: Record) -> bool:
    found = _found(ask, row)
    return found.waits_for == ask.member.id and found.slot.at is not None


def _agree(ask: Ask, row: Record, _: Mapping[str, Value]) -> str:
    found = _found(ask, row)
    appointments.agree(ask.session, found, ask.member, ask.now)
    return f"约好了，{found.slot.say(ask.now)}，告诉对方了。"


def _move(ask: Ask, row: Record, told: Mapping[str, Value]) -> str:
    slot = _read_slot(told)
    if slot.at is None:
        raise Refusal("改到哪天几点，两样都要写。")
    appointments.propose(ask.session, _found(ask, row), ask.member, slot, ask.now)
    return f"问对方去了：改到 {slot.say(ask.now)}。答应了告诉您。"


def _ending(name: str, title: str, said: str, *states: str) -> Step:
    def end(ask: Ask, row: Record, _: Mapping[str, Value]) -> str:
        found = _found(ask, row)
        appointments.end(ask.session, found, ask.member, name, ask.now)
        return said

    return Step(name, title, end, states, _is_one_of_two)


STEPS = (
    Step("agree", "答应", _agree, ("asked", "moved"), _is_waited_for),
    Step("move", "改时间", _move, OPEN, _is_one_of_two, (ON, AT)),
    _ending("done", "谈过了", "好的，这次约谈了结了。", "agreed"),
    _ending("declined", "这次不方便", "好的，跟对方说了。", *OPEN),
    _ending("off", "取消", "取消了，告诉对方了。", *OPEN),
)
APART = Apart(steps=STEPS, telling=Telling(ASKS, take))
