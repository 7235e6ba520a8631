"""What comes for a work by its page, read before anything of it is kept."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePosixPath
from typing import IO

from bot.branch.notices.enclosures import MEGA
from bot.branch.records.kinds.work import ESSAY, PAINTING, PHOTO, VIDEO
from bot.branch.records.tables import Record
from bot.errors import Refusal
from bot.files.documents.read import read_blocks
from bot.files.pictures import Shrunk, shrink
from bot.outbox.attachment_parts import digest_of

FILE_MOST = 20 * MEGA
"""Bytes of what is read whole: pictures, texts (calls ask ≤20 MB, domain-works §7)."""
FILMS = ("mp4", "mov")
FILM_BEGINS = (b"ftyp", b"moov", b"wide", b"free")
TEXT, JPEG = "text/plain; charset=utf-8", "image/jpeg"
PICTURES = {"jpg": JPEG, "jpeg": JPEG, "png": "image/png"}
MIMES = {
    **PICTURES,
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "pdf": "application/pdf",
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "txt": TEXT,
}
NOT_WHAT_IT_SAYS = "“{name}”打不开，里面不是{ending}。请重新导出再传。"


@dataclass(frozen=True)
class Taken:
    """What a sort of works is made of: endings of its files, and how many."""

    endings: tuple[str, ...]
    most: int
    told: str


TAKES = {
    PHOTO: Taken(("jpg", "jpeg", "png"), 5, "JPG、PNG，组照最多 5 张"),
    PAINTING: Taken(("jpg", "jpeg", "png"), 4, "JPG、PNG，最多 4 张"),
    VIDEO: Taken(FILMS, 1, "MP4、MOV 一个"),
    ESSAY: Taken(("docx", "pdf", "txt"), 1, "DOCX、PDF、TXT 一个"),
}


@dataclass(frozen=True)
class Upload:
    """A file that came, read; nothing of it is kept yet.

    content: its bytes; of a film, which is kept in parts, None. shown: what others look
    at instead, b"" for none.
    """

    name: str
    ending: str
    digest: str
    size: int
    content: bytes | None = None
    shown: bytes = b""
    shown_as: str = ""
    picture: Shrunk | None = None

    @property
    def mime(self) -> str:
        return MIMES[self.ending]


def most_of(work: Record, film_most: int) -> int:
    """Return how many bytes a file of a work may have. film_most: of a film."""
    return film_most if work.sort == VIDEO else FILE_MOST


def say_too_large(work: Record, most: int) -> str:
    told = f"这个文件超过 {most // MEGA} MB，网页收不下。"
    if work.sort != VIDEO:
        return f"{told}请缩小后再传。"
    return (
        f"{told}请压缩后再传；或者传到校内平台、网盘，"
        f"回聊天说“更正作品 {work.id} 链接：https://…”，原片另外交给书记。"
    )


def read_upload(work: Record, name: str, file: IO[bytes]) -> Upload:
    """Read a file for a work. Raises Refusal for what it is not, or is not taken.

    This takes long (a picture is made smaller): it belongs before the transaction. A
    film is only read through, and is at its beginning again afterwards.
    """
    ending = PurePosixPath(name).suffix.lower().removeprefix(".")
    takes = TAKES[str(work.sort)]
    if ending not in takes.endings:
        hint = "HEIC 请在手机相册里导出成 JPG。" if ending == "heic" else ""
        raise Refusal(f"{work.sort}收：{takes.told}。{hint}")
    wrong = NOT_WHAT_IT_SAYS.format(name=name[:60], ending=ending.upper())
    if ending in FILMS:
        return _read_film(name, ending, file, wrong)
    content = file.read(FILE_MOST + 1)
    if len(content) > FILE_MOST:
        raise Refusal(say_too_large(work, FILE_MOST))
    digest, size = sha256(content).hexdigest(), len(content)
    if ending in PICTURES:
        picture = shrink(content)
        if picture is None:
            raise Refusal(wrong)
        return Upload(name, ending, digest, size, content, picture.jpeg, JPEG, picture)
    text = "\n".join(
        f"{head}\n{said}".strip() for head, said in read_blocks(name, content)
    )
    if not text.strip():
        raise Refusal(f"“{name[:60]}”里没有文字。扫描件请另存为文字再传。")
    return Upload(name, ending, digest, size, content, text.encode(), TEXT)


def _read_film(name: str, ending: str, file: IO[bytes], wrong: str) -> Upload:
    begins = file.read(8)
    if begins[4:] not in FILM_BEGINS:
        raise Refusal(wrong)
    file.seek(0)
    digest, size = digest_of(file)
    file.seek(0)
    return Upload(name, ending, digest, size)
