"""The tables that the books need, and whether a database has them as they are now."""

from pathlib import Path

from sqlalchemy import inspect

from bot import branch, outbox
from bot.channels import media, tokens
from bot.channels.aibot import feedback, lease, replies
from bot.discover import load
from bot.errors import StorageError
from bot.inbox import answered, callers, focus, open_questions
from bot.outbox import attachments
from bot.storage import ticks
from bot.storage.database import Base, Storage

FOLDER = Path(__file__).parents[2] / "migrations"
BOOKS = (
    attachments,
    answered,
    callers,
    feedback,
    lease,
    replies,
    media,
    outbox,
    open_questions,
    focus,
    ticks,
    tokens,
    *load(branch),
)
METADATA = Base.metadata
VERSIONS = "alembic_version"


def check(storage: Storage) -> None:
    """Raise StorageError unless the schema is the newest."""
    found = current(storage)
    if found == head():
        return
    if found is None and not storage.tables():
        raise StorageError("数据库是空的，请先运行 xiangyang db upgrade。")
    check_known(found)
    raise StorageError("数据库的表结构是旧的，请先运行 xiangyang db upgrade。")


def check_known(revision: str | None) -> None:
    """Raise StorageError where a newer program made the schema."""
    if revision is not None and revision not in revisions():
        raise StorageError("数据库比这个程序新，请换用新版程序。")


def current(storage: Storage) -> str | None:
    """Return the revision that a database is at; None if it never had one."""
    with storage.looking() as connection:
        if not inspect(connection).has_table(VERSIONS):
            return None
        found = connection.exec_driver_sql(f"SELECT version_num FROM {VERSIONS}")
        return found.scalar()


def head() -> str:
    return revisions()[-1]


def revisions() -> list[str]:
    """List the revisions in order: a migration's file begins with its number."""
    files = sorted(FOLDER.glob("versions/[0-9]*.py"))
    return [path.name.partition("_")[0] for path in files]
