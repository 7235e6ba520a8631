"""What there is to study: texts, links, pictures and files that a secretary posts."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot import outbox
from bot.branch.people.members import Member
from bot.branch.people.tree import Branch
from bot.errors import Refusal
from bot.message import Picture
from bot.outbox import Importance, Plan, Window
from bot.outbox.attachments import Attachment
from bot.storage.database import Base, Id, hold

MAX_TITLE, MAX_TEXT = 60, 1500
GOOD_FOR = timedelta(hours=1)


class Material(Base):
    """One thing to study. attachment_id: its picture or file. removed_at: put away."""

    __tablename__ = "material"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"), index=True)
    title: Mapped[str]
    text: Mapped[str]
    attachment_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id"))
    posted_by: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    posted_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


@dataclass(frozen=True)
class Posting:
    """A material on its way: the words with their links, and a picture or file."""

    text: str = ""
    attachment: int | None = None

    @property
    def title(self) -> str:
        """Take the first line; a link is no title if there are words beside it."""
        lines = self.text.split("\n")[0].split()
        words = [each for each in lines if not each.startswith("http")] or lines
        title = " ".join(words)
        return title if len(title) <= MAX_TITLE else f"{title[: MAX_TITLE - 1]}…"

    def pack(self) -> dict[str, Any]:
        return asdict(self)


def post(
    session: Session,
    author: Member | None,
    branch: Branch,
    posting: Posting,
    now: datetime,
) -> Material:
    """Put a material where the branch's members find it."""
    check(posting)
    row = Material(
        branch_id=branch.id,
        title=posting.title,
        text=posting.text,
        attachment_id=posting.attachment,
        posted_by=author.id if author else None,
        posted_at=now,
    )
    session.add(row)
    session.flush()
    return row


def check(posting: Posting) -> None:
    """Raise Refusal for what cannot be posted."""
    if not posting.text:
        raise Refusal("资料要有个标题。")
    if len(posting.text) > MAX_TEXT:
        raise Refusal(f"资料的文字最多 {MAX_TEXT} 字，长的请发链接。")


def for_member(session: Session, member: Member, limit: int = 8) -> Sequence[Material]:
    """List what a member's branch, and those above it, posted, the newest first."""
    node = session.get_one(Branch, member.branch_id)
    above = [int(number) for number in node.path.strip("/").split("/")]
    return session.scalars(
        select(Material)
        .where(Material.branch_id.in_(above), Material.removed_at.is_(None))
        .order_by(Material.id.desc())
        .limit(limit)
    ).all()


def remove(session: Session, branch: Branch, number: int, now: datetime) -> Material:
    """Put a material of a branch away. Raises Refusal if it is not there."""
    hold(session, Branch, branch.id)
    row = session.get(Material, number)
    if row is None or row.removed_at or row.branch_id != branch.id:
        raise Refusal(f"本支部没有序号 {number} 的资料。发“学习资料”看有哪些。")
    row.removed_at = now
    session.flush()
    return row


def send_file(
    session: Session, material: Material, member: Member, key: str, now: datetime
) -> bool:
    """Send a material's picture or file to who asked for it; False if it has none."""
    kept = session.get(Attachment, material.attachment_id or 0)
    if kept is None:
        return False
    kind = "picture" if kept.mime.startswith("image/") else "file"
    plan = Plan(
        key=f"material:{material.id}:{key}",
        kind="material",
        content=Picture(kept.id, "picture" if kind == "picture" else "file"),
        window=Window(now, now + GOOD_FOR),
        importance=Importance.ANSWER,
    )
    outbox.put_to(session, plan, member.userid, member.id, now=now)
    return True
