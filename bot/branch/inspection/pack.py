"""迎检包: the papers of a year in one zip, with what lacks and what does not agree.

It is written file by file, so that a year of thousands needs no more memory than its
largest.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from sqlalchemy import select

from bot import progress
from bot.branch.inspection import checks, gaps
from bot.branch.inspection.checks import Doubt
from bot.branch.inspection.gaps import Gap
from bot.branch.inspection.items import EVIDENCE, INDEX, Asked, File
from bot.branch.people.tree import Branch
from bot.branch.records.tables import Evidence, Record
from bot.files.word import Grid, Lines, write_paper
from bot.files.xlsx import Sheet, write_book
from bot.outbox.attachments import Attachment

GAP_HEADS = ("项目", "依据", "应有", "已有", "缺什么", "谁补", "能否补")
NOTE = (
    "缺的只列出来，不代写：真发生过的可以补录并标“补录”，没有发生的写“未开展”。"
    "谈心谈话只给数，困难与意见不写是谁。"
)
CLOSED = (".jpg", ".jpeg", ".png", ".docx", ".xlsx", ".pdf", ".zip", ".mp4")
"""What is packed already."""


@dataclass
class Packed:
    """What went into a pack. items: number, title and files of each head."""

    items: list[tuple[str, str, list[str]]] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)

    def outline(self) -> dict[str, Any]:
        """Give what `xiangyang pack --json` prints."""
        return {
            "items": [
                {"no": no, "title": title, "files": files}
                for no, title, files in self.items
            ],
            "gaps": [each.outline() for each in self.gaps],
            "doubts": [vars(each) for each in self.doubts],
        }


def survey(asked: Asked) -> Packed:
    """Tell what lacks and what does not agree, without the papers."""
    session, held = asked.session, asked.meetings
    found = gaps.find_gaps(session, asked.branch, asked.year, asked.now)
    return Packed(gaps=found, doubts=checks.find_doubts(session, held, asked.now))


def write_pack(asked: Asked, out: BinaryIO, *, evidence: bool = True) -> Packed:
    """Write the zip. evidence: with the pictures and files that show the records."""
    packed = survey(asked)
    with ZipFile(out, "w") as zipped:
        for head in progress.each("装材料", INDEX):
            files = []
            for name, content in head.files(asked):
                files.append(f"{head.folder}/{name}")
                put_file(zipped, files[-1], content, asked)
            if evidence and head.no == EVIDENCE:
                for name, content in _shown(asked):
                    files.append(f"{head.folder}/佐证/{name}")
                    put_file(zipped, files[-1], content, asked)
            packed.items.append((head.no, head.title, files))
        for name, content in _front(asked, packed):
            put_file(zipped, name, content, asked)
    return packed


def put_file(zipped: ZipFile, name: str, content: bytes, asked: Asked) -> None:
    """Write a file into a zip; what is packed already is not packed again."""
    now = asked.now
    info = ZipInfo(name, (now.year, now.month, now.day, now.hour, now.minute, 0))
    closed = name.lower().endswith(CLOSED)
    info.compress_type = ZIP_STORED if closed else ZIP_DEFLATED
    zipped.writestr(info, content)


def _shown(asked: Asked) -> Iterator[File]:
    """Give what shows the year's records, under the number by which it is cited."""
    rows = asked.session.execute(
        select(Evidence.number, Evidence.attachment_id)
        .join(Record, Record.id == Evidence.record_id)
        .join(Branch, Branch.id == Record.branch_id)
        .where(
            Branch.path.startswith(asked.branch.path),
            Record.withdrawn_at.is_(None),
            Record.day.between(asked.first, asked.last),
        )
        .order_by(Evidence.id)
    ).all()
    for number, attachment in rows:
        kept = asked.session.get_one(Attachment, attachment)
        content, ending = kept.bytes_kept, kept.name.rpartition(".")[2]
        asked.session.expunge(kept)
        if content is not None:
            yield f"{number}.{ending}", content


def _front(asked: Asked, packed: Packed) -> Iterator[File]:
    """Give the index, and the lists of what lacks and does not agree."""
    rows = [(no, title, f"{len(files)} 份") for no, title, files in packed.items]
    title = f"{asked.branch.name}{asked.year}年迎检材料目录"
    grid = Grid(("编号", "项目", "材料"), rows, (2.0, 9.0, 3.0))
    yield "00 目录.docx", write_paper(title, [grid, Lines([NOTE])])
    yield "00 缺项与自查.xlsx", write_book(sheets(packed.gaps, packed.doubts))


def sheets(found: Sequence[Gap], doubts: Sequence[Doubt]) -> list[Sheet]:
    """Give the lists of what lacks and of what does not agree as sheets."""
    lacking = [tuple(each.outline().values()) for each in found]
    wrong = [(each.title, each.what) for each in doubts]
    return [
        Sheet("缺项清单", GAP_HEADS, lacking),
        Sheet("自查（请核对）", ("会议", "对不上的地方"), wrong),
    ]
