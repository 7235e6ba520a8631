"""The files of a work: as they were made, with what tells whether they are.

The bytes are kept as they came. What others look at is a copy without what a camera or
an office writes into a file beside the picture or the words: who, where, when.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePosixPath

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.branch.notices import enclosures
from bot.branch.people.members import Member
from bot.branch.records import book, writing
from bot.branch.records.kinds.work import NOWHERE, UNASKED
from bot.branch.records.tables import Record
from bot.branch.works import entries
from bot.branch.works.entries import WorkEntry
from bot.branch.works.uploads import JPEG, TAKES, Upload
from bot.errors import Refusal
from bot.outbox import attachment_parts, attachments
from bot.outbox.attachments import Attachment
from bot.storage.database import Base, Id

LONG_SIDE = 2000
"""Pixels that a print of A4 wants at least: calls ask 300 dpi (domain-works §7)."""
SETTLED = ("checked", "judged", "shown", "down")
KNOWN = "这个文件已经交过了，没有再收。"
HANDED_ON = "这件作品已经过了形式审查，文件不能再动。要改请找书记退回来。"


class WorkFile(Base):
    """One file of a work. preview_id: what others look at; None: there is none.

    digest: of its bytes, "" while they are still to be fetched. from_chat: WeCom made
    it smaller. began_at: when its first byte came.
    """

    __tablename__ = "work_file"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    record_id: Mapped[int] = mapped_column(
        ForeignKey("record.id", ondelete="CASCADE"), index=True
    )
    attachment_id: Mapped[int] = mapped_column(ForeignKey("attachment.id"), index=True)
    preview_id: Mapped[int | None] = mapped_column(
        ForeignKey("attachment.id"), index=True
    )
    name: Mapped[str]
    digest: Mapped[str] = mapped_column(index=True)
    size: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    from_chat: Mapped[bool]
    given_by: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    began_at: Mapped[datetime]


def check_room(session: Session, work: Record, digest: str) -> None:
    """Raise Refusal where a file is here already, or a work has all it may have."""
    takes = TAKES[str(work.sort)]
    if len(files_of(session, work)) >= takes.most:
        raise Refusal(f"{takes.told}。先说“作品 {work.id} 去掉第1个文件”，再传新的。")
    if is_known(session, work, digest):
        raise Refusal(KNOWN)


def take_in(  # noqa: PLR0913  # a file, whose, of what, since when
    session: Session,
    work: Record,
    upload: Upload,
    giver: Member,
    began: datetime,
    kept: int | None = None,
) -> WorkFile:
    """Keep a file of a work. Raises Refusal once its call takes nothing more.

    kept: where its bytes lie, of a film that was kept in parts before.
    """
    book.take_row(session, work)
    check_may_change(session, work, began)
    check_room(session, work, upload.digest)
    digest = upload.digest
    if kept is None:
        kept = attachments.keep(
            session,
            name_next(session, work, upload),
            upload.mime,
            upload.content or b"",
            began,
            mark=f"work:{work.id}:{digest}",
        )
    row = WorkFile(
        record_id=work.id,
        attachment_id=kept,
        preview_id=_keep_shown(session, work, upload, began),
        name=upload.name[-100:],
        digest=digest,
        size=upload.size,
        width=upload.picture.width if upload.picture else None,
        height=upload.picture.height if upload.picture else None,
        from_chat=False,
        given_by=giver.id,
        began_at=began,
    )
    session.add(row)
    note = {"sha256": digest}  # its name may be somebody's
    writing.note(session, work, giver.id, "file", began, after=note)
    entries.move(session, work, "told", giver.id, began)
    session.flush()
    return row


def name_next(session: Session, work: Record, upload: Upload) -> str:
    """Name the next file of a work without what its author called it."""
    return f"{work.id}-{len(files_of(session, work)) + 1}.{upload.ending}"


def _keep_shown(
    session: Session, work: Record, upload: Upload, now: datetime
) -> int | None:
    if not upload.shown:
        return None
    ending = "jpg" if upload.shown_as == JPEG else "txt"
    mark = f"work-shown:{work.id}:{upload.digest}"
    name = f"{work.id}-{upload.digest[:8]}.{ending}"
    return attachments.keep(
        session, name, upload.shown_as, upload.shown, now, mark=mark
    )


def take_picture(
    session: Session, work: Record, media_id: str, giver: Member, now: datetime
) -> WorkFile:
    """Keep a picture that came by chat: smaller than it was made, and marked so."""
    book.take_row(session, work)
    check_may_change(session, work, now)
    takes, there = TAKES[str(work.sort)], files_of(session, work)
    if "jpg" not in takes.endings:
        raise Refusal(f"{work.sort}收：{takes.told}，请从网页传。")
    if len(there) >= takes.most:
        raise Refusal(f"{takes.told}。先说“作品 {work.id} 去掉第1个文件”，再发新的。")
    name = f"{work.id}-{len(there) + 1}.jpg"
    kept = enclosures.take_picture(session, giver, name, media_id, now)
    row = WorkFile(
        record_id=work.id,
        attachment_id=kept,
        preview_id=None,
        name=name,
        digest="",
        size=0,
        width=None,
        height=None,
        from_chat=True,
        given_by=giver.id,
        began_at=now,
    )
    session.add(row)
    writing.note(session, work, giver.id, "file", now, after={"file": name})
    entries.move(session, work, "told", giver.id, now)
    session.flush()
    return row


def check_may_change(session: Session, work: Record, began: datetime) -> None:
    """Raise Refusal for a work whose files stand: looked through, or its call closed.

    What was given back may be mended after the day, until the judging begins.
    """
    if work.withdrawn_at:
        raise Refusal(f"作品 {work.id} 已经撤回了。")
    if work.state in SETTLED:
        raise Refusal(HANDED_ON)
    call = entries.call_of(session, work)
    if work.state != "back":
        entries.check_open(call, began)
    elif call.state != "open":
        raise Refusal(HANDED_ON)


def files_of(session: Session, work: Record) -> Sequence[WorkFile]:
    rows = select(WorkFile).where(WorkFile.record_id == work.id)
    return session.scalars(rows.order_by(WorkFile.id)).all()


def is_known(session: Session, work: Record, digest: str) -> bool:
    """Tell whether the same bytes came for the same call already, for any work."""
    call = select(WorkEntry.call_id).where(WorkEntry.record_id == work.id)
    same = (
        select(WorkFile.id)
        .join(WorkEntry, WorkEntry.record_id == WorkFile.record_id)
        .join(Record, Record.id == WorkFile.record_id)
        .where(
            WorkFile.digest == digest,
            Record.withdrawn_at.is_(None),
            WorkEntry.call_id == call.scalar_subquery(),
        )
    )
    return session.scalar(same.limit(1)) is not None


def drop(
    session: Session, work: Record, place: int, by: Member, now: datetime
) -> WorkFile:
    """Let go of a file of a work, by its place from 1. Raises Refusal."""
    book.take_row(session, work)
    check_may_change(session, work, now)
    there = files_of(session, work)
    if not 1 <= place <= len(there):
        raise Refusal(f"作品 {work.id} 没有第 {place} 个文件，一共 {len(there)} 个。")
    row = there[place - 1]
    writing.note(session, work, by.id, "file", now, before={"sha256": row.digest})
    _let_go(session, [row])
    return row


def forget(session: Session, work: Record) -> int:
    """Let go of all files of a work that was taken back; return how many."""
    rows = files_of(session, work)
    _let_go(session, rows)
    return len(rows)


def unname(session: Session, member: Member) -> None:
    """Leave of the names of somebody's files only what they are."""
    mine = select(WorkFile).where(WorkFile.given_by == member.id)
    for row in session.scalars(mine):
        row.name = f"{row.id}{PurePosixPath(row.name).suffix}"


def _let_go(session: Session, rows: Sequence[WorkFile]) -> None:
    kept = {each.attachment_id for each in rows}
    kept |= {each.preview_id for each in rows if each.preview_id}
    for each in rows:
        session.delete(each)
    session.flush()
    enclosures.drop_unneeded(session, kept)


def open_shown(session: Session, row: WorkFile) -> Attachment | None:
    """Return what others may look at of a file; None where there is nothing yet.

    The bytes of a film lie in parts beside it.
    """
    number = row.preview_id
    if number is None and (row.from_chat or is_video(row)):
        number = row.attachment_id
    found = session.get(Attachment, number) if number else None
    if found and (found.bytes_kept or attachment_parts.size_of(session, found.id)):
        return found
    return None


def is_video(row: WorkFile) -> bool:
    return row.name.lower().endswith((".mp4", ".mov"))


def is_text(row: WorkFile) -> bool:
    return row.name.lower().endswith((".docx", ".pdf", ".txt"))


def faults_of(session: Session, work: Record, show: str, portrait: str) -> list[str]:
    """List what a look at the form finds wanting; the secretary decides."""
    there, found = files_of(session, work), list[str]()
    link = work.fields.get("link")
    if not there and not link:
        found.append("还没有传文件")
    if not there and link:
        found.append("只有链接，原件没有存，请另外收")
    if any(each.from_chat for each in there):
        found.append("聊天里发的图压缩过，不是原图")
    small = [each for each in there if each.width and _is_small(each)]
    found += [f"{each.width}×{each.height} 像素，印出来不清楚" for each in small[:1]]
    if portrait == UNASKED:
        found.append("画面里的人还没问过同不同意")
    if show == NOWHERE:
        found.append("作者不同意展示")
    return found


def _is_small(row: WorkFile) -> bool:
    return max(row.width or 0, row.height or 0) < LONG_SIDE
