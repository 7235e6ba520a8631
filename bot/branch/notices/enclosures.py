"""Pictures and files that go with what a secretary writes.

What WeCom takes (path/90253): pictures are JPG or PNG of at most 10 MB, files have at
most 20 MB, both more than 5 bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from mimetypes import guess_type
from pathlib import PurePosixPath

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot import outbox
from bot.branch.people.members import Member
from bot.errors import Refusal
from bot.message import Fetch, Picture
from bot.outbox import Importance, Letter, Plan, Window, attachments
from bot.outbox.attachments import Attachment
from bot.storage.database import Base

# What was taken in for a draft that never went is let go after two days; it is looked
# for a month, in case the night's job did not run.
UNSENT_FOR, LOOKED_FOR = timedelta(days=2), timedelta(days=30)
FETCHED_WITHIN = timedelta(days=3)  # WeCom keeps what a member sent (path/90253)


MEGA = 1024 * 1024
PICTURE_MOST, FILE_MOST, SMALLEST = 10 * MEGA, 20 * MEGA, 6
MOST = 9  # each is a message of its own; a member takes thirty a minute
LONGEST_NAME = 100
PICTURES = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png"}
FILES = frozenset(
    (
        *(".pdf", ".ofd", ".doc", ".docx", ".wps", ".xls", ".xlsx", ".et", ".csv"),
        *(".ppt", ".pptx", ".dps", ".txt", ".rtf", ".md", ".zip", ".rar", ".7z"),
        *(".gif", ".bmp", ".webp", ".heic", ".mp3", ".m4a", ".wav", ".amr", ".mp4"),
    )
)
KINDS = (
    "可以传：图片（JPG、PNG），PDF、OFD、Word、Excel、PPT、WPS、文本，压缩包，音频，"
    "MP4 视频。"
)
TOO_LARGE = "这个文件太大：图片最大 10 MB，文件最大 20 MB。请缩小后再传。"
TOO_MANY = (
    f"一条通知最多带 {MOST} 个图片和文件。要换，先在聊天里说“去掉附件”，再传新的。"
)


@dataclass(frozen=True)
class Enclosure:
    """A picture or file by its attachment number. ready: its bytes are here."""

    number: int
    name: str
    is_picture: bool
    ready: bool = True

    @property
    def content(self) -> Picture:
        return Picture(self.number, "picture" if self.is_picture else "file")


def check_room(enclosed: Sequence[int]) -> None:
    """Raise Refusal when a notice carries all it can."""
    if len(enclosed) >= MOST:
        raise Refusal(TOO_MANY)


def take_upload(
    session: Session, name: str, content: bytes, source: str, now: datetime
) -> Enclosure:
    """Keep what was sent from a page. Raises Refusal for what WeCom would not take.

    source: for what it was taken in; what is never sent is let go.
    """
    name = _clean(name)
    ending = PurePosixPath(name).suffix.lower()
    mime = PICTURES.get(ending)
    if mime is None and ending not in FILES:
        raise Refusal(f"“{name}”这种文件传不了。{KINDS}")
    if len(content) < SMALLEST:
        raise Refusal(f"“{name}”是空的，请换一个再传。")
    if len(content) > (PICTURE_MOST if mime else FILE_MOST):
        most, what = (10, "图片") if mime else (20, "文件")
        size = len(content) / MEGA
        raise Refusal(f"“{name}”有 {size:.1f} MB，{what}最大 {most} MB。请缩小后再传。")
    if mime and not content.startswith(attachments.PICTURES):
        raise Refusal(f"“{name}”不像是 JPG 或 PNG 图片，打不开。请换一张再传。")
    guessed = mime or guess_type(name)[0] or "application/octet-stream"
    number = attachments.keep(session, name, guessed, content, now)
    session.execute(
        update(Attachment)
        .where(Attachment.id == number)
        .values(source=source, kept_at=now)
    )
    return Enclosure(number, name, mime is not None)


def name_each(session: Session, numbers: Sequence[int]) -> list[str]:
    """Return the names of attachments, in the same order, each."""
    rows = session.execute(
        select(Attachment.id, Attachment.name).where(Attachment.id.in_(numbers))
    )
    names = {row.id: row.name for row in rows}
    return [names.get(number, "（已删去）") for number in numbers]


def enclosed_with(session: Session, topic: str) -> list[Enclosure]:
    """List what the letters of a topic carry, in the order in which they went."""
    carried = Letter.body["attachment"].as_integer()
    rows = session.execute(
        select(
            Attachment.id,
            Attachment.name,
            Letter.body["kind"].as_string(),
            Attachment.content.is_not(None),
        )
        .join(Letter, carried == Attachment.id)
        .where(Letter.topic == topic)
        .order_by(Letter.id)
    )
    return [
        Enclosure(number, name, kind == "picture", ready)
        for number, name, kind, ready in rows
    ]


def open_content(session: Session, number: int) -> Attachment:
    """Return an attachment with its bytes."""
    return session.get_one(Attachment, number)


def take_picture(
    session: Session, sender: Member, name: str, media_id: str, now: datetime
) -> int:
    """Note a picture sent by chat, and have its bytes fetched; return its number."""
    _, channel = session.info.get(outbox.ASKED_FROM, (None, outbox.PEOPLE))
    kept = attachments.promise(session, name, media_id, now, channel)
    plan = Plan(
        key=f"fetch:{kept}",
        kind="fetch",
        content=Fetch(kept),
        window=Window(now, now + FETCHED_WITHIN),
        importance=Importance.ANSWER,
    )
    outbox.put_to(session, plan, sender.userid, sender.id, now=now)
    return kept


def forget_unsent(session: Session, now: datetime) -> None:
    """Delete what was taken in for something that was never sent or kept."""
    taken = select(Attachment.id).where(
        Attachment.source.is_not(None),
        Attachment.kept_at < now - UNSENT_FOR,
        Attachment.kept_at > now - LOOKED_FOR,
    )
    drop_unneeded(session, set(session.scalars(taken)))


def drop_unneeded(session: Session, numbers: set[int]) -> None:
    """Delete those of the pictures and files that nothing carries or shows."""
    if not numbers:
        return
    needed = outbox.still_carried(session, numbers)
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            keys = {each for each in column.foreign_keys if not each.ondelete}
            if "attachment.id" in {each.target_fullname for each in keys}:
                also = select(column).where(column.in_(numbers))
                needed |= set(session.scalars(also))
    attachments.forget(session, numbers - needed)


def _clean(name: str) -> str:
    """Leave of a name what a phone can show: no folders, nothing invisible."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(each for each in " ".join(last.split()) if each.isprintable())
    ending = PurePosixPath(shown).suffix[:10]
    return shown.removesuffix(ending)[: LONGEST_NAME - len(ending)] + ending or "文件"
