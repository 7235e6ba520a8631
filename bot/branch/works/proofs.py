"""What must hold of works, for `verify`."""

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.branch.records.tables import RecordPerson
from bot.branch.works.files import WorkFile
from bot.branch.works.judging import WorkScore
from bot.outbox.attachment_parts import AttachmentPart
from bot.outbox.attachments import Attachment
from bot.storage.invariants import proof


@proof("作品：原件都在，大小和交来时一样")
def whole(session: Session) -> Iterator[str]:
    in_parts = (
        select(func.sum(func.length(AttachmentPart.content)))
        .where(AttachmentPart.attachment_id == WorkFile.attachment_id)
        .scalar_subquery()
    )
    here = func.coalesce(func.length(Attachment.content), in_parts, 0)
    rows = (
        select(WorkFile.record_id, WorkFile.id)
        .outerjoin(Attachment, Attachment.id == WorkFile.attachment_id)
        .where(WorkFile.digest != "", here != WorkFile.size)
    )
    for work, number in session.execute(rows):
        yield f"作品 {work} 的第 {number} 号文件不全"


@proof("作品：没有人给自己的、自己指导的作品打分")
def impartial(session: Session) -> Iterator[str]:
    rows = (
        select(WorkScore.record_id)
        .join(
            RecordPerson,
            (RecordPerson.record_id == WorkScore.record_id)
            & (RecordPerson.member_id == WorkScore.juror_id),
        )
        .where(WorkScore.recused.is_(False))
    )
    for work in session.scalars(rows):
        yield f"作品 {work} 有该回避的评委打了分"
