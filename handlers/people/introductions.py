"""认人: who wrote to the robot and is unknown; the secretary says who it is, or no."""

from bot.branch.people import introductions
from bot.branch.people.members import Member, Role
from bot.calendar.say import say_date
from bot.command import Ask, command
from bot.errors import Refusal
from bot.message import Reply
from bot.understanding.slots.person import find_named
from bot.understanding.slots.scope import Scope

EXAMPLE = "例：认人 3 是王芳；不认识就说：不认识 3。"
NOT_THERE = "名册里没有“{said}”。先导入名册，再说：认人 {number} 是 姓名。"
NOBODY = "没有等您认的人。"


@command(
    "members.callers",
    help="谁跟智能机器人说了自己是谁，等书记认",
    role=Role.SECRETARY,
)
def list_callers(ask: Ask) -> str:
    waiting = introductions.list_waiting(ask.session)
    if not waiting:
        return NOBODY
    lines = []
    for each in waiting:
        assert each.asked_at
        on = say_date(each.asked_at.astimezone(ask.now.tzinfo).date())
        account = introductions.say_account(each)
        lines.append(f"{each.id} 号：说自己是{each.called}（{account}，{on}）")
    return "\n".join([f"等您认的有 {len(waiting)} 位：", *lines, EXAMPLE])


@command(
    "members.admit",
    help="认下智能机器人里的人，例：认人 3 是王芳",
    role=Role.SECRETARY,
    acts=True,
)
def admit(ask: Ask) -> Reply | str:
    number = _number(ask)
    if number is None:
        return list_callers.run(ask)
    member = _find_member(ask, number)
    introductions.admit(ask.session, number, member, ask.member, ask.now)
    return Reply(
        f"好了，第 {number} 号认作{member.called}，已经告诉本人。", changed=True
    )


@command(
    "members.turn_away",
    help="智能机器人里不认识的人，例：不认识 3",
    role=Role.SECRETARY,
    acts=True,
)
def turn_away(ask: Ask) -> Reply | str:
    number = _number(ask)
    if number is None:
        return list_callers.run(ask)
    caller = introductions.turn_away(ask.session, number, ask.member, ask.now)
    return Reply(
        f"好的，第 {number} 号（说自己是{caller.called}）不认，不再答复。"
        f"认错了再说“认人 {number} 是 姓名”。",
        changed=True,
    )


def _find_member(ask: Ask, number: int) -> Member:
    """Find who it is: who is named, or else who has the name that was given."""
    scope = Scope(ask.session, ask.standing.branch)
    said = ask.slots.get("who") or introductions.called(ask.session, number)
    if said and (named := find_named(scope, said)):
        return named.member
    if said:
        raise Refusal(NOT_THERE.format(said=said, number=number))
    raise Refusal(f"请说清是哪一位，例：认人 {number} 是 王芳。")


def _number(ask: Ask) -> int | None:
    told = ask.slots.get("number") or ask.words.strip()
    return int(told) if told.isdecimal() else None
