"""What a full week kept from its readers, told to their secretary once a day."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import outbox
from bot.branch.people import members
from bot.branch.people.members import Member
from bot.branch.people.tree import Branch
from bot.message import Text
from bot.outbox import WEEK_FULL, Letter, Plan, Recipient, Window
from bot.outbox.kinds import NAMES

DAY = timedelta(days=1)
GOOD_FOR = timedelta(hours=12)
FEW = 5


@dataclass
class HeldBack:
    """Of one kind of letters in one branch: the names of whom it was kept from.

    waits: of them, for whom it waits for a digest; the others do not get it any more.
    """

    names: list[str] = field(default_factory=list)
    waits: int = 0


def find(
    session: Session, since: datetime, until: datetime
) -> dict[int, dict[str, HeldBack]]:
    """Gather by branch and kind what a full week kept back in a stretch of time.

    Goes through all letters of the time: not for a transaction that others wait for.
    """
    at = func.coalesce(Recipient.held_until, Recipient.settled_at)
    rows = session.execute(
        select(Member.branch_id, Letter.kind, Member.called, Recipient.state)
        .join(Recipient, Recipient.letter_id == Letter.id)
        .join(Member, Member.id == Recipient.member_id)
        .where(
            Recipient.reason == WEEK_FULL,
            Letter.spends,
            Letter.kind != "digest",
            at >= since,
            at < until,
        )
        .order_by(Letter.id, Recipient.id)
    )
    found: dict[int, dict[str, HeldBack]] = defaultdict(lambda: defaultdict(HeldBack))
    for branch, kind, name, state in rows:
        held = found[branch][kind]
        held.names.append(name)
        held.waits += state == "pending"
    return found


def tell(
    session: Session,
    found: dict[int, dict[str, HeldBack]],
    budget: int,
    due: datetime,
    now: datetime,
) -> None:
    """Tell each secretary of the own people, once for a day."""
    theirs: dict[int, dict[str, HeldBack]] = defaultdict(lambda: defaultdict(HeldBack))
    for branch_id, kinds in sorted(found.items()):
        branch = session.get_one(Branch, branch_id)
        for secretary in members.secretaries(session, branch):
            for kind, held in kinds.items():
                mine = theirs[secretary.id][kind]
                mine.names += held.names
                mine.waits += held.waits
    for number, kinds in sorted(theirs.items()):
        secretary = session.get_one(Member, number)
        plan = Plan(
            key=f"held_back:{due.date()}:{number}",
            kind="report",
            content=Text(describe(kinds, budget)),
            window=Window(now, now + GOOD_FOR),
        )
        outbox.put_to(session, plan, secretary.userid, number, now=now)


def describe(kinds: dict[str, HeldBack], budget: int) -> str:
    lines = [_describe(kind, held) for kind, held in kinds.items()]
    return "\n".join(
        [
            f"一位同志一周最多收 {budget} 条自动消息，"
            "这几位本周已满，下面这些今天没有单独发：",
            *lines,
            "您亲自发的通知不受影响。常有这样的日子，看看“提醒列表”里哪个可以少发几次。",
        ]
    )


def _describe(kind: str, held: HeldBack) -> str:
    names = list(dict.fromkeys(held.names))
    gone = len(held.names) - held.waits
    fate = "不再补发" if not held.waits else "等傍晚汇总里有位子时一起送"
    if held.waits and gone:
        fate = f"{held.waits} 条等傍晚汇总里有位子时一起送，{gone} 条不再补发"
    return f"· {NAMES.get(kind, '其他')}：{_some(names)}（{fate}）"


def _some(names: Sequence[str]) -> str:
    if len(names) <= FEW:
        return "、".join(names)
    return f"{'、'.join(names[:FEW])}等 {len(names)} 位"
