"""Open the database, checked and complete."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import make_url

from bot.config.settings import Config
from bot.errors import StorageError
from bot.maintenance import schema
from bot.storage.database import Base, Storage
from bot.storage.dialects import queue_beside
from bot.storage.encrypted import Ring, give_ring

GONE = (
    "数据库文件 {path} 不在了（旁边的 {queue} 还在）。请放回原处，"
    "或从备份恢复（xiangyang restore）；真要从头开始，先删掉 {queue}。"
)


def open_storage(config: Config, statement_ms: int = 0) -> Storage:
    """Open the database; an empty one gets its tables, an old one is refused.

    Raises StorageError.
    """
    _refuse_lost(config)
    storage = connect(config, statement_ms)
    with ExitStack() as unsound:
        unsound.callback(storage.close)
        storage.check_health()
        if not storage.tables():
            import_module("bot.maintenance.upgrade").upgrade(
                storage
            )  # Alembic, once in its life
        schema.check(storage)
        unsound.pop_all()
    return storage


def connect(config: Config, statement_ms: int = 0) -> Storage:
    """Open the database as it is, with the keys to what is sealed in it."""
    storage = Storage(config.database.address, statement_ms)
    give_ring(storage.engine, Ring.of(config.security))
    return storage


@contextmanager
def open_scratch() -> Iterator[Storage]:
    """Open an empty database of its own, which is gone afterwards."""
    with (
        TemporaryDirectory() as folder,
        closing(Storage(f"sqlite:///{Path(folder) / 'scratch.db'}")) as storage,
    ):
        with storage.exclusive() as connection:
            Base.metadata.create_all(connection)
        yield storage


def _refuse_lost(config: Config) -> None:
    """Raise StorageError where a branch would begin anew because its file is gone."""
    url = make_url(config.database.address)
    if url.get_backend_name() != "sqlite" or not url.database:
        return
    path = Path(url.database).absolute()
    if not path.exists() and (queue := queue_beside(path)).exists():
        raise StorageError(GONE.format(path=path, queue=queue))
