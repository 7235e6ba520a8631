"""约谈: asked for, agreed to, moved, declined, called off; between the two alone."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from bot.branch.people import members
from bot.branch.people.members import Member, party_branch
from bot.branch.records import appointments, parties, search
from bot.branch.records.appointments import Appointment, Slot
from bot.branch.records.fields import Choice
from bot.branch.records.kinds.appointment import APPOINTMENT, OPEN
from bot.branch.records.kinds.posts import STUDIO
from bot.branch.records.kinds.talk import TALK
from bot.branch.records.search import Query
from bot.command import Answer, Ask, Drafting, Kept, command
from bot.errors import Refusal
from bot.message import Reply
from bot.storage.encrypted import can_seal
from bot.text.phrases import read_beside
from bot.understanding.slots.people_named import find_people
from bot.understanding.slots.scope import Scope
from bot.understanding.when import find_when
from bot.understanding.when.numbers import find_number
from handlers.records.view import where

FILE = Path(APPOINTMENT.beside)
ASKING = "talk.ask"
SHOWN = 8
PAST = ("done", "declined", "off")
HOW = "谈过了就说“昨天和王芳谈心了，记一下”；想约人谈就说“想和王芳谈心，周三下午三点”。"


@command(
    "talk",
    help="约一次谈心谈话，例：想和王芳谈心，周三下午三点",
    phrases=read_beside(Path(TALK.beside), "talk"),
    acts=True,
    previewed=True,
)
def ask_for_talk(ask: Ask) -> str:
    """Offer to ask somebody for a talk, at a time or at hers."""
    if ask.is_command_name:
        query = Query(TALK, where(ask), only_of=ask.member.id)
        count = search.count(ask.session, query)
        year = ask.now.year
        return f"您的谈心谈话共记了 {count} 次（{year} 年的进度发“谈心覆盖”）。\n{HOW}"
    to, slot = _whom(ask), _read_slot(ask, ask.text)
    topic = ask.slots.get("topic", "")
    return _show(ask, {**_pack(slot), "member": to.id, "topic": topic})


def _show(ask: Ask, kept: Kept) -> str:
    to = ask.session.get_one(Member, kept["member"])
    slot = _unpack(kept)
    ask.put_draft(ASKING, f"约{to.called}谈谈？", **kept)
    about = "只说想谈，不说谈什么。"
    if kept.get("topic") and can_seal(ask.session):
        about = f"想谈的是“{kept['topic']}”，只有{to.called}看得到。"
    elif kept.get("topic"):
        about += "（想谈的事没有留：还没有设加密的密钥）"
    when = slot.say(ask.now) if slot.day else f"时间请{to.called}定"
    return (
        f"【预览】约{to.called}谈谈，{when}。{about}\n"
        "回“确认”就去约；改时间直接说，例：改到周三下午两点；不约了回“取消”。"
    )


def _change(ask: Ask, kept: Kept) -> str | None:
    slot = _read_slot(ask, ask.text)
    return _show(ask, {**kept, **_pack(slot)}) if slot.day else None


def _ask_for_talk(ask: Ask, kept: Kept) -> Reply:
    ask.close_question()
    to = ask.session.get_one(Member, kept["member"])
    branch = party_branch(ask.session, ask.member)
    topic = kept.get("topic", "") if can_seal(ask.session) else ""
    row = appointments.ask_for(
        ask.session, ask.member, to, _unpack(kept), topic, branch, ask.now
    )
    return Reply(
        f"去约了{to.called}（约谈 {row.id}），答应了、改时间了我就告诉您。"
        f"不谈了说“取消约谈 {row.id}”，看进展发“我的约谈”。",
        changed=True,
    )


ASK_FOR_TALK = Drafting(
    ASKING,
    show=_show,
    confirm=_ask_for_talk,
    change=_change,
    verbs=("约", "预约", "告诉"),
    dropped="好的，没有约。",
)


def _whom(ask: Ask) -> Member:
    """Find who is to be asked: who is named, or a secretary; never the speaker."""
    branch = party_branch(ask.session, ask.member)
    if studio := _studio(ask):
        return _lead_of(ask, studio)
    if who := ask.slots.get("who", ""):
        named = find_people(Scope(ask.session, branch), who, but=ask.speaker.name)
        if not named.people:
            raise Refusal(named.unsure or f"名册里没有“{who}”，没有约谁。")
        if named.people[0].id == ask.member.id:
            raise Refusal("约谈是和别人谈。想约谁，例：想找王芳谈谈心。")
        return named.people[0]
    every = [
        each
        for each in members.secretaries(ask.session, branch)
        if each.id != ask.member.id
    ]
    if not every:
        raise Refusal("您就是书记。想约谁谈，请带上姓名，例：想找王芳谈谈心。")
    return every[0]


def _studio(ask: Ask) -> str:
    """Return which studio is meant, however the sentence names whom."""
    said = ask.slots.get("studio", "") or ask.slots.get("who", "")
    field = STUDIO.by_name["sort"]
    assert isinstance(field, Choice)
    return said if said in field.values else ""


def _lead_of(ask: Ask, studio: str) -> Member:
    """Find who leads a studio. Raises Refusal where there is none, or it is her own."""
    branch = party_branch(ask.session, ask.member)
    rows = search.find(ask.session, Query(STUDIO, branch, choices={"sort": [studio]}))
    for row in rows:
        for number, _ in parties.people_in(ask.session, row, "people"):
            if number and number != ask.member.id:
                return ask.session.get_one(Member, number)
    raise Refusal(f"{studio}还没有登记牵头人，没有约谁。想约谁，请带上姓名。")


def _read_slot(ask: Ask, text: str) -> Slot:
    """Read when it is to be. Raises Refusal for a time that is not clear."""
    found = find_when(text, ask.now)
    if not found:
        return Slot()
    when = found[0]
    if when.unclear or not when.next or when.recurring:
        raise Refusal(when.unclear or "约谈请说哪天几点，例：周三下午三点。")
    at = when.next[0]
    return Slot(at.date(), None if when.date_only else at.time())


def _pack(slot: Slot) -> dict[str, str]:
    return {name: value or "" for name, value in slot.values().items()}


def _unpack(kept: Kept) -> Slot:
    if not kept["day"]:
        return Slot()
    if not kept["time"]:
        return Slot(datetime.fromisoformat(kept["day"]).date())
    at = datetime.fromisoformat(f"{kept['day']}T{kept['time']}")
    return Slot(at.date(), at.time())


@command(
    "talk.agree",
    help="答应一次约谈，例：同意约谈 5",
    phrases=read_beside(FILE, "talk.agree"),
    acts=True,
    shown=False,
)
def agree(ask: Ask) -> Reply:
    found = _find(ask, ("asked", "moved"))
    appointments.agree(ask.session, found, ask.member, ask.now)
    return Reply(f"约好了，{found.slot.say(ask.now)}，告诉对方了。", changed=True)


@command(
    "talk.move",
    help="约谈改时间，例：约谈 5 改到周三下午两点",
    phrases=read_beside(FILE, "talk.move"),
    acts=True,
    shown=False,
)
def move(ask: Ask) -> Answer:
    slot = _read_slot(ask, ask.slots.get("rest", ask.words))
    if slot.at is None:
        return "改到哪天几点？例：约谈 5 改到周三下午两点。"
    found = _find(ask, OPEN)
    appointments.propose(ask.session, found, ask.member, slot, ask.now)
    return Reply(f"问对方去了：改到 {slot.say(ask.now)}。答应了告诉您。", changed=True)


@command(
    "talk.decline",
    help="婉拒一次约谈，例：婉拒约谈 5",
    phrases=read_beside(FILE, "talk.decline"),
    acts=True,
    shown=False,
)
def decline(ask: Ask) -> Reply:
    return _end(ask, "declined", "好的，跟对方说了这次不方便。")


@command(
    "talk.call_off",
    help="取消一次约谈，例：取消约谈 5",
    phrases=read_beside(FILE, "talk.call_off"),
    acts=True,
    shown=False,
)
def call_off(ask: Ask) -> Reply:
    return _end(ask, "off", "取消了，告诉对方了。")


@command(
    "talk.met",
    help="约的谈话谈过了，例：约谈 5 谈过了",
    phrases=read_beside(FILE, "talk.met"),
    acts=True,
    shown=False,
)
def note_met(ask: Ask) -> Reply:
    told = "好的，这次约谈了结了。是谈心谈话的，再说“今天和王芳谈心了”就计上。"
    return _end(ask, "done", told)


def _end(ask: Ask, state: str, told: str) -> Reply:
    found = _find(ask, ("agreed",) if state == "done" else OPEN)
    appointments.end(ask.session, found, ask.member, state, ask.now)
    return Reply(told, changed=True)


@command(
    "talk.appointments",
    help="我约的、约我的谈话到哪一步了",
    phrases=read_beside(FILE, "talk.appointments"),
)
def show_appointments(ask: Ask) -> str:
    branch = party_branch(ask.session, ask.member)
    open_ = appointments.of_member(ask.session, branch, ask.member)
    past = appointments.of_member(ask.session, branch, ask.member, PAST)
    if not (open_ or past):
        return f"还没有约谈。{HOW}"
    return "\n".join(_lines(ask, [*open_, *past][:SHOWN]))


def _lines(ask: Ask, found: Sequence[Appointment]) -> Iterator[str]:
    for each in found:
        other = each.names.get(each.other(ask.member) or 0, "已离开的同志")
        who = f"您约{other}" if each.asker == ask.member.id else f"{other}约您"
        state = APPOINTMENT.state_title(each.row.state)
        mine = each.waits_for == ask.member.id
        turn = f"；等您：同意约谈 {each.row.id}" if mine else ""
        topic = appointments.topic_of(ask.session, each)
        about = f"，谈{topic}" if topic else ""
        yield f"{each.row.id}. {who}{about}，{each.slot.say(ask.now)}（{state}{turn}）"


def _find(ask: Ask, states: Sequence[str]) -> Appointment:
    """Find one's own by its number; without one, the only one that may be meant."""
    number = find_number(ask.slots.get("number", "") or ask.words)
    branch = party_branch(ask.session, ask.member)
    mine = appointments.of_member(ask.session, branch, ask.member, states)
    found = [each for each in mine if number in (None, each.row.id)]
    waiting = [each for each in found if each.waits_for == ask.member.id]
    if len(waiting) == 1:
        return waiting[0]
    if len(found) == 1:
        return found[0]
    if found:
        raise Refusal("\n".join(["哪一次？请带上编号：", *_lines(ask, found)]))
    raise Refusal("没有这样的约谈。发“我的约谈”看看。")
