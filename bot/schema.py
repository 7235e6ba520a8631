"""The tables that the books need, and the migrations that bring a database there."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot import attachments, branch, inbox, outbox, pending, ticks
from bot.channels.wecom import media, tokens
from bot.discover import load
from bot.errors import StorageError
from bot.storage import Base, Storage

MIGRATIONS = Path(__file__).parent.parent / "migrations"
BOOKS = (attachments, inbox, media, outbox, pending, ticks, tokens, *load(branch))
METADATA = Base.metadata


def upgrade(storage: Storage) -> None:
    """Bring the database to the newest schema; an empty one gets all tables."""
    with storage.exclusive() as connection:
        command.upgrade(make_config(connection=connection), "head")


def check(storage: Storage) -> None:
    """Raise StorageError unless the schema is the newest."""
    found, newest = current(storage), head()
    if found == newest:
        return
    if found is None and not storage.tables():
        raise StorageError("数据库是空的，请先运行 xiangyang db upgrade。")
    known = {
        each.revision
        for each in ScriptDirectory.from_config(make_config()).walk_revisions()
    }
    if found not in known and found is not None:
        raise StorageError("数据库比这个程序新，请换用新版程序。")
    raise StorageError("数据库的表结构是旧的，请先运行 xiangyang db upgrade。")


def current(storage: Storage) -> str | None:
    with storage.looking() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str | None:
    return ScriptDirectory.from_config(make_config()).get_current_head()


def make_config(**attributes: Any) -> Config:
    """Describe the migrations to Alembic, with the connection they run on."""
    config = Config(attributes=attributes)
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
