"""A file sent by chat for a work: shown whose it would be, then kept as it came."""

import io
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import PurePosixPath

from bot.branch.notices.enclosures import MEGA
from bot.branch.people.members import Role
from bot.branch.records import search
from bot.branch.records.kinds.work import WORK
from bot.branch.records.search import Query
from bot.branch.records.tables import Record
from bot.branch.works import entries, files
from bot.branch.works.uploads import FILMS, TAKES, Upload, read_upload
from bot.command import Ask, Drafting, Kept, receiving
from bot.errors import Refusal
from bot.message import Reply
from bot.outbox import attachments
from bot.received import File, keep_file, load_file, read_apart
from handlers.records.view import where
from handlers.records.which import find_numbered
from handlers.records.work_rules import where_to

DRAFT = "works.file"
MOST_OWN = 20
ENDINGS = tuple(
    sorted({f".{ending}" for taken in TAKES.values() for ending in taken.endings})
)
WHICH = "是哪一件的文件？{works}。说“作品 {first} 传原图”，再把文件发一遍。"
SENT = "【预览】“{name}”（{size}）收作{title}的文件。\n回“确认”收下，回“取消”不收。"
FILM = "视频不从聊天里收，免得不是原片。{where}"


def show_sent(ask: Ask, work: Record, file: File) -> str:
    """Show that a file would be a work's, and keep it until the word."""
    if _ending(file) in FILMS:
        return FILM.format(where=where_to(ask, work))
    files.check_may_change(ask.session, work, ask.now)
    upload = _read(ask, work, file)
    files.check_room(ask.session, work, upload.digest)
    kept = {"work": work.id, "began": ask.now.isoformat(), "file": keep_file(ask, file)}
    asked = f"“{file.name}”收作{entries.title_of(work)}的文件吗？"
    ask.put_draft(DRAFT, asked, **kept)
    return _show(ask, kept)


def takes(work: Record, file: File) -> bool:
    return _ending(file) in TAKES[str(work.sort)].endings


def _door(ask: Ask) -> str | None:
    """Say by which page files of the sender's works come in; None to who has none."""
    mine = _open_works(ask)
    if not mine or not ask.config.server.public_url:
        return None
    return "\n".join(where_to(ask, each) for each in mine)


@receiving(DRAFT, endings=ENDINGS, role=Role.MEMBER, door=_door)
def preview_file(ask: Ask, file: File) -> str | None:
    """Show for which of the sender's works a file is; None where it fits none."""
    mine = [each for each in _open_works(ask) if takes(each, file)]
    if not mine:
        return None
    if len(mine) > 1:
        told = "、".join(entries.title_of(each) for each in mine)
        raise Refusal(WHICH.format(works=told, first=mine[0].id))
    return show_sent(ask, mine[0], file)


def _open_works(ask: Ask) -> Sequence[Record]:
    """List the sender's works whose files may still come."""
    query = Query(WORK, where(ask), only_of=ask.member.id)
    rows = search.find(ask.session, query, limit=MOST_OWN)
    return [each for each in rows if _is_open(ask, each)]


def _is_open(ask: Ask, work: Record) -> bool:
    try:
        files.check_may_change(ask.session, work, ask.now)
    except Refusal:
        return False
    return True


def _show(ask: Ask, kept: Kept) -> str:
    file, work = load_file(ask, kept["file"]), _work(ask, kept)
    size = f"{len(file.content) / MEGA:.1f} MB"
    return SENT.format(name=file.name, size=size, title=entries.title_of(work))


def _take(ask: Ask, kept: Kept) -> Reply:
    file, work = load_file(ask, kept["file"]), _work(ask, kept)
    upload, began = _read(ask, work, file), datetime.fromisoformat(kept["began"])
    files.take_in(ask.session, work, upload, ask.member, began)
    attachments.forget(ask.session, [kept["file"]])
    ask.close_question()
    return Reply(f"收下了，算{entries.title_of(work)}的文件。", changed=True)


def _drop(ask: Ask, kept: Kept) -> None:
    attachments.forget(ask.session, [kept["file"]])


WORK_FILE = Drafting(
    DRAFT,
    show=_show,
    confirm=_take,
    verbs=("收", "收下", "交", "交上"),
    dropped="好的，没有收。",
    declined=_drop,
)


def _work(ask: Ask, kept: Kept) -> Record:
    return find_numbered(ask, kept["work"], WORK)


def _ending(file: File) -> str:
    return PurePosixPath(file.name).suffix.lower().removeprefix(".")


def _read(ask: Ask, work: Record, file: File) -> Upload:
    bare = Record(id=work.id, kind=WORK.name, sort=work.sort)  # of no session
    return read_apart(ask, file, partial(_read_for, bare))


def _read_for(work: Record, name: str, content: bytes) -> Upload:
    return read_upload(work, name, io.BytesIO(content))
