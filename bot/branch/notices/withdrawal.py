"""Second thoughts about a notice: approve, put off, take back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import outbox
from bot.branch.notices import reach
from bot.branch.notices.notices import GOOD_FOR, WAIT_FOR_APPROVAL, Notice, State
from bot.branch.people.members import Member
from bot.errors import Refusal
from bot.message import Recall, Text
from bot.outbox import Importance, Letter, Plan, Window
from bot.storage.database import take

RECALLABLE = timedelta(hours=24)  # message/recall: within 24 hours (path/94867)
WITHDRAWN = "通知已撤回，没有发"
NOT_APPROVED = "审批没有通过，没有发"


@dataclass(frozen=True)
class Withdrawn:
    """How a withdrawal went. held: just being sent, taken back once they are there.

    kept: nobody had it yet, nothing had to be taken back.
    """

    stopped: int
    taken_back: int
    held: int

    @property
    def kept(self) -> bool:
        return not self.taken_back and not self.held


def approve(session: Session, notice: Notice, now: datetime) -> None:
    """Let a notice go that waited for a second person. Raises Refusal if it did not."""
    _must_wait(session, notice)
    if now >= notice.at + WAIT_FOR_APPROVAL:
        raise Refusal(f"“{notice.title}”等审批超过 7 天，没有发。要发请重新写一条。")
    if notice.deadline and notice.deadline <= max(now, notice.goes_at):
        raise Refusal(f"“{notice.title}”的截止时间已经过了，没有发。请让作者重新写。")
    notice.state = State.SENT
    notice.goes_at = max(now, notice.goes_at)
    _move(session, notice, notice.goes_at)


def reject(session: Session, notice: Notice, now: datetime) -> None:
    _must_wait(session, notice)
    notice.state = State.WITHDRAWN
    _cancel(session, notice, NOT_APPROVED, now)
    session.flush()


def put_off(session: Session, notice: Notice, goes_at: datetime, now: datetime) -> None:
    """Send at another time. Raises Refusal if it has gone, or would be too late."""
    take(session, notice)
    gone = notice.state == State.SENT and notice.goes_at <= now
    if notice.state == State.WITHDRAWN or gone:
        raise Refusal(f"“{notice.title}”已经发出，不能再改时间。")
    if notice.deadline and notice.deadline <= goes_at:
        raise Refusal(f"“{notice.title}”那时已经过了截止时间，没有改。")
    notice.goes_at = goes_at
    if notice.state == State.SENT:
        _move(session, notice, goes_at)
    session.flush()


def check(notice: Notice, now: datetime) -> None:
    """Raise Refusal if a notice cannot be taken back any more."""
    if notice.state == State.WITHDRAWN:
        raise Refusal(f"“{notice.title}”已经撤回过了。")
    if notice.state == State.SENT and now - notice.goes_at > RECALLABLE:
        raise Refusal(
            f"“{notice.title}”发出超过 24 小时，企业微信不再允许撤回。"
            "可以发“更正 新的内容”。"
        )


def withdraw(session: Session, notice: Notice, by: Member, now: datetime) -> Withdrawn:
    """Stop what has not gone and take back what has, as far as WeCom can.

    Raises Refusal when it is too late or was done before.
    """
    take(session, notice)
    check(notice, now)
    notice.state = State.WITHDRAWN
    stopped = _cancel(session, notice, WITHDRAWN, now)
    _take_back(session, notice, by, now)
    session.flush()
    tally = reach.status(session, notice).tally
    return Withdrawn(stopped, tally.delivered, tally.pending)


def take_back_late(session: Session, now: datetime) -> None:
    """Take back too what a deliverer held while its notice was withdrawn."""
    recent = select(Notice).where(
        Notice.state == State.WITHDRAWN,
        Notice.goes_at > now - RECALLABLE,
        Notice.goes_at <= now,
    )
    for notice in session.scalars(recent).all():
        take(session, notice)
        author = session.get_one(Member, notice.author_id)
        _take_back(session, notice, author, now)


def reached_groups(session: Session, notice: Notice) -> bool:
    """Tell whether group chats have it, where no robot can take anything back."""
    return outbox.tally_topic(session, f"{notice.topic}:robot").delivered > 0


def tell_author(session: Session, notice: Notice, words: str, now: datetime) -> None:
    """Tell the author what became of the approval."""
    author = session.get_one(Member, notice.author_id)
    plan = Plan(
        key=f"approval:{notice.id}:result",
        kind="approval",
        content=Text(f"“{notice.title}”：{words}。"),
        window=Window(now, now + GOOD_FOR),
        importance=Importance.ANSWER,
    )
    outbox.put_to(session, plan, author.userid, author.id, now=now)


def _must_wait(session: Session, notice: Notice) -> None:
    take(session, notice)
    if notice.state != State.AWAITING:
        raise Refusal(f"“{notice.title}”不在等审批。")


def _take_back(session: Session, notice: Notice, to: Member, now: datetime) -> None:
    """Put the recall of what WeCom has a number for and was not recalled before."""
    topics = [each for each in notice.topics if not each.endswith(":robot")]
    sent = [
        msgid
        for topic in topics
        for receipt in outbox.receipts(session, topic)
        for msgid in receipt.split(",")
    ]
    key = f"recall:{notice.id}:"
    bodies = session.scalars(select(Letter.body).where(Letter.key.startswith(key)))
    recalled = {msgid for body in bodies for msgid in body["receipts"]}
    msgids = tuple(msgid for msgid in sent if msgid not in recalled)
    if not msgids:
        return
    plan = Plan(
        key=f"{key}{len(recalled)}",
        kind="recall",
        content=Recall(msgids),
        window=Window(now, notice.goes_at + RECALLABLE),
        importance=Importance.ANSWER,
    )
    outbox.put_to(session, plan, to.userid, to.id, now=now)


def _move(session: Session, notice: Notice, goes_at: datetime) -> None:
    for topic in notice.topics:
        outbox.move(session, topic, Window(goes_at, goes_at + GOOD_FOR))
    session.flush()


def _cancel(session: Session, notice: Notice, reason: str, now: datetime) -> int:
    """Stop what waits; return for how many people."""
    text, *_others = [
        outbox.cancel(session, topic, reason, now) for topic in notice.topics
    ]
    return text
