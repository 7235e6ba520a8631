"""Open the database, checked and complete."""

from contextlib import ExitStack
from importlib import import_module
from pathlib import Path

from sqlalchemy import make_url

from bot import schema
from bot.config import Config
from bot.databases import queue_beside
from bot.errors import StorageError
from bot.sealed import Ring, give_ring
from bot.storage import Storage

GONE = (
    "数据库文件 {path} 不在了（旁边的 {queue} 还在）。请放回原处，"
    "或从备份恢复（xiangyang restore）；真要从头开始，先删掉 {queue}。"
)


def open_storage(config: Config) -> Storage:
    """Open the database; an empty one gets its tables, an old one is refused.

    Raises StorageError.
    """
    _refuse_lost(config)
    storage = connect(config)
    with ExitStack() as unsound:
        unsound.callback(storage.close)
        storage.check_health()
        if not storage.tables():
            import_module("bot.upgrades").upgrade(storage)  # Alembic, once in its life
        schema.check(storage)
        unsound.pop_all()
    return storage


def connect(config: Config) -> Storage:
    """Open the database as it is, with the keys to what is sealed in it."""
    storage = Storage(config.database.address)
    give_ring(storage.engine, Ring.of(config.security))
    return storage


def _refuse_lost(config: Config) -> None:
    """Raise StorageError where a branch would begin anew because its file is gone."""
    url = make_url(config.database.address)
    if url.get_backend_name() != "sqlite" or not url.database:
        return
    path = Path(url.database).absolute()
    if not path.exists() and (queue := queue_beside(path)).exists():
        raise StorageError(GONE.format(path=path, queue=queue))
