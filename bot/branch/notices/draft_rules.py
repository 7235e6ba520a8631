"""What a draft needs of the books: who is silent, who approves, what waits."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import outbox
from bot.branch.notices import enclosures, notices, reach
from bot.branch.notices.notices import WAIT_FOR_APPROVAL, Desk, Notice
from bot.branch.people.audience import Audience
from bot.branch.people.members import REACHABLE, Grant, Member, Role
from bot.branch.people.tree import Branch
from bot.errors import Refusal
from bot.message import Button, Card, Content
from bot.outbox import Importance, Plan, Window
from bot.text.links import list_addresses

SILENT = (
    "没回复的",
    "未回复的",
    "没回的",
    "没收到的",
    "没看的",
    "没回复的人",
    "还没回复的",
)


def means_silent(words: str) -> bool:
    return words.strip().removesuffix("人").removesuffix("同志") in SILENT


def silent_audience(session: Session, branch: Branch, now: datetime) -> Audience:
    """Mean those who have not acknowledged the latest notice."""
    notice = latest_gone(session, branch, now)
    people = [number for number, _ in session.execute(reach.silent_people(notice))]
    if not people:
        raise Refusal(f"“{notice.title}”大家都回复了，没有要通知的人。")
    return Audience(
        branch.id,
        members=tuple(people),
        only_named=True,
        words=f"“{notice.title}”没回复的同志",
    )


def gone(session: Session, branch: Branch, now: datetime) -> list[Notice]:
    """List what went out and stands, the newest first. Raises Refusal if nothing."""
    found = notices.latest(session, branch)
    out = [each for each in found if each.goes_at <= now and each.state == "sent"]
    if not out:
        raise Refusal("还没有发出过通知。")
    return out


def latest_gone(session: Session, branch: Branch, now: datetime) -> Notice:
    """Return the latest notice that went out. Raises Refusal if there is none."""
    return gone(session, branch, now)[0]


def all_out(session: Session, branch: Branch, now: datetime) -> list[Notice]:
    """List what people may have read, taken back since or not; the newest first."""
    found = notices.latest(session, branch)
    out = [each for each in found if each.goes_at <= now and each.state != "awaiting"]
    if not out:
        raise Refusal("还没有发出过通知。")
    return out


def all_waiting(session: Session, branch: Branch, now: datetime) -> list[Notice]:
    """List what waits, the next to go first. Raises Refusal if nothing waits."""
    found = notices.waiting(session, branch, now)
    if not found:
        raise Refusal("没有等着发的通知。")
    return sorted(found, key=lambda each: each.goes_at)


def approvers(session: Session, desk: Desk) -> Sequence[Member]:
    """List who else may let a notice of the desk's branch go."""
    return session.scalars(
        select(Member)
        .join(Grant, Grant.member_id == Member.id)
        .where(
            Grant.branch_id == desk.branch.id,
            Grant.role >= Role.COMMITTEE,
            Member.id != desk.author.id,
            Member.state == "active",
            REACHABLE,
        )
        .distinct()
        .order_by(Member.id)
    ).all()


def still_speaks(session: Session, desk: Desk) -> bool:
    """Tell whether the author still is the secretary of the desk's branch."""
    held = select(Grant.id).where(
        Grant.member_id == desk.author.id,
        Grant.branch_id == desk.branch.id,
        Grant.role >= Role.SECRETARY,
    )
    return desk.author.state == "active" and session.scalar(held) is not None


def ask_approval(
    session: Session, notice: Notice, desk: Desk, now: datetime
) -> list[str]:
    """Ask the others of the committee; return their names. Raises Refusal if none.

    They see what they let go: the pictures and files too.
    """
    others = approvers(session, desk)
    if not others:
        raise Refusal("这条通知要另一位支委审批，可是名册里没有别的支委，没有发。")
    card = Card(
        title=f"请审批：{notice.title}",
        text=notice.text,
        source=f"{desk.author.called}要发的通知",
        buttons=(
            Button("同意", f"approve:{notice.id}:yes"),
            Button("不同意", f"approve:{notice.id}:no"),
        ),
        links=list_addresses(notice.text),
    )
    carried = enclosures.enclosed_with(session, notice.enclosed_topic)
    contents: list[Content] = [card, *(each.content for each in carried)]
    for each in others:
        for number, content in enumerate(contents):
            plan = Plan(
                key=f"approval:{notice.id}:{each.id}:{number}",
                kind="approval",
                content=content,
                window=Window(now, now + WAIT_FOR_APPROVAL),
                importance=Importance.ANSWER,
            )
            outbox.put_to(session, plan, each.userid, each.id, now=now)
    return [each.called for each in others]
