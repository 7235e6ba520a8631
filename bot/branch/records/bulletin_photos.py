"""The photos of a bulletin: of what it tells, and only those that may be shown.

A photo is chosen with the word that nobody can be told on it, or that all agreed;
without that word it goes nowhere. A change has the reviews given anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.branch.people.members import Member
from bot.branch.records import bulletins
from bot.branch.records.declared import find_kind
from bot.branch.records.kinds.work import AGREED, NOBODY
from bot.branch.records.tables import Evidence, Record
from bot.branch.records.values import values_of
from bot.errors import Refusal
from bot.files.pictures import shrink
from bot.outbox.attachments import PICTURES, Attachment

MOST = 9
SEPARATOR, BETWEEN = "；", "："
NOT_THERE = "没有第 {place} 张。说“简报 {number} 的照片”看有哪些。"
UNASKED = (
    "第 {place} 张里的人同意了吗？没有认得出的人就说“简报 {number} 用第{place}张，"
    "没有人像”，都问过就说“简报 {number} 用第{place}张，都同意了”。"
)


@dataclass(frozen=True)
class Photo:
    """number: as evidence is cited; consent: "" while it is not chosen."""

    place: int
    number: str
    of: str
    attachment: int
    consent: str = ""


def photos_of(session: Session, row: Record) -> Sequence[Photo]:
    """List what shows the bulletin itself, and the records that it tells of."""
    values = values_of(session, row)
    numbers = [row.id, *_sources(session, row, str(values.get("sources") or ""))]
    rows = session.execute(
        select(Evidence, Record.kind, Attachment.mime)
        .join(Record, Record.id == Evidence.record_id)
        .join(Attachment, Attachment.id == Evidence.attachment_id)
        .where(Evidence.record_id.in_(numbers), Record.withdrawn_at.is_(None))
        .order_by(Evidence.id)
    ).all()
    chosen = _chosen(str(values.get("photos") or ""))
    pictures = [each for each in rows if each.mime.startswith("image/")]
    return [
        Photo(
            place,
            shown.number,
            find_kind(kind).title,
            shown.attachment_id,
            chosen.get(shown.number, ""),
        )
        for place, (shown, kind, _) in enumerate(pictures, 1)
    ]


def _sources(session: Session, row: Record, told: str) -> list[int]:
    """Read which records a bulletin was made of; meetings have no pictures."""
    words = {find_kind(each).short: each for each in bulletins.TOLD_OF}
    found = []
    for each in told.split("、"):
        word, _, number = each.partition(" ")
        if word in words and number.isdecimal():
            found.append(int(number))
    here = select(Record.id).where(
        Record.id.in_(found), Record.branch_id == row.branch_id
    )
    return list(session.scalars(here))


def _chosen(told: str) -> dict[str, str]:
    pairs = (each.partition(BETWEEN) for each in told.split(SEPARATOR) if each)
    return {number: consent for number, _, consent in pairs}


def choose(  # noqa: PLR0913  # which photo of which bulletin, by whom
    session: Session, row: Record, place: int, consent: str, by: Member, now: datetime
) -> bool:
    """Use a photo; True if the reviews are to be given anew. Raises Refusal."""
    photo = _at(session, row, place)
    if consent not in (NOBODY, AGREED):
        raise Refusal(UNASKED.format(place=place, number=row.id))
    chosen = _chosen(str(values_of(session, row).get("photos") or ""))
    chosen[photo.number] = consent
    if len(chosen) > MOST:
        raise Refusal(f"一篇简报最多 {MOST} 张照片。")
    return _keep(session, row, chosen, by, now)


def leave_out(
    session: Session, row: Record, place: int, by: Member, now: datetime
) -> bool:
    """Use a photo no more; True if the reviews are to be given anew."""
    photo = _at(session, row, place)
    chosen = _chosen(str(values_of(session, row).get("photos") or ""))
    if chosen.pop(photo.number, None) is None:
        raise Refusal(f"第 {place} 张本来就没有用。")
    return _keep(session, row, chosen, by, now)


def _at(session: Session, row: Record, place: int) -> Photo:
    for each in photos_of(session, row):
        if each.place == place:
            return each
    raise Refusal(NOT_THERE.format(place=place, number=row.id))


def _keep(
    session: Session, row: Record, chosen: dict[str, str], by: Member, now: datetime
) -> bool:
    told = SEPARATOR.join(f"{number}{BETWEEN}{said}" for number, said in chosen.items())
    return bulletins.edit(session, row, {"photos": told}, by, now)


def write_zip(session: Session, row: Record) -> tuple[bytes, int]:
    """Pack the paper and its photos; return it, and how many photos are in it.

    What a camera wrote into a photo stays out of it. Raises Refusal where a photo has
    not come yet.
    """
    out, count = BytesIO(), 0
    with ZipFile(out, "w", ZIP_STORED) as zipped:
        zipped.writestr(f"{row.title}.docx", bulletins.write_bulletin(session, row))
        for photo in photos_of(session, row):
            if not photo.consent:
                continue
            kept = session.get_one(Attachment, photo.attachment).bytes_kept
            if kept is None:
                raise Refusal(f"第 {photo.place} 张还没有收到，请过一会儿再要。")
            shown = shrink(kept) if kept.startswith(PICTURES) else None
            if shown is None:
                raise Refusal(f"第 {photo.place} 张打不开，请去掉它再要。")
            count += 1
            zipped.writestr(f"图{count}（{photo.consent}）.jpg", shown.jpeg)
    return out.getvalue(), count
