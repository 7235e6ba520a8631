"""Somebody unknown writes to the robot: she says who she is, the secretary says yes.

A robot that no super admin made is told encrypted accounts, which say of nobody who it
is; a plain one that is on the roster needs no introduction. Whoever writes learns
nothing of the roster: what is answered does not depend on it.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import outbox
from bot.branch.people import audit, members
from bot.branch.people.members import Member
from bot.branch.people.tree import Branch
from bot.errors import Refusal
from bot.inbox import callers
from bot.inbox.callers import NAME_CHARS, Caller
from bot.message import Button, Card, Message, Text
from bot.outbox import CHANNELS, Importance, Plan, Window
from bot.text.accounts import is_encrypted

I_AM = re.compile(
    r"(?:[您你]好[，,。！!\s]*)?我(?:是|叫|的名字[是叫])\s*"
    r"(?P<name>[\u3400-\u9fff]{2,4}|[\u3400-\u9fff]{2,10}·[\u3400-\u9fff]{1,10})"
    r"(?:同志)?[。.！!]?"
)
WHO = (
    "您好，我是{branch}的助手，还不认识您。\n"
    "请告诉我您的姓名，例：我是王芳。书记确认以后就能用了。"
)
ASKED = "记下了，已经请书记确认。确认以后我会告诉您，先等一等。"
WAITS = "还在等书记确认，确认以后我会告诉您。着急的话请直接联系书记。"
TURNED_AWAY = "书记没有认出您，暂时帮不上忙。请直接联系支部书记。"
TAKEN = "{name}已经有别的{channel}账号，或这个账号已经认给别人，没有动。"
WELCOME = "书记确认了，您是{name}。发“帮助”看看我会什么。"
PLAIN, ENCRYPTED = "账号 {user}", "账号是加密的，看不出是谁，请您核对"
ASK_AGAIN_AFTER, ASKED_WITHIN = timedelta(hours=12), timedelta(days=3)
MOST_A_DAY = 20
"""Introductions that the secretary is asked for in a day, by however many strangers."""


def greet(session: Session, message: Message, branch: Branch, now: datetime) -> str:
    """Answer somebody unknown; have the secretary asked, if she said who she is."""
    caller = callers.find(session, message.channel, message.sender)
    if caller is None:
        return WHO.format(branch=branch.name)
    if caller.turned_away_at:
        return TURNED_AWAY
    found = I_AM.fullmatch(message.head.strip())
    if found is None:
        return WAITS if caller.asked_at else WHO.format(branch=branch.name)
    name = found["name"][:NAME_CHARS]
    asked = caller.asked_at
    if asked and caller.called == name and now - asked < ASK_AGAIN_AFTER:
        return WAITS
    if _asked_since(session, now - timedelta(days=1)) < MOST_A_DAY:
        caller.called, caller.asked_at = name, now
        session.flush()
        _ask_secretaries(session, caller, branch, now)
    return ASKED


def list_waiting(session: Session) -> Sequence[Caller]:
    """List who said who she is and waits to be known, the first first."""
    waits = (Caller.asked_at.is_not(None), Caller.turned_away_at.is_(None))
    rows = session.scalars(select(Caller).where(*waits).order_by(Caller.asked_at))
    return [each for each in rows if not is_known(session, each)]


def admit(
    session: Session,
    number: int,
    member: Member,
    by: Member | None,
    now: datetime,
) -> None:
    """Know from now on that this is a member's account, and tell her. Raises Refusal.

    by: None for the operator at the command line.
    """
    caller = _get(session, number)
    channel = CHANNELS[caller.channel]
    if not outbox.bind(session, member.id, caller.channel, caller.user, now):
        raise Refusal(TAKEN.format(name=member.called, channel=channel))
    caller.called, caller.turned_away_at = "", None
    audit.note(session, by, "members.admit", now, subjects=[member.id])
    plan = Plan(
        key=f"admitted:{caller.id}:{member.id}:{int(now.timestamp())}",
        kind="reply",
        content=Text(WELCOME.format(name=member.name)),
        window=Window(now, now + ASKED_WITHIN),
        importance=Importance.ANSWER,
        channel=caller.channel,
    )
    outbox.put_to(session, plan, caller.user, member.id, now=now)


def turn_away(session: Session, number: int, by: Member, now: datetime) -> Caller:
    """Say that nobody knows who it is. Raises Refusal."""
    caller = _get(session, number)
    if is_known(session, caller):
        raise Refusal(f"第 {number} 号已经认下了，没有动。")
    caller.turned_away_at = now
    audit.note(session, by, "members.turn_away", now)
    return caller


def called(session: Session, number: int) -> str:
    """Return the name that somebody gave. Raises Refusal."""
    return _get(session, number).called


def say_account(caller: Caller) -> str:
    """Say what an account is called, or that nobody can read it."""
    if is_encrypted(caller.user):
        return ENCRYPTED
    return PLAIN.format(user=caller.user)


def _ask_secretaries(
    session: Session, caller: Caller, branch: Branch, now: datetime
) -> None:
    found = _named(session, caller.called)
    if len(found) == 1:
        branch = session.get_one(Branch, found[0].branch_id)
    card = _write_card(caller, found)
    for each in members.secretaries(session, branch):
        plan = Plan(
            key=f"caller:{caller.id}:{int(now.timestamp())}:{each.id}",
            kind="caller",
            content=card,
            window=Window(now, now + ASKED_WITHIN),
            importance=Importance.NOTICE,
        )
        outbox.put_to(session, plan, each.userid, each.id, now=now)


def _write_card(caller: Caller, found: Sequence[Member]) -> Card:
    number, account = caller.id, say_account(caller)
    channel = CHANNELS[caller.channel]
    no = Button("不认识", f"members.turn_away:{number}")
    yes = (Button("是本人", f"members.admit:{number}"),) if len(found) == 1 else ()
    if len(found) == 1:
        how = f"是本人就点“是本人”，或说“认人 {number}”。"
    elif found:
        how = f"名册里有 {len(found)} 位同名，请说是哪一位，例：认人 {number} 是 账号。"
    else:
        how = f"名册里没有这个姓名。是谁请说：认人 {number} 是 姓名；没有就先导入名册。"
    text = f"{account}。{how}"
    return Card(f"{channel}：有人说自己是{caller.called}", text, (*yes, no))


def _named(session: Session, name: str) -> list[Member]:
    rows = select(Member).where(Member.name == name, Member.state == "active")
    return list(session.scalars(rows.order_by(Member.id)))


def _get(session: Session, number: int) -> Caller:
    caller = callers.get(session, number)
    if caller is None:
        raise Refusal(f"没有第 {number} 号来人，说“谁等我认”看看有谁。")
    return caller


def is_known(session: Session, caller: Caller) -> bool:
    """Tell whether an address is a member's."""
    return outbox.find_address(session, caller.channel, caller.user) is not None


def _asked_since(session: Session, since: datetime) -> int:
    found = select(Caller.id).where(Caller.asked_at >= since)
    return len(session.scalars(found).all())
