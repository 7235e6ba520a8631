"""Binding WeChat: a code for ten minutes makes an address one of a member's ways.

It is typed there, or scanned with a QR code. Guesses are rationed, for each address and
for a whole channel: of a million codes nobody may try more than a handful.
"""

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot import outbox
from bot.branch.people.members import Member
from bot.errors import Refusal
from bot.message import Message, Text
from bot.outbox import CHANNELS, PEOPLE, Importance, Plan, Window
from bot.storage.database import Base, Id, insert_new, put_row, take_turn
from bot.storage.invariants import proof

LIVES = timedelta(minutes=10)
TRIES_LAST = timedelta(hours=1)
TRIES, TRIES_OF_ALL = 5, 100
"""Wrong codes in an hour from one address, and from all of a channel."""
SCENE = "bind"
CODE = re.compile(r"(?:绑定(?:微信)?)?[\s:：,，]*([0-9]{6})[\s。.!！]*")
WRONG = (
    "这六位数字不对，或者过了十分钟。请在企业微信里对我说“绑定微信”，用新的那六位再试。"
)
TOO_MANY = "试得太多了，请过一小时再试。"
OTHER = (
    "这位同志已经绑定了另一个微信，没有改。换微信的，先在原来的微信或企业微信里"
    "说“解绑微信”。"
)
TAKEN = "这个微信已经绑定了别人，没有改。先在这里说“解绑微信”。"
BOUND = (
    "绑定好了，{name}。以后在这里也能打卡、回通知、问规定。\n"
    "想先在微信里收通知，说“我用微信看”；不用了，说“解绑微信”。"
)
TOLD = (
    "您绑定了微信（{channel}），以后在那里也能用我。\n"
    "不是您自己绑的，请马上说“解绑微信”，并告诉支部书记。"
)
TOLD_WITHIN = timedelta(days=1)


class BindingCode(Base):
    """Whose a code is. One of a member at a time, and no two members' alike."""

    __tablename__ = "binding_code"

    member_id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime]


class WrongCode(Base):
    """How many wrong codes came from somewhere since then. who: a digest."""

    __tablename__ = "wrong_code"

    who: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]
    since: Mapped[datetime]


@dataclass(frozen=True)
class Redeemed:
    """What came of a code. text: for whoever typed it."""

    text: str
    bound: bool = False


def give_code(session: Session, member: Member, now: datetime) -> str:
    """Give a member's new code; an earlier one is void. Raises Refusal if away."""
    if member.state != "active":
        raise Refusal(f"{member.called}已经不在支部，不能绑定。")
    take_turn(session, "binding")
    forget_old(session, now)
    session.execute(delete(BindingCode).where(BindingCode.member_id == member.id))
    while True:
        code = f"{secrets.randbelow(10**6):06d}"
        row = {"member_id": member.id, "code": code, "expires_at": now + LIVES}
        if insert_new(session, BindingCode, row):
            return code


def read_code(message: Message) -> str | None:
    """Read a code that was typed, or scanned with a QR code; None for anything else."""
    if message.channel not in CHANNELS or message.channel == PEOPLE:
        return None
    if message.kind == "event":
        scanned = message.event in ("scan", "subscribe")
        head, _, said = message.key.partition(":")
        said = said if scanned and head == SCENE else ""
    else:
        said = message.head if message.kind == "text" else ""
    found = CODE.fullmatch(said.strip())
    return found[1] if found else None


def redeem(session: Session, message: Message, code: str, now: datetime) -> Redeemed:
    """Bind whoever wrote to the member whose code it is."""
    take_turn(session, "binding")
    channel, address = message.channel, message.sender
    forget_old(session, now)
    counted = ((_mark(channel, address), TRIES), (_mark(channel), TRIES_OF_ALL))
    if any(_tries(session, who) >= most for who, most in counted):
        return Redeemed(TOO_MANY)
    found = session.scalar(
        select(Member)
        .join(BindingCode, BindingCode.member_id == Member.id)
        .where(BindingCode.code == code, Member.state == "active")
    )
    if found is None:
        for who, _ in counted:
            _count(session, who, now)
        return Redeemed(WRONG)
    if not outbox.bind(session, found.id, channel, address, now):
        known = outbox.find_address(session, channel, address)
        return Redeemed(TAKEN if known else OTHER)
    session.execute(delete(BindingCode).where(BindingCode.member_id == found.id))
    _tell(session, found, message, now)
    outbox.tell_awaited(session, found.id, channel, now)
    return Redeemed(BOUND.format(name=found.name), bound=True)


def forget_old(session: Session, now: datetime) -> None:
    """Forget codes that ran out, and wrong ones of an hour ago."""
    session.execute(delete(BindingCode).where(BindingCode.expires_at <= now))
    session.execute(delete(WrongCode).where(WrongCode.since <= now - TRIES_LAST))


def _tell(session: Session, member: Member, message: Message, now: datetime) -> None:
    """Say so in WeCom too: whoever did not do it hears of it there."""
    if member.userid is None:
        return
    plan = Plan(
        key=f"bound:{message.channel}:{message.id}",
        kind="bound",
        content=Text(TOLD.format(channel=CHANNELS[message.channel])),
        window=Window(now, now + TOLD_WITHIN),
        importance=Importance.ANSWER,
        way=PEOPLE,
    )
    outbox.put_to(session, plan, member.userid, member.id, now=now)


def _tries(session: Session, who: str) -> int:
    return session.scalar(select(WrongCode.number).where(WrongCode.who == who)) or 0


def _count(session: Session, who: str, now: datetime) -> None:
    known = session.get(WrongCode, who)
    since = known.since if known else now
    number = (known.number if known else 0) + 1
    put_row(session, WrongCode, {"who": who, "number": number, "since": since})


def _mark(channel: str, address: str = "") -> str:
    return sha256(f"{channel}\0{address}".encode()).hexdigest()[:24]


@proof("绑定码：六位数字，都是在册的人的")
def six_digits(session: Session) -> Iterator[str]:
    known = select(Member.id)
    for row in session.scalars(select(BindingCode)):
        if not re.fullmatch("[0-9]{6}", row.code):
            yield f"{row.member_id} 号党员的绑定码不是六位数字"
    nobody = BindingCode.member_id.not_in(known)
    for number in session.scalars(select(BindingCode.member_id).where(nobody)):
        yield f"绑定码的 {number} 号党员不在名册里"
